//! Calls that take their time, what ends them, and the stream of changes.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{Response, StatusCode},
    routing::{get, post},
};
use domain::{bootstrap::Bootstrapped, integrations::Approval, tools::ToolInput};
use futures_util::StreamExt;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{modern_request, request};
use crate::app::{Options, TestApp, mcp_request};

/// A server of tools: `/slow` never answers, `/steps` answers bit by bit.
pub struct Endpoints {
    arrived: Arc<Notify>,
    gone: Arc<Notify>,
    tools: Vec<ToolInput>,
}

struct TellsWhenGone(Arc<Notify>);

impl Drop for TellsWhenGone {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Endpoints {
    async fn serve() -> Self {
        let (arrived, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (heard, left) = (arrived.clone(), gone.clone());
        let app = Router::new()
            .route("/slow", get(move || {
                let (heard, guard) = (heard.clone(), TellsWhenGone(left.clone()));
                async move {
                    let _guard = guard;
                    heard.notify_one();
                    std::future::pending::<()>().await;
                }
            }))
            .route("/steps", post(|| async {
                let steps = "{\"progress\":1,\"total\":2,\"message\":\"half\"}\n{\"progress\":2,\"total\":2}\n{\"done\":true}\n";
                ([("content-type", "application/x-ndjson")], steps)
            }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let tool = |name: &str, method: &str| -> ToolInput {
            serde_json::from_value(json!({
                "name": name, "description": "A tool of this test.",
                "base_url": format!("http://{at}"), "endpoint_path": format!("/{name}"),
                "http_method": method, "timeout_ms": 300_000,
            }))
            .unwrap()
        };
        Self {
            arrived,
            gone,
            tools: vec![tool("slow", "GET"), tool("steps", "POST")],
        }
    }
}

pub async fn started(options: Options) -> (TestApp, Endpoints, Bootstrapped, String) {
    let endpoints = Endpoints::serve().await;
    let app = TestApp::with_settings(Options {
        tools_allow: "127.0.0.1".parse().unwrap(),
        ..options
    })
    .await;
    let made = app.bootstrap_with(Approval::Ask, &endpoints.tools).await;
    let (token, _) = app.connect(&made, "all").await;
    (app, endpoints, made, token)
}

fn legacy_call(token: &str, id: Value, tool: &str, meta: Value) -> axum::http::Request<Body> {
    let mut body = request(
        "tools/call",
        json!({ "name": tool, "arguments": {}, "_meta": meta }),
    );
    body["id"] = id;
    mcp_request(
        "/mcp/",
        token,
        &[("mcp-protocol-version", "2025-11-25")],
        &body,
    )
}

/// The messages of a stream, as they come.
pub struct Events(Body, String);

impl Events {
    pub fn of(response: Response<Body>) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!(header("x-accel-buffering"), "no");
        assert_eq!(header("cache-control"), "no-cache");
        Self(response.into_body(), String::new())
    }

    /// The next message; `None` at the stream's end.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some((event, rest)) = self.1.split_once("\n\n") {
                let data = event.strip_prefix("data: ").map(str::to_owned);
                self.1 = rest.to_owned();
                if let Some(data) = data.filter(|data| !data.is_empty()) {
                    return Some(serde_json::from_str(&data).unwrap());
                }
            }
            let frame = self.0.frame().await?.unwrap();
            let bytes: Bytes = frame.into_data().unwrap();
            self.1.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

async fn outcome_soon(app: &TestApp, made: &Bootstrapped) -> String {
    let access = app.access(made).await;
    for _ in 0..200 {
        if let Some(call) = app.services.calls.recent(&access, 1).await.unwrap().pop() {
            return call.outcome.to_string();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no row");
}

#[tokio::test]
async fn progress_is_told_to_who_asked_for_it_in_both_eras() {
    let (app, _endpoints, _made, token) = started(Options::default()).await;
    let meta = json!({ "progressToken": "p-1" });
    let params = json!({ "name": "steps", "arguments": {}, "_meta": meta });
    for sent in [
        modern_request(&token, "tools/call", params),
        legacy_call(&token, json!(1), "steps", meta),
    ] {
        let mut events = Events::of(app.open(sent).await);
        let first = events.next().await.unwrap();
        assert_eq!(first["method"], "notifications/progress");
        assert_eq!(
            first["params"],
            json!({ "progressToken": "p-1", "progress": 1.0, "total": 2.0, "message": "half" })
        );
        assert_eq!(events.next().await.unwrap()["params"]["progress"], 2.0);
        // What is no mere progress is told as well, and is the answer.
        assert_eq!(events.next().await.unwrap()["params"]["progress"], 3.0);
        let last = events.next().await.unwrap();
        assert_eq!(last["id"], 1);
        assert_eq!(last["result"]["structuredContent"], json!({ "done": true }));
        assert_eq!(events.next().await, None);
    }
    let mut sent = legacy_call(&token, json!(1), "steps", json!({ "progressToken": 1 }));
    let json_only = "application/json".parse().unwrap();
    sent.headers_mut().insert("accept", json_only);
    let no_stream = app.send(sent).await;
    assert_eq!(no_stream.json()["result"]["isError"], false);
    let silent = app
        .send(legacy_call(&token, json!(1), "steps", json!({})))
        .await;
    assert_eq!(
        silent.json()["result"]["isError"],
        false,
        "JSON for who did not ask"
    );
}

/// A tool with arguments in headers is a tool like any other.
#[tokio::test]
async fn a_tool_with_arguments_in_headers_tells_of_progress() {
    let endpoints = Endpoints::serve().await;
    let app = TestApp::with_settings(Options {
        tools_allow: "127.0.0.1".parse().unwrap(),
        ..Options::default()
    })
    .await;
    let mut tools = endpoints.tools;
    tools[1].input_schema = json!({
        "type": "object",
        "properties": { "region": { "type": "string", "x-mcp-header": "Region" } },
    });
    let made = app.bootstrap_with(Approval::Ask, &tools).await;
    let (token, _) = app.connect(&made, "all").await;
    let params = json!({
        "name": "steps", "arguments": { "region": "eu" }, "_meta": { "progressToken": 7 },
    });
    let mut sent = modern_request(&token, "tools/call", params);
    sent.headers_mut()
        .insert("mcp-param-region", "eu".parse().unwrap());
    let mut events = Events::of(app.open(sent).await);
    assert_eq!(events.next().await.unwrap()["params"]["progressToken"], 7);
}

#[tokio::test]
async fn a_client_of_2026_who_goes_away_cancels_and_one_of_before_does_not() {
    let (app, endpoints, made, token) = started(Options::default()).await;
    let params = json!({ "name": "slow", "arguments": {} });
    tokio::select! {
        _ = app.open(modern_request(&token, "tools/call", params)) => panic!("it never answers"),
        () = endpoints.arrived.notified() => {}
    }
    endpoints.gone.notified().await;
    assert_eq!(outcome_soon(&app, &made).await, "cancelled");
    tokio::select! {
        _ = app.open(legacy_call(&token, json!(9), "slow", json!({}))) => panic!("it never answers"),
        () = endpoints.arrived.notified() => {}
    }
    let left = tokio::time::timeout(Duration::from_millis(300), endpoints.gone.notified());
    assert!(left.await.is_err(), "it goes on");
    // And is cancelled by name.
    cancel(&app, &token, json!(9)).await;
    endpoints.gone.notified().await;
}

async fn cancel(app: &TestApp, token: &str, id: Value) {
    let message = json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id },
    });
    let answer = app.mcp("/mcp/", token, &[], &message).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::ACCEPTED, "")
    );
}

