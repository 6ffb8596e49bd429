//! One request to the MCP server: origin, bearer, limits, and then the road that it takes.

use axum::{
    body::{Body, Bytes},
    extract::{OriginalUri, Path, Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header, request::Parts},
    response::IntoResponse,
};
use domain::grants::{Bearer, ResourceUrl};
use serde_json::Value;

use super::{
    bearer, call, compat,
    handler::Handler,
    list,
    message::{self, Method as Hot},
    reference::{self, BODY_BYTES},
    reply,
};
use crate::{
    middleware::{is_foreign, media_type},
    state::AppState,
};

/// The URL that all integrations share; the token decides the project.
pub async fn shared(state: State<AppState>, uri: OriginalUri, request: Request) -> Response<Body> {
    let resource = ResourceUrl::shared(&state.services.core.public_url);
    serve(state, uri, resource, request).await
}

/// The URL of one integration.
pub async fn of_integration(
    state: State<AppState>,
    Path(slug): Path<String>,
    uri: OriginalUri,
    request: Request,
) -> Response<Body> {
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
) -> Response<Body> {
    if is_foreign(request.headers(), &state.services.core.public_url) {
        let text = "Requests from pages of other sites are refused.";
        return bearer::refusal(StatusCode::FORBIDDEN, "foreign_origin", text);
    }
    let bearer = match bearer::check(&state, request.headers(), uri.path(), &resource).await {
        Ok(bearer) => bearer,
        Err(refusal) => return refusal,
    };
    if let Err(error) = state.mcp.limits.take(&bearer, state.services.core.now()) {
        return bearer::throttled(&error);
    }
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST || !media_type::is(&parts.headers, "application/json") {
        // Says which methods and media types there are.
        let handler = Handler::new(state, bearer, None, false);
        return reference::answer(handler, parts, Bytes::new()).await;
    }
    let body = match axum::body::to_bytes(body, BODY_BYTES).await {
        Ok(body) => body,
        Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    };
    if let Some(response) = short(&state, &bearer, &parts, &body).await {
        return response;
    }
    long(state, bearer, parts, body).await
}

/// The short road, where the request may take it.
async fn short(
    state: &AppState,
    bearer: &Bearer,
    parts: &Parts,
    body: &[u8],
) -> Option<Response<Body>> {
    let mut message = message::recognized(&parts.headers, body, state.mcp.compat)?;
    let method = std::mem::replace(&mut message.method, Hot::List { cursor: None });
    match method {
        Hot::List { cursor } => {
            let answer = list::answer(state, bearer, &message, cursor.as_deref()).await;
            Some(reply::response(answer))
        }
        Hot::Call(call) => call::answer(state, bearer, &message, call).await,
    }
}

/// The long road, by way of rmcp.
async fn long(state: AppState, bearer: Bearer, mut parts: Parts, body: Bytes) -> Response<Body> {
    let message = match compat::prepare(&mut parts.headers, &body, state.mcp.compat) {
        Ok(message) => message,
        Err(refusal) => return refusal,
    };
    let name = match message["method"].as_str() {
        Some("tools/call") => message["params"]["name"].as_str(),
        _ => None,
    };
    let called = match name {
        None => None,
        Some(name) => match state.services.grants.tool_of(&bearer, name).await {
            Ok(called) => called,
            Err(error) => return broken(&message, &error),
        },
    };
    let announces = message["method"] != "initialize";
    let handler = Handler::new(state, bearer, called, announces);
    reference::answer(handler, parts, body).await
}

fn broken(message: &Value, error: &domain::Error) -> Response<Body> {
    let request_id = crate::middleware::RequestId::current();
    let failure = reply::Failure::broken(error, &request_id);
    let mut response = reply::refused(
        StatusCode::OK,
        &message["id"],
        failure.code,
        &failure.message,
        None,
    );
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
