//! Several messages in one body, which 2025-03-26 has and nobody after it.

use axum::http::StatusCode;
use domain::integrations::Approval;
use serde_json::{Value, json};

use super::{limits::limited, request};
use crate::app::TestApp;

fn with_id(mut message: Value, id: Value) -> Value {
    message["id"] = id;
    message
}

#[tokio::test]
async fn each_message_of_a_batch_is_answered_by_its_id() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let call = |text: &str| {
        let arguments = json!({ "text": text });
        request(
            "tools/call",
            json!({ "name": "sample-text-measure", "arguments": arguments }),
        )
    };
    let batch = json!([
        with_id(request("tools/list", json!({})), json!("list")),
        with_id(call("two words"), json!(2)),
        { "jsonrpc": "2.0", "method": "notifications/initialized" },
        with_id(request("ping", json!({})), json!(3)),
        with_id(request("initialize", json!({})), json!(4)),
        with_id(request("tools/call", json!({ "name": 7 })), json!(5)),
        "no message",
        { "jsonrpc": "2.0", "id": null, "method": "ping" },
        { "jsonrpc": "2.0", "id": 1.5, "method": "ping" },
        { "jsonrpc": "2.0", "result": {} },
        { "jsonrpc": "2.0", "id": 6, "method": "subscriptions/listen", "params": {
            "notifications": {}, "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        } },
    ]);
    for headers in [&[][..], &[("mcp-protocol-version", "2025-03-26")]] {
        let answer = app.mcp("/mcp/", &token, headers, &batch).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let answers = answer.json();
        let of = |id: Value| {
            let all = answers.as_array().unwrap();
            all.iter()
                .find(|one| one["id"] == id)
                .unwrap_or_else(|| panic!("{answers}"))
        };
        assert_eq!(answers.as_array().unwrap().len(), 10, "{answers}");
        assert_eq!(of(json!(6))["error"]["code"], -32_600);
        assert!(of(json!("list"))["result"]["tools"].is_array());
        assert_eq!(of(json!(2))["result"]["structuredContent"]["words"], 2);
        assert_eq!(of(json!(3))["result"], json!({}));
        assert_eq!(of(json!(4))["error"]["code"], -32_600);
        assert_eq!(of(json!(5))["error"]["code"], -32_602);
        assert_eq!(of(Value::Null)["error"]["code"], -32_600);
    }
    let told = json!([{ "jsonrpc": "2.0", "method": "notifications/initialized" }]);
    let answer = app.mcp("/mcp/", &token, &[], &told).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::ACCEPTED, "")
    );
    let many: Vec<_> = (0..101)
        .map(|id| with_id(request("ping", json!({})), json!(id)))
        .collect();
    for wrong in [json!([]), json!(many)] {
        let answer = app.mcp("/mcp/", &token, &[], &wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json()["error"]["code"], -32_600);
    }
    for later in ["2025-06-18", "2025-11-25", "2026-07-28"] {
        let headers = [("mcp-protocol-version", later)];
        let answer = app.mcp("/mcp/", &token, &headers, &batch).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{later}");
    }
}

#[tokio::test]
async fn a_batch_counts_for_as_many_requests_as_it_has_messages() {
    let (app, _made, token) = limited().await;
    let batch: Vec<_> = (0..100)
        .map(|id| with_id(request("ping", json!({})), json!(id)))
        .collect();
    for expected in [
        StatusCode::OK,
        StatusCode::OK,
        StatusCode::TOO_MANY_REQUESTS,
    ] {
        let answer = app.mcp("/mcp/", &token, &[], &json!(batch)).await;
        assert_eq!(answer.status, expected);
    }
}
