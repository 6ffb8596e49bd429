//! Reads what a handler left of a request's body.
//!
//! A refusal is often ready before the body has arrived. If it goes out with the body unread, hyper
//! closes the connection behind it without a word, and the client's next request on it is lost: a
//! 401 then looks like "disconnected". So the rest is read and thrown away, within limits, and past
//! them the answer says that the connection closes (RFC 9112 §9.6).

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, Version, header},
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;

/// What is read for nothing, at most.
const MOST_BYTES: usize = 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(5);

/// A body that the handler and this middleware share, one after the other.
#[derive(Clone)]
struct Shared(Arc<Mutex<Part>>);

struct Part {
    body: Body,
    is_read: bool,
}

impl Shared {
    fn is_read(&self) -> bool {
        let part = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        part.is_read || part.body.is_end_stream()
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut part = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let frame = Pin::new(&mut part.body).poll_frame(context);
        // An error ends the connection anyway.
        part.is_read |= matches!(frame, Poll::Ready(None | Some(Err(_))));
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.is_read()
    }

    fn size_hint(&self) -> SizeHint {
        let part = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        part.body.size_hint()
    }
}

pub async fn read_unread_body(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let version = request.version();
    let (parts, body) = request.into_parts();
    let shared = Shared(Arc::new(Mutex::new(Part {
        body,
        is_read: false,
    })));
    let for_handler = Body::new(shared.clone());
    let response = next.run(Request::from_parts(parts, for_handler)).await;
    if shared.is_read() {
        response
    } else {
        refused_unread(response, Body::new(shared), version).await
    }
}

/// A response that is ready before the request's body was read.
pub async fn refused_unread(mut response: Response, mut body: Body, version: Version) -> Response {
    let is_read = tokio::time::timeout(LONGEST, drain(&mut body)).await;
    if is_read != Ok(true) && version <= Version::HTTP_11 {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whether all of it is read.
async fn drain(body: &mut Body) -> bool {
    let mut read = 0;
    while let Some(frame) = body.frame().await {
        // An error ends the connection anyway.
        let Ok(frame) = frame else { return true };
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > MOST_BYTES {
            return false;
        }
    }
    true
}
