//! The limit of tools/list: the same bytes, without asking who wants them.

use std::path::Path;

use anyhow::Result;
use axum::{Router, routing::post};
use bytes::Bytes;
use hyper::header;

pub async fn serve(body: &Path) -> Result<()> {
    let answer = Bytes::from(std::fs::read(body)?);
    // The request's body is read, as a connection that is kept needs it.
    let handler = move |_request: Bytes| async move {
        ([(header::CONTENT_TYPE, "application/json")], answer.clone())
    };
    super::serve(Router::new().route("/mcp/", post(handler))).await
}
