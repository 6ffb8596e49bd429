//! The token endpoint: its errors, and how a client proves itself.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::integrations::Approval;
use serde_json::{Value, json};

use crate::app::{CALLBACK, TestApp, VERIFIER, encoded, form, secret};

fn exchange<'a>(code: &'a str, client_id: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", client_id),
    ]
}

#[tokio::test]
async fn the_token_endpoint_refuses_in_the_words_of_rfc_6749() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Automatic).await;
    let id = made.integration.client_id.as_str();
    let good = secret(&made);
    let with = |more: &[(&'static str, &str)]| {
        let mut fields = exchange("tng_ac_x", id);
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        encoded(&fields)
    };
    for (body, status, error) in [
        (with(&[("client_secret", good)]), 400, "invalid_grant"),
        (
            with(&[("client_secret", "tng_cs_wrong")]),
            401,
            "invalid_client",
        ),
        (with(&[]), 401, "invalid_client"),
        (
            with(&[("client_id", "nobody"), ("client_secret", good)]),
            401,
            "invalid_client",
        ),
        (
            with(&[("client_secret", good), ("grant_type", "password")]),
            400,
            "unsupported_grant_type",
        ),
        (
            with(&[("client_secret", good), ("grant_type", "")]),
            400,
            "invalid_request",
        ),
        (
            with(&[("client_secret", good), ("code", "")]),
            400,
            "invalid_request",
        ),
        (
            format!("{}&code=y", with(&[("client_secret", good)])),
            400,
            "invalid_request",
        ),
    ] {
        let request = form("/api/v1/mcp-oauth/token");
        let answer = app
            .send(request.body(Body::from(body.clone())).unwrap())
            .await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert_eq!(answer.json()["error"], error, "{body}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.body.contains(good), "a secret is never repeated");
        assert!(
            answer.json()["error_description"]
                .as_str()
                .unwrap()
                .contains("request ")
        );
    }
    let json = Request::post("/api/v1/mcp-oauth/token")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(
            json!({ "grant_type": "authorization_code" }).to_string(),
        ));
    let answer = app.send(json.unwrap()).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (400, &json!("invalid_request"))
    );
}

#[tokio::test]
async fn a_client_proves_itself_by_form_or_by_basic_and_never_by_both() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Automatic).await;
    let id = made.integration.client_id.as_str();
    let basic = |user: &str, password: &str| {
        format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
    };
    let code = async || {
        app.get(&app.authorize_url(id, &[]))
            .await
            .parameter("code")
            .unwrap()
    };
    let send = async |authorization: String, fields: Vec<(&str, &str)>| {
        let request = form("/token").header(header::AUTHORIZATION, authorization);
        app.send(request.body(Body::from(encoded(&fields))).unwrap())
            .await
    };
    let by_basic = code().await;
    let answer = send(basic(id, secret(&made)), exchange(&by_basic, id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);

    let by_both = code().await;
    let mut fields = exchange(&by_both, id);
    fields.push(("client_secret", secret(&made)));
    let answer = send(basic(id, secret(&made)), fields).await;
    assert_eq!(answer.json()["error"], "invalid_request");

    let answer = send(basic(id, "wrong"), exchange(&by_both, id)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").starts_with("Basic "));
    for malformed in ["Basic !!!", "Bearer x", "Basic"] {
        let answer = send(malformed.to_owned(), exchange(&by_both, id)).await;
        assert_eq!(answer.status.as_u16(), 401, "{malformed}");
        assert!(answer.header("www-authenticate").starts_with("Basic "));
    }
}

#[tokio::test]
async fn a_rotated_secret_fails_and_an_inactive_integration_says_so() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (access, refresh) = app.connect(&made, "all").await;
    let id = made.integration.client_id.as_str();
    let key = made.api_key.reveal();
    let base = format!(
        "/api/v1/projects/{}/integrations/{}",
        made.project.id, made.integration.id
    );
    let fields = |secret: &'static str| {
        [
            ("grant_type", "refresh_token"),
            ("refresh_token", Box::leak(refresh.clone().into_boxed_str())),
            ("client_id", Box::leak(id.to_owned().into_boxed_str())),
            ("client_secret", secret),
        ]
    };
    let old: &'static str = Box::leak(secret(&made).to_owned().into_boxed_str());

    app.api(key, Method::PATCH, &base, json!({ "is_active": false }))
        .await;
    let answer = app.token(&fields(old)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (400, &json!("unauthorized_client"))
    );
    let answer = app.mcp("/mcp/", &access, &[], &json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.headers.contains_key("www-authenticate"));
    let page = app.get(&app.authorize_url(id, &[])).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::FORBIDDEN, "")
    );
    app.api(key, Method::PATCH, &base, json!({ "is_active": true }))
        .await;

    app.clock.advance_seconds(1);
    let rotated = app
        .api(
            key,
            Method::POST,
            &format!("{base}/rotate-secret"),
            Value::Null,
        )
        .await;
    assert_eq!(rotated.header("cache-control"), "no-store");
    let new: &'static str = Box::leak(
        rotated.json()["client_secret"]
            .as_str()
            .unwrap()
            .to_owned()
            .into_boxed_str(),
    );
    let answer = app.token(&fields(old)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (401, &json!("invalid_client"))
    );
    assert!(answer.body.contains("rotated"), "{}", answer.body);
    assert_eq!(app.token(&fields(new)).await.status, StatusCode::OK);
}