#[tokio::test]
async fn cancelled_names_one_call_of_the_connection_or_none() {
    let (app, endpoints, made, token) = started(Options::default()).await;
    let (other, _) = app.connect(&made, "all").await;
    let call = async || {
        app.send(legacy_call(&token, json!("a"), "slow", json!({})))
            .await
    };
    let ending = async {
        endpoints.arrived.notified().await;
        for wrong in [json!("b"), json!(1)] {
            cancel(&app, &token, wrong).await;
        }
        cancel(&app, &other, json!("a")).await;
        let left = tokio::time::timeout(Duration::from_millis(200), endpoints.gone.notified());
        assert!(
            left.await.is_err(),
            "another id, or another's, cancels nothing"
        );
        cancel(&app, &token, json!("a")).await;
    };
    let (answer, ()) = tokio::join!(call(), ending);
    assert_eq!(answer.json()["error"]["code"], -32_000, "{}", answer.body);
    endpoints.gone.notified().await;

    let ending = async {
        endpoints.arrived.notified().await;
        endpoints.arrived.notified().await;
        cancel(&app, &token, json!("a")).await;
        let left = tokio::time::timeout(Duration::from_millis(200), endpoints.gone.notified());
        assert!(
            left.await.is_err(),
            "nobody knows which of the two is meant"
        );
    };
    tokio::select! {
        _ = async { tokio::join!(call(), call()) } => panic!("neither ends"),
        () = ending => {}
    }
}

