//! Between the first proof of who somebody is and the second.

use axum::http::StatusCode;
use domain::{accounts::Actor, integrations::Approval};
use leptos::prelude::provide_context;

use super::{functions, phone::Phone};
use crate::app::{Answer, Cookies, EMAIL, PASSWORD, TestApp};

const SESSION: &str = "tengine_session";
/// What a stranger may ask.
const PUBLIC: [&str; 4] = ["load_instance", "load_me", "load_reference", "load_roles"];

/// An account with an authenticator app, and a browser in which somebody has shown its password.
async fn halfway() -> (TestApp, Phone, Vec<String>) {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let (phone, codes) = Phone::added(&app).await;
    app.forget_cookies();
    app.clock.advance_seconds(60);
    let answer = app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(answer.header("location"), "/sign-in/second-step");
    (app, phone, codes)
}

async fn second_step(app: &TestApp, code: &str) -> Answer {
    let csrf = app.get("/recover").await.hidden("csrf");
    app.form("/sign-in/second-step", &[("csrf", &csrf), ("code", code)])
        .await
}

async fn is_signed_in(app: &TestApp) -> bool {
    app.get("/projects").await.status == StatusCode::OK
}

/// OWASP ASVS 7.2.1 and 6.3.3: who has shown a password only has shown too little, for each page and each
/// function.
#[tokio::test]
async fn a_password_alone_opens_no_function_and_no_page() {
    let (app, phone, _) = halfway().await;
    let half = app.cookies();
    for function in functions::all() {
        app.switch(half.clone());
        let answer = function.call(&app, &[]).await;
        app.switch(Cookies::new());
        let as_stranger = function.call(&app, &[]).await;
        let name = &function.name;
        assert_eq!(
            (answer.status, &answer.body),
            (as_stranger.status, &as_stranger.body),
            "{name}"
        );
        if !PUBLIC.contains(&name.as_str()) {
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{name}: {}",
                answer.body
            );
        }
    }
    let services = app.services.clone();
    let (pages, _) = leptos_axum::generate_route_list_with_exclusions_and_ssg_and_context(
        app::App,
        None,
        move || {
            provide_context(services.clone());
        },
    );
    let plain = [
        "/account/authenticator",
        "/confirm",
        "/connect/x",
        "/sign-up",
    ];
    let pages: Vec<String> = pages
        .iter()
        .map(|page| page.path().to_owned())
        .chain(plain.map(str::to_owned))
        .collect();
    assert!(pages.len() > 30, "{pages:?}");
    for page in pages {
        app.switch(half.clone());
        let answer = app.get(&page).await;
        app.switch(Cookies::new());
        let as_stranger = app.get(&page).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (as_stranger.status, as_stranger.header("location")),
            "{page}"
        );
        assert!(!answer.body.contains(EMAIL), "{page}");
    }
    // And it was what it seemed to be.
    app.switch(half);
    assert_eq!(
        second_step(&app, &phone.code(&app)).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(is_signed_in(&app).await);
}

/// OWASP ASVS 7.2.4: a session that was planted in somebody's browser does not become theirs, neither
/// after the password nor after the second factor.
#[tokio::test]
async fn a_planted_session_is_left_behind_at_each_step() {
    let (app, phone, _) = halfway().await;
    // Mallory has a session of their own, and gives it to Ada's browser.
    app.forget_cookies();
    app.sign_up("mallory@example.com", PASSWORD).await;
    let planted = app.cookies();
    app.sign_in(EMAIL, PASSWORD).await;
    let after_password = app.cookies();
    assert_ne!(after_password[SESSION], planted[SESSION]);
    app.switch(planted.clone());
    let step = app.get("/sign-in/second-step").await;
    assert_eq!(step.header("location"), "/sign-in", "it is not halfway");
    app.switch(after_password.clone());
    second_step(&app, &phone.code(&app)).await;
    assert!(app.get("/projects").await.body.contains(EMAIL));
    assert_ne!(app.cookies()[SESSION], after_password[SESSION]);
    for old in [planted, after_password] {
        app.switch(old);
        assert!(!is_signed_in(&app).await);
        assert_eq!(
            app.get("/sign-in/second-step").await.header("location"),
            "/sign-in"
        );
    }
}

