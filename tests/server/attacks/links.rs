//! Where `next` leads, at each page that takes one.

use axum::http::StatusCode;
use domain::integrations::Approval;

use super::{phone::Phone, provider::Provider};
use crate::app::{Answer, Cookies, EMAIL, Options, PASSWORD, PUBLIC, TestApp, encoded};

const HOSTILE: [&str; 16] = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "//evil.example@localhost:3000/",
    "/%09/evil.example",
    "/\t/evil.example",
    "/\r\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/\u{2029}/evil.example",
];

/// Where a browser goes that is sent on is ours.
fn stays(answer: &Answer, next: &str) {
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "{next:?}: {}",
        answer.body
    );
    let to = answer.header("location");
    assert_eq!(
        answer.location().origin().ascii_serialization(),
        PUBLIC,
        "{next:?} → {to}"
    );
    assert!(
        to.starts_with('/') && !to[1..].starts_with(['/', '\\']),
        "{next:?} → {to}"
    );
    assert!(!answer.headers.contains_key("x-injected"));
}

/// No link of a page leads away, nor is a script.
fn page_stays(page: &Answer, next: &str) {
    for link in page
        .body
        .split("href=\"")
        .skip(1)
        .chain(page.body.split("action=\"").skip(1))
    {
        let link = link.split('"').next().unwrap();
        let to = url::Url::parse(PUBLIC)
            .unwrap()
            .join(&link.replace("&amp;", "&"))
            .unwrap();
        assert_eq!(
            to.origin().ascii_serialization(),
            PUBLIC,
            "{next:?}: {link}"
        );
    }
}

/// CWE-601, RFC 9700 §4.11: signing in, up, once more, in two steps, with a provider or by an invitation ends at
/// a page of ours, whatever the link said that somebody followed.
#[tokio::test]
async fn next_never_leads_away() {
    let app = TestApp::with_settings(Options {
        tools_allow: "127.0.0.1".parse().unwrap(),
        ..Options::default()
    })
    .await;
    let made = app.bootstrap(Approval::Ask).await;
    let provider = Provider::added(&app, &made).await;
    app.sign_up("bob@example.com", PASSWORD).await;
    let (phone, _) = Phone::added(&app).await;
    provider.knows("carol@example.com", true);
    for (number, next) in HOSTILE.into_iter().enumerate() {
        let query = encoded(&[("next", next)]);
        app.switch(Cookies::new());
        for path in ["/sign-in", "/sign-up"] {
            let page = app.get(&format!("{path}?{query}")).await;
            assert_eq!(page.status, StatusCode::OK);
            page_stays(&page, next);
        }
        let csrf = app.get("/sign-in").await.hidden("csrf");
        let new = format!("new{number}@example.com");
        let sign_up = [
            ("email", new.as_str()),
            ("password", PASSWORD),
            ("csrf", &csrf),
            ("next", next),
        ];
        stays(&app.form("/sign-up", &sign_up).await, next);

        app.switch(Cookies::new());
        let csrf = app.get("/sign-in").await.hidden("csrf");
        let sign_in = [
            ("email", EMAIL),
            ("password", PASSWORD),
            ("csrf", &csrf),
            ("next", next),
        ];
        stays(&app.form("/sign-in", &sign_in).await, next);
        stays(&app.get(&format!("/sign-in?{query}")).await, next);

        let page = app.get(&format!("/confirm?{query}")).await;
        page_stays(&page, next);
        let confirm = [
            ("csrf", page.hidden("csrf")),
            ("password", PASSWORD.to_owned()),
            ("next", next.to_owned()),
        ];
        let confirm: Vec<(&str, &str)> = confirm
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        stays(&app.form("/confirm", &confirm).await, next);

        app.switch(Cookies::new());
        app.clock.advance_seconds(60);
        let csrf = app.get("/sign-in").await.hidden("csrf");
        let sign_in = [
            ("email", "bob@example.com"),
            ("password", PASSWORD),
            ("csrf", &csrf),
            ("next", next),
        ];
        assert_eq!(
            app.form("/sign-in", &sign_in).await.header("location"),
            "/sign-in/second-step"
        );
        let code = phone.code(&app);
        stays(
            &app.form("/sign-in/second-step", &[("csrf", &csrf), ("code", &code)])
                .await,
            next,
        );

        app.switch(Cookies::new());
        let answer = provider
            .visit(&app, &format!("code {number}"), &[("next", next)])
            .await;
        stays(&answer, next);
        assert_eq!(app.get("/projects").await.status, StatusCode::OK);
    }
}
