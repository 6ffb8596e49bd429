//! How often a connection may ask.

use axum::http::StatusCode;
use domain::{bootstrap::Bootstrapped, integrations::Approval};
use serde_json::json;

use super::{legacy, modern, modern_request, streams::started};
use crate::app::{Options, TestApp};

/// A connection to a server whose limits are on.
pub async fn limited() -> (TestApp, Bootstrapped, String) {
    let app = TestApp::with_settings(Options {
        limits: true,
        ..Options::default()
    })
    .await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    (app, made, token)
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let (app, _made, token) = limited().await;
    let mut served = 0;
    let refused = loop {
        let answer = legacy(&app, &token, "tools/list", json!({})).await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        served += 1;
        assert!(served < 10_000);
    };
    assert_eq!(served, 200);
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert_eq!(refused.json()["error"], "too_many_requests");
    assert!(
        refused.header("www-authenticate").is_empty(),
        "its token is good"
    );
    app.clock.advance_seconds(wait);
    let answer = modern(&app, &token, "tools/list", json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn a_connection_holds_so_many_streams_open_and_no_more() {
    let (app, made, token) = limited().await;
    let (other, _) = app.connect(&made, "all").await;
    let listen = |token: &str| {
        let params = json!({ "notifications": { "toolsListChanged": true } });
        app.open(modern_request(token, "subscriptions/listen", params))
    };
    let mut open = Vec::new();
    for _ in 0..32 {
        let response = listen(&token).await;
        assert_eq!(response.status(), StatusCode::OK);
        open.push(response);
    }
    assert_eq!(listen(&token).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        listen(&other).await.status(),
        StatusCode::OK,
        "another's are not counted"
    );
    open.pop();
    assert_eq!(listen(&token).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_person_has_so_many_calls_running_and_no_more() {
    let options = Options {
        limits: true,
        ..Options::default()
    };
    let (app, _endpoints, made, token) = started(options).await;
    let (other, _) = app.connect(&made, "all").await;
    let call = |token: &str| {
        let params = json!({ "name": "slow", "arguments": {} });
        app.open(modern_request(token, "tools/call", params))
    };
    // Each is a stream after a while, and runs as long as that is held.
    let running = (0..100).map(|_| call(&token));
    let running = futures_util::future::join_all(running).await;
    assert!(running.iter().all(|one| one.status() == StatusCode::OK));
    assert_eq!(call(&token).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        call(&other).await.status(),
        StatusCode::TOO_MANY_REQUESTS,
        "another connection of the same person"
    );
    drop(running);
    assert_eq!(call(&other).await.status(), StatusCode::OK);
}
