//! What stands between real clients and rmcp: headers that it would refuse, and messages whose
//! mistakes it would answer in its own words instead of the protocol's.

use axum::{
    Json,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::middleware::media_type;

/// Bytes of a message; more is 413.
pub const BODY_BYTES: usize = 4 * 1024 * 1024;

/// JSON-RPC 2.0 §5.1.
const PARSE_ERROR: i32 = -32_700;
const INVALID_REQUEST: i32 = -32_600;
const INVALID_PARAMS: i32 = -32_602;

/// A request that rmcp can answer well, or the answer to one that it cannot.
pub async fn prepared(request: Request) -> Result<Request, Response> {
    let (mut parts, body) = request.into_parts();
    normalize(&mut parts.headers);
    if parts.method != Method::POST || !media_type::is(&parts.headers, "application/json") {
        return Ok(Request::from_parts(parts, body));
    }
    let bytes = match axum::body::to_bytes(body, BODY_BYTES).await {
        Ok(bytes) => bytes,
        Err(_) => return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
    };
    match refusal(&bytes) {
        Some(refusal) => Err(refusal),
        None => Ok(Request::from_parts(parts, Body::from(bytes))),
    }
}

/// Clients were seen that send `Accept: */*` or none. Whoever posts JSON-RPC reads JSON, and a
/// stream only where it asked for one.
fn normalize(headers: &mut HeaderMap) {
    headers.insert(
        header::ACCEPT,
        HeaderValue::from_static("application/json, text/event-stream"),
    );
}

/// The answer to a message that is none, or whose parameters have the wrong shape.
fn refusal(bytes: &Bytes) -> Option<Response> {
    let message: Value = match serde_json::from_slice(bytes) {
        Ok(message) => message,
        Err(why) => {
            let text = format!("The body is not JSON: {why}");
            return Some(refused(
                StatusCode::BAD_REQUEST,
                &Value::Null,
                PARSE_ERROR,
                &text,
            ));
        }
    };
    let is_message = message["jsonrpc"] == "2.0"
        && (message["method"].is_string()
            || message.get("result").is_some()
            || message.get("error").is_some());
    if !is_message {
        let text = "The body is not one JSON-RPC 2.0 message";
        return Some(refused(
            StatusCode::BAD_REQUEST,
            &Value::Null,
            INVALID_REQUEST,
            text,
        ));
    }
    let params = &message["params"];
    let text = match message["method"].as_str() {
        Some("tools/call") if !params["name"].is_string() => "params.name must be a string",
        Some("tools/call") if !is_object_or_absent(&params["arguments"]) => {
            "params.arguments must be an object"
        }
        Some("tools/list") if !params["cursor"].is_null() && !params["cursor"].is_string() => {
            "params.cursor must be a string"
        }
        _ => return None,
    };
    // As every other mistake in parameters: an answer of the protocol, not of HTTP.
    Some(refused(
        StatusCode::OK,
        &message["id"],
        INVALID_PARAMS,
        text,
    ))
}

fn is_object_or_absent(value: &Value) -> bool {
    value.is_null() || value.is_object()
}

fn refused(status: StatusCode, id: &Value, code: i32, text: &str) -> Response {
    let body = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": text } });
    (status, Json(body)).into_response()
}
