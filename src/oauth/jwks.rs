//! GET /api/v1/mcp-oauth/jwks: the public keys of access tokens (RFC 7517 §5).

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::state::AppState;

pub async fn get(State(state): State<AppState>) -> Response {
    match state.services.grants.signing_keys().jwks().await {
        Ok(keys) => Json(keys).into_response(),
        Err(error) => {
            tracing::error!(%error, "the signing keys cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
