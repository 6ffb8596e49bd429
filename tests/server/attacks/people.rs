//! People's accounts.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::integrations::Approval;

use crate::app::{EMAIL, Options, PASSWORD, TestApp, encoded, form};

async fn try_password(app: &TestApp, email: &str, password: &str, forwarded: &str) -> StatusCode {
    let csrf = app.get("/sign-in").await.hidden("csrf");
    let body = encoded(&[("email", email), ("password", password), ("csrf", &csrf)]);
    let request = form("/sign-in").header("x-forwarded-for", forwarded);
    app.send(request.body(Body::from(body)).unwrap())
        .await
        .status
}

/// OWASP ASVS 6.3.8, RFC 6749 §10.10: who has an account is told to nobody.
#[tokio::test]
async fn a_sign_in_never_tells_whether_an_account_exists() {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    let answer = async |email: &str| {
        let page = app.get("/sign-in").await;
        let csrf = page.hidden("csrf");
        let fields = [("email", email), ("password", "not it"), ("csrf", &csrf)];
        let answer = app.form("/sign-in", &fields).await;
        let body = answer.body.replace(email, "EMAIL").replace(&csrf, "CSRF");
        (answer.status, body)
    };
    assert_eq!(answer(EMAIL).await, answer("nobody@example.com").await);
    // And the same when there were too many tries.
    for _ in 0..12 {
        answer(EMAIL).await;
        answer("nobody@example.com").await;
    }
    let (known, unknown) = (answer(EMAIL).await, answer("nobody@example.com").await);
    assert_eq!(known.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(known.0, unknown.0);
}

/// RFC 6749 §10.10: guessing a password is slowed down per account, whatever is switched off, and
/// whatever address the guesser claims.
#[tokio::test]
async fn guessing_a_password_is_slowed_down_and_a_forged_address_does_not_help() {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    let mut throttled = false;
    for guess in 0..15 {
        let forwarded = format!("198.51.100.{guess}");
        let status = try_password(&app, EMAIL, &format!("guess {guess}"), &forwarded).await;
        throttled |= status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(throttled);
    // Slowed down, not locked: the owner gets in a little later.
    app.clock.advance_seconds(7);
    assert_eq!(
        try_password(&app, EMAIL, PASSWORD, "").await,
        StatusCode::SEE_OTHER
    );
}

/// RFC 6749 §10.10: trying one password on many accounts is slowed down per address.
#[tokio::test]
async fn spraying_a_password_over_accounts_is_slowed_down() {
    let options = Options {
        limits: true,
        ..Options::default()
    };
    let app = TestApp::with_settings(options).await;
    app.bootstrap(Approval::Ask).await;
    let mut statuses = Vec::new();
    for number in 0..90 {
        let email = format!("person{number}@example.com");
        statuses.push(try_password(&app, &email, "Password1", "").await);
    }
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
}

/// RFC 6749 §10.13 and §10.7: no page with a person's values, nor a token, is kept by a cache.
#[tokio::test]
async fn nothing_of_a_person_is_kept_by_a_cache() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let url = app.authorize_url(&made.integration.client_id, &[]);
    for path in [url.as_str(), "/projects"] {
        let answer = app.get(path).await;
        assert_eq!(
            answer.header("cache-control"),
            "private, no-store",
            "{path}"
        );
    }
    let refused = app.token(&[("grant_type", "x")]).await;
    assert_eq!(refused.header("cache-control"), "no-store");
    assert_eq!(refused.headers.get(header::PRAGMA).unwrap(), "no-cache");
}

/// RFC 6749 §10.2: sending browsers to authorize over and over is slowed down.
#[tokio::test]
async fn authorize_is_limited_per_address() {
    let options = Options {
        limits: true,
        ..Options::default()
    };
    let app = TestApp::with_settings(options).await;
    let made = app.bootstrap(Approval::Automatic).await;
    let url = app.authorize_url(&made.integration.client_id, &[]);
    let mut last = app.get(&url).await;
    for _ in 0..130 {
        last = app.get(&url).await;
        if last.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!last.header("retry-after").is_empty());
}
