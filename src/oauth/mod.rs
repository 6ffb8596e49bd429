//! The authorization server's endpoints, one per file. The state behind them is the domain's room
//! `grants`.

pub mod authorize;
mod consent;
mod error;
pub mod jwks;
pub mod metadata;
mod parameters;
pub mod token;

pub use authorize::error_page;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, header},
    routing::{get, post},
};
use tower_http::cors::{Any, CorsLayer};

use crate::state::AppState;

/// Parameters of a form: far above what any client sends.
const BODY_BYTES: usize = 64 * 1024;

/// What programs ask for; readable from any page, since no cookie counts here.
pub fn public_routes() -> Router<AppState> {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            "mcp-protocol-version".parse().expect("a header name"),
        ]);
    Router::new()
        .route(
            "/.well-known/oauth-protected-resource",
            get(metadata::resource_root),
        )
        .route(
            "/.well-known/oauth-protected-resource/{*path}",
            get(metadata::resource_of_path),
        )
        .route(
            "/.well-known/oauth-authorization-server",
            get(metadata::authorization_server),
        )
        .route("/api/v1/mcp-oauth/jwks", get(jwks::get))
        .route("/api/v1/mcp-oauth/token", post(token::post))
        // Some clients ignore the metadata and use the origin.
        .route("/token", post(token::post))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(cors)
}

/// What people see.
pub fn page_routes() -> Router<AppState> {
    Router::new()
        .route(
            "/api/v1/mcp-oauth/authorize",
            get(authorize::get).post(consent::post),
        )
        .route("/authorize", get(authorize::get).post(consent::post))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}
