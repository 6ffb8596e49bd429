//! Who has an account is told to nobody: neither by a page's words nor by its status.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::{
    accounts::{SignUpPolicy, SignUpState},
    clock::{SystemClock, SystemRandom},
    db::testing::TestDatabase,
    integrations::Approval,
    invitations::NewInvitation,
    mail::{MailConfig, Mailer, testing::SmtpServer},
    members::Role,
};

use super::{phone::Phone, plain_pages::Fields};
use crate::app::{EMAIL, Options, PASSWORD, PUBLIC, TestApp};

const DISABLED: &str = "carol@example.com";
const NOBODY: &str = "nobody@example.com";

/// An instance with Ada, who has a second factor, and Carol, who is disabled.
async fn target(sign_up: SignUpPolicy, mailer: Mailer) -> TestApp {
    let options = Options {
        mailer,
        ..Options::default()
    };
    let app = TestApp::with_options(TestDatabase::sqlite().await, PUBLIC, sign_up, options).await;
    let made = app.bootstrap(Approval::Ask).await;
    let new = NewInvitation {
        most_uses: None,
        valid_seconds: None,
        email: None,
        is_mailed: false,
    };
    let access = app.access(&made).await;
    let (_, token) = app
        .services
        .invitations
        .create(&access, Role::Viewer, &new, None)
        .await
        .unwrap();
    let path = format!("/invite/{}", token.reveal());
    let csrf = app.get("/sign-up").await.body;
    assert!(csrf.contains("closed") == (sign_up != SignUpPolicy::Open));
    let csrf = app.get("/recover").await.hidden("csrf");
    let fields = [
        ("email", DISABLED),
        ("password", PASSWORD),
        ("csrf", &csrf),
        ("next", &path),
    ];
    let answer = app.form("/sign-up", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    app.services
        .accounts
        .disable_by_operator(DISABLED)
        .await
        .unwrap();
    app.forget_cookies();
    app.sign_in(EMAIL, PASSWORD).await;
    Phone::added(&app).await;
    app.forget_cookies();
    app
}

async fn with_mail() -> (Mailer, SmtpServer) {
    let server = SmtpServer::start().await;
    let config = MailConfig::parse(&server.url(), "tengine@example.com").unwrap();
    (
        Mailer::new(&config, Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap(),
        server,
    )
}

/// What a form is answered with, without what was typed.
async fn told(
    app: &TestApp,
    path: &str,
    email: &str,
    more: &[(&str, &str)],
) -> (StatusCode, String, String) {
    app.forget_cookies();
    let csrf = app.get("/recover").await.hidden("csrf");
    let mut fields = vec![("csrf", csrf.as_str()), ("email", email)];
    fields.extend(more);
    let answer = app.form(path, &fields).await;
    let body = answer
        .body
        .replace(email, "EMAIL")
        .replace(email.trim(), "EMAIL")
        .replace(&csrf, "CSRF");
    (answer.status, answer.header("location").to_owned(), body)
}

/// OWASP ASVS 6.3.8: the answers for an account, for a disabled one and for none are the same, at each form
/// that asks for an address.
#[tokio::test]
async fn every_form_with_an_address_answers_alike_for_known_and_unknown() {
    let (mailer, _server) = with_mail().await;
    let app = target(SignUpPolicy::Invite, mailer).await;
    const NEW: &str = "another battery entirely";
    const WEAK: Fields = &[("code", "AAAA-AAAA-AAAA-AAAA"), ("password", "short")];
    let forms: [(&str, StatusCode, Fields); 8] = [
        (
            "/sign-in",
            StatusCode::UNAUTHORIZED,
            &[("password", "not it at all")],
        ),
        ("/sign-in", StatusCode::UNAUTHORIZED, &[("password", "")]),
        ("/sign-up", StatusCode::FORBIDDEN, &[("password", PASSWORD)]),
        (
            "/sign-up",
            StatusCode::NOT_FOUND,
            &[("password", PASSWORD), ("next", "/invite/tng_inv_guess")],
        ),
        ("/recover", StatusCode::OK, &[]),
        (
            "/recover/code",
            StatusCode::UNAUTHORIZED,
            &[("code", "AAAA-AAAA-AAAA-AAAA"), ("password", NEW)],
        ),
        (
            "/recover/code",
            StatusCode::UNAUTHORIZED,
            &[("code", "x"), ("password", NEW)],
        ),
        ("/recover/code", StatusCode::UNAUTHORIZED, WEAK),
    ];
    for (path, status, fields) in forms {
        let unknown = told(&app, path, NOBODY, fields).await;
        assert_eq!(unknown.0, status, "{path}: {}", unknown.2);
        for email in [EMAIL, DISABLED, "ADA@example.com "] {
            assert_eq!(
                told(&app, path, email, fields).await,
                unknown,
                "{path} {email}"
            );
        }
    }
    // A right password of a disabled account is a wrong one.
    let right = [("password", PASSWORD)];
    assert_eq!(
        told(&app, "/sign-in", DISABLED, &right).await,
        told(&app, "/sign-in", NOBODY, &right).await
    );
}

/// OWASP ASVS 6.3.8: the second factor is shown to nobody who has not shown the first.
#[tokio::test]
async fn whether_an_account_has_a_second_factor_is_told_after_its_password_only() {
    let app = target(SignUpPolicy::Invite, Mailer::none()).await;
    let wrong = told(&app, "/sign-in", EMAIL, &[("password", "not it at all")]).await;
    assert_eq!(wrong.0, StatusCode::UNAUTHORIZED);
    for path in [
        "/sign-in/second-step",
        "/sign-in/second-step/challenge",
        "/sign-in/second-step/passkey",
    ] {
        let answer = told(&app, path, EMAIL, &[("code", "123456")]).await;
        assert_eq!(
            (answer.0, answer.1.as_str()),
            (StatusCode::SEE_OTHER, "/sign-in"),
            "{path}"
        );
    }
    // A passkey's challenge names nobody's passkeys (WebAuthn Level 3 §14.6.2).
    app.forget_cookies();
    let csrf = app.get("/recover").await.hidden("csrf");
    let fields = [("csrf", csrf.as_str()), ("email", EMAIL)];
    let challenge = app.form("/sign-in/passkey/challenge", &fields).await.json();
    let allowed = challenge["publicKey"]["allowCredentials"].as_array();
    assert!(allowed.is_none_or(Vec::is_empty), "{challenge}");
    let before = app
        .form("/sign-in/passkey", &[("csrf", &csrf), ("credential", "{}")])
        .await;
    assert!(before.status.is_client_error());
}

/// OWASP ASVS 6.3.8: an invitation that is for one address does not say for which, nor whether that has an
/// account.
#[tokio::test]
async fn an_invitation_does_not_tell_whom_it_is_for() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_up("bob@example.com", PASSWORD).await;
    app.forget_cookies();
    let mut pages = Vec::new();
    for email in ["bob@example.com", NOBODY] {
        let new = NewInvitation {
            most_uses: None,
            valid_seconds: None,
            email: Some(email.to_owned()),
            is_mailed: false,
        };
        let access = app.access(&made).await;
        let (_, token) = app
            .services
            .invitations
            .create(&access, Role::Viewer, &new, None)
            .await
            .unwrap();
        app.forget_cookies();
        let page = app.get(&format!("/invite/{}", token.reveal())).await;
        assert!(!page.body.contains(email), "{}", page.body);
        let csrf = app.cookie("tengine_form").unwrap();
        let in_a_query = token.reveal().replace('_', "%5F").replace('-', "%2D");
        pages.push((
            page.status,
            page.body
                .replace(token.reveal(), "TOKEN")
                .replace(&in_a_query, "TOKEN")
                .replace(&csrf, "CSRF"),
        ));
    }
    assert_eq!(pages[0], pages[1]);
}

/// OWASP ASVS 6.3.8: with a mail server sign-up says the same of every address, and an account is made by
/// the link that went there and by nothing else.
#[tokio::test]
async fn open_sign_up_with_mail_tells_nobody_which_addresses_are_taken() {
    let mail = SmtpServer::start().await;
    let config = MailConfig::parse(&mail.url(), "tengine@example.com").unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let mailer = Mailer::new(&config, clock, random).unwrap();
    let app = target(SignUpPolicy::Open, mailer).await;
    let page = app.get("/sign-up?next=/projects").await;
    assert!(!page.body.contains("type=\"password\""), "{}", page.body);
    let fields = [("password", PASSWORD)];
    let taken = told(&app, "/sign-up", EMAIL, &fields).await;
    let free = told(&app, "/sign-up", NOBODY, &fields).await;
    assert_eq!(taken, free);
    assert_eq!(taken.0, StatusCode::OK);
    let accounts = &app.services.accounts;
    assert!(accounts.by_email(NOBODY).await.unwrap().is_none());
    let token = mail.next_to(NOBODY, "token=").await.token();
    app.forget_cookies();
    let link = format!("/sign-up?token={token}");
    let page = app.get(&link).await;
    assert!(page.body.contains(NOBODY) && page.body.contains("type=\"password\""));
    let csrf = page.hidden("csrf");
    // Whose account it becomes is the link's to say.
    let fields = [
        ("email", "eve@example.com"),
        ("password", PASSWORD),
        ("token", &token),
        ("csrf", &csrf),
    ];
    let made = app.form("/sign-up", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let account = accounts.by_email(NOBODY).await.unwrap().unwrap();
    assert!(account.email_verified_at.is_some());
    assert_eq!(app.get("/projects").await.status, StatusCode::OK);
    let forged = app.get("/sign-up?token=x").await;
    app.forget_cookies();
    let forged = match forged.status {
        StatusCode::SEE_OTHER => app.get("/sign-up?token=x").await,
        _ => forged,
    };
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// OWASP ASVS 6.3.8, and what cannot be hidden: where everybody may sign up and there is no mail, a taken
/// address has to be refused. Whoever minds lets people in by invitation, or sets a mail server.
#[tokio::test]
async fn open_sign_up_without_mail_tells_which_addresses_are_taken() {
    let app = target(SignUpPolicy::Open, Mailer::none()).await;
    assert_eq!(
        app.services.accounts.sign_up_state().await.unwrap(),
        SignUpState::Open
    );
    let fields = [("password", PASSWORD)];
    assert_eq!(
        told(&app, "/sign-up", EMAIL, &fields).await.0,
        StatusCode::CONFLICT
    );
    assert_eq!(
        told(&app, "/sign-up", NOBODY, &fields).await.0,
        StatusCode::SEE_OTHER
    );
}
