//! Paths that no percent-decoding makes a text of, or that hold control characters, name nothing:
//! said here once, in the form of each edge, before a router or a database has to.

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{api::ApiError, mcp, web};

pub async fn readable_path(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if is_readable(path) {
        return next.run(request).await;
    }
    if path.starts_with("/api/") {
        ApiError::no_such_address().into_response()
    } else if path.starts_with("/mcp") || path.starts_with("/.well-known/") {
        let text = "There is nothing at this address. Copy the Server URL again.";
        mcp::refusal(StatusCode::NOT_FOUND, "not_found", text)
    } else {
        web::not_found().await
    }
}

pub fn is_readable(path: &str) -> bool {
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
    String::from_utf8(bytes).is_ok_and(|text| !text.chars().any(char::is_control))
}
