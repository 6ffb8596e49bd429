//! Signing in with somebody else's word for who one is.

use axum::http::StatusCode;
use domain::{
    accounts::Actor, bootstrap::Bootstrapped, integrations::Approval, providers::ProviderKind,
};

use super::provider::Provider;
use crate::app::{Cookies, EMAIL, Options, PASSWORD, TestApp};

async fn target() -> (TestApp, Bootstrapped, Provider) {
    let app = TestApp::with_settings(Options {
        tools_allow: "127.0.0.1".parse().unwrap(),
        ..Options::default()
    })
    .await;
    let made = app.bootstrap(Approval::Ask).await;
    let provider = Provider::added(&app, &made).await;
    (app, made, provider)
}

async fn is_signed_in(app: &TestApp) -> bool {
    app.get("/projects").await.status == StatusCode::OK
}

async fn identities(app: &TestApp, made: &Bootstrapped) -> usize {
    let actor = Actor::Person {
        user_id: made.account.id.clone(),
    };
    app.services
        .providers
        .identities(&actor)
        .await
        .unwrap()
        .len()
}

/// RFC 6749 §10.12, RFC 9700 §4.7 (login CSRF): an answer that this browser did not ask for signs nobody in:
/// not without a question, not to that of another browser, not with a made-up state.
#[tokio::test]
async fn an_answer_to_another_browser_signs_nobody_in() {
    let (app, _, provider) = target().await;
    provider.knows("mallory@example.com", true);
    let of_mallory = provider.begin(&app, &[]).await;
    let mallory = app.switch(Cookies::new());
    for state in [None, Some(""), Some("guess"), Some(of_mallory.as_str())] {
        let mut query = vec![("code", "c1")];
        query.extend(state.map(|state| ("state", state)));
        let answer = provider.back(&app, &query).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{state:?}");
        assert!(!is_signed_in(&app).await, "{state:?}");
    }
    // Nor when the victim is on the way there.
    provider.begin(&app, &[]).await;
    let answer = provider
        .back(&app, &[("code", "c1"), ("state", &of_mallory)])
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(!is_signed_in(&app).await);
    assert_eq!(provider.traded(), 0, "no code was as much as looked at");
    // It was good for one browser.
    app.switch(mallory);
    let answer = provider
        .back(&app, &[("code", "c1"), ("state", &of_mallory)])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(is_signed_in(&app).await);
}

/// RFC 9700 §4.7: somebody else's page that sends a browser to the callback ends nothing that is under way.
#[tokio::test]
async fn a_foreign_callback_does_not_end_what_was_begun() {
    let (app, _, provider) = target().await;
    provider.knows("bob@example.com", true);
    let state = provider.begin(&app, &[]).await;
    for query in [
        vec![],
        vec![("state", "guess"), ("code", "x")],
        vec![("error", "access_denied")],
    ] {
        provider.back(&app, &query).await;
    }
    provider
        .back(&app, &[("state", &state), ("code", "good")])
        .await;
    assert!(is_signed_in(&app).await);
}

/// RFC 6749 §10.5, OpenID Connect Core §3.1.2: an answer works once, and not after its time.
#[tokio::test]
async fn an_answer_works_once_and_in_its_time() {
    let (app, _, provider) = target().await;
    provider.knows("bob@example.com", true);
    let state = provider.begin(&app, &[]).await;
    let query = [("state", state.as_str()), ("code", "good")];
    let before = app.cookies();
    provider.back(&app, &query).await;
    assert!(is_signed_in(&app).await);
    for browser in [app.cookies(), before, Cookies::new()] {
        app.switch(browser);
        let answer = provider.back(&app, &query).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    }
    assert_eq!(provider.traded(), 1);
    let late = provider.begin(&app, &[]).await;
    app.clock.advance_seconds(600);
    let answer = provider
        .back(&app, &[("state", &late), ("code", "late")])
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(provider.traded(), 1);
}

