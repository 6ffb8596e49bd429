//! Connections over REST, and what is recorded on the way to one.

use axum::http::{Method, StatusCode};
use domain::integrations::Approval;
use serde_json::{Value, json};

use crate::app::{EMAIL, PASSWORD, TestApp, secret};

fn base(made: &domain::bootstrap::Bootstrapped) -> String {
    format!(
        "/api/v1/projects/{}/integrations/{}",
        made.project.id, made.integration.id
    )
}

#[tokio::test]
async fn connections_are_listed_and_ended_and_everything_can_be_disconnected() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let (first, _) = app.connect(&made, "all").await;
    app.clock.advance_seconds(1);
    let (second, _) = app.connect(&made, "read_only").await;
    let path = format!("{}/connections", base(&made));
    let list = app.api(key, Method::GET, &path, Value::Null).await.json();
    let connections = list["data"].as_array().unwrap();
    assert_eq!(connections.len(), 2);
    assert_eq!(connections[0]["tools"], "read_only");
    assert_eq!(connections[0]["user_email"], EMAIL);
    assert_eq!(connections[0]["client_name"], "Claude");
    let oldest = connections[1]["id"].as_str().unwrap();
    let one = format!("{path}/{oldest}");
    let ended = app.api(key, Method::DELETE, &one, Value::Null).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let again = app.api(key, Method::DELETE, &one, Value::Null).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    // The very next request of that connection, and of no other.
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let status = async |token: &str| app.mcp("/mcp/", token, &[], &list).await.status;
    assert_eq!(status(&first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&second).await, StatusCode::OK);
    let all = app.api(key, Method::DELETE, &path, Value::Null).await;
    assert_eq!(all.json(), json!({ "ended": 1 }));
    assert_eq!(status(&second).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_rotation_over_rest_may_leave_the_old_secret_for_a_while() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (_, refresh) = app.connect(&made, "all").await;
    let key = made.api_key.reveal();
    let rotate = format!("{}/rotate-secret", base(&made));
    let wrong = app
        .api(key, Method::POST, &rotate, json!({ "overlap_seconds": 5 }))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        wrong.json()["error"]["details"][0]["field"],
        "overlap_seconds"
    );
    let rotated = app
        .api(
            key,
            Method::POST,
            &rotate,
            json!({ "overlap_seconds": 3600 }),
        )
        .await;
    assert_eq!(rotated.status, StatusCode::OK, "{}", rotated.body);
    let secrets = format!("{}/secrets", base(&made));
    let live = app
        .api(key, Method::GET, &secrets, Value::Null)
        .await
        .json();
    assert_eq!(live["data"].as_array().unwrap().len(), 2);
    assert_eq!(live["data"][0]["created_by"], EMAIL);
    assert!(!live.to_string().contains(secret(&made)));
    let id = made.integration.client_id.as_str();
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", id),
        ("client_secret", secret(&made)),
    ];
    assert_eq!(app.token(&fields).await.status, StatusCode::OK);
    let old = live["data"][1]["id"].as_str().unwrap();
    let ended = app
        .api(
            key,
            Method::DELETE,
            &format!("{secrets}/{old}"),
            Value::Null,
        )
        .await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let refused = app.token(&fields).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.body.contains("rotated"), "{}", refused.body);
}

