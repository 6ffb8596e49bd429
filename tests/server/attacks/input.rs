//! Input that nobody can have meant.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

use super::{error, target};
use crate::app::{PUBLIC, TestApp, form};

/// RFC 6749 §3.1 and §3.2: each parameter at most once.
#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let (app, made) = target().await;
    let id = made.integration.client_id.as_str();
    for twice in ["client_id", "redirect_uri"] {
        let url = format!("{}&{twice}=a&{twice}=b", app.authorize_url(id, &[]));
        let answer = app.get(&url).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::BAD_REQUEST, "")
        );
    }
    for twice in ["scope", "state", "resource", "code_challenge", "prompt"] {
        let url = format!("{}&{twice}=a&{twice}=b", app.authorize_url(id, &[]));
        let answer = app.get(&url).await;
        let error = answer.parameter("error");
        assert_eq!(error.as_deref(), Some("invalid_request"), "{twice}");
        assert!(answer.parameter("code").is_none());
    }
    for path in ["token", "revoke", "introspect"] {
        let request = form(&format!("/api/v1/mcp-oauth/{path}"));
        let body = Body::from("grant_type=a&token=x&grant_type=b&token=y");
        let answer = app.send(request.body(body).unwrap()).await;
        assert_eq!(error(&answer), "invalid_request", "{path}");
    }
}

/// CWE-400: what is too large is refused before it is read.
#[tokio::test]
async fn oversize_input_is_refused() {
    let app = TestApp::new().await;
    let large = "a".repeat(200_000);
    for path in ["token", "revoke", "introspect"] {
        let request = form(&format!("/api/v1/mcp-oauth/{path}"));
        let body = Body::from(format!("grant_type={large}"));
        let answer = app.send(request.body(body).unwrap()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(error(&answer), "invalid_request");
    }
    let metadata = json!({ "redirect_uris": ["https://a.example/cb"], "client_name": large });
    let answer = crate::register::register(&app, &metadata).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let many: Vec<String> = (0..500).map(|n| format!("https://a.example/{n}")).collect();
    let answer = crate::register::register(&app, &json!({ "redirect_uris": many })).await;
    assert_eq!(answer.json()["error"], "invalid_redirect_uri");
}

/// CWE-674: deep nesting does not exhaust the stack.
#[tokio::test]
async fn deeply_nested_input_is_refused() {
    let app = TestApp::new().await;
    for deep in ["[".repeat(30_000), "{\"a\":".repeat(10_000)] {
        let request = Request::post("/register").header(header::CONTENT_TYPE, "application/json");
        let answer = app.send(request.body(Body::from(deep)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(error(&answer), "invalid_client_metadata");
    }
}

/// RFC 6749 §3.2: a form, whatever else a stranger sends.
#[tokio::test]
async fn only_a_form_is_read() {
    let app = TestApp::new().await;
    for kind in [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
    ] {
        let request = Request::post("/token").header(header::CONTENT_TYPE, kind);
        let answer = app
            .send(request.body(Body::from("grant_type=x")).unwrap())
            .await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).as_str()),
            (400, "invalid_request")
        );
    }
}

/// RFC 9110 §7.2, RFC 8414 §3.3: the public URL counts, whatever the request says of itself.
#[tokio::test]
async fn a_host_header_changes_no_address() {
    let (app, made) = target().await;
    let url = app.authorize_url(&made.integration.client_id, &[("prompt", "none")]);
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp/",
        "/mcp/",
        url.as_str(),
    ] {
        let request = Request::get(path)
            .header(header::HOST, "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "https")
            .header("forwarded", "host=evil.example;proto=https");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        let all = format!("{:?}{}", answer.headers, answer.body);
        assert!(!all.contains("evil.example"), "{path}: {all}");
        assert!(
            all.contains(PUBLIC) || all.contains("localhost%3A3000"),
            "{path}: {all}"
        );
    }
}

/// RFC 6749 §5.2: an error repeats nothing of a stranger's in a way that a header or a page would
/// take for its own, and never a secret.
#[tokio::test]
async fn an_error_repeats_no_markup_and_no_secret() {
    let (app, made) = target().await;
    let script = "<script>alert(1)</script>";
    let secret = "tng_cs_verysecretverysecretverysecret";
    let fields = [
        ("grant_type", script),
        ("client_id", made.integration.client_id.as_str()),
        ("client_secret", secret),
    ];
    let answer = app.token(&fields).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(!answer.body.contains(secret) && !answer.body.contains("<script>"));
    for (name, value) in [("client_id", script), ("redirect_uri", script)] {
        let page = app
            .get(&app.authorize_url(&made.integration.client_id, &[(name, value)]))
            .await;
        assert!(!page.body.contains(script), "{name}");
    }
}

/// CWE-20: bytes that are no text, control characters and lone surrogates are a clear refusal.
#[tokio::test]
async fn odd_bytes_are_refused_and_break_nothing() {
    let (app, made) = target().await;
    let id = made.integration.client_id.as_str();
    for odd in [
        "%00",
        "%ff",
        "%ed%a0%80",
        "a%00b",
        "%0d%0aX-Injected:%201",
        "%F0%9F%98%80",
    ] {
        let body =
            format!("grant_type=authorization_code&code={odd}&client_id={odd}&client_secret={odd}");
        let answer = app
            .send(form("/token").body(Body::from(body)).unwrap())
            .await;
        assert!(answer.status.is_client_error(), "{odd}: {}", answer.status);
        assert_eq!(answer.header("x-injected"), "");
        for name in [
            "client_id",
            "redirect_uri",
            "code_challenge",
            "resource",
            "scope",
            "integration",
        ] {
            let url = format!("{}&x={odd}", app.authorize_url(id, &[(name, "")]));
            let url = url.replace(&format!("{name}=&"), &format!("{name}={odd}&"));
            let answer = app.get(&url).await;
            assert!(
                !answer.status.is_server_error(),
                "{name}={odd}: {}",
                answer.status
            );
        }
    }
}

/// RFC 6750 §3.1, RFC 7235 §4.2: headers that are no credentials.
#[tokio::test]
async fn an_authorization_header_that_is_none_is_refused() {
    let (app, _) = target().await;
    for value in [
        "",
        "Basic",
        "Basic ",
        "Basic !!",
        "Basic Og==",
        "Bearer",
        "Bearer ",
        "Digest x",
    ] {
        let token = form("/token").header(header::AUTHORIZATION, value);
        let token = app
            .send(token.body(Body::from("grant_type=x")).unwrap())
            .await;
        assert!(token.status.is_client_error(), "{value}: {}", token.status);
        let mcp = Request::post("/mcp/").header(header::AUTHORIZATION, value);
        let mcp = app.send(mcp.body(Body::empty()).unwrap()).await;
        assert_eq!(mcp.status, StatusCode::UNAUTHORIZED, "{value}");
    }
}

/// CWE-400: a form of very many tiny fields is refused, for it becomes far more memory than it is bytes.
#[tokio::test]
async fn a_form_of_very_many_fields_is_refused() {
    let app = TestApp::new().await;
    let request = form("/_ui/create_project")
        .header("accept", "text/html")
        .header("origin", crate::app::PUBLIC);
    let body = Body::from("a&".repeat(30_000));
    let answer = app.send(request.body(body).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("fields"), "{}", answer.body);
}
