//! GET /api/v1/mcp-oauth/jwks: the public keys of access tokens (RFC 7517 §5).

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::error::OAuthError;
use crate::state::AppState;

/// A rotated key must be found soon, and is asked for rarely.
const CACHED: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "public, max-age=60")];

pub async fn get(State(state): State<AppState>) -> Response {
    match state.services.grants.signing_keys().jwks().await {
        Ok(keys) => (CACHED, Json(keys)).into_response(),
        Err(error) => OAuthError::of_domain(&error).into_response(),
    }
}
