//! Authorization codes, and the proof that belongs to them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{another, code, error, exchange, status, target};
use crate::app::{CALLBACK, VERIFIER};

/// RFC 9700 §2.1.1 and §4.8.2, RFC 7636 §4.4.1: no authorization without S256.
#[tokio::test]
async fn pkce_cannot_be_downgraded_at_authorize() {
    let (app, made) = target().await;
    let id = made.integration.client_id.as_str();
    for (name, value) in [
        ("code_challenge_method", "plain"),
        ("code_challenge_method", ""),
        ("code_challenge_method", "s256"),
        ("code_challenge", ""),
        ("code_challenge", "short"),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
        ),
    ] {
        let answer = app.get(&app.authorize_url(id, &[(name, value)])).await;
        assert_eq!(
            answer.parameter("error").as_deref(),
            Some("invalid_request"),
            "{name}={value}"
        );
    }
}

/// RFC 7636 §4.6, RFC 9700 §4.8.2: nor at the token endpoint.
#[tokio::test]
async fn pkce_cannot_be_left_out_at_the_token_endpoint() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    let long = "a".repeat(129);
    let other = "b".repeat(43);
    for verifier in ["", "short", other.as_str(), long.as_str()] {
        let answer = exchange(&app, &made, &code, &[("code_verifier", verifier)]).await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).as_str()),
            (400, "invalid_grant")
        );
    }
    // Failing did not spend it: a stranger's tries keep nobody out.
    assert_eq!(
        exchange(&app, &made, &code, &[]).await.status,
        StatusCode::OK
    );
}

/// RFC 9700 §4.5: a stolen code in the attacker's own session has another challenge.
#[tokio::test]
async fn a_stolen_code_is_worth_nothing_with_another_verifier() {
    let (app, made) = target().await;
    let stolen = code(&app, &made).await;
    let answer = exchange(&app, &made, &stolen, &[("code_verifier", &"x".repeat(64))]).await;
    assert_eq!(error(&answer), "invalid_grant");
}

/// RFC 6749 §4.1.2 and §10.5: once, and a second use ends what the first one made.
#[tokio::test]
async fn a_code_is_spent_once_and_a_replay_ends_the_connection() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    let first = exchange(&app, &made, &code, &[]).await;
    let token = first.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(status(&app, "/mcp/", &token).await, 200);
    for _ in 0..2 {
        let again = exchange(&app, &made, &code, &[]).await;
        assert_eq!(error(&again), "invalid_grant");
        assert_eq!(status(&app, "/mcp/", &token).await, 401);
    }
    // It ended once, however often the code is shown; the record says so.
    let path = format!(
        "/api/v1/projects/{}/integrations/{}/events?limit=1000",
        made.project.id, made.integration.id
    );
    let key = made.api_key.reveal();
    let events = app.api(key, Method::GET, &path, Value::Null).await.json();
    let kinds = events["data"].as_array().unwrap().iter();
    let ended = kinds.filter(|event| event["kind"] == "grant_ended").count();
    assert_eq!(ended, 1, "{events}");
}

/// RFC 6749 §10.5: of two at the same instant one wins, and the connection ends all the same.
#[tokio::test]
async fn two_exchanges_at_the_same_instant_are_one_token_and_one_refusal() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    let (one, two) = tokio::join!(
        exchange(&app, &made, &code, &[]),
        exchange(&app, &made, &code, &[]),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    let won = if one.status == StatusCode::OK {
        one
    } else {
        two
    };
    let token = won.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(status(&app, "/mcp/", &token).await, 401);
}

/// RFC 9700 §4.5, RFC 6749 §4.1.3: a replay by who cannot prove to be the client ends nothing.
#[tokio::test]
async fn a_stranger_cannot_end_a_connection_with_a_code_that_leaked() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    let tokens = exchange(&app, &made, &code, &[]).await;
    let token = tokens.json()["access_token"].as_str().unwrap().to_owned();
    for changes in [
        vec![("client_secret", "")],
        vec![("client_secret", "tng_cs_guess")],
    ] {
        assert_eq!(
            exchange(&app, &made, &code, &changes).await.status.as_u16(),
            401
        );
    }
    // A public client has only the verifier to prove itself with.
    let public = another(
        &app,
        &made,
        json!({ "name": "Public", "client_kind": "public" }),
    )
    .await;
    let id = public["client_id"].as_str().unwrap();
    let back = app
        .consent(id, &[("decision", "approve"), ("tools", "all")])
        .await;
    let leaked = back.parameter("code").unwrap();
    let fields = |verifier: &'static str| {
        vec![
            ("grant_type", "authorization_code"),
            ("code", leaked.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
            ("client_id", id),
        ]
    };
    let of_public = app.token(&fields(VERIFIER)).await.json();
    let of_public = of_public["access_token"].as_str().unwrap();
    let stranger = fields("wrong-verifier-wrong-verifier-wrong-verifier-wrong");
    assert_eq!(error(&app.token(&stranger).await), "invalid_grant");
    for token in [token.as_str(), of_public] {
        assert_eq!(status(&app, "/mcp/", token).await, 200);
    }
}

/// RFC 6749 §4.1.3 and §5.2: bound to the client that asked for it.
#[tokio::test]
async fn another_client_cannot_use_a_code() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    let other = another(&app, &made, json!({ "name": "Other" })).await;
    let changes = [
        ("client_id", other["client_id"].as_str().unwrap()),
        ("client_secret", other["client_secret"].as_str().unwrap()),
    ];
    assert_eq!(
        error(&exchange(&app, &made, &code, &changes).await),
        "invalid_grant"
    );
    assert_eq!(
        exchange(&app, &made, &code, &[]).await.status,
        StatusCode::OK
    );
}

/// RFC 6749 §4.1.3: bound to the redirect URI.
#[tokio::test]
async fn a_code_is_bound_to_its_redirect_uri() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    let changes = [("redirect_uri", "http://localhost/callback")];
    assert_eq!(
        error(&exchange(&app, &made, &code, &changes).await),
        "invalid_grant"
    );
}

/// RFC 6749 §4.1.2: a short life.
#[tokio::test]
async fn a_code_expires_after_a_minute() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    app.clock.advance_seconds(60);
    let answer = exchange(&app, &made, &code, &[]).await;
    assert_eq!(error(&answer), "invalid_grant");
    assert!(answer.body.contains("expired"), "{}", answer.body);
}

/// RFC 8707 §2.2: a code for one resource buys no token for another.
#[tokio::test]
async fn a_code_buys_no_token_for_another_resource() {
    let (app, made) = target().await;
    let code = code(&app, &made).await;
    let other = another(&app, &made, json!({ "name": "Other" })).await;
    for resource in [
        "https://evil.example/mcp/",
        other["integration_url"].as_str().unwrap(),
    ] {
        let answer = exchange(&app, &made, &code, &[("resource", resource)]).await;
        assert_eq!(
            (answer.status.as_u16(), error(&answer).as_str()),
            (400, "invalid_target")
        );
    }
}
