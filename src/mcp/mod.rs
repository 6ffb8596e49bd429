//! `/mcp/` and `/mcp/{slug}/`: the MCP server behind a bearer check. rmcp speaks the protocol, in
//! both eras; what it needs put right for the clients there are is `compat`.

mod bearer;
mod compat;
mod handler;
mod service;

pub use bearer::refusal;

use axum::{Router, routing::any};

use crate::state::AppState;

/// Each URL with and without its slash, and without a redirect, which breaks Claude.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/mcp", any(service::shared))
        .route("/mcp/", any(service::shared))
        .route("/mcp/{slug}", any(service::of_integration))
        .route("/mcp/{slug}/", any(service::of_integration))
}
