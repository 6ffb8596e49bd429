//! Errors of the endpoints that programs call, as RFC 6749 §5.2 writes them.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    clients::ClientError,
    events::{Cause, Trail},
    grants::{EndReason, TokenError},
};
use serde_json::json;

use super::NO_STORE;
use crate::middleware::RequestId;

/// A refusal: its code, and a sentence that says what to do. Never a secret.
#[derive(Debug)]
pub struct OAuthError {
    status: StatusCode,
    code: &'static str,
    description: String,
    /// The client tried HTTP Basic, so the challenge names it (RFC 6749 §5.2).
    challenge_basic: bool,
    retry_after_seconds: Option<u64>,
    /// For the record.
    pub cause: Cause,
    pub trail: Box<Trail>,
    pub detail: Option<String>,
    pub ended: Option<EndReason>,
}

impl OAuthError {
    pub fn new(cause: Cause) -> Self {
        let (status, code) = answer_to(cause);
        Self {
            status,
            code,
            description: cause.sentence().to_owned(),
            challenge_basic: false,
            retry_after_seconds: None,
            cause,
            trail: Box::default(),
            detail: None,
            ended: None,
        }
    }

    pub fn invalid_request(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            ..Self::new(Cause::Malformed)
        }
    }

    /// A client that tried the header is answered about the header (RFC 6749 §5.2).
    pub fn not_basic() -> Self {
        let text = "The Authorization header is not HTTP Basic with a client id and secret.";
        Self {
            description: text.to_owned(),
            challenge_basic: true,
            ..Self::new(Cause::WrongSecret)
        }
    }

    /// A body that could not be read, or is over the limit.
    pub fn unreadable(status: StatusCode) -> Self {
        Self {
            status,
            ..Self::invalid_request("The body cannot be read or is too large.")
        }
    }

    /// With the code and the words of another specification.
    pub fn with_code(self, code: &'static str, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
            ..self
        }
    }

    pub fn with_trail(self, trail: Trail) -> Self {
        let trail = Box::new(trail);
        Self { trail, ..self }
    }

    pub fn with_detail(self, detail: String) -> Self {
        let detail = Some(detail);
        Self { detail, ..self }
    }

    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub fn of_domain(error: &domain::Error) -> Self {
        match error {
            domain::Error::Throttled {
                retry_after_seconds,
            } => Self {
                retry_after_seconds: Some(*retry_after_seconds),
                ..Self::new(Cause::Throttled)
            },
            // What it belonged to was deleted in between.
            domain::Error::NotFound(_) => Self::new(Cause::GrantEnded),
            error => {
                tracing::error!(%error, "an endpoint of the authorization server failed");
                Self::new(Cause::Broken)
            }
        }
    }

    pub fn of_client(error: ClientError, used_basic: bool) -> Self {
        match error {
            ClientError::Domain(error) => Self::of_domain(&error),
            ClientError::Refused {
                cause,
                trail,
                secret_prefix,
            } => Self {
                challenge_basic: used_basic,
                trail,
                detail: secret_prefix.map(|prefix| format!("secret {prefix}…")),
                ..Self::new(cause)
            },
        }
    }
}

/// What RFC 6749 §5.2, RFC 8707 §2 and RFC 6585 §4 call a cause.
const fn answer_to(cause: Cause) -> (StatusCode, &'static str) {
    match cause {
        Cause::UnknownClient
        | Cause::WrongSecret
        | Cause::RotatedSecret
        | Cause::SecretMissing
        | Cause::PublicClient
        | Cause::ClientDocument
        | Cause::SwitchedOff => (StatusCode::UNAUTHORIZED, "invalid_client"),
        Cause::Inactive | Cause::NotSelfRegistered | Cause::NotAllowed => {
            (StatusCode::BAD_REQUEST, "unauthorized_client")
        }
        Cause::Malformed
        | Cause::PkceMissing
        | Cause::UnknownRedirectUri
        | Cause::WrongCredentials
        | Cause::RegistrationInvalid => (StatusCode::BAD_REQUEST, "invalid_request"),
        Cause::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        Cause::UnsupportedResponseType => (StatusCode::BAD_REQUEST, "unsupported_response_type"),
        Cause::WrongResource => (StatusCode::BAD_REQUEST, "invalid_target"),
        Cause::WrongScope => (StatusCode::BAD_REQUEST, "invalid_scope"),
        Cause::LoginRequired => (StatusCode::BAD_REQUEST, "login_required"),
        Cause::ConsentRequired => (StatusCode::BAD_REQUEST, "consent_required"),
        Cause::Denied => (StatusCode::BAD_REQUEST, "access_denied"),
        Cause::NotYours
        | Cause::NotMember
        | Cause::SecondFactorNeeded
        | Cause::CodeUnknown
        | Cause::CodeExpired
        | Cause::CodeReplayed
        | Cause::WrongRedirectUri
        | Cause::WrongVerifier
        | Cause::RefreshUnknown
        | Cause::RefreshExpired
        | Cause::RefreshReplayedLate
        | Cause::RefreshSuperseded
        | Cause::RefreshReplayed
        | Cause::GrantEnded => (StatusCode::BAD_REQUEST, "invalid_grant"),
        Cause::Throttled => (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable"),
        Cause::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
    }
}

impl From<TokenError> for OAuthError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Domain(error) => Self::of_domain(&error),
            TokenError::Refused {
                cause,
                trail,
                ended,
            } => Self {
                trail,
                ended,
                ..Self::new(cause)
            },
        }
    }
}

/// What RFC 6749 §5.2 allows in a description, with the id by which the log and the record have it.
pub fn description(text: &str) -> String {
    let words: String = text
        .chars()
        .filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\'))
        .collect();
    format!("{words} (request {})", RequestId::current())
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let description = description(&self.description);
        let body = Json(json!({ "error": self.code, "error_description": description }));
        let mut response = (self.status, NO_STORE, body).into_response();
        let headers = response.headers_mut();
        if self.challenge_basic && self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"TengineAI\", charset=\"UTF-8\""),
            );
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
