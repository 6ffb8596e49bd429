//! The authorization server's endpoints, one per file. The state behind them is the domain's room
//! `grants`.

mod authorize;
mod choose;
mod client;
mod consent;
mod error;
mod introspect;
mod jwks;
mod limits;
mod metadata;
mod pages;
mod parameters;
#[cfg(test)]
mod properties;
pub mod record;
mod register;
mod revoke;
mod token;

pub use limits::Limits;
pub use pages::error_page;
pub use parameters::Parameters;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_http::cors::{Any, CorsLayer};

use crate::state::AppState;

/// Parameters of a form: far above what any client sends.
const BODY_BYTES: usize = 64 * 1024;

/// RFC 6749 §5.1.
const NO_STORE: [(HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::PRAGMA, "no-cache"),
];

/// What programs ask for; readable from any page, since no cookie counts here.
pub fn public_routes() -> Router<AppState> {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            "mcp-protocol-version".parse().expect("a header name"),
        ])
        .expose_headers([header::WWW_AUTHENTICATE, header::RETRY_AFTER]);
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
        .route("/.well-known/{*document}", get(metadata::unknown))
        .route("/api/v1/mcp-oauth/jwks", get(jwks::get))
        .route(
            "/api/v1/mcp-oauth/token",
            post(token::post).fallback(only_post),
        )
        .route(
            "/api/v1/mcp-oauth/register",
            post(register::post).fallback(only_post),
        )
        .route(
            "/api/v1/mcp-oauth/revoke",
            post(revoke::post).fallback(only_post),
        )
        .route(
            "/api/v1/mcp-oauth/introspect",
            post(introspect::post).fallback(only_post),
        )
        // Some clients ignore the metadata and use the origin.
        .route("/token", post(token::post).fallback(only_post))
        .route("/register", post(register::post).fallback(only_post))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(cors)
}

/// Whatever else comes to an endpoint that takes POST (RFC 6749 §3.2).
async fn only_post() -> Response {
    let error = error::OAuthError::invalid_request("Send a POST.");
    let mut response = error
        .with_status(StatusCode::METHOD_NOT_ALLOWED)
        .into_response();
    let allowed = HeaderValue::from_static("POST");
    response.headers_mut().insert(header::ALLOW, allowed);
    response
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
