//! The REST management API, one noun per file. Its OpenAPI document is made from the code.

mod auth;
mod connections;
mod error;
mod events;
mod integrations;
pub mod json;
mod lint;
mod list;
mod projects;
mod secrets;
mod tool_sources;
mod tool_versions;
mod tools;
mod vault;

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Response},
    routing::get,
};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use auth::Caller;
pub use error::ApiError;
pub use json::ApiJson;
pub use list::{List, Page};

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

/// The routes, and the document that describes them.
pub fn routes() -> Router<AppState> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::get, projects::update, projects::delete))
        .routes(routes!(tools::list, tools::create))
        .routes(routes!(tools::get, tools::update, tools::delete))
        .routes(routes!(tools::call))
        .routes(routes!(tool_versions::list))
        .routes(routes!(tool_versions::get))
        .routes(routes!(tool_versions::compare))
        .routes(routes!(tool_versions::restore))
        .routes(routes!(lint::get))
        .routes(routes!(tool_sources::import))
        .routes(routes!(tool_sources::from_curl))
        .routes(routes!(
            tool_sources::list_catalog,
            tool_sources::add_from_catalog
        ))
        .routes(routes!(vault::list, vault::create))
        .routes(routes!(vault::get, vault::update, vault::delete))
        .routes(routes!(integrations::list, integrations::create))
        .routes(routes!(
            integrations::get,
            integrations::update,
            integrations::delete
        ))
        .routes(routes!(secrets::rotate))
        .routes(routes!(secrets::list))
        .routes(routes!(secrets::end))
        .routes(routes!(connections::list, connections::end_all))
        .routes(routes!(connections::end))
        .routes(routes!(events::list))
        .split_for_parts();
    let document = with_unique_ids(document);
    router
        .route(
            "/api/v1/openapi.json",
            get(move || async move { Json(document) }),
        )
        .route("/api", axum::routing::any(not_found))
        .route("/api/", axum::routing::any(not_found))
        .route("/api/{*path}", axum::routing::any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

/// The functions' names, with the nouns of their paths before: an operation's id is unique (OpenAPI 3.1,
/// "Operation Object"), and what generates clients or tools calls things by it.
fn with_unique_ids(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for (path, item) in &mut document.paths.paths {
        let nouns = path
            .split('/')
            .filter(|part| !part.is_empty() && !part.starts_with('{'))
            .filter(|part| !matches!(*part, "api" | "v1"))
            .map(|part| part.replace('-', "_"));
        let nouns: Vec<String> = nouns.collect();
        for operation in [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ] {
            let Some(operation) = operation else { continue };
            let name = operation.operation_id.take().unwrap_or_default();
            let mut words = nouns.clone();
            if words.last() != Some(&name) {
                words.push(name);
            }
            operation.operation_id = Some(words.join("_"));
        }
    }
    document
}

async fn not_found() -> Response {
    ApiError::no_such_address().into_response()
}

async fn method_not_allowed() -> Response {
    ApiError::method_not_allowed().into_response()
}
