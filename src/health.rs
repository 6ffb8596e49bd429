//! GET /healthz: the process is alive. GET /readyz: it can do its work.

use axum::{extract::State, http::StatusCode};

use crate::state::AppState;

pub async fn alive() -> &'static str {
    "ok\n"
}

pub async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.services.core.db.is_migrated().await {
        Ok(true) => (StatusCode::OK, "ok\n"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "migrations are missing\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
