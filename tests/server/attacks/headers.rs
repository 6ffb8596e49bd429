//! What the pages of signing in say to browsers and caches, and what they keep to themselves.

use std::{
    io::Write,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use axum::http::StatusCode;
use domain::{integrations::Approval, invitations::NewInvitation, members::Role};
use tracing_subscriber::{fmt, prelude::*};

use super::phone::Phone;
use crate::app::{Answer, Cookies, EMAIL, PASSWORD, TestApp};

/// OWASP ASVS 3.4.3: a page may load a script where it speaks to passkeys, that script, and no other page may
/// load any.
#[tokio::test]
async fn only_pages_with_passkeys_may_load_their_script() {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    let mut seen = Vec::new();
    let mut look = |path: &str, page: Answer| {
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        let policy = page.header("content-security-policy").to_owned();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        for loose in ["unsafe-inline", "unsafe-eval'", "*", "https:", "http:"] {
            assert!(
                !policy.replace("wasm-unsafe-eval", "").contains(loose),
                "{path}: {policy}"
            );
        }
        let has_script = page.body.contains("<script");
        assert_eq!(
            policy.contains("script-src"),
            has_script,
            "{path}: {policy}"
        );
        if has_script {
            assert_eq!(page.body.matches("<script").count(), 1, "{path}");
            assert!(page.body.contains("src=\"/passkeys.js\""), "{path}");
            seen.push(path.to_owned());
        }
    };
    for path in ["/sign-in", "/sign-up", "/recover"] {
        look(path, app.get(path).await);
    }
    app.sign_in(EMAIL, PASSWORD).await;
    for path in ["/confirm", "/account/authenticator"] {
        look(path, app.get(path).await);
    }
    Phone::added(&app).await;
    app.forget_cookies();
    app.sign_in(EMAIL, PASSWORD).await;
    look(
        "/sign-in/second-step",
        app.get("/sign-in/second-step").await,
    );
    assert_eq!(seen, ["/sign-in"]);
}

/// Links with their tokens.
async fn links(app: &TestApp) -> [(String, String); 2] {
    let made = app.bootstrap(Approval::Ask).await;
    let new = NewInvitation {
        most_uses: None,
        valid_seconds: None,
        email: None,
        is_mailed: false,
    };
    let access = app.access(&made).await;
    let created = app
        .services
        .invitations
        .create(&access, Role::Viewer, &new, None)
        .await;
    let invitation = created.unwrap().1.reveal().to_owned();
    let reset = app
        .services
        .recovery
        .by_operator(EMAIL, false)
        .await
        .unwrap();
    let reset = reset.reveal().to_owned();
    [
        (format!("/invite/{invitation}"), invitation),
        (format!("/recover?token={reset}"), reset),
    ]
}

/// OWASP ASVS 14.3.2 and 14.2.1, W3C Referrer Policy §3.4: nothing of these pages is kept by a cache, and the
/// address of a link with a token is told to no other site. (`no-referrer` would tell it to nobody at all, and
/// make browsers send `Origin: null` with the page's own form: Fetch §3.2.)
#[tokio::test]
async fn pages_with_secrets_are_kept_by_no_cache_and_tell_no_other_site_their_address() {
    let app = TestApp::new().await;
    let links = links(&app).await;
    let check = |path: &str, answer: &Answer| {
        assert_eq!(
            answer.header("cache-control"),
            "private, no-store",
            "{path}"
        );
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        for elsewhere in ["href=\"http", "src=\"http", "href=\"//", "src=\"//"] {
            let ours = answer.body.replace("http://localhost:3000", "");
            assert!(!ours.contains(elsewhere), "{path}: {}", answer.body);
        }
    };
    for (path, _) in &links {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        check(path, &page);
    }
    let stranger = [
        "/sign-in",
        "/sign-up",
        "/recover",
        "/confirm-email?token=x",
        "/invite/x",
        "/recover?token=x",
        "/sign-in/with/x/callback?code=x&state=y",
    ];
    for path in stranger {
        check(path, &app.get(path).await);
    }
    app.sign_in(EMAIL, PASSWORD).await;
    for path in [
        "/confirm",
        "/account",
        "/account/security",
        "/account/sessions",
        "/account/authenticator",
        "/sign-in/second-step",
    ] {
        let answer = app.get(path).await;
        assert_eq!(
            answer.header("cache-control"),
            "private, no-store",
            "{path}"
        );
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
    let csrf = app.get("/confirm").await.hidden("csrf");
    for path in [
        "/account/export",
        "/account/recovery-codes",
        "/account/passkeys/challenge",
    ] {
        let answer = app.form(path, &[("csrf", &csrf)]).await;
        assert_eq!(
            answer.header("cache-control"),
            "private, no-store",
            "{path}"
        );
    }
}

/// The log of this whole process from the first test that asks for it.
fn log() -> Arc<Mutex<Vec<u8>>> {
    static LOG: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    LOG.get_or_init(|| {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = lines.clone();
        let layer = fmt::layer()
            .with_ansi(false)
            .with_writer(move || Kept(kept.clone()));
        tracing_subscriber::registry()
            .with(tracing_subscriber::EnvFilter::new("debug"))
            .with(layer)
            .try_init()
            .unwrap();
        lines
    })
    .clone()
}

struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// OWASP ASVS 16.2.5: no line of the log has a token, a password, a code or a cookie, even with all of our own
/// lines in it.
#[tokio::test]
async fn the_log_has_no_token_and_no_password() {
    let log = log();
    let app = TestApp::new().await;
    let links = links(&app).await;
    let mut secrets: Vec<String> = links.iter().map(|(_, token)| token.clone()).collect();
    for (path, _) in &links {
        app.get(path).await;
        app.form(path, &[("csrf", "x")]).await;
        app.get(&format!("{path}guess")).await;
    }
    let path = format!("/recover/reset?token={}", links[1].1);
    let csrf = app.get("/recover").await.hidden("csrf");
    app.form(&path, &[("csrf", &csrf), ("password", "too-short")])
        .await;
    app.sign_in(EMAIL, "a-wrong-secret").await;
    app.sign_in(EMAIL, PASSWORD).await;
    let (phone, codes) = Phone::added(&app).await;
    app.clock.advance_seconds(60);
    app.sign_in(EMAIL, PASSWORD).await;
    app.form(
        "/sign-in/second-step",
        &[("csrf", &csrf), ("code", &codes[0])],
    )
    .await;
    app.call("change_password", &[("password", "too-short")])
        .await;
    // What is logged of a failure has the path of its request.
    app.get(&format!(
        "/sign-in/with/x/callback?code=the-code-of-theirs&state={}",
        phone.code(&app)
    ))
    .await;
    let cookies: Cookies = app.cookies();
    secrets.extend(cookies.into_values());
    secrets.extend(codes);
    secrets.extend(
        [
            "too-short",
            "a-wrong-secret",
            PASSWORD,
            "the-code-of-theirs",
        ]
        .map(str::to_owned),
    );
    let log = log.lock().unwrap_or_else(PoisonError::into_inner);
    let log = String::from_utf8_lossy(&log);
    assert!(
        log.contains("/invite/…") || log.contains("request{"),
        "nothing was logged"
    );
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
}
