//! Errors of the API: `{"error": {"code", "message", "details"}}`.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Error, FieldError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{middleware::RequestId, web};

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    error: ErrorContent,
}

#[derive(Debug, Serialize, ToSchema)]
struct ErrorContent {
    /// A word for programs.
    code: &'static str,
    /// A sentence for people.
    message: String,
    /// The fields that break rules.
    details: Vec<ErrorDetail>,
    /// Where the server's log has more.
    request_id: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ErrorDetail {
    field: String,
    message: String,
}

#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Vec<FieldError>,
    retry_after_seconds: Option<u64>,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Vec::new(),
            retry_after_seconds: None,
        }
    }

    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    pub fn unauthorized() -> Self {
        let message = "Send a valid API key as Authorization: Bearer <api key>.";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    pub fn no_such_address() -> Self {
        let message = "There is nothing at this address; /api/v1/openapi.json lists what there is.";
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub fn method_not_allowed() -> Self {
        let message = "This address does not take this method; see /api/v1/openapi.json.";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            message,
        )
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let status = web::status(&error);
        let message = error.to_string();
        match error {
            Error::Invalid(details) => Self {
                details,
                ..Self::new(status, "invalid", message)
            },
            Error::Conflict(field) => Self {
                message: field.message.clone(),
                details: vec![field],
                ..Self::new(status, "conflict", "")
            },
            Error::NotFound(_) => Self::new(status, "not_found", message),
            Error::Forbidden(_) => Self::new(status, "forbidden", message),
            Error::ProofNeeded => Self::new(status, "proof_needed", message),
            Error::SecondFactorNeeded(_) => Self::new(status, "second_factor_needed", message),
            Error::WrongCredentials => Self::unauthorized(),
            Error::Throttled {
                retry_after_seconds,
            }
            | Error::LimitReached {
                retry_after_seconds,
                ..
            } => Self {
                retry_after_seconds: Some(retry_after_seconds),
                ..Self::new(status, "throttled", message)
            },
            Error::Corrupt { .. } | Error::Database(_) => {
                tracing::error!(error = message, "an API request failed");
                Self::new(
                    status,
                    "internal",
                    "Something broke on our side; try again.",
                )
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let details = self
            .details
            .into_iter()
            .map(|error| ErrorDetail {
                field: error.field,
                message: error.message,
            })
            .collect();
        let body = ErrorBody {
            error: ErrorContent {
                code: self.code,
                message: self.message,
                details,
                request_id: RequestId::current(),
            },
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
