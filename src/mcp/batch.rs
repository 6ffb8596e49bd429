//! Several messages in one body (JSON-RPC 2.0 §6). Of MCP's revisions only 2025-03-26 has them, and a
//! client that names no version may be of it.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header, request::Parts},
};
use domain::grants::Bearer;
use futures_util::future::join_all;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{
    bearer,
    compat::{self, INVALID_REQUEST, PARSE_ERROR},
    message::PROTOCOL_VERSION,
    reply::{self, Failure},
    service,
};
use crate::state::AppState;

const REVISION: &str = "2025-03-26";
/// Messages in one.
const MOST: usize = 100;
/// Bytes of one answer.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Whether a body is to be read as one.
pub fn is_one(headers: &HeaderMap, body: &[u8]) -> bool {
    let may_be = match headers.get(&PROTOCOL_VERSION) {
        None => true,
        Some(version) => version == REVISION,
    };
    may_be && body.trim_ascii_start().starts_with(b"[")
}

/// The answers to all that want one, as one list; in whatever order the messages were, each is told
/// by its id.
pub async fn answer(
    state: &AppState,
    bearer: &Bearer,
    mut parts: Parts,
    body: &[u8],
) -> Response<Body> {
    let messages: Vec<Box<RawValue>> = match serde_json::from_slice(body) {
        Ok(messages) => messages,
        Err(why) => return compat::bad(PARSE_ERROR, &format!("The body is not JSON: {why}")),
    };
    if messages.is_empty() || messages.len() > MOST {
        let text = format!("A batch has 1 to {MOST} messages");
        return compat::bad(INVALID_REQUEST, &text);
    }
    // The first was counted with the request.
    for _ in 1..messages.len() {
        if let Err(error) = state.mcp.limits.take(bearer, state.services.core.now()) {
            return bearer::throttled(&error);
        }
    }
    // An answer in a list cannot be a stream.
    let accept = HeaderValue::from_static("application/json");
    parts.headers.insert(header::ACCEPT, accept);
    let answers = messages
        .into_iter()
        .map(async |message| one(state, bearer, parts.clone(), &message).await);
    let answers: Vec<_> = join_all(answers).await.into_iter().flatten().collect();
    if answers.is_empty() {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::ACCEPTED;
        return response;
    }
    reply::response([b"[".as_slice(), &answers.join(&b','), b"]"].concat())
}

async fn one(
    state: &AppState,
    bearer: &Bearer,
    parts: Parts,
    message: &RawValue,
) -> Option<Vec<u8>> {
    let said: Option<Said<'_>> = serde_json::from_str(message.get()).ok();
    let failed = |code, text: &str| {
        let id = said.as_ref().and_then(|said| said.id);
        let failure = Failure {
            code,
            message: text.to_owned(),
        };
        Some(reply::of_failure(id.unwrap_or(RawValue::NULL), &failure))
    };
    if said.as_ref().is_some_and(Said::is_sent_alone) {
        return failed(
            INVALID_REQUEST,
            "This message is sent alone, not in a batch.",
        );
    }
    let body = Bytes::copy_from_slice(message.get().as_bytes());
    let response = service::answer(state, bearer, parts, body).await;
    let status = response.status();
    let answer = axum::body::to_bytes(response.into_body(), MOST_BYTES).await;
    match (status, answer) {
        (StatusCode::TOO_MANY_REQUESTS, _) => {
            let text = "Too many calls are running. Try again in a while.";
            failed(reply::ENDED, text)
        }
        (StatusCode::ACCEPTED, _) => None,
        (_, Ok(answer)) if serde_json::from_slice::<&RawValue>(&answer).is_ok() => {
            Some(answer.into())
        }
        // rmcp says in words what it cannot read at all.
        _ => failed(INVALID_REQUEST, "This is not a message that has an answer."),
    }
}

/// What has to be known of a message before it is passed on.
#[derive(Deserialize)]
struct Said<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    #[serde(default, rename = "_meta")]
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default, rename = "io.modelcontextprotocol/protocolVersion")]
    protocol_version: Option<IgnoredAny>,
}

impl Said<'_> {
    /// Whether it begins what comes after it, or is of a revision that has no batches.
    fn is_sent_alone(&self) -> bool {
        let meta = self.params.as_ref().and_then(|params| params.meta.as_ref());
        self.method.as_deref() == Some("initialize")
            || meta.is_some_and(|meta| meta.protocol_version.is_some())
    }
}
