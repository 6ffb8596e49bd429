//! The MCP endpoint, in both eras.

mod batches;
mod headers;
mod limits;
mod roads;
mod streams;
mod subscriptions;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::integrations::Approval;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, mcp_request};

fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

/// A request as 2026-07-28 writes it.
async fn modern(app: &TestApp, token: &str, method: &str, params: Value) -> Answer {
    app.send(modern_request(token, method, params)).await
}

fn modern_request(token: &str, method: &str, mut params: Value) -> Request<Body> {
    for (name, value) in [
        ("protocolVersion", json!("2026-07-28")),
        ("clientCapabilities", json!({})),
        ("clientInfo", json!({ "name": "test", "version": "1" })),
    ] {
        params["_meta"][format!("io.modelcontextprotocol/{name}")] = value;
    }
    let name = params["name"].as_str().unwrap_or_default().to_owned();
    let mut headers = vec![
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", method),
    ];
    if !name.is_empty() {
        headers.push(("mcp-name", &name));
    }
    mcp_request("/mcp/", token, &headers, &request(method, params))
}

/// A request as clients of the `initialize` era send it.
async fn legacy(app: &TestApp, token: &str, method: &str, params: Value) -> Answer {
    let headers = [("mcp-protocol-version", "2025-11-25")];
    app.mcp("/mcp/", token, &headers, &request(method, params))
        .await
}

fn names(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let tools = list["result"]["tools"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", answer.body));
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn both_eras_list_and_call_the_same_tools() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;

    let discovered = modern(&app, &token, "server/discover", json!({}))
        .await
        .json();
    assert!(
        discovered["result"]["supportedVersions"]
            .as_array()
            .unwrap()
            .contains(&json!("2026-07-28"))
    );
    assert!(
        discovered["result"]["instructions"]
            .as_str()
            .unwrap()
            .contains("CRM")
    );
    let initialize = json!({
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    });
    let answer = app
        .mcp("/mcp/", &token, &[], &request("initialize", initialize))
        .await;
    assert_eq!(
        answer.json()["result"]["protocolVersion"],
        "2025-06-18",
        "{}",
        answer.body
    );
    assert!(
        !answer.headers.contains_key("mcp-session-id"),
        "no session is kept"
    );
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let answer = app.mcp("/mcp/", &token, &[], &initialized).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::ACCEPTED, "")
    );

    let in_modern = modern(&app, &token, "tools/list", json!({})).await;
    let in_legacy = legacy(&app, &token, "tools/list", json!({})).await;
    assert_eq!(in_modern.json()["result"]["resultType"], "complete");
    assert!(names(&in_modern).contains(&"sample-text-measure".to_owned()));
    assert_eq!(names(&in_modern), names(&in_legacy));
    let tool = &in_modern.json()["result"]["tools"][0];
    assert!(tool["title"].is_string() && tool["annotations"]["readOnlyHint"].is_boolean());

    let call = json!({ "name": "sample-text-measure", "arguments": { "text": "two words" } });
    for answer in [
        modern(&app, &token, "tools/call", call.clone()).await,
        legacy(&app, &token, "tools/call", call.clone()).await,
    ] {
        let result = &answer.json()["result"];
        assert_eq!(result["isError"], false, "{}", answer.body);
        assert_eq!(result["structuredContent"]["words"], 2, "{}", answer.body);
        assert_eq!(result["content"][0]["type"], "text");
    }
    let access = app.access(&made).await;
    let calls = app.services.calls.recent(&access, 10).await.unwrap();
    assert_eq!(calls.len(), 2, "every call leaves a row");
    assert_eq!(calls[0].integration_id.as_ref(), Some(&made.integration.id));
    assert_eq!(calls[0].user_id.as_ref(), Some(&made.account.id));
}

#[tokio::test]
async fn clients_that_accept_anything_and_name_no_version_are_served() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    for path in ["/mcp", "/mcp/"] {
        for accept in ["*/*", "application/json", ""] {
            let headers: &[(&str, &str)] = if accept.is_empty() {
                &[]
            } else {
                &[("accept", accept)]
            };
            let answer = app
                .mcp(path, &token, headers, &request("tools/list", json!({})))
                .await;
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{path} {accept}: {}",
                answer.body
            );
        }
    }
    // The shared URL's token is not for the integration's own, unless none was asked for.
    let own = format!("/mcp/{}/", made.integration.slug);
    let answer = app
        .mcp(&own, &token, &[], &request("tools/list", json!({})))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn a_disabled_tool_and_another_projects_tool_can_be_neither_seen_nor_called() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let access = app.access(&made).await;
    let tools = app.services.tools.list(&access.as_viewer()).await.unwrap();
    let echo = tools
        .iter()
        .find(|tool| tool.name == "sample-request-echo")
        .unwrap();
    app.services
        .tools
        .set_enabled(&access, &echo.id, false)
        .await
        .unwrap();
    let owner = domain::accounts::Actor::Person {
        user_id: made.account.id.clone(),
    };
    let other = app.services.projects.create(&owner, "Other").await.unwrap();
    let of_other = app
        .services
        .members
        .access(&owner, &other.id)
        .await
        .unwrap();
    let mut foreign = echo.as_input();
    foreign.name = "other-tool".to_owned();
    foreign.is_enabled = true;
    app.services
        .tools
        .create(&of_other, &foreign)
        .await
        .unwrap();

    let listed = names(&modern(&app, &token, "tools/list", json!({})).await);
    assert_eq!(listed.len(), tools.len() - 1);
    assert!(
        !listed
            .iter()
            .any(|name| name == "other-tool" || name == "sample-request-echo")
    );
    let call = async |name: &str| {
        modern(
            &app,
            &token,
            "tools/call",
            json!({ "name": name, "arguments": {} }),
        )
        .await
        .json()
    };
    let disabled = call("sample-request-echo").await;
    assert_eq!(disabled["error"]["code"], -32602);
    assert!(
        disabled["error"]["message"]
            .as_str()
            .unwrap()
            .contains("disabled")
    );
    let of_other = call("other-tool").await;
    let unknown = call("no-such-tool").await;
    assert_eq!(of_other["error"]["code"], -32602);
    assert_eq!(
        of_other.to_string().replace("other-tool", ""),
        unknown.to_string().replace("no-such-tool", ""),
        "another project's tool looks like none",
    );
}

