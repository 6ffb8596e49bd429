//! Endpoints that do not answer as they should.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::calls::Outcome;

/// A server that says `answer` to whoever connects, and hangs up.
async fn says(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer).await;
        }
    });
    address
}

/// A body that begins and never ends.
struct Endless(bool);

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
        if std::mem::replace(&mut self.0, true) {
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from_static(
            b"begin",
        )))))
    }
}

#[tokio::test]
async fn a_slow_endpoint_times_out_before_and_within_its_answer() {
    let stage = Stage::on_loopback().await;
    let at = serve(
        Router::new()
            .route(
                "/never",
                get(|| async { std::future::pending::<()>().await }),
            )
            .route("/endless", get(|| async { Body::new(Endless(false)) })),
    )
    .await;
    for (path, status, sentence) in [
        (
            "/never",
            None,
            "did not answer within the tool's limit of 200 ms",
        ),
        (
            "/endless",
            Some(200),
            "did not finish within the tool's limit of 200 ms",
        ),
    ] {
        let mut tool = tool(HttpMethod::Get, at, path);
        tool.timeout_ms = 200;
        let start = std::time::Instant::now();
        let result = stage.call(&tool, json!({})).await;
        assert!(start.elapsed() < Duration::from_secs(3));
        assert_eq!(
            (result.outcome, result.http_status),
            (Outcome::Timeout, status),
            "{path}"
        );
        assert!(text(&result).contains(sentence), "{}", text(&result));
    }
    assert!(
        stage
            .rows()
            .await
            .iter()
            .all(|row| row.outcome == "timeout")
    );
}

#[tokio::test]
async fn each_failure_says_what_happened_and_names_no_address() {
    let stage = Stage::on_loopback().await;
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let plain = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    for (base_url, outcome, sentence) in [
        (
            format!("http://{nobody}"),
            Outcome::Unreachable,
            "refused the connection",
        ),
        (
            format!("http://{}", says(b"").await),
            Outcome::Unreachable,
            "closed the connection",
        ),
        (
            format!("http://{}", says(b"SSH-2.0-OpenSSH\r\n\r\n").await),
            Outcome::BadAnswer,
            "not HTTP",
        ),
        (
            format!(
                "http://{}",
                says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await
            ),
            Outcome::BadAnswer,
            "broke off after 4 bytes",
        ),
        (
            format!("https://{plain}"),
            Outcome::Unreachable,
            "TLS handshake",
        ),
        (
            "https://no-such-host.invalid".to_owned(),
            Outcome::Unreachable,
            "does not resolve",
        ),
    ] {
        let mut tool = tool(HttpMethod::Post, nobody, "/");
        tool.base_url = base_url;
        let result = stage.call(&tool, json!({})).await;
        let shown = text(&result);
        assert_eq!(result.outcome, outcome, "{}: {shown}", tool.base_url);
        assert!(shown.contains(sentence), "{shown}");
        assert!(!shown.contains("127.0.0.1"), "{shown}");
    }
    assert_eq!(stage.rows().await.len(), 6);
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_a_row_that_tells_what_happened() {
    let stage = Stage::on_loopback().await;
    let at = serve(Router::new().route(
        "/",
        get(|| async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "done"
        }),
    ))
    .await;
    let (tool, caller, none) = (tool(HttpMethod::Get, at, "/"), member(), Map::new());
    let call = stage.execute.call(&caller, &tool, &none);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), call)
            .await
            .is_err()
    );
    for _ in 0..100 {
        if let [row] = stage.rows().await.as_slice() {
            assert_eq!((row.outcome.as_str(), row.http_status), ("ok", Some(200)));
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no row");
}
