//! Endpoints that misbehave, as a table: each is called, and the model is told what went wrong within
//! the tool's limits. `cargo test -p domain execute::tests::bad_endpoints -- --nocapture` prints it.

mod broken;
mod slow;

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::json;

use self::{
    broken::{broken, unfit},
    slow::{endless, slow},
};
use super::{
    raw::{Raw, Then},
    *,
};
use crate::calls::Outcome;

const LARGEST: i64 = 65_536;
/// What the two sockets of a connection may hold beside what was read of it: far more than Linux's
/// buffers, and far less than what the endpoints here would send.
const IN_BETWEEN: usize = 32 * 1024 * 1024;

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// An endpoint, how a call of it ends, and a part of what the model is told.
type Bad = (&'static str, Vec<u8>, Then, Outcome, &'static str);

fn bad(
    name: &'static str,
    first: impl AsRef<[u8]>,
    then: Then,
    outcome: Outcome,
    told: &'static str,
) -> Bad {
    (name, first.as_ref().to_vec(), then, outcome, told)
}

fn json_of(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{OK}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

const TOO_MANY_HEADERS: &str = "larger headers than are read";

/// Calls all of them at once; each is told apart by its row.
async fn run(title: &str, endpoints: Vec<Bad>, output: Option<Value>) {
    let stage = Stage::on_loopback().await;
    let mut running = Vec::new();
    for endpoint in endpoints {
        let raw = Raw::new(endpoint.1.clone(), endpoint.2.clone()).await;
        let mut tool = tool(HttpMethod::Get, raw.at, "/");
        // Those that hang are to be done soon; the others are to need none of it.
        tool.timeout_ms = if endpoint.3 == Outcome::Timeout {
            400
        } else {
            20_000
        };
        tool.max_response_bytes = LARGEST;
        tool.output_schema = output.clone().map(object);
        let execute = stage.execute.clone();
        let called = tokio::spawn(async move {
            execute
                .call(&member(), &tool, Map::new(), None)
                .await
                .unwrap()
        });
        running.push((endpoint, raw, called));
    }
    println!("\n{title}");
    for ((name, _, _, outcome, told), raw, called) in running {
        let result = called.await.unwrap();
        let shown = text(&result);
        println!(
            "| {name:<34} | {} |",
            shown
                .replace('\n', " ")
                .chars()
                .take(150)
                .collect::<String>()
        );
        assert_eq!(result.outcome, outcome, "{name}: {shown}");
        assert!(shown.contains(told), "{name}: {shown}");
        assert!(!shown.contains("127.0.0.1"), "{name}: {shown}");
        assert!(shown.len() < 200_000, "{name}");
        assert!(result.response_bytes <= LARGEST, "{name}");
        let done = tokio::time::timeout(Duration::from_secs(20), raw.is_done());
        assert!(done.await.is_ok(), "{name}: nobody hung up");
        let written = raw.written.load(Ordering::SeqCst);
        assert!(written < IN_BETWEEN, "{name}: {written} bytes were taken");
    }
}

#[tokio::test]
async fn slow_ones_end_at_the_tools_limit_and_the_model_is_told_in_which_phase() {
    run("Slow", slow(), None).await;
}

#[tokio::test]
async fn of_endless_ones_no_more_is_read_than_the_tools_limit() {
    run("Endless", endless(), None).await;
}

#[tokio::test]
async fn broken_ones_are_named() {
    run("Broken", broken(), None).await;
}

#[tokio::test]
async fn answers_that_do_not_fit_are_named() {
    let schema = json!({ "type": "object", "required": ["a"], "properties": { "a": {} } });
    run("Unfit for the tool's output schema", unfit(), Some(schema)).await;
}

/// Bytes beyond the length that a server said would be the next answer of its connection, and that
/// answer another call's.
#[tokio::test]
async fn what_comes_after_an_answer_is_no_answer_to_the_next_call() {
    let stage = Stage::on_loopback().await;
    let raw = Raw::new(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother",
        Then::Hang,
    )
    .await;
    let tool = tool(HttpMethod::Get, raw.at, "/");
    for _ in 0..5 {
        assert_eq!(text(&stage.call(&tool, json!({})).await), "first");
    }
    assert_eq!(
        raw.heard.lock().unwrap().len(),
        5,
        "each on a connection of its own"
    );
}

#[tokio::test]
async fn without_an_output_schema_what_is_no_json_is_text() {
    let stage = Stage::on_loopback().await;
    for (body, shown) in [
        (b"{\"a\":1,\"a\":2}".as_slice(), "{\"a\":1,\"a\":2}"),
        (b"{\"a\":1e999999}", "{\"a\":1e999999}"),
        (b"[[[", "[[["),
        (
            b"\xff\xfe",
            "The endpoint answered with 2 bytes of application/json, which cannot be shown as text.",
        ),
    ] {
        let at = Raw::says(json_of(body)).await;
        let result = stage.call(&tool(HttpMethod::Get, at, "/"), json!({})).await;
        assert_eq!((result.outcome, text(&result)), (Outcome::Ok, shown));
        assert!(result.structured.is_none());
    }
}
