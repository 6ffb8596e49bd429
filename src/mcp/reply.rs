//! What the short road answers with: JSON-RPC 2.0 (§5), as rmcp would write it.

use std::fmt::Display;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use domain::execute::{CallResult, Content};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::message::Era;

/// JSON-RPC 2.0 §5.1.
pub const INVALID_PARAMS: i32 = -32_602;
const INTERNAL_ERROR: i32 = -32_603;
/// Of the range that JSON-RPC leaves to servers.
pub const ENDED: i32 = -32_000;

/// An error that a client is told.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: i32,
    pub message: String,
}

impl Failure {
    pub fn invalid_params(message: impl Into<String>) -> Self {
        Self {
            code: INVALID_PARAMS,
            message: message.into(),
        }
    }

    /// The call ended before its answer, for a reason that the client knows or is told here.
    pub fn ended(message: impl Into<String>) -> Self {
        Self {
            code: ENDED,
            message: message.into(),
        }
    }

    /// A failure of ours is said to be one, and can be found in the log.
    pub fn broken(error: &dyn Display, request_id: &str) -> Self {
        tracing::error!(%error, id = request_id, "an MCP request failed");
        Self {
            code: INTERNAL_ERROR,
            message: format!("Something broke on our side (request {request_id})."),
        }
    }
}

#[derive(Serialize)]
struct Success<'a, T> {
    jsonrpc: &'static str,
    id: &'a RawValue,
    result: T,
}

#[derive(Serialize)]
struct Error<'a> {
    jsonrpc: &'static str,
    id: &'a RawValue,
    error: ErrorObject<'a>,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    code: i32,
    message: &'a str,
}

/// MCP 2026-07-28, `CallToolResult`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolResult<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    result_type: Option<&'static str>,
    content: Vec<Block<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_content: Option<&'a RawValue>,
    is_error: bool,
}

/// MCP 2026-07-28, `ContentBlock`.
#[derive(Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
enum Block<'a> {
    Text { text: &'a str },
    Image { data: &'a str, mime_type: &'a str },
    Audio { data: &'a str, mime_type: &'a str },
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("it is made of what JSON has")
}

/// The message that answers a call.
pub fn of_call(id: &RawValue, era: Era, result: &CallResult) -> Vec<u8> {
    let content = result
        .content
        .iter()
        .map(|content| match content {
            Content::Text(text) => Block::Text { text },
            Content::Image { mime_type, base64 } => Block::Image {
                data: base64,
                mime_type,
            },
            Content::Audio { mime_type, base64 } => Block::Audio {
                data: base64,
                mime_type,
            },
        })
        .collect();
    json(&Success {
        jsonrpc: "2.0",
        id,
        result: ToolResult {
            result_type: match era {
                Era::Modern => Some("complete"),
                Era::Legacy => None,
            },
            content,
            structured_content: result.structured.as_deref(),
            is_error: result.is_error(),
        },
    })
}

/// The message that answers with a result that is JSON already.
pub fn of_result(id: &RawValue, result: &[u8]) -> Vec<u8> {
    let parts: [&[u8]; 5] = [
        b"{\"jsonrpc\":\"2.0\",\"id\":",
        id.get().as_bytes(),
        b",\"result\":",
        result,
        b"}",
    ];
    parts.concat()
}

pub fn of_failure(id: &RawValue, failure: &Failure) -> Vec<u8> {
    json(&Error {
        jsonrpc: "2.0",
        id,
        error: ErrorObject {
            code: failure.code,
            message: &failure.message,
        },
    })
}

/// The whole answer to a POST. An error of the protocol is no error of HTTP.
pub fn response(message: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(message));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    guard(response.headers_mut());
    response
}

/// What a tool answers is never to be taken for a page.
pub fn guard(headers: &mut HeaderMap) {
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}

/// An error whose status is not always 200.
pub fn refused(
    status: StatusCode,
    id: &Value,
    code: i32,
    message: &str,
    data: Option<Value>,
) -> Response<Body> {
    let mut error = serde_json::json!({ "code": code, "message": message });
    if let Some(data) = data {
        error["data"] = data;
    }
    let body = serde_json::json!({ "jsonrpc": "2.0", "id": id, "error": error });
    let mut response = response(json(&body));
    *response.status_mut() = status;
    response
}