#[tokio::test]
async fn a_call_ends_with_its_connection() {
    let (app, endpoints, made, token) = started(Options::default()).await;
    let params = json!({ "name": "slow", "arguments": {} });
    for sent in [
        modern_request(&token, "tools/call", params),
        legacy_call(&token, json!(1), "slow", json!({})),
    ] {
        let (token, _) = app.connect(&made, "all").await;
        let (mut parts, body) = sent.into_parts();
        parts
            .headers
            .insert("authorization", format!("Bearer {token}").parse().unwrap());
        let sent = axum::http::Request::from_parts(parts, body);
        let ending = async {
            endpoints.arrived.notified().await;
            app.disconnect(&made).await;
        };
        let (answer, ()) = tokio::join!(app.send(sent), ending);
        let message = answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(message.contains("connection was ended"), "{message}");
        endpoints.gone.notified().await;
    }
}

#[tokio::test]
async fn a_call_that_a_stop_cuts_off_says_so_and_leaves_its_row() {
    let (app, endpoints, made, token) = started(Options::default()).await;
    let stopping = async {
        endpoints.arrived.notified().await;
        app.state.mcp.end_calls(&app.services).await;
        let access = app.access(&made).await;
        app.services.calls.recent(&access, 10).await.unwrap()
    };
    let call = app.send(legacy_call(&token, json!(1), "slow", json!({})));
    let (answer, rows) = tokio::join!(call, stopping);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].outcome.to_string(), "cancelled");
    assert!(
        answer.body.contains("server was stopped"),
        "{}",
        answer.body
    );
}

/// A body may take its time; what it asks for is asked by who the sender is then.
#[tokio::test]
async fn a_body_that_ends_after_its_connection_did_calls_nothing() {
    let (app, endpoints, made, token) = started(Options::default()).await;
    let sent = modern_request(
        &token,
        "tools/call",
        json!({ "name": "slow", "arguments": {} }),
    );
    let (parts, body) = sent.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let (first, rest) = (bytes.slice(..10), bytes.slice(10..));
    let (go_on, wait) = tokio::sync::oneshot::channel();
    let first = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(first)]);
    let body = Body::from_stream(first.chain(futures_util::stream::once(async {
        wait.await.unwrap();
        Ok(rest)
    })));
    let sent = axum::http::Request::from_parts(parts, body);
    let ending = async {
        app.disconnect(&made).await;
        go_on.send(()).unwrap();
    };
    let (answer, ()) = tokio::join!(app.send(sent), ending);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    let arrived = tokio::time::timeout(Duration::from_millis(200), endpoints.arrived.notified());
    assert!(arrived.await.is_err(), "it was called");
}

/// Proxies and clients give up on a connection that says nothing.
#[tokio::test]
async fn a_long_call_becomes_a_stream_that_says_so() {
    let (app, endpoints, _made, token) = started(Options::default()).await;
    let params = json!({ "name": "slow", "arguments": {} });
    let mut body = app
        .open(modern_request(&token, "tools/call", params))
        .await
        .into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(first, ":\n\n");
    drop(body);
    endpoints.gone.notified().await;
}
