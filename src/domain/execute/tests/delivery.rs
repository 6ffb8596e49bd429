//! What arrives at the endpoint.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    http::{HeaderMap, Method, Uri},
};
use base64::Engine;
use serde_json::{Value, json};

use super::*;
use crate::{
    calls::Outcome,
    crypto::{hmac_sha256, sha256},
    execute::sign::hex,
};

async fn echo(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Json<Value> {
    let headers: Map<String, Value> = headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into(),
            )
        })
        .collect();
    Json(json!({
        "method": method.as_str(), "uri": uri.to_string(), "headers": headers,
        "body": String::from_utf8_lossy(&body),
    }))
}

async fn echo_server() -> SocketAddr {
    serve(Router::new().fallback(echo)).await
}

#[tokio::test]
async fn templates_headers_and_identity_arrive_and_the_call_is_logged() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Post, echo_server().await, "/v1/contacts/{id}");
    tool.headers_template
        .insert("X-Lang".to_owned(), "{lang}".to_owned());
    tool.headers_template
        .insert("X-Gone".to_owned(), "a {gone}".to_owned());
    tool.query_template.insert("q".to_owned(), "{q}".to_owned());
    tool.inject_member_identity = true;
    let arguments = json!({ "id": "a/b", "lang": "de", "q": "x&y=1", "rest": [1], "more": null });
    let result = stage.call(&tool, arguments).await;

    assert!(!result.is_error(), "{}", text(&result));
    let seen = structured(&result);
    assert_eq!(
        serde_json::from_str::<Value>(text(&result)).unwrap(),
        seen.clone()
    );
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["uri"], "/v1/contacts/a%2Fb?q=x%26y%3D1");
    assert_eq!(
        serde_json::from_str::<Value>(seen["body"].as_str().unwrap()).unwrap(),
        json!({ "rest": [1], "more": null })
    );
    let headers = &seen["headers"];
    for (name, value) in [
        ("x-lang", "de"),
        ("content-type", "application/json"),
        ("x-tengine-project-id", "prj_1"),
        ("x-tengine-integration-id", "int_1"),
        ("x-tengine-request-id", &result.request_id),
        ("x-tengine-timestamp", "1700000000"),
        ("x-tengine-member-id", "usr_1"),
        ("x-tengine-member-email", "ada@example.com"),
        ("x-tengine-member-roles", "developer"),
        (
            "user-agent",
            concat!("TengineAI/", env!("CARGO_PKG_VERSION")),
        ),
        ("accept-encoding", "identity"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    let trace = headers["traceparent"].as_str().unwrap();
    assert_eq!(
        (trace.len(), &trace[3..35]),
        (55, result.request_id.replace('-', "").as_str())
    );
    assert!(headers.get("x-gone").is_none() && headers.get("authorization").is_none());

    let rows = stage.rows().await;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(row.id, result.call_id.as_str());
    assert_eq!(row.request_id, result.request_id);
    assert_eq!((row.outcome.as_str(), row.http_status), ("ok", Some(200)));
    assert_eq!(row.user_id.as_deref(), Some("usr_1"));
    assert!(row.response_bytes > 0 && row.total_us > 0 && row.error.is_none());
}

#[tokio::test]
async fn what_no_template_uses_becomes_the_query_of_a_get() {
    let stage = Stage::on_loopback().await;
    let at = echo_server().await;
    let arguments = json!({ "id": 7, "tag": ["a b", 2], "deep": { "k": 1 }, "none": null });
    for method in [HttpMethod::Get, HttpMethod::Delete] {
        let result = stage
            .call(&tool(method, at, "/n/{id}"), arguments.clone())
            .await;
        let seen = structured(&result);
        assert_eq!(seen["uri"], "/n/7?tag=a+b&tag=2&deep=%7B%22k%22%3A1%7D");
        assert_eq!(seen["body"], "");
        assert!(seen["headers"].get("content-type").is_none());
        assert!(seen["headers"].get("x-tengine-member-id").is_none());
    }
}

#[tokio::test]
async fn a_signature_can_be_verified_from_what_arrives() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Put, echo_server().await, "/pay/{id}");
    tool.query_template
        .insert("dry".to_owned(), "{dry}".to_owned());
    stage.sealed(&mut tool, AuthStrategy::HmacSignature, "signing-secret");
    let result = stage
        .call(&tool, json!({ "id": "ü", "dry": true, "amount": 3 }))
        .await;
    let seen = structured(&result);
    let field = |name: &str| seen["headers"][name].as_str().unwrap().to_owned();
    let line = format!(
        "v1 {} {} PUT {} {}",
        field("x-tengine-timestamp"),
        field("x-tengine-request-id"),
        seen["uri"].as_str().unwrap(),
        hex(&sha256(seen["body"].as_str().unwrap().as_bytes())),
    );
    let expected = format!(
        "v1={}",
        hex(&hmac_sha256(b"signing-secret", line.as_bytes()))
    );
    assert_eq!(field("x-tengine-signature"), expected);
    assert_eq!(seen["uri"], "/pay/%C3%BC?dry=true");
    assert!(seen["headers"].get("authorization").is_none());
}

