//! Who a request speaks for, and what is said to one that speaks for nobody (RFC 6750 §3, RFC 9728
//! §5.1).

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::grants::{Bearer, BearerError, ResourceUrl};
use serde_json::json;

use super::reply;
use crate::{middleware::RequestId, state::AppState};

/// The verified bearer of a request to `path` (the URL as it was called), or the answer to it.
pub async fn check(
    state: &AppState,
    headers: &HeaderMap,
    path: &str,
    resource: &ResourceUrl,
) -> Result<Bearer, Response> {
    let metadata = || metadata(state, path);
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        // Without a token there is no error to name (RFC 6750 §3.1).
        return Err(challenge(StatusCode::UNAUTHORIZED, &metadata(), None));
    };
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let Some(token) = token else {
        let error = (
            "invalid_token",
            "Send the access token as Authorization: Bearer",
        );
        return Err(challenge(
            StatusCode::UNAUTHORIZED,
            &metadata(),
            Some(error),
        ));
    };
    let checked = state.services.grants.bearer(token, resource).await;
    checked.map_err(|error| refused(state, path, &error))
}

/// The same once more: after a wait, in which anything may have changed.
pub async fn check_again(
    state: &AppState,
    bearer: &Bearer,
    path: &str,
) -> Result<Bearer, Response> {
    let checked = state.services.grants.still(bearer).await;
    checked.map_err(|error| refused(state, path, &error))
}

fn refused(state: &AppState, path: &str, error: &BearerError) -> Response {
    match error {
        BearerError::InvalidToken(reason) => challenge(
            StatusCode::UNAUTHORIZED,
            &metadata(state, path),
            Some(("invalid_token", reason)),
        ),
        BearerError::InsufficientScope => challenge(
            StatusCode::FORBIDDEN,
            &metadata(state, path),
            Some(("insufficient_scope", &error.to_string())),
        ),
        // No challenge: a client that saw one would throw away tokens that work again once the
        // integration is activated.
        BearerError::Inactive => refusal(StatusCode::FORBIDDEN, "inactive", &error.to_string()),
        BearerError::Domain(error) => broken(error),
    }
}

fn metadata(state: &AppState, path: &str) -> String {
    let origin = state.services.core.public_url.origin();
    format!("{origin}/.well-known/oauth-protected-resource{path}")
}

/// The answer where the check itself failed.
pub fn broken(error: &domain::Error) -> Response {
    tracing::error!(%error, id = RequestId::current(), "the bearer check failed");
    let text = "Something broke on our side; try again.";
    refusal(StatusCode::INTERNAL_SERVER_ERROR, "server_error", text)
}

/// The answer to one who asks too often (RFC 6585 §4).
pub fn throttled(error: &domain::Error) -> Response {
    let mut response = refusal(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_requests",
        &error.to_string(),
    );
    if let domain::Error::Throttled {
        retry_after_seconds,
    } = error
    {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    response
}

fn challenge(status: StatusCode, metadata: &str, error: Option<(&str, &str)>) -> Response {
    let mut value = format!("Bearer resource_metadata=\"{metadata}\", scope=\"mcp:tools\"");
    let (code, text) = error.unwrap_or(("unauthorized", "Connect to get an access token."));
    if error.is_some() {
        value.push_str(&format!(", error=\"{code}\", error_description=\"{text}\""));
    }
    let mut response = refusal(status, code, text);
    if let Ok(value) = HeaderValue::from_str(&value) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

pub fn refusal(status: StatusCode, code: &str, text: &str) -> Response {
    let description = format!("{text} (request {})", RequestId::current());
    let body = json!({ "error": code, "error_description": description });
    let mut response = (status, Json(body)).into_response();
    reply::guard(response.headers_mut());
    response
}
