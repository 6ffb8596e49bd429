//! What a browser is signed in by: the list of it, its end, and what it may do for how long.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    accounts::{Actor, SignUpPolicy},
    db::testing::TestDatabase,
    sessions::SessionEnd,
};

use crate::app::{EMAIL, PASSWORD, PUBLIC, TestApp};

const SESSION: &str = "tengine_session";

async fn with_cookie(app: &TestApp, cookie: &str, path: &str) -> crate::app::Answer {
    let request = Request::get(path).header(header::COOKIE, format!("{SESSION}={cookie}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn story(app: &TestApp) {
    app.sign_up(EMAIL, PASSWORD).await;
    let here = app.cookie(SESSION).unwrap();
    app.forget_cookies();
    app.sign_in(EMAIL, PASSWORD).await;
    let there = app.cookie(SESSION).unwrap();
    let list = app.call("list_sessions", &[]).await.json();
    let sessions = list["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{list}");
    let is_this: Vec<_> = sessions.iter().map(|one| &one["is_this"]).collect();
    assert!(is_this.contains(&&true.into()) && is_this.contains(&&false.into()));
    assert!(
        sessions[0]["how"]
            .as_str()
            .unwrap()
            .starts_with("with a password")
    );

    let other = sessions.iter().find(|one| one["is_this"] == false).unwrap();
    let id = other["id"].as_str().unwrap();
    let ended = app.call("end_session", &[("session_id", id)]).await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
    let answer = with_cookie(app, &here, "/projects").await;
    assert!(
        answer.header("location").starts_with("/sign-in"),
        "it is over"
    );
    let again = app.call("end_session", &[("session_id", id)]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let answer = with_cookie(app, &there, "/projects").await;
    assert_eq!(answer.status, StatusCode::OK, "the other goes on");
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_ends_it_on_sqlite() {
    story(&TestApp::new().await).await;
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_ends_it_on_postgres() {
    let database = TestDatabase::postgres().await;
    story(&TestApp::with(database, PUBLIC, SignUpPolicy::Open).await).await;
}

#[tokio::test]
async fn nobody_ends_the_session_of_another() {
    let app = TestApp::new().await;
    app.sign_up(EMAIL, PASSWORD).await;
    let list = app.call("list_sessions", &[]).await.json();
    let of_ada = list["sessions"][0]["id"].as_str().unwrap().to_owned();
    let cookie = app.cookie(SESSION).unwrap();
    app.forget_cookies();
    app.sign_up("eve@example.com", PASSWORD).await;
    let refused = app.call("end_session", &[("session_id", &of_ada)]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    app.call("end_other_sessions", &[]).await;
    let answer = with_cookie(&app, &cookie, "/projects").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

#[tokio::test]
async fn a_cookie_that_was_copied_is_worth_nothing_after_sign_out() {
    let app = TestApp::new().await;
    app.sign_up(EMAIL, PASSWORD).await;
    let copied = app.cookie(SESSION).unwrap();
    let page = app.get("/projects").await;
    app.form("/sign-out", &[("csrf", &page.hidden("csrf"))])
        .await;
    for path in ["/projects", "/account/sessions", "/confirm"] {
        let answer = with_cookie(&app, &copied, path).await;
        assert!(
            answer.header("location").starts_with("/sign-in"),
            "{path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_at_its_age() {
    let app = TestApp::new().await;
    app.sign_up(EMAIL, PASSWORD).await;
    const DAY: i64 = 86_400;
    for _ in 0..6 {
        app.clock.advance_seconds(13 * DAY);
        assert_eq!(app.get("/projects").await.status, StatusCode::OK);
    }
    // It was used all the time, and is 91 days old.
    app.clock.advance_seconds(13 * DAY);
    assert_eq!(app.get("/projects").await.status, StatusCode::SEE_OTHER);
    app.sign_in(EMAIL, PASSWORD).await;
    app.clock.advance_seconds(14 * DAY);
    assert_eq!(app.get("/projects").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_sensitive_act_takes_a_fresh_proof_and_the_cookie_changes_with_it() {
    let app = TestApp::new().await;
    let made = app.bootstrap(domain::integrations::Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let fields = [
        ("project_id", made.project.id.as_str()),
        ("integration_id", made.integration.id.as_str()),
        ("is_automatic", "true"),
    ];
    app.clock.advance_seconds(600);
    let refused = app.call("set_approval", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["kind"], "proof_needed");

    let before = app.cookie(SESSION).unwrap();
    let csrf = app.get("/confirm").await.hidden("csrf");
    let wrong = app
        .form("/confirm", &[("csrf", &csrf), ("password", "wrong")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let forged = app
        .form("/confirm", &[("csrf", "x"), ("password", PASSWORD)])
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(
        app.call("set_approval", &fields).await.status,
        StatusCode::FORBIDDEN
    );
    let right = app
        .form("/confirm", &[("csrf", &csrf), ("password", PASSWORD)])
        .await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.body);
    assert_ne!(app.cookie(SESSION).unwrap(), before);
    assert_eq!(
        app.call("set_approval", &fields).await.status,
        StatusCode::OK
    );
    let old = with_cookie(&app, &before, "/projects").await;
    assert_eq!(old.status, StatusCode::SEE_OTHER, "who copied it has less");
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_with_the_next_request() {
    let app = TestApp::new().await;
    app.sign_up(EMAIL, PASSWORD).await;
    let user = app
        .services
        .accounts
        .by_email(EMAIL)
        .await
        .unwrap()
        .unwrap()
        .id;
    let sessions = app.services.sessions.list(&user).await.unwrap();
    let (actor, id) = (Actor::Person { user_id: user }, &sessions[0].id);
    let ended = app.services.sessions.end(&actor, id, SessionEnd::ByOwner);
    ended.await.unwrap();
    assert_eq!(app.get("/projects").await.status, StatusCode::SEE_OTHER);
}
