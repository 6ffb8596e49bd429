//! The REST management API, one noun per file. Its OpenAPI document is made from the code.

mod account;
mod api_keys;
mod audit;
mod auth;
mod call_details;
mod calls;
mod connections;
mod document;
mod error;
mod events;
mod idempotency;
mod instance;
mod integrations;
mod invitations;
pub mod json;
mod lint;
mod list;
mod members;
mod ownership;
mod projects;
mod secrets;
mod security;
mod tool_sources;
mod tool_versions;
mod tools;
mod vault;
mod words;

use std::sync::LazyLock;

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::Value;
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
        description = "Projects, their tools and people, accounts, and the instance. Every request carries `Authorization: \
            Bearer <api key>`: a key of one project, or of an account for all of its projects. Lists \
            are `{\"data\": […], \"next_cursor\": …}`, a page at a time: `?limit=` and `?cursor=`, and \
            the filters that a list names; a parameter that it does not name is refused. Errors are \
            `{\"error\": {\"code\", \"message\", \"details\", \"request_id\"}}`. Every POST takes an \
            `Idempotency-Key`. What changes how somebody signs in (a password, an address, passkeys, \
            second factors, identities), ends an account, or has a person leave a project, needs that \
            person at a browser. Times are milliseconds since the Unix epoch.",
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
pub fn routes(state: &AppState) -> Router<AppState> {
    described()
        .0
        .route_layer(from_fn_with_state(state.clone(), idempotency::once))
        .route("/api/v1/openapi.json", get(|| async { Json(document()) }))
        .route("/api", axum::routing::any(not_found))
        .route("/api/", axum::routing::any(not_found))
        .route("/api/{*path}", axum::routing::any(not_found))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

/// The routes that take a key, with their descriptions.
fn described() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
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
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::delete))
        .routes(routes!(calls::list))
        .routes(routes!(calls::get))
        .routes(routes!(call_details::get, call_details::update))
        .routes(routes!(audit::list))
        .routes(routes!(members::list))
        .routes(routes!(members::update, members::delete))
        .routes(routes!(members::removal))
        .routes(routes!(ownership::transfer))
        .routes(routes!(security::get, security::update))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::delete))
        .merge(of_account())
        .merge(of_instance())
        .split_for_parts()
}

fn of_account() -> OpenApiRouter<AppState> {
    use account::{connections, data, sessions, ways_in};
    OpenApiRouter::new()
        .routes(routes!(account::get))
        .routes(routes!(account::list_keys, account::create_key))
        .routes(routes!(account::delete_key))
        .routes(routes!(sessions::list, sessions::end_all))
        .routes(routes!(sessions::end))
        .routes(routes!(connections::list))
        .routes(routes!(connections::end))
        .routes(routes!(ways_in::identities))
        .routes(routes!(ways_in::passkeys))
        .routes(routes!(ways_in::second_factors))
        .routes(routes!(data::export))
        .routes(routes!(data::audit))
}

fn of_instance() -> OpenApiRouter<AppState> {
    use instance::{accounts, audit, invitations, providers, settings};
    OpenApiRouter::new()
        .routes(routes!(instance::get))
        .routes(routes!(instance::test_mail))
        .routes(routes!(settings::get, settings::update))
        .routes(routes!(accounts::list))
        .routes(routes!(accounts::get, accounts::update))
        .routes(routes!(accounts::sign_out))
        .routes(routes!(accounts::reset_link))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::delete))
        .routes(routes!(providers::list, providers::create))
        .routes(routes!(
            providers::get,
            providers::update,
            providers::delete
        ))
        .routes(routes!(audit::list))
}

/// What `/api/v1/openapi.json` answers, and the reference in the docs is made of.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document::completed(&described().1));
    &DOCUMENT
}

async fn not_found() -> Response {
    ApiError::no_such_address().into_response()
}

async fn method_not_allowed() -> Response {
    ApiError::method_not_allowed().into_response()
}
