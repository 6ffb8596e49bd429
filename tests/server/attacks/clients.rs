//! Clients that are not who they say, and secrets that are guessed.

use axum::http::{Method, StatusCode, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::integrations::Approval;
use serde_json::{Value, json};

use super::{another, code, error, exchange, target};
use crate::app::{EMAIL, Options, PASSWORD, TestApp, encoded, form, secret};

/// RFC 6749 §2.3.1 and §10.10: guessing a secret is slowed down, and only for who guesses.
#[tokio::test]
async fn guessing_a_secret_is_slowed_down_and_the_owner_is_not() {
    let options = Options {
        limits: true,
        ..Options::default()
    };
    let app = TestApp::with_settings(options).await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let other = another(&app, &made, json!({ "name": "Other" })).await;
    let mut throttled = None;
    for _ in 0..60 {
        let answer = exchange(&app, &made, "x", &[("client_secret", "tng_cs_guess")]).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            throttled = Some(answer);
            break;
        }
        assert_eq!(error(&answer), "invalid_client");
    }
    let throttled = throttled.expect("sixty guesses at once are too many");
    let wait: i64 = throttled.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    // The owner, at the same address and under the same id, is held up by none of it.
    let owners = code(&app, &made).await;
    assert_eq!(
        exchange(&app, &made, &owners, &[]).await.status,
        StatusCode::OK
    );
    // Another client at the same address (all users of Claude share a few) goes on.
    let changes = [
        ("client_id", other["client_id"].as_str().unwrap()),
        ("client_secret", other["client_secret"].as_str().unwrap()),
    ];
    assert_eq!(
        error(&exchange(&app, &made, "x", &changes).await),
        "invalid_grant"
    );
    // And a failure is told its reason again, once the time has passed.
    app.clock.advance_seconds(wait);
    let later = exchange(&app, &made, "x", &[("client_secret", "tng_cs_guess")]).await;
    assert_eq!(error(&later), "invalid_client");
}

/// RFC 6749 §5.2: an unknown client and a wrong secret are one error; only the sentence, which is for
/// the person who has to mend it, differs (a client's id is no secret).
#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_are_the_same_error() {
    let (app, made) = target().await;
    let unknown = [
        ("client_id", "tng_ci_AAAAAAAAAAAAAAAAAAAAAA"),
        ("client_secret", "tng_cs_x"),
    ];
    let one = exchange(&app, &made, "x", &unknown).await;
    let two = exchange(&app, &made, "x", &[("client_secret", "tng_cs_x")]).await;
    assert_eq!((one.status, error(&one)), (two.status, error(&two)));
    assert_eq!(one.status, StatusCode::UNAUTHORIZED);
}

/// RFC 6749 §2.3: one method at a time, and no second Authorization header.
#[tokio::test]
async fn two_ways_of_proving_oneself_are_refused() {
    let (app, made) = target().await;
    let id = made.integration.client_id.as_str();
    let basic = format!(
        "Basic {}",
        STANDARD.encode(format!("{id}:{}", secret(&made)))
    );
    let body = encoded(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
        ("client_secret", secret(&made)),
    ]);
    let both = form("/token").header(header::AUTHORIZATION, &basic);
    let both = app.send(both.body(body.into()).unwrap()).await;
    assert_eq!(
        (both.status.as_u16(), error(&both).as_str()),
        (400, "invalid_request")
    );
    let twice = form("/token")
        .header(header::AUTHORIZATION, &basic)
        .header(header::AUTHORIZATION, &basic);
    let twice = app.send(twice.body("grant_type=x".into()).unwrap()).await;
    assert_eq!(error(&twice), "invalid_request");
    let other = form("/token").header(header::AUTHORIZATION, &basic);
    let body = "grant_type=refresh_token&refresh_token=x&client_id=tng_ci_other";
    let other = app.send(other.body(body.into()).unwrap()).await;
    assert_eq!(error(&other), "invalid_request");
}

