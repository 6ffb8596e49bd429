//! What stands between real clients and rmcp: headers that it would refuse, and messages whose
//! mistakes it would answer in its own words instead of the protocol's.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use serde_json::{Value, json};

use super::{
    message::{Compat, LEGACY, METHOD, MODERN, NAME, PROTOCOL_VERSION},
    reply::{self, INVALID_PARAMS},
};

/// JSON-RPC 2.0 §5.1.
pub const PARSE_ERROR: i32 = -32_700;
pub const INVALID_REQUEST: i32 = -32_600;
/// MCP 2026-07-28.
const UNSUPPORTED_PROTOCOL_VERSION: i32 = -32_022;

/// The answer to a message that rmcp does not see.
pub type Refusal = Box<Response<Body>>;

/// Makes the headers ones that rmcp can answer well, or answers a message that it cannot.
pub fn prepare(headers: &mut HeaderMap, body: &[u8], compat: Compat) -> Result<Value, Refusal> {
    // Clients were seen that send `Accept: */*` or none. Whoever posts JSON-RPC reads JSON, and a
    // stream only where it asked for one.
    headers.insert(
        header::ACCEPT,
        HeaderValue::from_static("application/json, text/event-stream"),
    );
    let message = message(body)?;
    if compat == Compat::On {
        believe_the_body(headers, &message);
    }
    check_version(headers, &message)?;
    Ok(message)
}

/// The answer to a message that is none, or whose parameters have the wrong shape.
fn message(body: &[u8]) -> Result<Value, Refusal> {
    let message: Value = serde_json::from_slice(body)
        .map_err(|why| Box::new(bad(PARSE_ERROR, &format!("The body is not JSON: {why}"))))?;
    let is_message = message["jsonrpc"] == "2.0"
        && (message["method"].is_string()
            || message.get("result").is_some()
            || message.get("error").is_some());
    if !is_message {
        let text = "The body is not one JSON-RPC 2.0 message";
        return Err(Box::new(bad(INVALID_REQUEST, text)));
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
        _ => return Ok(message),
    };
    // As every other mistake in parameters: an answer of the protocol, not of HTTP.
    Err(refused(
        StatusCode::OK,
        &message["id"],
        INVALID_PARAMS,
        text,
        None,
    ))
}

/// The answer to a body that is no message.
pub fn bad(code: i32, text: &str) -> Response<Body> {
    reply::refused(StatusCode::BAD_REQUEST, &Value::Null, code, text, None)
}

fn is_object_or_absent(value: &Value) -> bool {
    value.is_null() || value.is_object()
}

/// Writes the headers of a request that says in its body that it is of 2026-07-28, where its version
/// header says otherwise or nothing. A header that contradicts the body stays, and is refused.
fn believe_the_body(headers: &mut HeaderMap, message: &Value) {
    let params = &message["params"];
    let is_modern = params["_meta"]["io.modelcontextprotocol/protocolVersion"] == MODERN;
    let says_so = headers
        .get(&PROTOCOL_VERSION)
        .is_some_and(|version| version == MODERN);
    if !is_modern || says_so {
        return;
    }
    headers.insert(PROTOCOL_VERSION, HeaderValue::from_static(MODERN));
    for (name, text) in [(METHOD, &message["method"]), (NAME, &params["name"])] {
        let value = text
            .as_str()
            .and_then(|text| HeaderValue::from_str(text).ok());
        if let Some(value) = value
            && !headers.contains_key(&name)
        {
            headers.insert(name, value);
        }
    }
}

/// A version that neither era knows. What the body says of it is rmcp's to judge.
fn check_version(headers: &HeaderMap, message: &Value) -> Result<(), Refusal> {
    let Some(version) = headers.get(&PROTOCOL_VERSION) else {
        return Ok(());
    };
    let is_known = version == MODERN || LEGACY.iter().any(|known| version == known);
    let is_in_body =
        message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"].is_string();
    if is_known || is_in_body {
        return Ok(());
    }
    let supported: Vec<_> = [MODERN].iter().chain(&LEGACY).collect();
    let text = "The MCP-Protocol-Version header names a version that is not supported";
    let data = json!({
        "supported": supported,
        "requested": String::from_utf8_lossy(version.as_bytes()),
    });
    Err(refused(
        StatusCode::BAD_REQUEST,
        &message["id"],
        UNSUPPORTED_PROTOCOL_VERSION,
        text,
        Some(data),
    ))
}

fn refused(
    status: StatusCode,
    id: &Value,
    code: i32,
    message: &str,
    data: Option<Value>,
) -> Refusal {
    Box::new(reply::refused(status, id, code, message, data))
}
