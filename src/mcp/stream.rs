//! The body of an answer that takes its time: server-sent events (WHATWG HTML §9.2), with progress
//! as it comes, a comment now and then so that nobody in between gives up, and at last the message.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Response, header},
};
use domain::execute::Progress;
use http_body::Frame;
use serde_json::json;
use tokio::{sync::mpsc, time::Interval};

use super::reply;

/// Between two comments: proxies give up on a silent connection after 30 to 60 s.
pub const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A call that is running, and will be a message.
pub type Answer = Pin<Box<dyn Future<Output = Vec<u8>> + Send>>;

struct Events {
    /// What has come already.
    first: Option<Bytes>,
    /// Dropped with the body: so a client who goes away cancels what is cancelled by that.
    answer: Option<Answer>,
    /// The message, once it is there: what came before it goes out first.
    last: Option<Bytes>,
    progress: Option<(mpsc::Receiver<Progress>, Box<str>)>,
    keep_alive: Interval,
}

/// The answer to a POST whose message is still to come. `token` is the progress token as it was
/// written.
pub fn response(
    answer: Answer,
    progress: Option<(mpsc::Receiver<Progress>, Box<str>)>,
    first: Option<&Progress>,
) -> Response<Body> {
    let first = match (&progress, first) {
        (Some((_, token)), Some(first)) => Some(event(&notification(token, first))),
        // Says that the stream is open to whoever waits for a first byte.
        _ => Some(COMMENT),
    };
    let mut keep_alive = tokio::time::interval(KEEP_ALIVE);
    keep_alive.reset();
    let body = Body::new(Events {
        first,
        answer: Some(answer),
        last: None,
        progress,
        keep_alive,
    });
    of(body)
}

/// An answer whose body is a stream of events.
pub fn of(events: Body) -> Response<Body> {
    let mut response = Response::new(events);
    mark(response.headers_mut());
    response
}

/// The headers of every stream: nothing in between may keep or hold back any of it.
pub fn mark(headers: &mut HeaderMap) {
    reply::guard(headers);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
}

/// Whether a client takes a stream for an answer. One that says nothing of what it takes, or `*/*`,
/// is one of this protocol.
pub fn is_accepted(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().peekable();
    accepted.peek().is_none()
        || accepted.any(|value| {
            let kinds = value.to_str().unwrap_or_default().split(',');
            let mut kinds = kinds.filter_map(|kind| kind.split(';').next());
            kinds.any(|kind| {
                let kind = kind.trim();
                ["text/event-stream", "text/*", "*/*"]
                    .iter()
                    .any(|stream| kind.eq_ignore_ascii_case(stream))
            })
        })
}

/// What keeps a stream open.
pub const COMMENT: Bytes = Bytes::from_static(b":\n\n");

pub fn event(message: &[u8]) -> Bytes {
    [b"data: ", message, b"\n\n"].concat().into()
}

/// MCP, `notifications/progress`.
fn notification(token: &str, progress: &Progress) -> Vec<u8> {
    let mut params = json!({ "progress": progress.progress });
    params["progressToken"] = serde_json::from_str(token).unwrap_or_default();
    if let Some(total) = progress.total {
        params["total"] = json!(total);
    }
    if let Some(message) = &progress.message {
        params["message"] = json!(message);
    }
    json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params })
        .to_string()
        .into_bytes()
}

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = |bytes| Poll::Ready(Some(Ok(Frame::data(bytes))));
        if let Some(first) = self.first.take() {
            return frame(first);
        }
        // The call is what makes progress, so it goes first.
        if let Some(answer) = self.answer.as_mut()
            && let Poll::Ready(message) = answer.as_mut().poll(context)
        {
            self.answer = None;
            self.last = Some(event(&message));
        }
        if let Some((coming, token)) = &mut self.progress
            && let Poll::Ready(Some(progress)) = coming.poll_recv(context)
        {
            return frame(event(&notification(token, &progress)));
        }
        if let Some(last) = self.last.take() {
            return frame(last);
        }
        if self.answer.is_none() {
            return Poll::Ready(None);
        }
        if self.keep_alive.poll_tick(context).is_ready() {
            return frame(COMMENT);
        }
        Poll::Pending
    }
}