/// RFC 6749 §2.3.1: no secret in an address; at authorize there is none at all.
#[tokio::test]
async fn a_secret_in_the_query_is_not_looked_at() {
    let (app, made) = target().await;
    let id = made.integration.client_id.as_str();
    let path = format!("/token?client_id={id}&client_secret={}", secret(&made));
    let answer = app
        .form(&path, &[("grant_type", "client_credentials")])
        .await;
    assert_eq!(error(&answer), "invalid_request");
    let get = app
        .get(&format!("{path}&grant_type=client_credentials"))
        .await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// RFC 6749 §4.4: off until an admin allows it, and never for a public client.
#[tokio::test]
async fn client_credentials_are_refused_until_they_are_allowed() {
    let (app, made) = target().await;
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", made.integration.client_id.as_str()),
        ("client_secret", secret(&made)),
    ];
    let refused = app.token(&fields).await;
    assert_eq!(
        (refused.status.as_u16(), error(&refused).as_str()),
        (400, "unauthorized_client")
    );
    let base = format!("/api/v1/projects/{}/integrations", made.project.id);
    let key = made.api_key.reveal();
    let one = format!("{base}/{}", made.integration.id);
    let on = json!({ "client_credentials": true });
    assert_eq!(
        app.api(key, Method::PATCH, &one, on.clone()).await.status,
        StatusCode::OK
    );
    let granted = app.token(&fields).await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.body);
    assert!(granted.json().get("refresh_token").is_none());
    // A tool that needs a person refuses such a call, so it carries nobody's identity.
    let claims = granted.json()["access_token"].as_str().unwrap().to_owned();
    let claims = claims.split('.').nth(1).unwrap().to_owned();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["sub"], made.integration.client_id);
    let public = another(
        &app,
        &made,
        json!({ "name": "Public", "client_kind": "public" }),
    )
    .await;
    let public_path = format!("{base}/{}", public["id"].as_str().unwrap());
    let refused = app.api(key, Method::PATCH, &public_path, on).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// RFC 8252 §8.6: a public client's id can be claimed by anyone, so it is never waved through.
#[tokio::test]
async fn a_public_client_is_never_remembered() {
    let (app, made) = target().await;
    let public = another(
        &app,
        &made,
        json!({ "name": "Public", "client_kind": "public" }),
    )
    .await;
    let id = public["client_id"].as_str().unwrap();
    let decision = [
        ("decision", "approve"),
        ("tools", "all"),
        ("remember", "true"),
    ];
    assert!(app.consent(id, &decision).await.parameter("code").is_some());
    assert_eq!(
        app.get(&app.authorize_url(id, &[])).await.status,
        StatusCode::OK
    );
    let silent = app.get(&app.authorize_url(id, &[("prompt", "none")])).await;
    assert_eq!(
        silent.parameter("error").as_deref(),
        Some("consent_required")
    );
    // Nor can it be made to approve by itself.
    let path = format!(
        "/api/v1/projects/{}/integrations/{}",
        made.project.id,
        public["id"].as_str().unwrap()
    );
    let automatic = json!({ "approval": "automatic" });
    let refused = app
        .api(made.api_key.reveal(), Method::PATCH, &path, automatic)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// RFC 7591 §5: registering over and over from one address is slowed down.
#[tokio::test]
async fn registrations_from_one_address_are_limited() {
    let options = Options {
        limits: true,
        ..Options::default()
    };
    let app = TestApp::with_settings(options).await;
    let metadata = json!({ "redirect_uris": ["https://a.example/cb"] });
    let mut statuses = Vec::new();
    for _ in 0..80 {
        let answer = crate::register::register(&app, &metadata).await;
        statuses.push(answer.status);
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(!answer.header("retry-after").is_empty());
            break;
        }
    }
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    assert!(
        statuses.len() > 30,
        "an office of people may connect on one morning"
    );
}

/// Client ID Metadata Documents §6.5 (SSRF): the server fetches nothing from inside, and nothing at
/// all for somebody who is not signed in.
#[tokio::test]
async fn a_client_id_cannot_make_the_server_call_its_own_network() {
    let (app, _) = target().await;
    for id in [
        "https://127.0.0.1/client.json",
        "https://localhost:3000/client.json",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/client.json",
        "https://[::1]/client.json",
        "https://[fd00::1]/client.json",
        "https://[::ffff:192.168.0.1]/client.json",
        "http://example.com/client.json",
        "https://user@example.com/client.json",
        "https://example.com/a/../client.json",
        "file:///etc/passwd",
        "gopher://127.0.0.1/x",
    ] {
        let answer = app.get(&app.authorize_url(id, &[])).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{id}");
        assert_eq!(answer.header("location"), "", "{id}");
    }
    app.forget_cookies();
    let url = app.authorize_url("https://198.51.100.1/client.json", &[]);
    let signed_out = app.get(&url).await;
    assert!(signed_out.header("location").starts_with("/sign-in?next="));
}

/// RFC 9700 §2.5, RFC 6749 §10.1: a rotated secret is dead at once, and says so to its owner.
#[tokio::test]
async fn a_rotated_secret_is_dead_with_the_next_request() {
    let (app, made) = target().await;
    let path = format!(
        "/api/v1/projects/{}/integrations/{}/rotate-secret",
        made.project.id, made.integration.id
    );
    let key = made.api_key.reveal();
    assert_eq!(
        app.api(key, Method::POST, &path, Value::Null).await.status,
        StatusCode::OK
    );
    let answer = exchange(&app, &made, "x", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), error(&answer).as_str()),
        (401, "invalid_client")
    );
}
