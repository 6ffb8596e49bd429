//! The pages that people approve on.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;

use super::target;
use crate::app::{EMAIL, PASSWORD, PUBLIC, TestApp, encoded, form};

/// RFC 9700 §4.7: a consent that another site's page sends is none.
#[tokio::test]
async fn consent_cannot_be_forged_by_another_site() {
    let (app, made) = target().await;
    let url = app.authorize_url(&made.integration.client_id, &[]);
    let csrf = app.get(&url).await.hidden("csrf");
    let query = url.split_once('?').unwrap().1.to_owned();
    let send = |body: String, headers: Vec<(&'static str, &'static str)>| {
        let mut request = form("/api/v1/mcp-oauth/authorize");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        app.send(request.body(Body::from(body)).unwrap())
    };
    let approve = format!("{query}&decision=approve&tools=all");
    for (body, headers) in [
        (approve.clone(), vec![]),
        (format!("{approve}&csrf="), vec![]),
        (format!("{approve}&csrf=guess"), vec![("origin", PUBLIC)]),
        (
            format!("{approve}&csrf={csrf}"),
            vec![("origin", "https://evil.example")],
        ),
        (format!("{approve}&csrf={csrf}"), vec![("origin", "null")]),
        (
            format!("{approve}&csrf={csrf}"),
            vec![("sec-fetch-site", "cross-site")],
        ),
        (
            format!("{approve}&csrf={csrf}"),
            vec![("sec-fetch-site", "same-site")],
        ),
    ] {
        let answer = send(body, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.header("location"), "");
    }
    // Nor does opening an address approve anything.
    let get = app
        .get(&format!("{url}&decision=approve&tools=all&csrf={csrf}"))
        .await;
    assert_eq!((get.status, get.header("location")), (StatusCode::OK, ""));
}

/// RFC 9700 §4.7.1 (login CSRF): nobody is signed in to somebody else's account.
#[tokio::test]
async fn signing_in_cannot_be_forged_by_another_site() {
    let app = TestApp::new().await;
    app.bootstrap(domain::integrations::Approval::Ask).await;
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    let without = app.form("/sign-in", &fields).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    let page = app.get("/sign-in").await;
    let csrf = page.hidden("csrf");
    let body = encoded(&[fields[0], fields[1], ("csrf", &csrf)]);
    let foreign = form("/sign-in").header("origin", "https://evil.example");
    let foreign = app.send(foreign.body(Body::from(body)).unwrap()).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert!(app.get("/projects").await.status.is_redirection());
}

/// RFC 9700 §4.16: no page of ours is shown inside another.
#[tokio::test]
async fn pages_cannot_be_framed() {
    let (app, made) = target().await;
    let consent = app.authorize_url(&made.integration.client_id, &[]);
    let refused = app.authorize_url("tng_ci_nobody", &[]);
    for path in [consent.as_str(), refused.as_str(), "/projects", "/sign-up"] {
        let answer = app.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY");
    }
}