#[tokio::test]
async fn what_was_granted_is_what_works() {
    let app = TestApp::new().await;
    let mut tools = domain::tools::samples::samples();
    tools[0].annotations.read_only_hint = Some(false);
    let made = app.bootstrap_with(Approval::Ask, &tools).await;
    let (all, _) = app.connect(&made, "all").await;
    let (read_only, _) = app.connect(&made, "read_only").await;
    let everything = names(&modern(&app, &all, "tools/list", json!({})).await);
    let granted = names(&modern(&app, &read_only, "tools/list", json!({})).await);
    assert!(
        !granted.is_empty() && granted.len() < everything.len(),
        "{granted:?} of {everything:?}"
    );
    let writing = everything
        .iter()
        .find(|name| !granted.contains(name))
        .unwrap();
    let call = json!({ "name": writing, "arguments": {} });
    let answer = modern(&app, &read_only, "tools/call", call).await;
    assert_eq!(answer.json()["error"]["code"], -32602, "{}", answer.body);
}

#[tokio::test]
async fn wrong_arguments_are_named_so_that_a_model_can_mend_them() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    for arguments in [
        json!({}),
        json!({ "text": 7 }),
        json!({ "text": "a", "more": true }),
    ] {
        let call = json!({ "name": "sample-text-measure", "arguments": arguments });
        let answer = modern(&app, &token, "tools/call", call).await.json();
        assert_eq!(answer["result"]["isError"], true, "{answer}");
        let text = answer["result"]["content"][0]["text"].as_str().unwrap();
        assert!(text.contains("text") || text.contains("more"), "{text}");
    }
}

#[tokio::test]
async fn protocol_mistakes_get_the_protocols_errors() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let cursor = modern(&app, &token, "tools/list", json!({ "cursor": "!" })).await;
    assert_eq!(cursor.json()["error"]["code"], -32602);
    let unknown = modern(&app, &token, "no/such", json!({})).await;
    assert_eq!(unknown.json()["error"]["code"], -32601);
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let bad = [("mcp-protocol-version", "1999-01-01")];
    let version = app
        .mcp("/mcp/", &token, &bad, &request("tools/list", json!({})))
        .await;
    assert_eq!(version.status, StatusCode::BAD_REQUEST);
    let other = [
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "tools/call"),
    ];
    let mismatch = app
        .mcp("/mcp/", &token, &other, &request("tools/list", json!({})))
        .await;
    assert_eq!(mismatch.status, StatusCode::BAD_REQUEST);
    let send = |body: String, kind: &'static str| {
        let request = Request::post("/mcp/")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind);
        app.send(request.body(Body::from(body)).unwrap())
    };
    for (body, kind) in [
        ("{".to_owned(), "application/json"),
        ("[]".to_owned(), "application/json"),
        ("null".to_owned(), "application/json"),
        ("{}".to_owned(), "text/plain"),
        ("[".repeat(100_000), "application/json"),
        (String::new(), "application/json"),
    ] {
        let answer = send(body.clone(), kind).await;
        assert!(
            answer.status.is_client_error(),
            "{} for {:.20}",
            answer.status,
            body
        );
    }
    for (body, code) in [
        ("{", -32_700),
        ("[]", -32_600),
        ("{}", -32_600),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":1}}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":[]}}"#,
            -32_602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":1}}"#,
            -32_602,
        ),
    ] {
        let answer = send(body.to_owned(), "application/json").await;
        assert_eq!(
            answer.json()["error"]["code"],
            code,
            "{body}: {}",
            answer.body
        );
    }
    let endless = json!({ "name": "a".repeat(100_000), "arguments": {} });
    let answer = modern(&app, &token, "tools/call", endless).await;
    assert!(answer.body.len() < 1_000);
    let large = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"{}\"}}",
        "a".repeat(5 << 20)
    );
    assert_eq!(
        send(large, "application/json").await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    for method in ["GET", "DELETE", "PUT"] {
        let request = Request::builder()
            .method(method)
            .uri("/mcp/")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn a_bad_bearer_gets_the_challenge_and_a_foreign_page_gets_nothing() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, refresh) = app.connect(&made, "all").await;
    let list = request("tools/list", json!({}));
    for bad in ["", "x", "a.b.c", refresh.as_str(), made.api_key.reveal()] {
        let answer = app.mcp("/mcp/", bad, &[], &list).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{bad}");
        assert!(
            answer
                .header("www-authenticate")
                .contains("error=\"invalid_token\"")
        );
    }
    let in_query = Request::post(format!("/mcp/?access_token={token}"))
        .header(header::CONTENT_TYPE, "application/json");
    let answer = app
        .send(in_query.body(Body::from(list.to_string())).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let foreign = [("origin", "https://evil.example")];
    let answer = app.mcp("/mcp/", &token, &foreign, &list).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    app.clock.advance_seconds(3_601);
    let answer = app.mcp("/mcp/", &token, &[], &list).await;
    assert!(
        answer.header("www-authenticate").contains("expired"),
        "{answer:?}"
    );
}
