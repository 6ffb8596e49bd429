//! `Idempotency-Key`: a request that is sent again is done once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    accounts::Actor,
    api_keys::NewApiKey,
    bootstrap::Bootstrapped,
    integrations::Approval,
    members::{Owner, Role},
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    api_keys::own_key,
    app::{Answer, Options, TestApp},
};

async fn post(app: &TestApp, key: &str, path: &str, once: &str, body: &Value) -> Answer {
    app.send(request(key, path, once, body)).await
}

fn request(key: &str, path: &str, once: &str, body: &Value) -> Request<Body> {
    Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", once)
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn code(answer: &Answer) -> String {
    answer.json()["error"]["code"].as_str().unwrap().to_owned()
}

async fn integrations(app: &TestApp, made: &Bootstrapped) -> usize {
    let viewer = app.access(made).await;
    app.services.integrations.list(&viewer).await.unwrap().len()
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_done_once_and_answered_the_same() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let path = format!("/api/v1/projects/{}/integrations", made.project.id);
    let body = json!({ "name": "Cursor" });
    let first = post(&app, key, &path, "k-1", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.header("idempotency-replayed"), "");
    for once in ["k-1", "\"k-1\""] {
        let again = post(&app, key, &path, once, &body).await;
        assert_eq!(again.status, StatusCode::CREATED, "{}", again.body);
        assert_eq!(again.body, first.body, "the secret too");
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.header("cache-control"), "no-store");
        assert_eq!(again.header("content-type"), "application/json");
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    }
    assert_eq!(integrations(&app, &made).await, 2);
    // Nothing else is done under the key, be it here or elsewhere.
    let elsewhere = format!("/api/v1/projects/{}/tools/from-curl", made.project.id);
    for (path, body) in [
        (&path, json!({ "name": "Windsurf" })),
        (&elsewhere, body.clone()),
        (&format!("{path}?a=b"), body.clone()),
    ] {
        let other = post(&app, key, path, "k-1", &body).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(code(&other), "idempotency_key_reused");
    }
    let new = post(&app, key, &path, "k-2", &json!({ "name": "Windsurf" })).await;
    assert_eq!(new.status, StatusCode::CREATED);
    assert_eq!(integrations(&app, &made).await, 3);
    // After a day it is a key like any other.
    app.clock.advance_seconds(86_401);
    let late = post(&app, key, &path, "k-1", &body).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(code(&late), "conflict");
}

#[tokio::test]
async fn a_project_is_made_once() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = own_key(&app, &made, Role::Owner).await;
    let body = json!({ "name": "New" });
    let first = post(&app, &key, "/api/v1/projects", "k", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = post(&app, &key, "/api/v1/projects", "k", &body).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn a_refusal_is_kept_and_names_the_request_that_was_refused() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let path = format!("/api/v1/projects/{}/integrations", made.project.id);
    let first = post(&app, key, &path, "k", &json!({ "name": "" })).await;
    assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY);
    let id = first.json()["error"]["request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(id, first.header("x-request-id"));
    let again = post(&app, key, &path, "k", &json!({ "name": "" })).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
}