#[tokio::test]
async fn a_bearer_secret_arrives_and_is_masked_where_the_endpoint_repeats_it() {
    let stage = Stage::on_loopback().await;
    let server = serve(
        Router::new()
            .route(
                "/heard",
                axum::routing::get(|headers: HeaderMap| async move {
                    (headers["authorization"] == "Bearer top\"secret").to_string()
                }),
            )
            .route(
                "/fails",
                axum::routing::get(|headers: HeaderMap| async move {
                    let heard =
                        String::from_utf8_lossy(headers["authorization"].as_bytes()).into_owned();
                    (axum::http::StatusCode::FORBIDDEN, heard)
                }),
            )
            .fallback(echo),
    )
    .await;
    for (path, expected) in [
        ("/heard", "true"),
        ("/fails", "[redacted]"),
        ("/echo", "[redacted]"),
    ] {
        let mut tool = tool(HttpMethod::Get, server, path);
        stage.sealed(&mut tool, AuthStrategy::StaticBearer, "top\"secret");
        let result = stage.call(&tool, json!({})).await;
        assert!(text(&result).contains(expected), "{}", text(&result));
        assert!(!format!("{result:?}").contains("secret"), "{result:?}");
    }
    assert!(!format!("{:?}", stage.rows().await).contains("secret"));
}

/// What arrives, and that an endpoint which sends it back shows nothing of it.
#[tokio::test]
async fn each_strategy_sends_the_secret_in_its_place_and_shows_it_nowhere() {
    type Seen = Arc<std::sync::Mutex<Option<axum::http::request::Parts>>>;
    let stage = Stage::on_loopback().await;
    let seen = Seen::default();
    let kept = seen.clone();
    let server = serve(
        Router::new().fallback(move |request: axum::extract::Request| {
            let (parts, _) = request.into_parts();
            let said = format!("{} {:?}", parts.uri, parts.headers);
            *kept.lock().unwrap() = Some(parts);
            async move { said }
        }),
    )
    .await;
    let secret = "s3cr&t key/7";
    for (strategy, config, place, expected) in [
        (
            AuthStrategy::StaticBearer,
            json!({}),
            "authorization",
            "Bearer s3cr&t key/7",
        ),
        (
            AuthStrategy::Basic,
            json!({ "username": "ada" }),
            "authorization",
            // By `printf 'ada:s3cr&t key/7' | base64`.
            "Basic YWRhOnMzY3ImdCBrZXkvNw==",
        ),
        (
            AuthStrategy::ApiKeyHeader,
            json!({ "header": "X-Key" }),
            "x-key",
            secret,
        ),
        (
            AuthStrategy::ApiKeyQuery,
            json!({ "parameter": "api key" }),
            "",
            "/q/1?page=2&api%20key=s3cr%26t%20key%2F7",
        ),
    ] {
        let mut tool = tool(HttpMethod::Get, server, "/q/{id}");
        stage.sealed(&mut tool, strategy, secret);
        tool.auth_config = serde_json::from_value(config).unwrap();
        let result = stage.call(&tool, json!({ "id": 1, "page": 2 })).await;
        let parts = seen.lock().unwrap().take().unwrap();
        let arrived = match place {
            "" => parts.uri.to_string(),
            header => parts.headers[header].to_str().unwrap().to_owned(),
        };
        assert_eq!(arrived, expected, "{strategy}");
        let shown = text(&result);
        assert!(shown.contains("[redacted]"), "{strategy}: {shown}");
        for part in ["s3cr", "YWRh"] {
            assert!(!shown.contains(part), "{strategy}: {shown}");
        }
    }
    assert!(!format!("{:?}", stage.rows().await).contains("s3cr"));
}

