//! A server that fails call after call is left alone, and comes back.

use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::{calls::Outcome, execute::circuit::OPENS_AFTER};

/// A server that answers with the status that is set, and counts.
async fn set_to(status: u16) -> (SocketAddr, Arc<AtomicU16>, Arc<AtomicUsize>) {
    let (status, heard) = (
        Arc::new(AtomicU16::new(status)),
        Arc::<AtomicUsize>::default(),
    );
    let (now, counted) = (status.clone(), heard.clone());
    let router = Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        let status = StatusCode::from_u16(now.load(Ordering::SeqCst)).unwrap();
        async move { (status, "answer") }
    });
    (serve(router).await, status, heard)
}

#[tokio::test]
async fn a_failing_server_is_left_alone_for_a_while_and_then_asked_once() {
    let stage = Stage::on_loopback().await;
    let (at, status, heard) = set_to(500).await;
    let tool = tool(HttpMethod::Post, at, "/");
    for _ in 0..OPENS_AFTER {
        assert_eq!(
            stage.call(&tool, json!({})).await.outcome,
            Outcome::HttpError
        );
    }
    let called = || heard.swap(0, Ordering::SeqCst);
    assert_eq!(called(), 10);
    let result = stage.call(&tool, json!({})).await;
    assert_eq!(
        (result.outcome, result.was_sent, called()),
        (Outcome::Unavailable, false, 0)
    );
    assert_eq!(
        text(&result),
        "The tool's endpoint has been failing since 22:13 UTC (10 calls in a row; last: answered \
         500), so nothing was sent. Trying again at 22:13:25 UTC."
    );
    let row = stage.rows().await.pop().unwrap();
    assert_eq!((&*row.outcome, row.http_status), ("unavailable", None));
    assert_eq!(row.error.as_deref(), Some(text(&result)));

    // Other tools of the project at the same server are not told so: it may be this tool alone.
    let mut other = tool.clone();
    other.id = ToolId::from("tool_other");
    assert_eq!(
        stage.call(&other, json!({})).await.outcome,
        Outcome::HttpError
    );
    assert_eq!(called(), 1);

    stage.clock.advance_seconds(5);
    assert_eq!(
        stage.call(&tool, json!({})).await.outcome,
        Outcome::HttpError
    );
    stage.clock.advance_seconds(9);
    assert_eq!(
        stage.call(&tool, json!({})).await.outcome,
        Outcome::Unavailable
    );
    assert_eq!(called(), 1, "one call found out");

    status.store(200, Ordering::SeqCst);
    stage.clock.advance_seconds(1);
    for _ in 0..3 {
        assert_eq!(stage.call(&tool, json!({})).await.outcome, Outcome::Ok);
    }
    assert_eq!(called(), 3);
}

#[tokio::test]
async fn what_is_not_the_servers_fault_leaves_it_open_to_all() {
    let stage = Stage::on_loopback().await;
    for status in [400, 401, 404, 422, 429] {
        let (at, _, heard) = set_to(status).await;
        let tool = tool(HttpMethod::Get, at, "/");
        for _ in 0..2 * OPENS_AFTER {
            assert_eq!(
                stage.call(&tool, json!({})).await.outcome,
                Outcome::HttpError
            );
        }
        assert_eq!(heard.load(Ordering::SeqCst), 20, "{status}");
    }
    // Nor is an answer that the tool has no use for, a refusal of ours, or a call that is cancelled.
    let (at, _, heard) = set_to(200).await;
    let mut strict = tool(HttpMethod::Get, at, "/");
    strict.output_schema = Some(object(json!({ "type": "object" })));
    let mut refused = tool(HttpMethod::Get, at, "/");
    refused.base_url = refused.base_url.replace("127.0.0.1", "127.0.0.3");
    let hanging = serve(Router::new().fallback(async || std::future::pending::<()>().await)).await;
    let hanging = tool(HttpMethod::Get, hanging, "/");
    for _ in 0..2 * OPENS_AFTER {
        assert_eq!(
            stage.call(&strict, json!({})).await.outcome,
            Outcome::BadAnswer
        );
        assert_eq!(
            stage.call(&refused, json!({})).await.outcome,
            Outcome::Refused
        );
        let soon = tokio::time::sleep(std::time::Duration::from_millis(10));
        tokio::select! {
            _ = stage.call(&hanging, json!({})) => panic!("it never ends"),
            () = soon => {}
        }
    }
    assert_eq!(heard.load(Ordering::SeqCst), 20);
    let mut hanging = hanging;
    hanging.timeout_ms = 100;
    assert_eq!(
        stage.call(&hanging, json!({})).await.outcome,
        Outcome::Timeout
    );
}

