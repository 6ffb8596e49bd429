//! The REST management API, one noun per file. Its OpenAPI document is made from the code.

mod auth;
mod error;
mod integrations;
mod projects;
mod tools;

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use auth::Caller;
pub use error::{ApiError, ApiJson};

use crate::state::AppState;

/// Bytes of a request's body; more is 413.
const BODY_BYTES: usize = 4 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "TengineAI management API",
        description = "Projects, tools and integrations. Every request carries `Authorization: \
            Bearer <api key>`. Lists are `{\"data\": […], \"next_cursor\": …}`; errors are \
            `{\"error\": {\"code\", \"message\", \"details\"}}`.",
    ),
    modifiers(&ApiKey),
    security(("api_key" = [])),
)]
struct Document;

struct ApiKey;

impl Modify for ApiKey {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("api_key", SecurityScheme::Http(scheme));
    }
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct List<T> {
    data: Vec<T>,
    /// Ask for the next page with `?cursor=…`; null at the end.
    next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A list that is short by its nature and comes whole.
    const fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            next_cursor: None,
        }
    }
}

/// The routes, and the document that describes them.
pub fn routes() -> Router<AppState> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::get, projects::update, projects::delete))
        .routes(routes!(tools::list, tools::create))
        .routes(routes!(tools::get, tools::update, tools::delete))
        .routes(routes!(tools::call))
        .routes(routes!(integrations::list, integrations::create))
        .routes(routes!(
            integrations::get,
            integrations::update,
            integrations::delete
        ))
        .routes(routes!(integrations::rotate_secret))
        .split_for_parts();
    router
        .route(
            "/api/v1/openapi.json",
            get(move || async move { Json(document) }),
        )
        .route("/api/{*path}", axum::routing::any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

async fn not_found() -> Response {
    ApiError::no_such_address().into_response()
}

async fn method_not_allowed() -> Response {
    ApiError::method_not_allowed().into_response()
}