/// RFC 9700 §4.4 (mix-up): an answer of one provider is not taken for another's: neither at its address nor
/// under its name.
#[tokio::test]
async fn an_answer_of_another_provider_is_none() {
    let (app, made, honest) = target().await;
    let evil = Provider::of_kind(&app, &made, ProviderKind::Oidc).await;
    honest.knows(EMAIL, true);
    let state = honest.begin(&app, &[]).await;
    let answer = evil
        .back(
            &app,
            &[("state", &state), ("code", "c"), ("iss", &evil.origin)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let state = evil.begin(&app, &[]).await;
    for iss in [Some(honest.origin.as_str()), Some(""), None] {
        let mut query = vec![("state", state.as_str()), ("code", "c")];
        query.extend(iss.map(|iss| ("iss", iss)));
        let answer = evil.back(&app, &query).await;
        assert!(
            answer.status.is_client_error(),
            "{iss:?}: {}",
            answer.status
        );
        assert!(!is_signed_in(&app).await);
    }
    assert_eq!((honest.traded(), evil.traded()), (0, 0));
}

/// OWASP ASVS 6.8.1 and 10.5.2: a provider that hands somebody else's address on, unseen, opens neither their
/// account nor a new one, and links nothing, not even when that person signs in afterwards.
#[tokio::test]
async fn an_address_that_nobody_checked_opens_nothing() {
    let (app, made, provider) = target().await;
    for email in [EMAIL, "nobody@example.com"] {
        provider.knows(email, false);
        let answer = provider.visit(&app, &format!("code of {email}"), &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
        assert!(!is_signed_in(&app).await);
    }
    let nobody = app
        .services
        .accounts
        .by_email("nobody@example.com")
        .await
        .unwrap();
    assert!(nobody.is_none());
    app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(identities(&app, &made).await, 0);
}

/// OWASP ASVS 6.8.1: an address that the provider did check is linked only with the proof of the account that
/// has it: its password, in the same browser, in time.
#[tokio::test]
async fn a_checked_address_is_linked_with_the_accounts_own_proof_only() {
    let (app, made, provider) = target().await;
    provider.knows(EMAIL, true);
    let answer = provider.visit(&app, "1", &[]).await;
    assert!(
        answer.body.contains("Sign in to it as you always do"),
        "{}",
        answer.body
    );
    assert!(!is_signed_in(&app).await);
    // Whoever else signs in here gets nothing of it.
    app.sign_up("mallory@example.com", PASSWORD).await;
    let mallory = app
        .services
        .accounts
        .by_email("mallory@example.com")
        .await
        .unwrap()
        .unwrap();
    let actor = Actor::Person {
        user_id: mallory.id,
    };
    assert!(
        app.services
            .providers
            .identities(&actor)
            .await
            .unwrap()
            .is_empty()
    );
    // In another browser, and too late.
    app.forget_cookies();
    app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(identities(&app, &made).await, 0);
    app.forget_cookies();
    provider.visit(&app, "2", &[]).await;
    app.clock.advance_seconds(600);
    app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(identities(&app, &made).await, 0);
    // And as it is meant.
    app.forget_cookies();
    provider.visit(&app, "3", &[]).await;
    app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(identities(&app, &made).await, 1);
}

/// OWASP ASVS 7.2.4: an identity that is begun to be linked in one account's session is not linked to another's.
#[tokio::test]
async fn a_link_belongs_to_who_began_it() {
    let (app, made, provider) = target().await;
    provider.knows("whoever@example.com", true);
    app.sign_in(EMAIL, PASSWORD).await;
    let state = provider.begin(&app, &[("purpose", "link")]).await;
    app.sign_up("mallory@example.com", PASSWORD).await;
    let answer = provider
        .back(&app, &[("state", &state), ("code", "c")])
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!((identities(&app, &made).await, provider.traded()), (0, 0));
    // Nor by who is not signed in at all.
    app.forget_cookies();
    for purpose in ["link", "prove"] {
        let csrf = app.get("/recover").await.hidden("csrf");
        let answer = app
            .form(&provider.path(), &[("csrf", &csrf), ("purpose", purpose)])
            .await;
        assert_eq!(answer.header("location"), "/sign-in");
    }
}