#[tokio::test]
async fn another_key_finds_nothing_under_the_same_idempotency_key() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let path = format!("/api/v1/projects/{}/integrations", made.project.id);
    let body = json!({ "name": "Cursor" });
    let first = post(&app, made.api_key.reveal(), &path, "k", &body).await;
    let secret = first.json()["client_secret"].as_str().unwrap().to_owned();
    let other = own_key(&app, &made, Role::Owner).await;
    let theirs = post(&app, &other, &path, "k", &body).await;
    assert_eq!(code(&theirs), "conflict", "they asked for it themselves");
    assert!(!theirs.body.contains(&secret));
    let stranger = post(&app, "tng_key_x", &path, "k", &body).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_lost_their_place_in_the_project_is_told_nothing_again() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = own_key(&app, &made, Role::Owner).await;
    let path = format!("/api/v1/projects/{}/integrations", made.project.id);
    let body = json!({ "name": "Cursor" });
    let first = post(&app, &key, &path, "k", &body).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let owner = app.access::<Owner>(&made).await;
    let proof = app.proof(&made).await;
    app.services.projects.delete(&owner, &proof).await.unwrap();
    let again = post(&app, &key, &path, "k", &body).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.body);
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_nothing_is_done() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let path = format!("/api/v1/projects/{}/integrations", made.project.id);
    let body = json!({ "name": "Cursor" });
    let long = "k".repeat(256);
    for once in ["", "a b", "\u{e9}", &long] {
        let answer = post(&app, key, &path, once, &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{once:?}");
        assert!(answer.body.contains("Idempotency-Key"), "{}", answer.body);
        let stranger = post(&app, "", &path, once, &body).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{once:?}");
    }
    let mut twice = request(key, &path, "a", &body);
    twice
        .headers_mut()
        .append("idempotency-key", "b".parse().unwrap());
    assert_eq!(app.send(twice).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(integrations(&app, &made).await, 1);
    let large = json!({ "name": "a".repeat(5 << 20) });
    let answer = post(&app, key, &path, "large", &large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(code(&answer), "too_large");
}

/// An endpoint that counts who asks, and answers when it may.
struct Endpoint {
    heard: AtomicUsize,
    asked: Notify,
    may_answer: Notify,
}

type TypedAnswer = (StatusCode, [(header::HeaderName, &'static str); 1], String);

fn typed(status: StatusCode, media_type: &'static str, body: String) -> TypedAnswer {
    (status, [(header::CONTENT_TYPE, media_type)], body)
}

/// A tool at it, and the path to call it.
async fn tool_at(
    app: &TestApp,
    made: &Bootstrapped,
    answer: TypedAnswer,
) -> (Arc<Endpoint>, String) {
    let endpoint = Arc::new(Endpoint {
        heard: AtomicUsize::new(0),
        asked: Notify::new(),
        may_answer: Notify::new(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let asked = endpoint.clone();
    let server = axum::Router::new().fallback(move || {
        let (asked, answer) = (asked.clone(), answer.clone());
        async move {
            asked.heard.fetch_add(1, Ordering::SeqCst);
            asked.asked.notify_one();
            asked.may_answer.notified().await;
            answer
        }
    });
    tokio::spawn(async move { axum::serve(listener, server).await });
    let base = format!("/api/v1/projects/{}/tools", made.project.id);
    let tool = json!({
        "name": "slow", "description": "Answers when it may.", "base_url": format!("http://{at}"),
        "endpoint_path": "/", "http_method": "POST", "max_response_bytes": 4 << 20,
    });
    let key = made.api_key.reveal();
    let created = app.api(key, axum::http::Method::POST, &base, tool).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let id = created.json()["id"].as_str().unwrap().to_owned();
    (endpoint, format!("{base}/{id}/call"))
}

async fn with_loopback() -> TestApp {
    TestApp::with_settings(Options {
        tools_allow: "127.0.0.1".parse().unwrap(),
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn a_caller_who_goes_away_and_comes_back_gets_the_answer_of_what_was_done() {
    let app = with_loopback().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let (endpoint, path) = tool_at(
        &app,
        &made,
        typed(StatusCode::OK, "text/plain", "done".to_owned()),
    )
    .await;
    let body = json!({ "arguments": {} });
    tokio::select! {
        answer = post(&app, key, &path, "k", &body) => panic!("{answer:?}"),
        () = endpoint.asked.notified() => {}
    }
    let meanwhile = post(&app, key, &path, "k", &body).await;
    assert_eq!(meanwhile.status, StatusCode::CONFLICT);
    assert_eq!(code(&meanwhile), "idempotency_under_way");
    assert_eq!(meanwhile.header("retry-after"), "1");
    endpoint.may_answer.notify_one();
    let again = loop {
        let again = post(&app, key, &path, "k", &body).await;
        if again.status != StatusCode::CONFLICT {
            break again;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert!(again.body.contains("done"), "{}", again.body);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(endpoint.heard.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_call_whose_endpoint_failed_is_not_made_twice_under_a_key() {
    let app = with_loopback().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let broken = typed(
        StatusCode::INTERNAL_SERVER_ERROR,
        "text/plain",
        "half-done".to_owned(),
    );
    let (endpoint, path) = tool_at(&app, &made, broken).await;
    let body = json!({ "arguments": {} });
    endpoint.may_answer.notify_one();
    let first = post(&app, key, &path, "k", &body).await;
    assert_eq!(first.status, StatusCode::BAD_GATEWAY, "{}", first.body);
    let again = post(&app, key, &path, "k", &body).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(endpoint.heard.load(Ordering::SeqCst), 1);
    endpoint.may_answer.notify_one();
    post(&app, key, &path, "k-2", &body).await;
    assert_eq!(endpoint.heard.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_answer_that_is_too_large_to_be_kept_is_not_asked_for_twice() {
    let app = with_loopback().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let large = typed(StatusCode::OK, "image/png", "x".repeat(2 << 20));
    let (endpoint, path) = tool_at(&app, &made, large).await;
    let body = json!({ "arguments": {} });
    endpoint.may_answer.notify_one();
    let first = post(&app, key, &path, "k", &body).await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.body.len() > domain::idempotency::MOST_KEPT);
    let again = post(&app, key, &path, "k", &body).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(code(&again), "idempotency_answer_not_kept");
    assert_eq!(endpoint.heard.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_request_whose_end_nobody_knows_is_said_to_be_one() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let owner = Actor::Person {
        user_id: made.account.id.clone(),
    };
    let path = format!("/api/v1/projects/{}/api-keys", made.project.id);
    let new = NewApiKey::named("other", Role::Developer);
    let admin = app.access(&made).await;
    let keys = &app.services.api_keys;
    let proof = app.proof(&made).await;
    let (_, secret) = keys.create(&admin, &new, Some(&proof)).await.unwrap();
    let actor = keys.authenticate(secret.reveal()).await.unwrap();
    assert_ne!(actor, owner);
    // As a process that took the key and ended.
    let body = json!({ "name": "x", "role": "viewer" });
    let hash = domain::crypto::sha256(format!("POST {path}\n{body}").as_bytes());
    let requests = &app.services.idempotency;
    drop(requests.begin(&actor, "k", &hash).await.unwrap());
    let now = post(&app, secret.reveal(), &path, "k", &body).await;
    assert_eq!(code(&now), "idempotency_under_way");
    app.clock.advance_seconds(3_600);
    let later = post(&app, secret.reveal(), &path, "k", &body).await;
    assert_eq!(later.status, StatusCode::CONFLICT);
    assert_eq!(code(&later), "idempotency_outcome_unknown");
}
