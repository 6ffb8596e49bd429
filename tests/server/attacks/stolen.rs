//! A copy of somebody's cookies, and what ends it.

use axum::http::StatusCode;
use domain::integrations::Approval;

use super::{functions, phone::Phone};
use crate::app::{Cookies, EMAIL, PASSWORD, TestApp};

const SESSION: &str = "tengine_session";
const NEW: &str = "another battery entirely";

async fn target() -> TestApp {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    app
}

async fn is_in(app: &TestApp, cookies: &Cookies) -> bool {
    let mine = app.switch(cookies.clone());
    let page = app.get("/projects").await.status == StatusCode::OK;
    let call = app.call("list_sessions", &[]).await.status == StatusCode::OK;
    app.switch(mine);
    assert_eq!(page, call);
    page
}

async fn call(app: &TestApp, function: &str, given: &[(&str, &str)]) {
    let all = functions::all();
    let function = all.iter().find(|one| one.name == function).unwrap();
    let answer = function.call(app, given).await;
    assert!(
        answer.status.is_success(),
        "{}: {} {}",
        function.name,
        answer.status,
        answer.body
    );
}

/// OWASP ASVS 7.2.4 and 7.4.3: with each thing that changes what a session may do its cookie changes, and a
/// copy of the old one is worth nothing.
#[tokio::test]
async fn the_cookie_changes_with_what_it_may_do() {
    let app = target().await;
    let mut seen = vec![app.cookies()];
    let proves = async || {
        let csrf = app.get("/confirm").await.hidden("csrf");
        app.form("/confirm", &[("csrf", &csrf), ("password", PASSWORD)])
            .await;
    };
    proves().await;
    seen.push(app.cookies());
    call(&app, "change_password", &[("password", NEW)]).await;
    seen.push(app.cookies());
    app.sign_in(EMAIL, NEW).await;
    seen.push(app.cookies());
    let ids: std::collections::BTreeSet<_> = seen.iter().map(|jar| jar[SESSION].clone()).collect();
    assert_eq!(ids.len(), seen.len());
    let last = seen.pop().unwrap();
    assert!(is_in(&app, &last).await);
    for old in seen {
        assert!(!is_in(&app, &old).await);
    }
}

/// OWASP ASVS 7.4.1: a copy is worth nothing once its person signed out; it can no more sign out or in.
#[tokio::test]
async fn a_copy_ends_with_the_sign_out() {
    let app = target().await;
    let copy = app.cookies();
    let csrf = app.get("/projects").await.hidden("csrf");
    assert!(is_in(&app, &copy).await);
    app.form("/sign-out", &[("csrf", &csrf)]).await;
    assert!(!is_in(&app, &copy).await);
    app.switch(copy.clone());
    let again = app.form("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(
        again.header("location"),
        "/projects",
        "it has no token any more"
    );
    let proof = app
        .form("/confirm", &[("csrf", &csrf), ("password", PASSWORD)])
        .await;
    assert!(proof.header("location").starts_with("/sign-in"));
    assert!(!is_in(&app, &app.cookies()).await);
}

/// OWASP ASVS 7.4.3 and 7.4.5: what a person does in one browser ends the others: a new password, signing out
/// everywhere else, ending one of them.
#[tokio::test]
async fn a_copy_ends_with_what_its_person_does_elsewhere() {
    for act in ["change_password", "end_other_sessions", "end_session"] {
        let app = target().await;
        let stolen = app.switch(Cookies::new());
        app.sign_in(EMAIL, PASSWORD).await;
        let list = app.call("list_sessions", &[]).await.json();
        let sessions = list["sessions"].as_array().unwrap();
        let other = sessions.iter().find(|one| one["is_this"] == false).unwrap();
        let id = other["id"].as_str().unwrap();
        assert!(is_in(&app, &stolen).await);
        let given = match act {
            "change_password" => vec![("password", NEW)],
            "end_session" => vec![("session_id", id)],
            _ => vec![],
        };
        call(&app, act, &given).await;
        assert!(!is_in(&app, &stolen).await, "{act}");
        assert!(is_in(&app, &app.cookies()).await, "{act}: here it goes on");
    }
}

/// OWASP ASVS 7.4.2 and 7.4.5: and with what an owner of the instance does, and with the account.
#[tokio::test]
async fn a_copy_ends_with_what_an_owner_does_and_with_the_account() {
    for act in ["sign_out_account", "disable_account", "delete_account"] {
        let app = target().await;
        let owner = app.switch(Cookies::new());
        app.sign_up("bob@example.com", PASSWORD).await;
        let bob = app
            .services
            .accounts
            .by_email("bob@example.com")
            .await
            .unwrap()
            .unwrap();
        let stolen = app.cookies();
        assert!(is_in(&app, &stolen).await);
        if act == "delete_account" {
            call(&app, act, &[("confirm_email", "bob@example.com")]).await;
        } else {
            app.switch(owner);
            call(&app, act, &[("user_id", bob.id.as_str())]).await;
        }
        assert!(!is_in(&app, &stolen).await, "{act}");
    }
}

/// OWASP ASVS 6.4.3 and 7.4.3: recovery ends whatever somebody else had.
#[tokio::test]
async fn a_copy_ends_with_a_recovery() {
    let app = target().await;
    let (_, codes) = Phone::added(&app).await;
    let stolen = app.switch(Cookies::new());
    let token = app
        .services
        .recovery
        .by_operator(EMAIL, false)
        .await
        .unwrap();
    let path = format!("/recover?token={}", token.reveal());
    let csrf = app.get(&path).await.hidden("csrf");
    let by_link = format!("/recover/reset?token={}", token.reveal());
    assert!(is_in(&app, &stolen).await);
    let answer = app
        .form(&by_link, &[("csrf", &csrf), ("password", NEW)])
        .await;
    assert_eq!(
        answer.header("location"),
        "/sign-in?recovered",
        "{}",
        answer.body
    );
    assert!(!is_in(&app, &stolen).await);
    // And so with a code.
    app.sign_in(EMAIL, NEW).await;
    app.form(
        "/sign-in/second-step",
        &[("csrf", &csrf), ("code", &codes[0])],
    )
    .await;
    let stolen = app.switch(Cookies::new());
    assert!(is_in(&app, &stolen).await);
    let csrf = app.get("/recover").await.hidden("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", EMAIL),
        ("code", &codes[1]),
        ("password", PASSWORD),
    ];
    app.form("/recover/code", &fields).await;
    assert!(!is_in(&app, &stolen).await);
}
