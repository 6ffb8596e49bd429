//! URLs and headers: what is asked for, and what is put up with.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::integrations::Approval;
use serde_json::{Value, json};
use tengine::mcp::Compat;

use super::{modern, modern_request, request};
use crate::app::{Options, TestApp};

fn modern_list() -> Value {
    request(
        "tools/list",
        json!({ "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        } }),
    )
}

#[tokio::test]
async fn every_form_of_the_url_serves_both_eras_without_a_redirect() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let slug = &made.integration.slug;
    let initialize = json!({
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    });
    for path in [
        "/mcp".to_owned(),
        "/mcp/".to_owned(),
        format!("/mcp/{slug}"),
        format!("/mcp/{slug}/"),
    ] {
        let discover = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "server/discover"),
        ];
        let mut asked = modern_list();
        asked["method"] = json!("server/discover");
        let found = app.mcp(&path, &token, &discover, &asked).await;
        assert_eq!(found.status, StatusCode::OK, "{path} {}", found.body);
        let found = found.json();
        assert_eq!(
            found["result"]["supportedVersions"],
            json!(["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"])
        );
        assert_eq!(
            found["result"]["capabilities"],
            json!({ "tools": { "listChanged": true } })
        );
        assert_eq!(found["result"]["cacheScope"], "private");
        let began = app
            .mcp(
                &path,
                &token,
                &[],
                &request("initialize", initialize.clone()),
            )
            .await
            .json();
        assert_eq!(began["result"]["protocolVersion"], "2025-11-25", "{began}");
        assert_eq!(
            began["result"]["capabilities"],
            json!({ "tools": {} }),
            "nothing would announce it"
        );
        for (headers, body) in [
            (
                &[
                    ("mcp-protocol-version", "2026-07-28"),
                    ("mcp-method", "tools/list"),
                ][..],
                modern_list(),
            ),
            (&[][..], request("tools/list", json!({}))),
        ] {
            let answer = app.mcp(&path, &token, headers, &body).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.body);
            assert!(answer.json()["result"]["tools"].as_array().unwrap().len() > 1);
        }
    }
}

#[tokio::test]
async fn a_method_that_is_none_says_which_one_there_is() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let sent = Request::builder()
            .method(method.clone())
            .uri("/mcp")
            .header(header::ACCEPT, "text/event-stream")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let answer = app.send(sent.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.header("allow"), "POST");
    }
}

#[tokio::test]
async fn the_protocols_codes_for_what_the_headers_say() {
    let app = TestApp::with_settings(Options {
        compat: Compat::Off,
        ..Options::default()
    })
    .await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let version = ("mcp-protocol-version", "2026-07-28");
    let list = ("mcp-method", "tools/list");
    let without = |member: &str| {
        let mut body = modern_list();
        body["params"]["_meta"]
            .as_object_mut()
            .unwrap()
            .remove(member);
        body
    };
    let mut unknown_version = modern_list();
    unknown_version["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] =
        json!("2099-01-01");
    for (headers, body, code) in [
        (
            &[version, ("mcp-method", "tools/call")][..],
            modern_list(),
            -32_020,
        ),
        (&[version], modern_list(), -32_020),
        (
            &[("mcp-protocol-version", "2025-11-25"), list],
            modern_list(),
            -32_020,
        ),
        (&[list], modern_list(), -32_020),
        (
            &[version, list],
            without("io.modelcontextprotocol/protocolVersion"),
            -32_602,
        ),
        (
            &[version, list],
            without("io.modelcontextprotocol/clientCapabilities"),
            -32_602,
        ),
        (
            &[("mcp-protocol-version", "2099-01-01"), list],
            unknown_version,
            -32_022,
        ),
        (
            &[("mcp-protocol-version", "2099-01-01")],
            request("tools/list", json!({})),
            -32_022,
        ),
    ] {
        let answer = app.mcp("/mcp/", &token, headers, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{headers:?} {}",
            answer.body
        );
        let error = &answer.json()["error"];
        assert_eq!(error["code"], code, "{headers:?} {error}");
        if code == -32_022 {
            assert!(
                error["data"]["supported"]
                    .as_array()
                    .unwrap()
                    .contains(&json!("2026-07-28"))
            );
        }
    }
    let gone = modern(&app, &token, "initialize", json!({})).await;
    assert_eq!(
        (gone.status, gone.json()["error"]["code"].clone()),
        (StatusCode::NOT_FOUND, json!(-32_601))
    );
}

/// One known client writes the header of one era and the body of another.
#[tokio::test]
async fn by_default_the_body_is_believed() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let mut discover = modern_list();
    discover["method"] = json!("server/discover");
    for headers in [&[][..], &[("mcp-protocol-version", "2025-11-25")]] {
        for body in [&modern_list(), &discover] {
            let answer = app.mcp("/mcp/", &token, headers, body).await;
            assert_eq!(answer.status, StatusCode::OK, "{headers:?} {}", answer.body);
            assert_eq!(answer.json()["result"]["resultType"], "complete");
        }
    }
}

/// MCP 2026-07-28, `x-mcp-header`: what stands in front routes by a header that has to be true.
#[tokio::test]
async fn an_argument_that_is_repeated_in_a_header_is_the_same_there() {
    let app = TestApp::new().await;
    let mut tools = domain::tools::samples::samples();
    let measure = tools
        .iter_mut()
        .find(|tool| tool.name == "sample-text-measure")
        .unwrap();
    measure.input_schema["properties"]["text"]["x-mcp-header"] = json!("Text");
    let made = app.bootstrap_with(Approval::Ask, &tools).await;
    let (token, _) = app.connect(&made, "all").await;
    let call = |header: Option<&str>| {
        let params = json!({ "name": "sample-text-measure", "arguments": { "text": "Hello" } });
        let mut sent = modern_request(&token, "tools/call", params);
        if let Some(header) = header {
            sent.headers_mut()
                .insert("mcp-param-text", header.parse().unwrap());
        }
        sent
    };
    for good in ["Hello", "=?base64?SGVsbG8=?="] {
        let answer = app.send(call(Some(good))).await;
        assert_eq!(
            answer.json()["result"]["isError"],
            false,
            "{good} {}",
            answer.body
        );
    }
    for bad in [
        None,
        Some("Other"),
        Some("=?base64?SGVsbG8?="),
        Some("=?base64?SGVs!!!bG8=?="),
    ] {
        let answer = app.send(call(bad)).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{bad:?} {}",
            answer.body
        );
        assert_eq!(answer.json()["error"]["code"], -32_020);
    }
}
