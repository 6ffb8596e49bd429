//! Discovery: protected-resource metadata (RFC 9728) and authorization-server metadata (RFC 8414).
//! Every URL is made from the public URL, never from the Host header.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::events::{EventKind, NewEvent, Trail};
use serde_json::{Value, json};

use super::record;
use crate::{api::ApiError, middleware::Visitor, state::AppState};

/// `/.well-known/oauth-protected-resource`: names the shared Server URL.
pub async fn resource_root(State(state): State<AppState>, visitor: Visitor) -> Json<Value> {
    seen(&state, &visitor, "/.well-known/oauth-protected-resource").await;
    let public_url = &state.services.core.public_url;
    Json(resource(public_url.origin(), &public_url.server_url()))
}

/// The path-inserted forms (RFC 9728 §3.1). Clients compare `resource` byte for byte with the URL
/// that they were given, so each form names exactly its own, slash or no slash.
pub async fn resource_of_path(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(path): Path<String>,
) -> Result<Json<Value>, Response> {
    let origin = state.services.core.public_url.origin();
    let is_known = match path.strip_suffix('/').unwrap_or(&path).strip_prefix("mcp") {
        Some("") => true,
        Some(rest) => match rest.strip_prefix('/') {
            Some(slug) => state
                .services
                .integrations
                .slug_exists(slug)
                .await
                .map_err(|error| broken(&error))?,
            None => false,
        },
        None => false,
    };
    if is_known {
        let document = format!("/.well-known/oauth-protected-resource/{path}");
        seen(&state, &visitor, &document).await;
        Ok(Json(resource(origin, &format!("{origin}/{path}"))))
    } else {
        let body = json!({ "error": "There is no MCP server at this path." });
        Err((StatusCode::NOT_FOUND, Json(body)).into_response())
    }
}

/// Whatever else a client looks for under `/.well-known/`: an answer that it can read, and never a
/// page of the dashboard.
pub async fn unknown() -> Response {
    let body = json!({ "error": "There is no such document." });
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

async fn seen(state: &AppState, visitor: &Visitor, document: &str) {
    let event = NewEvent::ok(EventKind::Discovery, Trail::default());
    record::event(state, visitor, event.with_detail(document)).await;
}

fn broken(error: &domain::Error) -> Response {
    tracing::error!(%error, "discovery failed");
    let body = json!({ "error": "Something broke on our side; try again." });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

fn resource(issuer: &str, resource: &str) -> Value {
    json!({
        "resource": resource,
        "authorization_servers": [issuer],
        "scopes_supported": ["mcp:tools"],
        "bearer_methods_supported": ["header"],
        "resource_name": "TengineAI",
        "resource_documentation": format!("{issuer}/docs"),
    })
}

/// # Errors
/// Where the database fails, which knows the settings.
pub async fn authorization_server(
    State(state): State<AppState>,
    visitor: Visitor,
) -> Result<Json<Value>, ApiError> {
    seen(&state, &visitor, "/.well-known/oauth-authorization-server").await;
    let issuer = state.services.core.public_url.origin();
    let endpoint = |name: &str| format!("{issuer}/api/v1/mcp-oauth/{name}");
    let open = state.services.core.settings().await?.self_registration();
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": endpoint("authorize"),
        "token_endpoint": endpoint("token"),
        "jwks_uri": endpoint("jwks"),
        "revocation_endpoint": endpoint("revoke"),
        "introspection_endpoint": endpoint("introspect"),
        "scopes_supported": ["mcp:tools", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported":
            ["client_secret_post", "client_secret_basic", "none"],
        "revocation_endpoint_auth_methods_supported":
            ["client_secret_post", "client_secret_basic", "none"],
        "introspection_endpoint_auth_methods_supported":
            ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "client_id_metadata_document_supported": open.metadata_documents,
        "service_documentation": format!("{issuer}/docs"),
    });
    if open.dynamic {
        document["registration_endpoint"] = json!(endpoint("register"));
    }
    Ok(Json(document))
}
