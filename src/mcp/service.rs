//! One request to the MCP server: origin, bearer, limits, and then the road that it takes.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{OriginalUri, Path, Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header, request::Parts},
    response::IntoResponse,
};
use domain::grants::{Bearer, ResourceUrl};
use serde_json::Value;

use super::{
    batch, bearer, call, compat,
    handler::Handler,
    list, listen,
    message::{self, Era, Method as Hot},
    reference::{self, BODY_BYTES},
    reply,
};
use crate::{
    middleware::{RequestId, is_foreign, media_type, refused_unread, with_light_id},
    state::AppState,
};

// Futures are moved, and each of these would be as large as the largest road: what is not taken by
// most requests is in a box of its own.

/// How long the body of a request may take.
const BODY_TIME: Duration = Duration::from_secs(60);

/// The URL that all integrations share; the token decides the project.
pub async fn shared(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response<Body> {
    let answer = async {
        let (parts, body) = request.into_parts();
        match allowed(&state, &parts, uri.path(), &state.mcp.shared).await {
            Ok(bearer) => serve(&state, bearer, uri.path(), parts, body).await,
            Err(refusal) => Box::pin(refused_unread(refusal, body, parts.version)).await,
        }
    };
    with_light_id(&state, answer).await
}

/// The URL of one integration.
pub async fn of_integration(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response<Body> {
    let answer = of_slug(&state, &slug, uri.path(), request);
    with_light_id(&state, answer).await
}

async fn of_slug(state: &AppState, slug: &str, path: &str, request: Request) -> Response<Body> {
    let resource = ResourceUrl::of_slug(&state.services.core.public_url, slug);
    let (parts, body) = request.into_parts();
    match allowed(state, &parts, path, &resource).await {
        Ok(bearer) => serve(state, bearer, path, parts, body).await,
        // Whether there is such an integration is asked only where nobody proved it.
        Err(refusal) => {
            let refusal = match state.services.integrations.slug_exists(slug).await {
                Ok(true) => refusal,
                Ok(false) => {
                    let text = "There is no integration at this URL. Copy the Server URL again.";
                    bearer::refusal(StatusCode::NOT_FOUND, "not_found", text)
                }
                Err(error) => bearer::broken(&error),
            };
            Box::pin(refused_unread(refusal, body, parts.version)).await
        }
    }
}

/// Who asks, if they may.
async fn allowed(
    state: &AppState,
    parts: &Parts,
    path: &str,
    resource: &ResourceUrl,
) -> Result<Bearer, Response<Body>> {
    if is_foreign(&parts.headers, &state.services.core.public_url) {
        let text = "Requests from pages of other sites are refused.";
        return Err(bearer::refusal(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            text,
        ));
    }
    let bearer = bearer::check(state, &parts.headers, path, resource).await?;
    match state.mcp.limits.take(&bearer, state.services.core.now()) {
        Ok(()) => Ok(bearer),
        Err(error) => Err(bearer::throttled(&error)),
    }
}

async fn serve(
    state: &AppState,
    bearer: Bearer,
    path: &str,
    parts: Parts,
    body: Body,
) -> Response<Body> {
    if parts.method != Method::POST || !media_type::is(&parts.headers, "application/json") {
        // Says which methods and media types there are.
        let version = parts.version;
        let handler = Handler::new(state.clone(), bearer, None, Era::Modern, false);
        let refusal = Box::pin(reference::answer(handler, parts, Bytes::new())).await;
        return Box::pin(refused_unread(refusal, body, version)).await;
    }
    let reading = axum::body::to_bytes(body, BODY_BYTES);
    let body = match tokio::time::timeout(BODY_TIME, reading).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return closing(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
        Err(_) => return closing(StatusCode::REQUEST_TIMEOUT.into_response()),
    };
    // A body may take its time, in which the connection may end.
    let bearer = match bearer::check_again(state, &bearer, path).await {
        Ok(bearer) => bearer,
        Err(refusal) => return refusal,
    };
    if batch::is_one(&parts.headers, &body) {
        return Box::pin(batch::answer(state, &bearer, parts, &body)).await;
    }
    answer(state, &bearer, parts, body).await
}

/// The answer to one message.
pub async fn answer(
    state: &AppState,
    bearer: &Bearer,
    parts: Parts,
    body: Bytes,
) -> Response<Body> {
    if let Some(response) = short(state, bearer, &parts, &body).await {
        return response;
    }
    Box::pin(long(state, bearer.clone(), parts, body)).await
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
        Hot::Call(call) => {
            let call = call::answer(state, bearer, &parts.headers, &message, call);
            Box::pin(call).await
        }
        Hot::Listen { tools } => {
            Some(Box::pin(listen::answer(state, bearer, &message, tools)).await)
        }
    }
}

/// The long road, by way of rmcp.
async fn long(state: &AppState, bearer: Bearer, mut parts: Parts, body: Bytes) -> Response<Body> {
    let message = match compat::prepare(&mut parts.headers, &body, state.mcp.compat) {
        Ok(message) => message,
        Err(refusal) => return *refusal,
    };
    if message["method"] == "notifications/cancelled" {
        // rmcp knows only of the request that it serves, and there is one each.
        let id = message["params"]["requestId"].to_string();
        state.mcp.in_flight.cancel(bearer.grant_id(), &id);
    }
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
    let version = &message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"];
    let era = if version.is_null() {
        Era::Legacy
    } else {
        Era::Modern
    };
    let announces = message["method"] != "initialize";
    // It may be megabytes, and the call take minutes.
    drop(message);
    let handler = Handler::new(state.clone(), bearer, called, era, announces);
    reference::answer(handler, parts, body).await
}

/// The rest of the body is not read, so nothing can come after it (RFC 9112 §9.6).
fn closing(mut response: Response<Body>) -> Response<Body> {
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn broken(message: &Value, error: &domain::Error) -> Response<Body> {
    let failure = reply::Failure::broken(error, &RequestId::current());
    let (code, text) = (failure.code, &failure.message);
    reply::refused(StatusCode::OK, &message["id"], code, text, None)
}
