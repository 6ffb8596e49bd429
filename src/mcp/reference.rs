//! The long road: rmcp, which knows the whole protocol, with a handler of this connection.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{Request, Response, header, request::Parts},
};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
};

use super::{handler::Handler, reply, stream};

/// Bytes of a message; more is 413.
pub const BODY_BYTES: usize = 4 * 1024 * 1024;

/// rmcp's answer to a request whose body was read.
pub async fn answer(handler: Handler, parts: Parts, body: Bytes) -> Response<Body> {
    let config = StreamableHttpServerConfig::default()
        // Any replica answers any request.
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(BODY_BYTES)
        // The bearer is what protects; behind a proxy the Host header is the proxy's.
        .disable_allowed_hosts();
    let service = StreamableHttpService::new(
        move || Ok(handler.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let request = Request::from_parts(parts, Body::from(body));
    let mut response = service.handle(request).await.map(Body::new);
    reply::guard(response.headers_mut());
    let is_stream = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if is_stream {
        stream::mark(response.headers_mut());
    }
    response
}
