//! POST /api/v1/mcp-oauth/token (RFC 6749 §3.2).

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    grants::{CodeExchange, Refresh, Tokens},
    integrations::{Client, ClientProof},
};
use serde_json::json;

use super::{
    error::OAuthError,
    parameters::{Duplicate, Parameters},
};
use crate::state::AppState;

/// RFC 6749 §5.1.
pub const NO_STORE: [(HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::PRAGMA, "no-cache"),
];

pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let answered = match body {
        Ok(body) => answer(&state, &headers, &body).await,
        Err(rejection) => Err(OAuthError::unreadable(rejection.status())),
    };
    match answered {
        Ok(tokens) => {
            let body = json!({
                "access_token": tokens.access_token,
                "token_type": "Bearer",
                "expires_in": tokens.expires_in,
                "refresh_token": tokens.refresh_token.reveal(),
                "scope": tokens.scopes.to_string(),
            });
            (NO_STORE, Json(body)).into_response()
        }
        Err(error) => error.into_response(),
    }
}

async fn answer(state: &AppState, headers: &HeaderMap, body: &[u8]) -> Result<Tokens, OAuthError> {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| {
            let essence = kind.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
    if !is_form {
        return Err(OAuthError::invalid_request(
            "Send the parameters as application/x-www-form-urlencoded.",
        ));
    }
    let parameters = Parameters::parse(body, "").map_err(|Duplicate(name)| {
        // The name is the sender's text: only one that looks like a parameter is repeated.
        let is_plain =
            name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let name = if is_plain {
            name
        } else {
            "A parameter".to_owned()
        };
        OAuthError::invalid_request(format!("{name} came more than once."))
    })?;
    let client = authenticate(state, headers, &parameters).await?;
    let grants = &state.services.grants;
    match parameters.get("grant_type") {
        Some("authorization_code") => {
            let code = parameters
                .get("code")
                .ok_or_else(|| OAuthError::invalid_request("code is missing."))?;
            let exchange = CodeExchange {
                code,
                redirect_uri: parameters.get("redirect_uri"),
                code_verifier: parameters.get("code_verifier"),
                resource: parameters.get("resource"),
            };
            Ok(grants.exchange_code(&client, exchange).await?)
        }
        Some("refresh_token") => {
            let refresh_token = parameters
                .get("refresh_token")
                .ok_or_else(|| OAuthError::invalid_request("refresh_token is missing."))?;
            let refresh = Refresh {
                refresh_token,
                scope: parameters.get("scope"),
                resource: parameters.get("resource"),
            };
            Ok(grants.refresh(&client, refresh).await?)
        }
        Some(_) => Err(OAuthError::unsupported_grant_type(
            "grant_type must be authorization_code or refresh_token.",
        )),
        None => Err(OAuthError::invalid_request("grant_type is missing.")),
    }
}

/// By form or by Basic, whatever the metadata says the client should prefer; never by both
/// (RFC 6749 §2.3).
async fn authenticate(
    state: &AppState,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Client, OAuthError> {
    let basic = match headers.get(header::AUTHORIZATION) {
        None => None,
        Some(value) => Some(basic(value.as_bytes()).ok_or_else(|| {
            OAuthError::invalid_request("The Authorization header is not HTTP Basic.")
        })?),
    };
    let integrations = &state.services.integrations;
    match basic {
        Some((client_id, secret)) => {
            if parameters.get("client_secret").is_some() {
                return Err(OAuthError::invalid_request(
                    "Send the client secret in the header or in the form, not in both.",
                ));
            }
            if parameters
                .get("client_id")
                .is_some_and(|given| given != client_id)
            {
                return Err(OAuthError::invalid_request(
                    "client_id in the form is not the one in the header.",
                ));
            }
            let proof = if secret.is_empty() {
                ClientProof::Nothing
            } else {
                ClientProof::Secret(&secret)
            };
            integrations
                .authenticate(&client_id, proof)
                .await
                .map_err(|error| OAuthError::from_client(error, true))
        }
        None => {
            let client_id = parameters
                .get("client_id")
                .ok_or_else(|| OAuthError::invalid_request("client_id is missing."))?;
            let proof = parameters
                .get("client_secret")
                .map_or(ClientProof::Nothing, ClientProof::Secret);
            integrations
                .authenticate(client_id, proof)
                .await
                .map_err(|error| OAuthError::from_client(error, false))
        }
    }
}

/// Client id and secret of an HTTP Basic header, with the form encoding of RFC 6749 §2.3.1 undone.
/// Clients disagree whether to apply it; ours need none, so both come out the same.
fn basic(value: &[u8]) -> Option<(String, String)> {
    let value = std::str::from_utf8(value).ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        url::form_urlencoded::parse(format!("={text}").as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    Some((plain(id), plain(secret)))
}
