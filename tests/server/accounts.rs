//! Signing up, in and out.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    accounts::SignUpPolicy,
    db::{SessionPool, testing::TestDatabase},
};
use tower_sessions::SessionStore;
use tower_sessions_sqlx_store::{PostgresStore, SqliteStore};

use crate::app::{EMAIL, PASSWORD, PUBLIC, TestApp, encoded, form};

const SESSION: &str = "tengine_session";

async fn sign_up(app: &TestApp, fields: &[(&str, &str)]) -> crate::app::Answer {
    let csrf = app.get("/sign-up").await.hidden("csrf");
    let mut fields = fields.to_vec();
    fields.push(("csrf", &csrf));
    app.form("/sign-up", &fields).await
}

/// Whoever reads the database must not find a cookie in it.
async fn is_unknown_to_the_database(app: &TestApp, cookie: &str) -> bool {
    let id = cookie.parse().unwrap();
    let found = match app.services.core.db.session_pool() {
        SessionPool::Sqlite(pool) => SqliteStore::new(pool).load(&id).await,
        SessionPool::Postgres(pool) => PostgresStore::new(pool).load(&id).await,
    };
    found.unwrap().is_none()
}

async fn story_of_a_session(app: &TestApp) {
    let answer = sign_up(app, &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), "/projects");
    assert!(is_unknown_to_the_database(app, &app.cookie(SESSION).unwrap()).await);
    let page = app.get("/projects").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(EMAIL), "the page knows who is signed in");
    let csrf = page.hidden("csrf");
    let before = app.cookie(SESSION).unwrap();
    let out = app.form("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(out.header("location"), "/sign-in");
    // The cookie of before is worth nothing now.
    let request = Request::get("/projects").header(header::COOKIE, format!("{SESSION}={before}"));
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert!(
        answer.header("location").starts_with("/sign-in"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_session_begins_and_ends_on_sqlite() {
    story_of_a_session(&TestApp::new().await).await;
}

#[tokio::test]
async fn a_session_begins_and_ends_on_postgres() {
    let database = TestDatabase::postgres().await;
    story_of_a_session(&TestApp::with(database, PUBLIC, SignUpPolicy::Open).await).await;
}

#[tokio::test]
async fn signing_in_takes_a_new_session_id() {
    let app = TestApp::new().await;
    sign_up(&app, &[("email", EMAIL), ("password", PASSWORD)]).await;
    let first = app.cookie(SESSION).unwrap();
    // Still with the old cookie in the jar, as an attacker who planted it would hope.
    let page = app.get("/projects").await;
    app.form("/sign-out", &[("csrf", &page.hidden("csrf"))])
        .await;
    let answer = app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_ne!(app.cookie(SESSION).unwrap(), first);
    let cookie = answer.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(word), "{word} is not in {cookie}");
    }
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure_and_bound_to_the_host() {
    let database = TestDatabase::sqlite().await;
    let app = TestApp::with(database, "https://tools.example.com", SignUpPolicy::Open).await;
    let answer = app.get("/sign-in").await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    assert!(cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_form_is_shown_again_with_its_field_and_without_the_password() {
    let app = TestApp::new().await;
    let answer = sign_up(
        &app,
        &[("email", "ada"), ("password", "correct horse battery")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("Enter an email address"),
        "{}",
        answer.body
    );
    assert!(!answer.body.contains("correct horse battery"));
    let answer = sign_up(&app, &[("email", EMAIL), ("password", "short")]).await;
    assert!(
        answer.body.contains("at least 10 characters"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains(EMAIL), "what was typed is kept");
}

#[tokio::test]
async fn an_unknown_email_and_a_wrong_password_look_the_same() {
    let app = TestApp::new().await;
    sign_up(&app, &[("email", EMAIL), ("password", PASSWORD)]).await;
    app.forget_cookies();
    let wrong = app.sign_in(EMAIL, "wrong password").await;
    let unknown = app.sign_in("bob@example.com", "wrong password").await;
    assert_eq!(
        (wrong.status, unknown.status),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
    assert_eq!(
        wrong.body.replace(EMAIL, ""),
        unknown.body.replace("bob@example.com", ""),
    );
}

#[tokio::test]
async fn another_sites_form_signs_nobody_in_or_up() {
    let app = TestApp::new().await;
    sign_up(&app, &[("email", EMAIL), ("password", PASSWORD)]).await;
    app.forget_cookies();
    let csrf = app.get("/sign-in").await.hidden("csrf");
    let fields = [
        ("email", EMAIL),
        ("password", PASSWORD),
        ("csrf", csrf.as_str()),
    ];
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = form("/sign-in").header(name, value);
        let answer = app
            .send(request.body(Body::from(encoded(&fields))).unwrap())
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let without = app.form("/sign-in", &fields[..2]).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    let ours = form("/sign-in").header("origin", PUBLIC);
    let answer = app
        .send(ours.body(Body::from(encoded(&fields))).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn sign_up_closes_after_the_first_account() {
    let app = TestApp::with(TestDatabase::sqlite().await, PUBLIC, SignUpPolicy::First).await;
    let page = app.get("/sign-up").await;
    let csrf = page.hidden("csrf");
    sign_up(&app, &[("email", EMAIL), ("password", PASSWORD)]).await;
    app.forget_cookies();
    // The page says so, and so does a form that was open before.
    assert!(!app.get("/sign-up").await.body.contains("name=\"password\""));
    let request = form("/sign-up").header(header::COOKIE, format!("tengine_form={csrf}"));
    let fields = [
        ("email", "bob@example.com"),
        ("password", PASSWORD),
        ("csrf", csrf.as_str()),
    ];
    let answer = app
        .send(request.body(Body::from(encoded(&fields))).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        app.services
            .accounts
            .by_email("bob@example.com")
            .await
            .unwrap()
            .is_none()
    );
}

async fn story_of_sessions_that_end(app: &TestApp) {
    app.bootstrap(domain::integrations::Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    tengine::session::expire(&app.services.core).await.unwrap();
    assert_eq!(app.get("/projects").await.status, StatusCode::OK);
    // Sessions live by the machine's clock; the test's is far behind it, and then far ahead.
    app.clock.advance_seconds(3_650 * 86_400);
    tengine::session::expire(&app.services.core).await.unwrap();
    assert!(app.get("/projects").await.status.is_redirection());
}

#[tokio::test]
async fn sessions_that_ended_are_deleted_on_sqlite() {
    story_of_sessions_that_end(&TestApp::new().await).await;
}

#[tokio::test]
async fn sessions_that_ended_are_deleted_on_postgres() {
    let database = domain::db::testing::TestDatabase::postgres().await;
    let app = TestApp::with(database, PUBLIC, domain::accounts::SignUpPolicy::Open).await;
    story_of_sessions_that_end(&app).await;
}
