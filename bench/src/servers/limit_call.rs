//! The limit of tools/call: the arguments go to the backend and its answer comes back, without
//! asking who calls, whether the arguments are right, or for the call to be written down.

use anyhow::Result;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use http_body_util::Full;
use hyper::{Request, header};
use serde_json::{Value, json};

use crate::http::Http;

#[derive(Debug, Clone)]
struct Backend {
    http: Http,
    url: String,
}

pub async fn serve(backend: String) -> Result<()> {
    let backend = Backend {
        http: Http::new(),
        url: format!("http://{backend}/"),
    };
    let router = Router::new().route("/mcp/", post(call)).with_state(backend);
    super::serve(router).await
}

async fn call(State(backend): State<Backend>, body: Bytes) -> Response {
    match answer(&backend, &body).await {
        Ok(answer) => ([(header::CONTENT_TYPE, "application/json")], answer).into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

async fn answer(backend: &Backend, body: &[u8]) -> Result<Vec<u8>> {
    let message: Value = serde_json::from_slice(body)?;
    let arguments = serde_json::to_vec(&message["params"]["arguments"])?;
    let request = Request::post(&backend.url)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::from(arguments))?;
    let answer = backend.http.send(request).await?;
    let structured: Value = serde_json::from_slice(&answer.body)?;
    let answer = json!({
        "jsonrpc": "2.0",
        "id": message["id"],
        "result": {
            "resultType": "complete",
            "content": [{ "type": "text", "text": structured.to_string() }],
            "structuredContent": structured,
            "isError": false,
        },
    });
    Ok(serde_json::to_vec(&answer)?)
}