/// OWASP ASVS 6.6.3: a first proof does not wait for its second for ever.
#[tokio::test]
async fn a_password_that_was_shown_is_forgotten_after_ten_minutes() {
    let (app, phone, _) = halfway().await;
    app.clock.advance_seconds(599);
    assert_eq!(app.get("/sign-in/second-step").await.status, StatusCode::OK);
    app.clock.advance_seconds(1);
    let answer = second_step(&app, &phone.code(&app)).await;
    assert_eq!(answer.header("location"), "/sign-in");
    assert!(!is_signed_in(&app).await);
}

/// OWASP ASVS 7.4.2: nor does it outlive the account's being disabled.
#[tokio::test]
async fn a_disabled_account_gets_no_further_than_halfway() {
    let (app, phone, _) = halfway().await;
    // The first owner cannot go, so there is another.
    app.services
        .accounts
        .disable_by_operator(EMAIL)
        .await
        .unwrap_err();
    let half = app.switch(Cookies::new());
    app.sign_up("bob@example.com", PASSWORD).await;
    app.services
        .accounts
        .make_owner_by_operator("bob@example.com")
        .await
        .unwrap();
    app.services
        .accounts
        .disable_by_operator(EMAIL)
        .await
        .unwrap();
    app.switch(half);
    assert_eq!(
        app.get("/sign-in/second-step").await.header("location"),
        "/sign-in"
    );
    second_step(&app, &phone.code(&app)).await;
    assert!(!is_signed_in(&app).await);
}

/// OWASP ASVS 7.4.3: nor a change of the password that was shown: whoever stole the old one is out.
#[tokio::test]
async fn a_password_that_was_changed_since_has_proved_nothing() {
    let (app, phone, codes) = halfway().await;
    let thief = app.switch(Cookies::new());
    let csrf = app.get("/recover").await.hidden("csrf");
    let new = "another battery entirely";
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", EMAIL),
        ("code", &codes[0]),
        ("password", new),
    ];
    let answer = app.form("/recover/code", &fields).await;
    assert_eq!(
        answer.header("location"),
        "/sign-in?recovered",
        "{}",
        answer.body
    );
    let owner = app.switch(thief);
    assert_eq!(
        app.get("/sign-in/second-step").await.header("location"),
        "/sign-in"
    );
    for code in [phone.code(&app), codes[1].clone()] {
        assert_eq!(
            second_step(&app, &code).await.header("location"),
            "/sign-in"
        );
        assert!(!is_signed_in(&app).await);
    }
    // Nothing was used up by that.
    app.switch(owner);
    app.sign_in(EMAIL, new).await;
    assert_eq!(
        second_step(&app, &codes[1]).await.header("location"),
        "/projects"
    );
}

/// OWASP ASVS 7.2.1: what is halfway is halfway to one account, whatever the form says.
#[tokio::test]
async fn a_second_step_belongs_to_the_account_of_the_first() {
    let (app, _, _) = halfway().await;
    let half = app.switch(Cookies::new());
    app.sign_up("mallory@example.com", PASSWORD).await;
    let (phone, _) = Phone::added(&app).await;
    let mallory = app
        .services
        .accounts
        .by_email("mallory@example.com")
        .await
        .unwrap()
        .unwrap();
    app.clock.advance_seconds(60);
    app.switch(half);
    let code = phone.code(&app);
    let csrf = app.get("/recover").await.hidden("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("code", &code),
        ("user_id", mallory.id.as_str()),
        ("email", "mallory@example.com"),
    ];
    let answer = app.form("/sign-in/second-step", &fields).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    assert!(!is_signed_in(&app).await);
    let actor = Actor::Person {
        user_id: mallory.id,
    };
    assert!(app.services.instance.owner(&actor).await.is_err());
}
