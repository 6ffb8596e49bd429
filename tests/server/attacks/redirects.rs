//! Where the browser is sent.

use axum::http::StatusCode;

use super::target;
use crate::app::{CALLBACK, PUBLIC, TestApp};
use serde_json::json;

/// RFC 9700 §2.1 and §4.1: exact string comparison, and no redirect to what is not registered.
#[tokio::test]
async fn a_redirect_uri_that_only_looks_registered_gets_a_page_and_no_redirect() {
    let (app, made) = target().await;
    for uri in [
        "https://claude.ai/api/mcp/auth_callback/",
        "https://claude.ai/api/mcp/auth_callback/../auth_callback",
        "https://claude.ai/api/mcp/auth_callback?next=https://evil.example",
        "https://claude.ai/api/mcp/auth_callback#x",
        "https://claude.ai/api/mcp/auth_callback%2f",
        "https://claude.ai/api/mcp/AUTH_CALLBACK",
        "https://CLAUDE.ai/api/mcp/auth_callback",
        "HTTPS://claude.ai/api/mcp/auth_callback",
        "https://claude.ai:443/api/mcp/auth_callback",
        "https://claude.ai:8443/api/mcp/auth_callback",
        "https://claude.ai.evil.example/api/mcp/auth_callback",
        "https://claude.ai@evil.example/api/mcp/auth_callback",
        "https://evil.example/https://claude.ai/api/mcp/auth_callback",
        "https://evil.example\\@claude.ai/api/mcp/auth_callback",
        "http://claude.ai/api/mcp/auth_callback",
        "//claude.ai/api/mcp/auth_callback",
        "https://claude.ai/api/mcp/auth_callback ",
        "https://*.ai/api/mcp/auth_callback",
        "javascript:alert(1)",
        "",
    ] {
        let url = app.authorize_url(&made.integration.client_id, &[("redirect_uri", uri)]);
        let answer = app.get(&url).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uri}");
        assert_eq!(answer.header("location"), "", "{uri}");
    }
}

/// RFC 8252 §7.3: the port of a loopback address is free, and nothing else of it.
#[tokio::test]
async fn only_the_port_of_a_loopback_redirect_is_free() {
    let (app, made) = target().await;
    let status = async |uri: &str| {
        let url = app.authorize_url(&made.integration.client_id, &[("redirect_uri", uri)]);
        app.get(&url).await.status
    };
    assert_eq!(status("http://localhost:1/callback").await, StatusCode::OK);
    assert_eq!(
        status("http://127.0.0.1:65535/oauth/callback").await,
        StatusCode::OK
    );
    for uri in [
        "http://localhost:1/callback/..",
        "http://localhost:1/elsewhere",
        "http://localhost:1@evil.example/callback",
        "http://localhost.evil.example:1/callback",
        "http://localhost:1:2/callback",
        "http://localhost:99999/callback",
        "http://127.0.0.2:1/oauth/callback",
        "http://2130706433:1/oauth/callback",
        "https://localhost:1/callback",
    ] {
        assert_eq!(status(uri).await, StatusCode::BAD_REQUEST, "{uri}");
    }
}

/// RFC 9207 §2: the issuer in every answer, so that a client can tell two servers apart.
#[tokio::test]
async fn every_answer_names_the_issuer_against_a_mix_up() {
    let (app, made) = target().await;
    let id = made.integration.client_id.as_str();
    let approved = app
        .consent(id, &[("decision", "approve"), ("tools", "all")])
        .await;
    let denied = app.consent(id, &[("decision", "deny")]).await;
    let refused = app
        .get(&app.authorize_url(id, &[("response_type", "token")]))
        .await;
    let silent = app.get(&app.authorize_url(id, &[("prompt", "none")])).await;
    for answer in [approved, denied, refused, silent] {
        assert!(answer.header("location").starts_with(CALLBACK));
        assert_eq!(answer.parameter("iss").as_deref(), Some(PUBLIC));
    }
}