#[tokio::test]
async fn an_argument_takes_the_place_of_no_key() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Get, echo_server().await, "/");
    stage.sealed(&mut tool, AuthStrategy::ApiKeyQuery, "s3cr-t");
    tool.auth_config.parameter = Some("key".to_owned());
    let result = stage.call(&tool, json!({ "key": "mine" })).await;
    assert_eq!(result.outcome, Outcome::InvalidArguments);
    assert!(!result.was_sent);
    assert!(
        !stage
            .call(&tool, json!({ "keys": "mine" }))
            .await
            .is_error()
    );
}

#[tokio::test]
async fn a_webhook_is_signed_over_what_arrives() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Post, echo_server().await, "/");
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    stage.sealed(&mut tool, AuthStrategy::StandardWebhooks, key);
    let result = stage.call(&tool, json!({ "a": "ü" })).await;
    let seen = structured(&result);
    let field = |name: &str| seen["headers"][name].as_str().unwrap().to_owned();
    let (id, timestamp) = (field("webhook-id"), field("webhook-timestamp"));
    assert_eq!(
        (id.as_str(), timestamp.as_str()),
        (result.request_id.as_str(), "1700000000")
    );
    let signed = format!("{id}.{timestamp}.{}", seen["body"].as_str().unwrap());
    let key = crate::tools::webhook_key(key).unwrap();
    let signature = base64::engine::general_purpose::STANDARD
        .encode(crate::crypto::hmac_sha256(&key, signed.as_bytes()));
    assert_eq!(field("webhook-signature"), format!("v1,{signature}"));
}

#[tokio::test]
async fn nothing_is_sent_without_a_member_or_with_arguments_that_do_not_fit() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Get, echo_server().await, "/n/{id}");
    tool.input_schema = object(json!({
        "type": "object", "properties": { "id": { "type": "string", "maxLength": 5 } }
    }));
    let result = stage.call(&tool, json!({ "id": "much too long" })).await;
    assert_eq!(result.outcome, Outcome::InvalidArguments);
    assert!(
        text(&result).contains("/id: the value is longer than 5 characters"),
        "{}",
        text(&result)
    );
    let result = stage.call(&tool, json!({ "id": ".." })).await;
    assert_eq!(result.outcome, Outcome::InvalidArguments);
    assert!(text(&result).contains("\"id\""));
    let result = stage.call(&tool, json!({})).await;
    assert!(text(&result).contains("is missing"));

    tool.require_member = true;
    let alone = Caller {
        member: None,
        ..member()
    };
    let result = stage
        .execute
        .call(&alone, &tool, Map::new(), None)
        .await
        .unwrap();
    assert_eq!(result.outcome, Outcome::MemberRequired);
    assert_eq!(text(&result), "Member context required");
    assert!(result.http_status.is_none() && result.is_error());

    let rows = stage.rows().await;
    let outcomes: Vec<_> = rows.iter().map(|row| row.outcome.as_str()).collect();
    assert_eq!(outcomes.len(), 4);
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| **outcome == "invalid_arguments")
            .count(),
        3
    );
    assert!(!format!("{rows:?}").contains("much too long"));
}

#[tokio::test]
async fn a_changed_schema_is_compiled_anew() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Get, echo_server().await, "/");
    assert!(!stage.call(&tool, json!({ "a": 1 })).await.is_error());
    tool.input_schema =
        object(json!({ "type": "object", "properties": { "a": { "type": "string" } } }));
    tool.updated_at = NOW.plus_seconds(1);
    assert!(stage.call(&tool, json!({ "a": 1 })).await.is_error());
}

#[tokio::test]
async fn a_secret_of_another_tool_does_not_open() {
    let stage = Stage::on_loopback().await;
    let mut tool = tool(HttpMethod::Get, echo_server().await, "/");
    stage.sealed(&mut tool, AuthStrategy::StaticBearer, "top-secret");
    tool.id = ToolId::from("tool_2");
    let error = stage
        .execute
        .call(&member(), &tool, Map::new(), None)
        .await
        .unwrap_err();
    assert!(matches!(error, crate::Error::Corrupt { .. }));
}
