//! Links that show that an address is somebody's: only the person who asked for one uses it.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::{
    accounts::Actor,
    clock::{SystemClock, SystemRandom},
    mail::{MailConfig, Mailer, testing::SmtpServer},
};

use crate::app::{Answer, Options, PASSWORD, TestApp};

const MALLORY: &str = "mallory@example.com";
const VICTIM: &str = "victim@example.com";
const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

async fn joined(app: &TestApp, email: &str) -> Actor {
    app.forget_cookies();
    let token = app.services.accounts.sign_up_link(email).unwrap();
    let csrf = app
        .get(&format!("/sign-up?token={token}"))
        .await
        .hidden("csrf");
    let fields = [("password", PASSWORD), ("token", &token), ("csrf", &csrf)];
    let answer = app.form("/sign-up", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let account = app.services.accounts.by_email(email).await.unwrap();
    Actor::person(&account.unwrap().id)
}

/// Presses the button, with the token of this browser.
async fn confirms(app: &TestApp, path: &str) -> Answer {
    let csrf = app.get("/recover").await.hidden("csrf");
    app.form(path, &[("csrf", &csrf)]).await
}

/// OWASP ASVS 6.3.7 and 10.5.2: Mallory gives the victim's address as hers. The victim gets a mail of this
/// instance and opens what is in it: signed in to nothing, or to their own account. Neither verifies anything
/// of Mallory's.
#[tokio::test]
async fn a_victim_s_click_verifies_no_address_of_somebody_else_s_account() {
    let mail = SmtpServer::start().await;
    let config = MailConfig::parse(&mail.url(), "tengine@example.com").unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let app = TestApp::with_settings(Options {
        mailer: Mailer::new(&config, clock, random).unwrap(),
        ..Options::default()
    })
    .await;
    let mallory = joined(&app, MALLORY).await;
    joined(&app, VICTIM).await;
    let accounts = &app.services.accounts;
    let proof = accounts.prove(&mallory, PASSWORD, HERE).await.unwrap();
    let boss = "boss@example.com";
    accounts
        .begin_email_change(&mallory, &proof, boss, HERE)
        .await
        .unwrap();
    let caught = mail.next().await;
    assert_eq!(caught.to, [boss]);
    let link = format!("/confirm-email?token={}", caught.token());

    // Signed in as somebody else: the page tells nothing of the account, and its form does nothing.
    let page = app.get(&link).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
    assert!(!page.body.contains("mallory"), "{}", page.body);
    assert_eq!(confirms(&app, &link).await.status, StatusCode::FORBIDDEN);

    // Signed out: sign in first. The link comes along.
    app.forget_cookies();
    for answer in [app.get(&link).await, confirms(&app, &link).await] {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let to = answer.location();
        assert_eq!(to.path(), "/sign-in");
        let next = to.query_pairs().find(|(name, _)| name == "next").unwrap().1;
        assert_eq!(next, link);
    }
    let account = accounts.by_email(MALLORY).await.unwrap().unwrap();
    assert!(accounts.by_email(boss).await.unwrap().is_none());

    // Whoever has the account and the mailbox gets there by the same way.
    let page = app.get(&format!("/sign-in?next={}", encoded(&link))).await;
    let fields = [
        ("email", MALLORY),
        ("password", PASSWORD),
        ("next", &link),
        ("csrf", &page.hidden("csrf")),
    ];
    let answer = app.form("/sign-in", &fields).await;
    assert_eq!(answer.header("location"), link);
    assert_eq!(app.get(&link).await.status, StatusCode::OK);
    assert_eq!(confirms(&app, &link).await.status, StatusCode::OK);
    let changed = accounts.by_email(boss).await.unwrap().unwrap();
    assert_eq!(changed.id, account.id);
    assert!(changed.email_verified_at.is_some());
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