/// RFC 9700 §4.12: 303, so that no browser sends the form of consent on to the client.
#[tokio::test]
async fn a_form_is_never_sent_on_by_a_307() {
    let (app, made) = target().await;
    let id = made.integration.client_id.as_str();
    for decision in ["approve", "deny"] {
        let answer = app
            .consent(id, &[("decision", decision), ("tools", "all")])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
}

/// RFC 9700 §4.11: `next` leads to a page of ours and nowhere else.
#[tokio::test]
async fn signing_in_is_no_open_redirector() {
    let (app, _) = target().await;
    for next in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/%09/evil.example",
        "/..//evil.example",
        "javascript:alert(1)",
    ] {
        let query = crate::app::encoded(&[("next", next)]);
        let answer = app.get(&format!("/sign-in?{query}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let location = answer.location();
        assert_eq!(location.origin().ascii_serialization(), PUBLIC, "{next}");
    }
}

/// RFC 9700 §4.11.2: nor is authorize, by a client that anyone can register. Somebody who sees the
/// page may follow its link; nobody is sent there unasked.
#[tokio::test]
async fn authorize_is_no_open_redirector_for_who_registers_a_client() {
    let app = TestApp::new().await;
    let made = app.bootstrap(domain::integrations::Approval::Ask).await;
    crate::register::open(&app, &made).await;
    let evil = "https://evil.example/phish";
    let client = crate::register::register(&app, &json!({ "redirect_uris": [evil] })).await;
    let id = client.json()["client_id"].as_str().unwrap().to_owned();
    for signed_in in [false, true] {
        if signed_in {
            app.sign_in(crate::app::EMAIL, crate::app::PASSWORD).await;
        }
        for mistake in [
            ("response_type", "x"),
            ("code_challenge_method", "plain"),
            ("resource", "https://elsewhere.example/mcp"),
            ("prompt", "none"),
        ] {
            let url = app.authorize_url(&id, &[("redirect_uri", evil), mistake]);
            let answer = app.get(&url).await;
            assert_eq!(answer.header("location"), "", "{mistake:?}");
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{mistake:?}");
            assert!(
                answer.body.contains("evil.example"),
                "the page says where the link leads"
            );
        }
    }
}

/// RFC 8252 §7.1: what looks like a host in an app's own scheme is shown as none.
#[tokio::test]
async fn an_apps_scheme_cannot_pretend_to_be_a_host() {
    let (app, made) = target().await;
    crate::register::open(&app, &made).await;
    let uri = "com.evil.app://claude.ai/cb";
    let metadata = json!({ "redirect_uris": [uri], "client_name": "Claude" });
    let client = crate::register::register(&app, &metadata).await;
    let id = client.json()["client_id"].as_str().unwrap().to_owned();
    let page = app
        .get(&app.authorize_url(&id, &[("redirect_uri", uri)]))
        .await;
    assert!(
        page.body.contains("the app for com.evil.app:"),
        "{}",
        page.body
    );
    let host = page.body.split("Sends you back to").nth(1).unwrap();
    assert!(!host[..200].contains("claude.ai"), "{host}");
    assert!(
        page.body.contains("a program on this device"),
        "{}",
        page.body
    );
    assert!(page.body.contains("calls itself “Claude”"), "{}", page.body);
}

/// RFC 6749 §10.15 and §4.1.2.1: a state cannot add headers or parameters of its own.
#[tokio::test]
async fn a_state_stays_one_parameter() {
    let (app, made) = target().await;
    let state = "a&code=forged\r\nSet-Cookie: x=1#frag";
    let url = app.authorize_url(
        &made.integration.client_id,
        &[("state", state), ("prompt", "none")],
    );
    let answer = app.get(&url).await;
    assert_eq!(answer.parameter("state").as_deref(), Some(state));
    assert_eq!(answer.parameter("code"), None);
    assert!(answer.location().fragment().is_none());
    assert!(app.cookie("x").is_none());
}

/// RFC 8252 §7.1, RFC 9700 §4.1.3: what can be registered as a way back in the first place.
#[tokio::test]
async fn a_dangerous_redirect_uri_cannot_be_registered() {
    let app = TestApp::new().await;
    for uri in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://a.example/1",
        "http://evil.example/cb",
        "http://localhost.evil.example/cb",
        "https://user:pass@a.example/cb",
        "https://a.example/cb#fragment",
        "https://*.example/cb",
        "https:///cb",
        "myapp:cb",
        " https://a.example/cb",
        "https://a.example/c\tb",
    ] {
        let metadata = json!({ "redirect_uris": [uri] });
        let answer = crate::register::register(&app, &metadata).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uri}");
        assert_eq!(answer.json()["error"], "invalid_redirect_uri", "{uri}");
    }
}

/// RFC 9700 §4.2: a code does not leave in a Referer header.
#[tokio::test]
async fn pages_send_no_address_to_other_sites() {
    let (app, made) = target().await;
    let url = app.authorize_url(&made.integration.client_id, &[]);
    assert_eq!(app.get(&url).await.header("referrer-policy"), "same-origin");
}
