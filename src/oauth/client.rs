//! What the endpoints that a client calls have in common: a form, and a client that proves itself
//! (RFC 6749 §2.3).

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::clients::{Client, ClientProof};

use super::{
    error::OAuthError,
    parameters::{Duplicate, Parameters},
};
use crate::{middleware::media_type, state::AppState};

/// How a client proved itself, for the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Basic,
    Post,
    None,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
            Self::None => "none",
        }
    }
}

/// A form that came in, and whoever says that it is theirs.
pub struct Request {
    pub parameters: Parameters,
    basic: Option<(String, String)>,
}

impl Request {
    /// # Errors
    /// `invalid_request` for anything but a form with each parameter once.
    pub fn read(
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Self, OAuthError> {
        let body = body.map_err(|rejection| OAuthError::unreadable(rejection.status()))?;
        if !media_type::is(headers, "application/x-www-form-urlencoded") {
            return Err(OAuthError::invalid_request(
                "Send the parameters as application/x-www-form-urlencoded.",
            ));
        }
        let parameters = Parameters::parse(&body, "").map_err(|Duplicate(name)| {
            // The name is the sender's text: only one that looks like a parameter is repeated.
            let is_plain =
                name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let name = if is_plain {
                name.as_str()
            } else {
                "A parameter"
            };
            OAuthError::invalid_request(format!("{name} came more than once."))
        })?;
        let mut authorization = headers.get_all(header::AUTHORIZATION).iter();
        let basic = match (authorization.next(), authorization.next()) {
            (None, _) => None,
            (Some(value), None) => Some(basic(value.as_bytes()).ok_or_else(OAuthError::not_basic)?),
            (Some(_), Some(_)) => {
                return Err(OAuthError::invalid_request(
                    "The Authorization header came more than once.",
                ));
            }
        };
        Ok(Self { parameters, basic })
    }

    /// Who it says it is.
    pub fn client_id(&self) -> Option<&str> {
        match &self.basic {
            Some((client_id, _)) => Some(client_id),
            None => self.parameters.get("client_id"),
        }
    }

    pub fn method(&self) -> Method {
        match &self.basic {
            Some(_) => Method::Basic,
            None if self.parameters.get("client_secret").is_some() => Method::Post,
            None => Method::None,
        }
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn needed(&self, name: &str) -> Result<&str, OAuthError> {
        self.parameters
            .get(name)
            .ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing.")))
    }

    /// By form or by Basic, whatever the metadata says the client should prefer; never by both.
    ///
    /// # Errors
    /// `invalid_client` and `invalid_request`.
    pub async fn authenticate(&self, state: &AppState) -> Result<Client, OAuthError> {
        let client_id = self
            .client_id()
            .ok_or_else(|| OAuthError::invalid_request("client_id is missing."))?;
        let in_form = self.parameters.get("client_secret");
        let proof = match (&self.basic, in_form) {
            (Some(_), Some(_)) => {
                return Err(OAuthError::invalid_request(
                    "Send the client secret in the header or in the form, not in both.",
                ));
            }
            (Some((_, secret)), None) => {
                let named = self.parameters.get("client_id");
                if named.is_some_and(|given| given != client_id) {
                    return Err(OAuthError::invalid_request(
                        "client_id in the form is not the one in the header.",
                    ));
                }
                if secret.is_empty() {
                    ClientProof::Nothing
                } else {
                    ClientProof::Secret(secret)
                }
            }
            (None, Some(secret)) => ClientProof::Secret(secret),
            (None, None) => ClientProof::Nothing,
        };
        state
            .services
            .clients
            .authenticate(client_id, proof)
            .await
            .map_err(|error| OAuthError::of_client(error, self.basic.is_some()))
    }
}

/// Client id and secret of an HTTP Basic header, with the form encoding of RFC 6749 §2.3.1 undone.
/// Clients disagree whether to apply it; ours need none, so both come out the same.
pub fn basic(value: &[u8]) -> Option<(String, String)> {
    let value = std::str::from_utf8(value).ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    // Only the escapes: a whole form's grammar would end the value at an ampersand.
    let plain = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text)
            .decode_utf8()
            .map(std::borrow::Cow::into_owned)
            .ok()
    };
    Some((plain(id)?, plain(secret)?))
}