#[tokio::test]
async fn every_step_of_an_attempt_is_recorded_under_one_attempt() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let id = made.integration.client_id.as_str();
    let url = app.authorize_url(id, &[]);
    let to_sign_in = app.get(&url).await;
    let page = app.get(to_sign_in.header("location")).await;
    let (csrf, next) = (page.hidden("csrf"), page.hidden("next"));
    for password in ["wrong password", PASSWORD] {
        let fields = [
            ("email", EMAIL),
            ("password", password),
            ("csrf", &csrf),
            ("next", &next),
        ];
        app.form("/sign-in", &fields).await;
    }
    let (_, refresh) = app.connect(&made, "all").await;
    let refreshing = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", id),
        ("client_secret", secret(&made)),
    ];
    app.token(&refreshing).await;
    app.token(&refreshing).await;
    let mut wrong = refreshing;
    wrong[3].1 = "tng_cs_wrong";
    let refused = app.token(&wrong).await;

    let path = format!("{}/events?limit=1000", base(&made));
    let key = made.api_key.reveal();
    let list = app.api(key, Method::GET, &path, Value::Null).await.json();
    let events = list["data"].as_array().unwrap();
    let seen: Vec<(&str, Option<&str>)> = events
        .iter()
        .map(|event| (event["kind"].as_str().unwrap(), event["cause"].as_str()))
        .collect();
    for step in [
        ("authorize", None),
        ("sign_in", Some("wrong_credentials")),
        ("sign_in", None),
        ("consent_shown", None),
        ("consent", None),
        ("code_issued", None),
        ("token", None),
        ("refresh", None),
        ("refresh_replay", None),
        ("refresh", Some("wrong_secret")),
    ] {
        assert!(seen.contains(&step), "{step:?} is not in {seen:?}");
    }
    // All but the refusal, of which nothing but the client is known, belong together.
    let attempts: std::collections::BTreeSet<&str> = events
        .iter()
        .filter_map(|event| event["attempt"].as_str())
        .collect();
    assert_eq!(attempts.len(), 1);
    // The answer's correlation id is the record's.
    let request_id = refused.header("x-request-id");
    assert!(refused.body.contains(request_id));
    assert!(events.iter().any(|event| event["request_id"] == request_id));
    let text = list.to_string();
    for secret in [secret(&made), refresh.as_str(), PASSWORD, "tng_cs_wrong"] {
        assert!(!text.contains(secret), "a secret was recorded");
    }
}

#[tokio::test]
async fn discovery_is_recorded_and_is_no_connections() {
    let app = TestApp::new().await;
    app.get("/.well-known/oauth-protected-resource/mcp/").await;
    app.get("/.well-known/oauth-authorization-server").await;
    let seen = app.services.events.of_strangers(10).await.unwrap();
    let documents: Vec<_> = seen
        .iter()
        .filter_map(|event| event.detail.as_deref())
        .collect();
    assert!(documents.contains(&"/.well-known/oauth-protected-resource/mcp/"));
    assert!(documents.contains(&"/.well-known/oauth-authorization-server"));
}

#[tokio::test]
async fn a_remembered_consent_is_not_asked_for_again_unless_prompted() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let id = made.integration.client_id.as_str();
    app.sign_in(EMAIL, PASSWORD).await;
    let page = app.get(&app.authorize_url(id, &[])).await;
    assert!(page.body.contains("name=\"remember\""), "{}", page.body);
    let decision = [
        ("decision", "approve"),
        ("tools", "read_only"),
        ("remember", "true"),
    ];
    app.answer_consent(&page, &decision).await;
    for prompt in ["", "none"] {
        let back = app.get(&app.authorize_url(id, &[("prompt", prompt)])).await;
        assert!(back.parameter("code").is_some(), "{prompt}: {back:?}");
    }
    let asked = app
        .get(&app.authorize_url(id, &[("prompt", "consent")]))
        .await;
    assert_eq!(asked.status, StatusCode::OK);
    let elsewhere = [("redirect_uri", "http://localhost:4000/callback")];
    assert_eq!(
        app.get(&app.authorize_url(id, &elsewhere)).await.status,
        StatusCode::OK
    );
    // Whoever denies it now is not approved by what they said before.
    let denied = app.answer_consent(&asked, &[("decision", "deny")]).await;
    assert_eq!(denied.parameter("error").as_deref(), Some("access_denied"));
    let again = app.get(&app.authorize_url(id, &[])).await;
    assert_eq!(again.status, StatusCode::OK, "{again:?}");
    assert!(again.body.contains("name=\"remember\""), "{}", again.body);
}
