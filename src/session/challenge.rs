//! What the script of passkeys is told: a challenge, or why there is none.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::Error;
use serde_json::{Value, json};

use crate::web;

/// The challenge, as the script wants it.
pub fn given(public_key: Value) -> Response {
    Json(json!({ "publicKey": public_key })).into_response()
}

/// The form's token is of another page.
pub fn stale() -> Response {
    let text = "This page was open for too long. Load it again.";
    (StatusCode::FORBIDDEN, Json(json!({ "message": text }))).into_response()
}

pub fn refused(error: &Error) -> Response {
    let status = web::status(error);
    let text = match error {
        Error::Corrupt { .. } | Error::Database(_) => {
            tracing::error!(%error, "a challenge could not be made");
            "The server failed. Try again.".to_owned()
        }
        other => other.to_string(),
    };
    let answer = (status, Json(json!({ "message": text }))).into_response();
    web::with_retry_after(answer, error)
}