/// RFC 9700 §4.17, RFC 6749 §10.12: the page where people decide is read by no script elsewhere.
#[tokio::test]
async fn the_authorization_endpoint_is_closed_to_scripts_of_other_sites() {
    let (app, made) = target().await;
    let url = app.authorize_url(&made.integration.client_id, &[]);
    let request = Request::get(&url).header(header::ORIGIN, "https://evil.example");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    // Programs' endpoints are open to all, and never with credentials.
    let request = Request::get("/.well-known/oauth-authorization-server")
        .header(header::ORIGIN, "https://inspector.example");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

/// OWASP session fixation; RFC 9700 §4.7: a session that the attacker planted, one of their own that
/// lives, does not become the victim's.
#[tokio::test]
async fn a_planted_session_is_not_the_one_that_signs_in() {
    let app = TestApp::new().await;
    app.bootstrap(domain::integrations::Approval::Ask).await;
    let csrf = app.get("/sign-up").await.hidden("csrf");
    let fields = [
        ("email", "mallory@example.com"),
        ("password", PASSWORD),
        ("csrf", &csrf),
    ];
    app.form("/sign-up", &fields).await;
    let planted = app.cookie("tengine_session").unwrap();
    let visitor = app.cookie("tengine_form").unwrap();
    // The victim's browser has it when the victim signs in.
    let body = encoded(&[("email", EMAIL), ("password", PASSWORD), ("csrf", &visitor)]);
    let request = form("/sign-in")
        .header(
            header::COOKIE,
            format!("tengine_session={planted}; tengine_form={visitor}"),
        )
        .body(Body::from(body));
    let answer = app.send(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_ne!(
        app.cookie("tengine_session").as_deref(),
        Some(planted.as_str())
    );
    let request =
        Request::get("/projects").header(header::COOKIE, format!("tengine_session={planted}"));
    let as_planter = app.send(request.body(Body::empty()).unwrap()).await;
    assert!(!as_planter.body.contains(EMAIL), "{}", as_planter.body);
    assert!(
        as_planter.status.is_redirection(),
        "the old session is gone"
    );
}

/// RFC 6265 §4.1.2 and §8: the session's cookie is for this server, and for no script.
#[tokio::test]
async fn the_sessions_cookie_is_closed_to_scripts_and_other_sites() {
    let app = TestApp::new().await;
    app.bootstrap(domain::integrations::Approval::Ask).await;
    let answer = app.sign_in(EMAIL, PASSWORD).await;
    let cookie = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

/// RFC 9700 §4.8 (confused consent): a form grants only what its integration offers.
#[tokio::test]
async fn a_form_cannot_grant_another_projects_tools() {
    let (app, made) = target().await;
    let bob = app
        .services
        .bootstrap(domain::bootstrap::Bootstrap {
            email: "bob@example.com",
            password: PASSWORD,
            project: "Bob's",
            tools: &domain::tools::samples::samples(),
            integration: domain::integrations::NewIntegration::named("Bob's"),
        })
        .await
        .unwrap();
    let path = format!("/api/v1/projects/{}/tools", bob.project.id);
    let tools = app
        .api(bob.api_key.reveal(), Method::GET, &path, json!(null))
        .await
        .json();
    let theirs = tools["data"][0]["id"].as_str().unwrap().to_owned();
    let decision = [
        ("decision", "approve"),
        ("tools", "selected"),
        ("tool", theirs.as_str()),
    ];
    let answer = app.consent(&made.integration.client_id, &decision).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::BAD_REQUEST, "")
    );
    // Nor does a form that names an integration choose it for a client that belongs to another.
    let id = bob.integration.id.to_string();
    let url = app.authorize_url(&made.integration.client_id, &[("integration", &id)]);
    let page = app.get(&url).await;
    assert!(
        page.body.contains("CRM") && !page.body.contains("Bob"),
        "{}",
        page.body
    );
}

/// RFC 6749 §10.11 (phishing), WHATWG HTML §13: a client's name is text and cannot hide or turn
/// what stands around it.
#[tokio::test]
async fn a_clients_name_cannot_dress_up_the_consent_page() {
    let (app, made) = target().await;
    crate::register::open(&app, &made).await;
    let name = "<script>alert(1)</script>\u{202e}Claude\u{200b} (verified)\n";
    let metadata = json!({
        "client_name": name, "redirect_uris": ["https://evil.example/cb"],
    });
    let id = crate::register::register(&app, &metadata).await.json();
    let id = id["client_id"].as_str().unwrap().to_owned();
    let url = app.authorize_url(&id, &[("redirect_uri", "https://evil.example/cb")]);
    let page = app.get(&url).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(!page.body.contains(['\u{202e}', '\u{200b}']));
    assert!(
        page.body.contains("evil.example"),
        "where it really goes is said"
    );
    assert!(page.body.contains("nobody has checked it"));
    assert!(page.body.contains("calls itself"), "{}", page.body);
}
