//! Errors of the token endpoint as RFC 6749 §5.2 writes them.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{grants::TokenError, integrations::ClientError};
use serde_json::json;

use crate::middleware::RequestId;

/// A refusal: its code, and a sentence that says what to do. Never a secret.
#[derive(Debug)]
pub struct OAuthError {
    status: StatusCode,
    code: &'static str,
    description: String,
    /// The client tried HTTP Basic, so the challenge names it (RFC 6749 §5.2).
    challenge_basic: bool,
}

impl OAuthError {
    pub fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// A body that could not be read, or is over the limit.
    pub fn unreadable(status: StatusCode) -> Self {
        Self::new(
            status,
            "invalid_request",
            "The form cannot be read or is too large.",
        )
    }

    pub fn unsupported_grant_type(description: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            description,
        )
    }

    fn new(status: StatusCode, code: &'static str, description: impl Into<String>) -> Self {
        Self {
            status,
            code,
            description: description.into(),
            challenge_basic: false,
        }
    }

    fn broken(error: &domain::Error) -> Self {
        tracing::error!(%error, "token endpoint failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            "Something broke on our side; try again.",
        )
    }

    pub fn from_client(error: ClientError, used_basic: bool) -> Self {
        match error {
            ClientError::Domain(error) => Self::broken(&error),
            ClientError::Inactive => Self::new(
                StatusCode::BAD_REQUEST,
                "unauthorized_client",
                error.to_string(),
            ),
            ClientError::Wrong | ClientError::SecretMissing | ClientError::Rotated { .. } => Self {
                challenge_basic: used_basic,
                ..Self::new(
                    StatusCode::UNAUTHORIZED,
                    "invalid_client",
                    error.to_string(),
                )
            },
        }
    }
}

impl From<TokenError> for OAuthError {
    fn from(error: TokenError) -> Self {
        let code = match &error {
            TokenError::InvalidGrant(_) => "invalid_grant",
            TokenError::InvalidTarget(_) => "invalid_target",
            TokenError::InvalidScope(_) => "invalid_scope",
            // The integration was deleted in between.
            TokenError::Domain(domain::Error::NotFound(_)) => "invalid_grant",
            TokenError::Domain(error) => return Self::broken(error),
        };
        Self::new(StatusCode::BAD_REQUEST, code, error.to_string())
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        // RFC 6749 §5.2 allows no quotes or backslashes in a description.
        let words: String = self
            .description
            .chars()
            .filter(|c| !matches!(c, '"' | '\\'))
            .collect();
        let description = format!("{words} (request {})", RequestId::current());
        let body = Json(json!({ "error": self.code, "error_description": description }));
        let mut response = (self.status, super::token::NO_STORE, body).into_response();
        if self.challenge_basic {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"TengineAI\", charset=\"UTF-8\""),
            );
        }
        response
    }
}
