//! The endpoint that the tools call: hyper and nothing else, so that little of a call is its time.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response, StatusCode, body::Incoming, header, server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;

/// What every call is answered with.
pub const ANSWER: &str = concat!(
    r#"{"id":"con_01hzx3v9k2m4q8w7","state":"active","name":"Ada Lovelace","#,
    r#""email":"ada@example.com","owner":"grace@example.com","score":42,"#,
    r#""changed_at":"2026-07-28T09:30:00Z","url":"https://crm.example.com/c/7781"}"#
);

/// The body that came last; GET shows it.
type Last = Arc<Mutex<Bytes>>;

pub async fn serve() -> Result<()> {
    let listener = super::listener().await?;
    let last = Last::default();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let last = last.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, &last));
            // An error here is the client's, which went away.
            let _ended = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    last: &Last,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_call = request.method() == Method::POST;
    let mut response = match request.into_body().collect().await {
        Ok(body) => {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if is_call {
                *last = body.to_bytes();
                Response::new(Full::from(ANSWER))
            } else {
                Response::new(Full::from(last.clone()))
            }
        }
        Err(_) => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response
        }
    };
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(response)
}
