//! How long a request's body may take, all of it. A stranger who sends a byte now and then would hold
//! a connection for days.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

const LONGEST: Duration = Duration::from_secs(60);

struct Timed {
    body: Body,
    end: Pin<Box<Sleep>>,
}

impl Timed {
    fn new(body: Body, longest: Duration) -> Self {
        Self {
            body,
            end: Box::pin(sleep(longest)),
        }
    }
}

pub async fn body_in_time(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let timed = request.map(|body| Body::new(Timed::new(body, LONGEST)));
    next.run(timed).await
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame);
        }
        let is_late = self.end.as_mut().poll(context);
        is_late.map(|()| Some(Err(axum::Error::new("the body did not come in time"))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_body_that_drips_ends_in_time() {
        let dripping = stream::unfold((), |()| async {
            sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, Infallible>(Bytes::from_static(b"x")), ()))
        });
        let timed = Timed::new(Body::from_stream(dripping), Duration::from_millis(100));
        let error = axum::body::to_bytes(Body::new(timed), 1_000).await;
        assert!(error.unwrap_err().to_string().contains("in time"));
    }
}
