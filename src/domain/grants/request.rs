//! An authorization request: what is checked before anyone is asked (RFC 6749 §4.1.1, RFC 7636
//! §4.3, RFC 8707 §2).

use super::{Grants, ResourceUrl, Scopes};
use crate::{
    Error,
    integrations::{Integration, redirect_uri, store as integrations},
};

/// The parameters as they came; the edge has refused duplicates.
#[derive(Debug, Clone, Default)]
pub struct AuthorizeParameters {
    pub response_type: Option<String>,
    pub client_id: Option<String>,
    pub redirect_uri: Option<String>,
    pub scope: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    pub resource: Option<String>,
    pub prompt: Option<String>,
}

/// A request that passed every check. Only [`Grants::authorize_request`] makes one.
#[derive(Debug, Clone)]
pub struct AuthorizeRequest {
    pub(super) integration: Integration,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    pub(super) resource: Option<ResourceUrl>,
    pub(super) scopes: Scopes,
}

impl AuthorizeRequest {
    #[must_use]
    pub const fn integration(&self) -> &Integration {
        &self.integration
    }

    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }
}

/// The error codes that go back to the client (RFC 6749 §4.1.2.1, RFC 8707 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizeErrorCode {
    InvalidRequest,
    UnsupportedResponseType,
    InvalidTarget,
}

#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// Nobody we know is asking: shown to the person, never redirected.
    #[error("No integration has the client ID {client_id:?}.")]
    UnknownClient { client_id: String },
    /// The way back is not the client's: shown to the person, never redirected.
    #[error("The redirect URI {redirect_uri:?} is not registered for this integration.")]
    UnknownRedirectUri {
        integration: Box<Integration>,
        redirect_uri: String,
    },
    /// Shown to the person: the client cannot mend it, and must keep its tokens.
    #[error("The integration {:?} is inactive.", .0.name)]
    Inactive(Box<Integration>),
    /// Goes back to the client, whose redirect URI is known by now.
    #[error("{description}")]
    Refused {
        redirect_uri: String,
        code: AuthorizeErrorCode,
        description: &'static str,
    },
    #[error(transparent)]
    Domain(#[from] Error),
}

impl Grants {
    /// Checks a request, client and redirect URI first.
    ///
    /// # Errors
    /// [`AuthorizeError`], which says where its answer goes.
    pub async fn authorize_request(
        &self,
        parameters: &AuthorizeParameters,
    ) -> Result<AuthorizeRequest, AuthorizeError> {
        let client_id = parameters.client_id.clone().unwrap_or_default();
        let integration = integrations::by_client_id(&self.core.db, &client_id)
            .await?
            .ok_or(AuthorizeError::UnknownClient { client_id })?;
        let redirect_uri = parameters.redirect_uri.clone().unwrap_or_default();
        let registered = integration
            .redirect_uris
            .iter()
            .any(|known| redirect_uri::matches(known, &redirect_uri));
        if !registered {
            return Err(AuthorizeError::UnknownRedirectUri {
                integration: Box::new(integration),
                redirect_uri,
            });
        }
        if !integration.is_active {
            return Err(AuthorizeError::Inactive(Box::new(integration)));
        }
        let refused = |code, description| AuthorizeError::Refused {
            redirect_uri: redirect_uri.clone(),
            code,
            description,
        };
        if parameters.response_type.as_deref() != Some("code") {
            return Err(refused(
                AuthorizeErrorCode::UnsupportedResponseType,
                "response_type must be code",
            ));
        }
        if parameters.code_challenge_method.as_deref() != Some("S256") {
            return Err(refused(
                AuthorizeErrorCode::InvalidRequest,
                "code_challenge_method must be S256",
            ));
        }
        let code_challenge = parameters.code_challenge.clone().unwrap_or_default();
        // base64url of 32 bytes.
        let is_challenge = code_challenge.len() == 43
            && code_challenge
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !is_challenge {
            return Err(refused(
                AuthorizeErrorCode::InvalidRequest,
                "code_challenge must be the base64url of a SHA-256",
            ));
        }
        let resource = match parameters
            .resource
            .as_deref()
            .filter(|text| !text.is_empty())
        {
            None => None,
            Some(text) => Some(
                ResourceUrl::parse(&self.core.public_url, text)
                    .filter(|resource| resource.is_for(&integration))
                    .ok_or_else(|| {
                        refused(
                            AuthorizeErrorCode::InvalidTarget,
                            "resource is not this integration's Server URL",
                        )
                    })?,
            ),
        };
        Ok(AuthorizeRequest {
            scopes: Scopes::requested(parameters.scope.as_deref()),
            integration,
            redirect_uri,
            code_challenge,
            resource,
        })
    }
}
