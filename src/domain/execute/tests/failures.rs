//! Endpoints that do not answer as they should.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use serde_json::json;
use tokio::net::TcpListener;

use super::{raw::Raw, *};
use crate::calls::Outcome;

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
    let plain = Raw::says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    for (base_url, outcome, sentence) in [
        (
            format!("http://{nobody}"),
            Outcome::Unreachable,
            "refused the connection",
        ),
        (
            format!("http://{}", Raw::says(b"").await),
            Outcome::Unreachable,
            "closed the connection",
        ),
        (
            format!("http://{}", Raw::says(b"SSH-2.0-OpenSSH\r\n\r\n").await),
            Outcome::BadAnswer,
            "not HTTP",
        ),
        (
            format!(
                "http://{}",
                Raw::says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await
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
    let (tool, caller) = (tool(HttpMethod::Get, at, "/"), member());
    let call = stage.execute.call_to_its_end(&caller, &tool, Map::new());
    assert!(
        tokio::time::timeout(Duration::from_millis(50), call)
            .await
            .is_err()
    );
    let row = stage.row_soon().await;
    assert_eq!((row.outcome.as_str(), row.http_status), ("ok", Some(200)));
}

#[tokio::test]
async fn a_cancelled_call_ends_the_request_to_the_endpoint_and_leaves_a_row() {
    struct Gone(tokio::sync::mpsc::UnboundedSender<()>);
    impl Drop for Gone {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let stage = Stage::on_loopback().await;
    let (gone, mut is_gone) = tokio::sync::mpsc::unbounded_channel();
    let (arrived, mut has_arrived) = tokio::sync::mpsc::unbounded_channel();
    let at = serve(Router::new().route(
        "/",
        get(move || {
            let (guard, arrived) = (Gone(gone.clone()), arrived.clone());
            async move {
                let _guard = guard;
                let _ = arrived.send(());
                std::future::pending::<()>().await;
            }
        }),
    ))
    .await;
    let (tool, caller) = (tool(HttpMethod::Get, at, "/"), member());
    tokio::select! {
        _ = stage.execute.call(&caller, &tool, Map::new(), None) => panic!("it never ends"),
        _ = has_arrived.recv() => {}
    }
    assert_eq!(
        is_gone.recv().await,
        Some(()),
        "the endpoint's request ended"
    );
    assert_eq!(stage.row_soon().await.outcome, "cancelled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_beyond_the_tools_own_limit_wait_and_then_are_told_that_it_is_busy() {
    let stage = Stage::on_loopback().await;
    let (arrived, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let at = serve(Router::new().route(
        "/",
        get(move || {
            let arrived = arrived.clone();
            async move {
                let _ = arrived.send(());
                std::future::pending::<()>().await;
            }
        }),
    ))
    .await;
    let mut tool = tool(HttpMethod::Get, at, "/");
    tool.max_concurrency = Some(2);
    for _ in 0..3 {
        let mut running = tokio::task::JoinSet::new();
        for number in 0..8 {
            // Those that wait have no more time when the first two are still running; and one version
            // of the tool counts with another.
            tool.timeout_ms = if number < 2 { 1_500 } else { 200 };
            tool.updated_at = tool.updated_at.plus_seconds(1);
            let (execute, called) = (stage.execute.clone(), tool.clone());
            running.spawn(async move {
                let result = execute.call(&member(), &called, Map::new(), None).await;
                result.unwrap().outcome
            });
            if number < 2 {
                assert_eq!(arrivals.recv().await, Some(()));
            }
        }
        let mut outcomes = running.join_all().await;
        outcomes.sort_unstable_by_key(|outcome| outcome.as_str());
        let (busy, sent) = outcomes.split_at(6);
        assert!(
            busy.iter().all(|outcome| *outcome == Outcome::Busy),
            "{outcomes:?}"
        );
        assert_eq!(sent, [Outcome::Timeout; 2]);
        assert!(
            arrivals.try_recv().is_err(),
            "nothing of the others was sent"
        );
    }
}

#[tokio::test]
async fn an_answer_that_comes_bit_by_bit_is_progress_and_then_the_answer() {
    let stage = Stage::on_loopback().await;
    let lines = "{\"progress\":1,\"total\":2,\"message\":\"half\"}\n{\"sum\":3}\n";
    let at = serve(
        Router::new()
            .route(
                "/lines",
                get(move || async move { ([("content-type", "application/x-ndjson")], lines) }),
            )
            .route(
                "/events",
                get(|| async {
                    (
                        [("content-type", "text/event-stream")],
                        "data: one\n\ndata: two\n\n",
                    )
                }),
            ),
    )
    .await;
    let (to, mut from) = tokio::sync::mpsc::channel(10);
    let call = async |path: &str| {
        let tool = tool(HttpMethod::Get, at, path);
        let called = stage
            .execute
            .call(&member(), &tool, Map::new(), Some(&to))
            .await;
        called.unwrap()
    };
    let result = call("/lines").await;
    assert_eq!(text(&result), "{\"sum\":3}");
    assert_eq!(structured(&result)["sum"], 3);
    let half = from.recv().await.unwrap();
    assert_eq!(
        (half.progress, half.total, half.message.as_deref()),
        (1.0, Some(2.0), Some("half"))
    );
    assert!(from.recv().await.is_some());
    let result = call("/events").await;
    assert_eq!(text(&result), "one\ntwo");
    assert!(result.structured.is_none());
    assert_eq!(from.recv().await.unwrap().message.as_deref(), Some("one"));
}
