//! One request to the MCP server: origin, bearer, then rmcp with a handler of this connection.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{OriginalUri, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::grants::ResourceUrl;
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
};

use super::{bearer, compat, handler::Handler};
use crate::{middleware::is_foreign, state::AppState};

/// The URL that all integrations share; the token decides the project.
pub async fn shared(state: State<AppState>, uri: OriginalUri, request: Request) -> Response {
    let resource = ResourceUrl::shared(&state.services.core.public_url);
    serve(state, uri, resource, request).await
}

/// The URL of one integration.
pub async fn of_integration(
    state: State<AppState>,
    Path(slug): Path<String>,
    uri: OriginalUri,
    request: Request,
) -> Response {
    match state.services.integrations.slug_exists(&slug).await {
        Ok(true) => {
            let resource = ResourceUrl::of_slug(&state.services.core.public_url, &slug);
            serve(state, uri, resource, request).await
        }
        Ok(false) => {
            let text = "There is no integration at this URL. Copy the Server URL again.";
            bearer::refusal(StatusCode::NOT_FOUND, "not_found", text)
        }
        Err(error) => {
            tracing::error!(%error, "an integration could not be looked up");
            let text = "Something broke on our side; try again.";
            bearer::refusal(StatusCode::INTERNAL_SERVER_ERROR, "server_error", text)
        }
    }
}

async fn serve(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    resource: ResourceUrl,
    request: Request,
) -> Response {
    if is_foreign(request.headers(), &state.services.core.public_url) {
        let text = "Requests from pages of other sites are refused.";
        return bearer::refusal(StatusCode::FORBIDDEN, "foreign_origin", text);
    }
    let bearer = match bearer::check(&state, request.headers(), uri.path(), &resource).await {
        Ok(bearer) => bearer,
        Err(refusal) => return refusal,
    };
    let request = match compat::prepared(request).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    let handler = Handler::new(state.services.clone(), bearer);
    let config = StreamableHttpServerConfig::default()
        // Any replica answers any request.
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(compat::BODY_BYTES)
        // The bearer is what protects; behind a proxy the Host header is the proxy's.
        .disable_allowed_hosts();
    let service = StreamableHttpService::new(
        move || Ok(handler.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    service.handle(request).await.map(Body::new).into_response()
}