#[tokio::test]
async fn every_kind_of_failure_of_the_servers_own_counts() {
    let stage = Stage::on_loopback().await;
    for (first, last) in [
        ("", "closed the connection"),
        ("SSH-2.0-OpenSSH\r\n\r\n", "answered with something broken"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
            "answered with something broken",
        ),
        (
            "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
            "answered 503",
        ),
    ] {
        let at = raw::Raw::says(first).await;
        let tool = tool(HttpMethod::Get, at, "/");
        for _ in 0..OPENS_AFTER {
            assert_ne!(
                stage.call(&tool, json!({})).await.outcome,
                Outcome::Unavailable
            );
        }
        let result = stage.call(&tool, json!({})).await;
        assert!(
            text(&result).contains(&format!("last: {last})")),
            "{}",
            text(&result)
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_left_alone_by_all_tools_of_a_project() {
    let stage = Stage::on_loopback().await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = nobody.local_addr().unwrap();
    drop(nobody);
    for _ in 0..OPENS_AFTER {
        let tool = tool(HttpMethod::Get, at, "/");
        assert_eq!(
            stage.call(&tool, json!({})).await.outcome,
            Outcome::Unreachable
        );
    }
    let mut other = tool(HttpMethod::Get, at, "/other");
    let result = stage.call(&other, json!({})).await;
    assert_eq!(result.outcome, Outcome::Unavailable);
    assert!(
        text(&result).starts_with("The tool's server has been failing"),
        "{}",
        text(&result)
    );
    other.project_id = ProjectId::from("prj_2");
    assert_eq!(
        stage.call(&other, json!({})).await.outcome,
        Outcome::Unreachable
    );
}

/// One that answers at `/` and never at `/never`.
async fn half_hanging() -> SocketAddr {
    let never = axum::routing::get(async || std::future::pending::<()>().await);
    serve(Router::new().route("/never", never).fallback(async || "ok")).await
}

#[tokio::test]
async fn a_tool_with_a_tiny_limit_closes_itself_only() {
    let stage = Stage::on_loopback().await;
    let at = half_hanging().await;
    let mut hasty = tool(HttpMethod::Get, at, "/never");
    hasty.timeout_ms = 20;
    for _ in 0..2 * OPENS_AFTER {
        stage.call(&hasty, json!({})).await;
    }
    assert_eq!(
        stage.call(&hasty, json!({})).await.outcome,
        Outcome::Unavailable
    );
    let neighbour = tool(HttpMethod::Get, at, "/");
    assert_eq!(stage.call(&neighbour, json!({})).await.outcome, Outcome::Ok);
}

#[tokio::test]
async fn who_waited_for_a_turn_until_the_time_was_nearly_over_blames_no_server() {
    const CALLS: u32 = 2 * OPENS_AFTER;
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Get, half_hanging().await, "/never");
    tool.timeout_ms = 1_000;
    tool.max_concurrency = Some(CALLS.into());
    let turns = stage.execute.turns.of(&tool).unwrap();
    let taken = turns.acquire_many(CALLS).await.unwrap();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let (execute, tool) = (stage.execute.clone(), tool.clone());
        waiting.spawn(async move { execute.call(&member(), &tool, Map::new(), None).await });
    }
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    drop(taken);
    for result in waiting.join_all().await {
        // Busy on a machine that is.
        let outcome = result.unwrap().outcome;
        assert!(
            matches!(
                outcome,
                Outcome::Timeout | Outcome::Busy | Outcome::Unreachable
            ),
            "{outcome:?}"
        );
    }
    tool.endpoint_path = "/".to_owned();
    tool.updated_at = tool.updated_at.plus_seconds(1);
    assert_eq!(stage.call(&tool, json!({})).await.outcome, Outcome::Ok);
}
