//! What every answer has, and what becomes of what nobody serves.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

use crate::app::TestApp;

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
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
    }
    let own = Request::get("/healthz").header("x-request-id", "mine\u{0}".trim_end_matches('\0'));
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
    // Every function there is, from the list that the server itself is built from.
    const PUBLIC: [&str; 2] = ["/_ui/load_instance", "/_ui/load_me"];
    let paths: Vec<&str> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .filter(|path| !PUBLIC.contains(path))
        .collect();
    assert!(paths.len() >= 10, "{paths:?}");
    for path in paths {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        // Arguments are read before the body runs, so a function that has some may refuse those.
        let refused = [
            StatusCode::UNAUTHORIZED,
            StatusCode::BAD_REQUEST,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        assert!(
            refused.contains(&answer.status),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
    }
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
