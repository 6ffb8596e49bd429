//! Refresh tokens in the wrong hands.

use serde_json::json;

use super::{another, error, status, target};
use crate::app::{Answer, TestApp, secret};
use domain::bootstrap::Bootstrapped;

async fn refresh(app: &TestApp, made: &Bootstrapped, token: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", made.integration.client_id.as_str()),
        ("client_secret", secret(made)),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    app.token(&fields).await
}

fn token(answer: &Answer) -> String {
    answer.json()["refresh_token"].as_str().unwrap().to_owned()
}

/// RFC 9700 §4.14.2: a thief and the owner cannot both go on; the connection ends.
#[tokio::test]
async fn a_stolen_refresh_token_ends_the_connection_when_both_are_used() {
    let (app, made) = target().await;
    let (_, stolen) = app.connect(&made, "all").await;
    // The owner goes on, and goes on.
    let second = token(&refresh(&app, &made, &stolen, &[]).await);
    let third = refresh(&app, &made, &second, &[]).await;
    let access = third.json()["access_token"].as_str().unwrap().to_owned();
    app.clock.advance_seconds(60);
    assert_eq!(
        error(&refresh(&app, &made, &stolen, &[]).await),
        "invalid_grant"
    );
    assert_eq!(status(&app, "/mcp/", &access).await, 401);
    let owner = refresh(&app, &made, &token(&third), &[]).await;
    assert_eq!(
        (owner.status.as_u16(), error(&owner).as_str()),
        (400, "invalid_grant")
    );
    assert!(
        owner.body.contains("old refresh token was used"),
        "{}",
        owner.body
    );
}

/// RFC 6749 §10.4: bound to the client.
#[tokio::test]
async fn another_client_cannot_use_a_refresh_token() {
    let (app, made) = target().await;
    let (access, stolen) = app.connect(&made, "all").await;
    let other = another(&app, &made, json!({ "name": "Other" })).await;
    let thief = [
        ("client_id", other["client_id"].as_str().unwrap()),
        ("client_secret", other["client_secret"].as_str().unwrap()),
    ];
    assert_eq!(
        error(&refresh(&app, &made, &stolen, &thief).await),
        "invalid_grant"
    );
    // Nor does the try end anything.
    assert_eq!(status(&app, "/mcp/", &access).await, 200);
    assert_eq!(
        refresh(&app, &made, &stolen, &[]).await.status.as_u16(),
        200
    );
}

/// RFC 6749 §6 and §3.2.1: a client with a secret must show it.
#[tokio::test]
async fn a_refresh_token_alone_is_not_enough_for_a_client_with_a_secret() {
    let (app, made) = target().await;
    let (_, stolen) = app.connect(&made, "all").await;
    let answer = refresh(&app, &made, &stolen, &[("client_secret", "")]).await;
    assert_eq!(
        (answer.status.as_u16(), error(&answer).as_str()),
        (401, "invalid_client")
    );
}

/// RFC 6749 §6: never more than was granted.
#[tokio::test]
async fn a_refresh_does_not_widen_the_scope() {
    let (app, made) = target().await;
    let (_, held) = app.connect(&made, "all").await;
    for scope in ["mcp:tools offline_access", "offline_access", "admin"] {
        let answer = refresh(&app, &made, &held, &[("scope", scope)]).await;
        assert_eq!(error(&answer), "invalid_scope", "{scope}");
    }
    assert_eq!(
        refresh(&app, &made, &held, &[]).await.json()["scope"],
        "mcp:tools"
    );
}

/// RFC 8707 §2.2: nor change the resource.
#[tokio::test]
async fn a_refresh_does_not_change_the_resource() {
    let (app, made) = target().await;
    let (_, held) = app.connect(&made, "all").await;
    let answer = refresh(&app, &made, &held, &[("resource", "https://evil.example/")]).await;
    assert_eq!(error(&answer), "invalid_target");
}

/// RFC 9700 §4.14.2: an access token, a code or a secret is no refresh token.
#[tokio::test]
async fn only_a_refresh_token_refreshes() {
    let (app, made) = target().await;
    let (access, _) = app.connect(&made, "all").await;
    for other in [access.as_str(), secret(&made), "tng_rt_", "\u{0}", "a b"] {
        assert_eq!(
            error(&refresh(&app, &made, other, &[]).await),
            "invalid_grant"
        );
    }
}

/// RFC 7009 §2.1, RFC 7662 §4: a client can neither end nor look into another's tokens.
#[tokio::test]
async fn another_clients_tokens_can_be_neither_revoked_nor_introspected() {
    let (app, made) = target().await;
    let (access, held) = app.connect(&made, "all").await;
    let other = another(&app, &made, json!({ "name": "Other" })).await;
    let of_other = |token: &str| {
        [
            ("token".to_owned(), token.to_owned()),
            (
                "client_id".to_owned(),
                other["client_id"].as_str().unwrap().to_owned(),
            ),
            (
                "client_secret".to_owned(),
                other["client_secret"].as_str().unwrap().to_owned(),
            ),
        ]
    };
    for token in [&access, &held] {
        let fields = of_other(token);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let looked = app.form("/api/v1/mcp-oauth/introspect", &fields).await;
        assert_eq!(looked.json(), json!({ "active": false }));
        let revoked = app.form("/api/v1/mcp-oauth/revoke", &fields).await;
        assert_eq!(error(&revoked), "invalid_grant");
    }
    assert_eq!(status(&app, "/mcp/", &access).await, 200);
    // Without any proof not even one's own.
    let nobody = [
        ("token", access.as_str()),
        ("client_id", made.integration.client_id.as_str()),
    ];
    for path in ["/api/v1/mcp-oauth/introspect", "/api/v1/mcp-oauth/revoke"] {
        assert_eq!(app.form(path, &nobody).await.status.as_u16(), 401, "{path}");
    }
}

/// RFC 7662 §2.1: a public client, whose id anyone knows, cannot scan for tokens.
#[tokio::test]
async fn a_public_client_cannot_introspect() {
    let (app, made) = target().await;
    let public = another(
        &app,
        &made,
        json!({ "name": "Public", "client_kind": "public" }),
    )
    .await;
    let fields = [
        ("token", "x"),
        ("client_id", public["client_id"].as_str().unwrap()),
    ];
    let answer = app.form("/api/v1/mcp-oauth/introspect", &fields).await;
    assert_eq!(
        (answer.status.as_u16(), error(&answer).as_str()),
        (401, "invalid_client")
    );
}
