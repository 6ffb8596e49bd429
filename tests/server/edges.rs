//! What every answer has, and what becomes of what nobody serves.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

use domain::{accounts::SignUpPolicy, db::testing::TestDatabase, integrations::Approval};
use serde_json::{Value, json};

use crate::{
    app::{EMAIL, PASSWORD, PUBLIC, TestApp, encoded, form},
    attacks::functions,
};

#[tokio::test]
async fn health_says_alive_and_ready() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(app.get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_has_an_id_and_headers_that_limit_a_page() {
    let app = TestApp::new().await;
    for path in [
        "/sign-in",
        "/docs",
        "/nothing",
        "/api/v1/projects",
        "/mcp/",
        "/healthz",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if path == "/mcp/" {
            // No page, and nothing that could be taken for one.
            assert_eq!(answer.header("content-type"), "application/json");
            continue;
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
    }
    let own = Request::get("/healthz").header("x-request-id", "mine");
    let answer = app.send(own.body(Body::empty()).unwrap()).await;
    assert_ne!(answer.header("x-request-id"), "mine");
}

#[tokio::test]
async fn a_page_for_the_signed_in_sends_others_to_sign_in_and_back() {
    let app = TestApp::new().await;
    for path in [
        "/projects",
        "/projects/prj_1/tools",
        "/projects/prj_1/integrations/int_1",
    ] {
        let answer = app.get(path).await;
        assert!(answer.status.is_redirection(), "{path}: {}", answer.status);
        assert!(
            answer.header("location").starts_with("/sign-in?next="),
            "{answer:?}"
        );
        assert_eq!(answer.parameter("next").as_deref(), Some(path));
    }
}

#[tokio::test]
async fn a_server_function_asks_who_is_calling() {
    let app = TestApp::new().await;
    let page = app.get("/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    const FOR_ANYONE: [&str; 2] = ["load_instance", "load_me"];
    let functions = functions::all();
    // None is missing of the list that the server itself is built from.
    let served: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/_ui/"))
        .collect();
    let read: BTreeSet<&str> = functions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(read, served);
    for function in functions {
        let name = function.name.as_str();
        let answer = function.call(&app, &[]).await;
        let asked = answer.status == StatusCode::UNAUTHORIZED;
        assert!(
            asked || FOR_ANYONE.contains(&name),
            "{name}: {} {}",
            answer.status,
            answer.body
        );
    }
}

#[tokio::test]
async fn a_server_function_reads_no_more_than_a_form() {
    let app = TestApp::new().await;
    let post = |path: &str, bytes: usize| {
        let chunks = unsized_body(bytes);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json");
        app.send(request.body(chunks).unwrap())
    };
    for path in [
        "/_ui/list_tools",
        "/_ui/load_me",
        "/_ui/plan_import",
        "/_ui/nothing",
    ] {
        let answer = post(path, 2 * 1024 * 1024).await;
        assert_eq!(
            answer.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{path}: {}",
            answer.body
        );
        assert_eq!(answer.json()["kind"], "invalid");
    }
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let text = format!(
        "openapi: 3.1.0\n#{}\npaths: {{}}",
        "x".repeat(2 * 1024 * 1024)
    );
    let project = made.project.id.to_string();
    let fields = [("project_id", project.as_str()), ("form[document]", &text)];
    let answer = app.form("/_ui/plan_import", &fields).await;
    assert_ne!(
        answer.status,
        StatusCode::PAYLOAD_TOO_LARGE,
        "{}",
        answer.body
    );
}

/// A body of so many bytes that does not say how many.
fn unsized_body(bytes: usize) -> Body {
    const CHUNK: usize = 64 * 1024;
    let chunks = (0..bytes / CHUNK).map(|_| Ok::<_, std::convert::Infallible>(vec![b'a'; CHUNK]));
    Body::from_stream(futures_util::stream::iter(chunks))
}

/// What nobody can have meant: odd encodings, control characters, the wrong things in the right
/// places. On both databases, since PostgreSQL refuses texts that SQLite takes.
async fn story_of_odd_input(app: &TestApp) {
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let key = made.api_key.reveal();
    let project = &made.project.id;
    for odd in [
        "%00",
        "%ff",
        "a%00b",
        "%01",
        "%F0%9F%A6%80",
        "%2e%2e",
        "'",
        "%25",
    ] {
        for path in [
            format!("/projects/{odd}"),
            format!("/projects/{project}/tools/{odd}"),
            format!("/projects/{project}/integrations/{odd}"),
            format!("/mcp/{odd}/"),
            format!("/.well-known/oauth-protected-resource/mcp/{odd}"),
            format!("/api/v1/mcp-oauth/authorize?client_id={odd}"),
            format!(
                "/api/v1/mcp-oauth/authorize?client_id={}&redirect_uri={odd}",
                made.integration.client_id
            ),
            format!("/sign-in?next={odd}"),
            format!("/{odd}"),
        ] {
            let answer = app.get(&path).await;
            assert!(
                !answer.status.is_server_error(),
                "{path}: {} {}",
                answer.status,
                answer.body
            );
        }
        for path in ["", "/tools/x", "/integrations/x"] {
            let path = format!("/api/v1/projects/{odd}{}", path.replace('x', odd));
            let answer = app.api(key, Method::GET, &path, Value::Null).await;
            assert_eq!(
                answer.status,
                StatusCode::NOT_FOUND,
                "{path}: {}",
                answer.body
            );
            assert!(answer.json()["error"]["code"].is_string());
        }
        let token_request = form("/token").body(Body::from(format!(
            "grant_type=authorization_code&client_id={odd}&client_secret={odd}&code={odd}"
        )));
        let answer = app.send(token_request.unwrap()).await;
        assert_eq!(answer.json()["error"], "invalid_client", "{odd}");
    }
    let base = format!("/api/v1/projects/{project}/tools");
    let tool = json!({
        "name": "a", "description": "a\u{0}b", "base_url": "https://a.example", "endpoint_path": "/",
    });
    let answer = app.api(key, Method::POST, &base, tool).await;
    assert_eq!(
        answer.json()["error"]["details"][0]["field"],
        "description",
        "{}",
        answer.body
    );
    for name in ["a\u{0}b", "\u{7f}", "🦀"] {
        let call = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": name },
        });
        let answer = app.mcp("/mcp/", &token, &[], &call).await;
        assert_eq!(answer.json()["error"]["code"], -32602, "{}", answer.body);
    }
    app.forget_cookies();
    let csrf = app.get("/sign-in").await.hidden("csrf");
    for email in ["a\u{0}b@example.com", &"a".repeat(10_000), ""] {
        let fields = [("email", email), ("password", "x"), ("csrf", csrf.as_str())];
        let answer = app.form("/sign-in", &fields).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let twice = format!("{}&email=b", encoded(&[("email", "a"), ("csrf", &csrf)]));
    let answer = app
        .send(form("/sign-in").body(Body::from(twice)).unwrap())
        .await;
    assert!(
        answer.status.is_client_error() && answer.body.contains("<html"),
        "{answer:?}"
    );
    let huge = app
        .form("/sign-in", &[("email", &"a".repeat(20_000))])
        .await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let huge = app.token(&[("code", &"a".repeat(70_000))]).await;
    assert_eq!(
        (huge.status, &huge.json()["error"]),
        (StatusCode::PAYLOAD_TOO_LARGE, &json!("invalid_request"))
    );
}

#[tokio::test]
async fn odd_input_is_never_our_failure_on_sqlite() {
    story_of_odd_input(&TestApp::new().await).await;
}

#[tokio::test]
async fn odd_input_is_never_our_failure_on_postgres() {
    let database = TestDatabase::postgres().await;
    story_of_odd_input(&TestApp::with(database, PUBLIC, SignUpPolicy::Open).await).await;
}

#[tokio::test]
async fn an_unknown_address_is_a_page_that_helps() {
    let app = TestApp::new().await;
    let answer = app.get("/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("<html"));
    let hostile = app.get("/pkg/..%2f..%2fCargo.toml").await;
    assert_eq!(hostile.status, StatusCode::NOT_FOUND);
}

/// Pages are rendered by many threads at once, each with values of its own: none may reach into
/// another's, nor wait for one that is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_hold_when_many_ask_at_once() {
    let app = Arc::new(TestApp::new().await);
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let project = format!("/projects/{}", made.project.id);
    let pages: Arc<Vec<String>> = Arc::new(
        [
            "",
            "/tools",
            "/tools/new",
            "/tools/x",
            "/integrations",
            "/integrations/x",
            "/calls",
        ]
        .iter()
        .map(|page| format!("{project}{page}"))
        .chain(["/projects", "/docs/get-started", "/projects/x"].map(ToOwned::to_owned))
        .collect(),
    );
    let asking = (0..8).map(|who| {
        let (app, pages) = (app.clone(), pages.clone());
        tokio::spawn(async move {
            for turn in 0..40 {
                let page = &pages[(who + turn * 3) % pages.len()];
                let answer = tokio::time::timeout(Duration::from_secs(30), app.get(page)).await;
                let answer = answer.unwrap_or_else(|_| panic!("{page} never came"));
                assert!(
                    !answer.status.is_server_error(),
                    "{page}: {}",
                    answer.status
                );
                assert!(answer.body.contains("</html>"), "{page}: {}", answer.body);
            }
        })
    });
    for asked in asking.collect::<Vec<_>>() {
        asked.await.unwrap();
    }
}
