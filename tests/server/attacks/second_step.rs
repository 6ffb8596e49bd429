//! Codes of an authenticator app, and those for the day on which it is lost.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::integrations::Approval;
use futures_util::future::join_all;

use super::{guessing::from, phone::Phone};
use crate::app::{Answer, Cookies, EMAIL, PASSWORD, TestApp, encoded, form};

async fn target() -> (TestApp, Phone, Vec<String>, String) {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let page = app.get("/account/authenticator").await;
    let (phone, csrf) = (Phone::of(&page), page.hidden("csrf"));
    let first = phone.code(&app);
    let answer = app
        .form(
            "/account/authenticator",
            &[("csrf", &csrf), ("code", &first)],
        )
        .await;
    let codes = super::phone::codes(&answer);
    assert_eq!(codes.len(), 10, "{}", answer.body);
    (app, phone, codes, first)
}

/// A browser in which the password was shown.
async fn halfway(app: &TestApp) -> Cookies {
    app.forget_cookies();
    let answer = app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(
        answer.header("location"),
        "/sign-in/second-step",
        "{}",
        answer.body
    );
    app.cookies()
}

fn request(cookies: &Cookies) -> axum::http::request::Builder {
    let cookies: Vec<String> = cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    form("/sign-in/second-step").header(header::COOKIE, cookies.join("; "))
}

fn body(cookies: &Cookies, code: &str) -> Body {
    Body::from(encoded(&[
        ("csrf", &cookies["tengine_form"]),
        ("code", code),
    ]))
}

async fn tries(app: &TestApp, cookies: &Cookies, code: &str) -> Answer {
    let request: Request<Body> = request(cookies).body(body(cookies, code)).unwrap();
    app.send(request).await
}

fn is_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.header("location") == "/projects"
}

/// RFC 6238 §5.2: a code that was accepted is not accepted again in its window; nor is the one that set
/// the app up.
#[tokio::test]
async fn a_code_of_the_app_works_once() {
    let (app, phone, _, of_the_setup) = target().await;
    let cookies = halfway(&app).await;
    let answer = tries(&app, &cookies, &of_the_setup).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    app.clock.advance_seconds(30);
    let code = phone.code(&app);
    let ada = halfway(&app).await;
    let thief = halfway(&app).await;
    assert!(is_in(&tries(&app, &ada, &code).await));
    // Whoever looked over the shoulder, with the password too, in the same moment and in the next.
    for _ in 0..2 {
        let answer = tries(&app, &thief, &code).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        assert!(answer.body.contains("used already"));
        app.clock.advance_seconds(20);
    }
    app.clock.advance_seconds(30);
    assert!(
        is_in(&tries(&app, &thief, &phone.code(&app)).await),
        "it was no other refusal"
    );
}

/// RFC 6238 §5.2: of two at the same moment one is accepted.
#[tokio::test]
async fn a_code_of_the_app_that_two_send_at_once_lets_one_in() {
    let (app, phone, _, _) = target().await;
    app.clock.advance_seconds(60);
    let mut browsers = Vec::new();
    for _ in 0..4 {
        browsers.push(halfway(&app).await);
    }
    let code = phone.code(&app);
    let answers = join_all(browsers.iter().map(|cookies| tries(&app, cookies, &code))).await;
    assert_eq!(
        answers.iter().filter(|answer| is_in(answer)).count(),
        1,
        "{answers:?}"
    );
}

/// OWASP ASVS 6.5.1: a recovery code works once, of many at the same moment too, and for one thing: the
/// second factor, or a new password.
#[tokio::test]
async fn a_recovery_code_works_once() {
    let (app, _, codes, _) = target().await;
    let mut browsers = Vec::new();
    for _ in 0..4 {
        browsers.push(halfway(&app).await);
    }
    let answers = join_all(
        browsers
            .iter()
            .map(|cookies| tries(&app, cookies, &codes[0])),
    )
    .await;
    assert_eq!(
        answers.iter().filter(|answer| is_in(answer)).count(),
        1,
        "{answers:?}"
    );
    app.forget_cookies();
    let csrf = app.get("/recover").await.hidden("csrf");
    let reset = async |code: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", EMAIL),
            ("code", code),
            ("password", "another battery entirely"),
        ];
        app.form("/recover/code", &fields).await.status
    };
    assert_eq!(reset(&codes[0]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(reset(&codes[1]).await, StatusCode::SEE_OTHER);
    let cookies = {
        app.forget_cookies();
        app.sign_in(EMAIL, "another battery entirely").await;
        app.cookies()
    };
    app.clock.advance_seconds(300);
    assert!(!is_in(&tries(&app, &cookies, &codes[1]).await));
    assert!(is_in(&tries(&app, &cookies, &codes[2]).await));
}

/// OWASP ASVS 6.3.1: six digits are few. Whoever has the password and a thousand networks is slowed down,
/// and the account's person gets in with what is not guessed.
#[tokio::test]
async fn guessing_the_second_step_is_slowed_down_and_its_person_gets_in() {
    let (app, phone, codes, _) = target().await;
    app.clock.advance_seconds(60);
    let thief = halfway(&app).await;
    let right = phone.code(&app);
    let mut refused = 0;
    for guess in 0..40_u8 {
        let wrong = if right == format!("{guess:06}") {
            "999999".to_owned()
        } else {
            format!("{guess:06}")
        };
        let sent = from(request(&thief), [198, 51, guess, 7]);
        let answer = app.send(sent.body(body(&thief, &wrong)).unwrap()).await;
        assert!(!is_in(&answer));
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 20, "{refused}");
    // Even the right one, now: the thief has learnt nothing by it.
    let sent = from(request(&thief), [198, 51, 200, 7]);
    let answer = app.send(sent.body(body(&thief, &right)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!answer.header("retry-after").is_empty());
    let ada = halfway(&app).await;
    assert!(is_in(&tries(&app, &ada, &codes[0]).await));
}
