//! The authorization code flow, and what is done to it by people who should not.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use domain::integrations::Approval;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    PkceCodeChallenge, RedirectUrl, Scope, TokenResponse, TokenUrl, basic::BasicClient,
};

use crate::app::{CALLBACK, EMAIL, PASSWORD, PUBLIC, TestApp, form, secret};

#[tokio::test]
async fn a_client_library_of_the_field_gets_on_with_us() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let client = BasicClient::new(ClientId::new(made.integration.client_id.clone()))
        .set_client_secret(ClientSecret::new(secret(&made).to_owned()))
        .set_auth_uri(AuthUrl::new(format!("{PUBLIC}/api/v1/mcp-oauth/authorize")).unwrap())
        .set_token_uri(TokenUrl::new(format!("{PUBLIC}/api/v1/mcp-oauth/token")).unwrap())
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap());
    let _: &oauth2::Client<_, _, _, _, _, _, EndpointNotSet, _, _, _> = &client;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("mcp:tools".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let path = format!("{}?{}", url.path(), url.query().unwrap());
    let page = app.get(&path).await;
    let mut fields: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    for (name, value) in [
        ("csrf", page.hidden("csrf").as_str()),
        ("decision", "approve"),
        ("tools", "all"),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let back = app.form("/api/v1/mcp-oauth/authorize", &fields).await;
    assert_eq!(back.parameter("state").as_ref(), Some(state.secret()));

    let send = |request: oauth2::HttpRequest| {
        let app = &app;
        async move {
            let (parts, body) = request.into_parts();
            let answer = app.send(Request::from_parts(parts, Body::from(body))).await;
            let mut response = oauth2::HttpResponse::new(answer.body.into_bytes());
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok::<_, std::convert::Infallible>(response)
        }
    };
    let code = AuthorizationCode::new(back.parameter("code").unwrap());
    let tokens = client
        .exchange_code(code)
        .set_pkce_verifier(verifier)
        .request_async(&send)
        .await
        .unwrap();
    assert_eq!(tokens.expires_in().unwrap().as_secs(), 3_600);
    let refreshed = client
        .exchange_refresh_token(tokens.refresh_token().unwrap())
        .request_async(&send)
        .await
        .unwrap();
    assert_ne!(
        refreshed.access_token().secret(),
        tokens.access_token().secret()
    );
}

#[tokio::test]
async fn someone_signed_out_signs_in_and_comes_back_to_the_request() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let url = app.authorize_url(&made.integration.client_id, &[]);
    let to_sign_in = app.get(&url).await;
    assert_eq!(to_sign_in.status, StatusCode::SEE_OTHER);
    let next = to_sign_in.parameter("next").unwrap();
    assert_eq!(next, url);
    let page = app.get(to_sign_in.header("location")).await;
    let fields = [
        ("email", EMAIL),
        ("password", PASSWORD),
        ("csrf", &page.hidden("csrf")),
        ("next", &page.hidden("next")),
    ];
    let answer = app.form("/sign-in", &fields).await;
    assert_eq!(answer.header("location"), url);
    let consent = app.get(&url).await;
    for word in ["claude.ai", "CRM", "Claude", "sample-time-now", EMAIL] {
        assert!(consent.body.contains(word), "{word} is not on the page");
    }
    assert!(
        consent
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert!(
        !consent
            .header("content-security-policy")
            .contains("form-action")
    );
}

#[tokio::test]
async fn an_answer_carries_state_and_issuer_whatever_it_is() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let id = &made.integration.client_id;
    for (decision, expected) in [("approve", "code"), ("deny", "error")] {
        let back = app
            .consent(id, &[("decision", decision), ("tools", "all")])
            .await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        assert!(back.header("location").starts_with(CALLBACK));
        assert!(back.parameter(expected).is_some());
        assert_eq!(back.parameter("state").as_deref(), Some("st-1"));
        assert_eq!(back.parameter("iss").as_deref(), Some(PUBLIC));
    }
    for (more, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("resource", "https://evil.example/mcp"), "invalid_target"),
        (("prompt", "none"), "consent_required"),
    ] {
        let back = app.get(&app.authorize_url(id, &[more])).await;
        assert_eq!(back.parameter("error").as_deref(), Some(error), "{more:?}");
        assert_eq!(back.parameter("state").as_deref(), Some("st-1"));
        assert_eq!(back.parameter("iss").as_deref(), Some(PUBLIC));
    }
    app.forget_cookies();
    let back = app.get(&app.authorize_url(id, &[("prompt", "none")])).await;
    assert_eq!(back.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_bad_client_or_redirect_uri_is_never_redirected() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let id = &made.integration.client_id;
    for (client, more) in [
        ("tng_ci_nobody", ("state", "x")),
        (id.as_str(), ("redirect_uri", "https://evil.example/cb")),
        (
            id.as_str(),
            ("redirect_uri", "https://claude.ai/api/mcp/auth_callback/"),
        ),
        (
            id.as_str(),
            (
                "redirect_uri",
                "https://claude.ai@evil.example/api/mcp/auth_callback",
            ),
        ),
        (id.as_str(), ("redirect_uri", "javascript:alert(1)")),
        (id.as_str(), ("redirect_uri", "")),
    ] {
        let answer = app.get(&app.authorize_url(client, &[more])).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{more:?}");
        assert_eq!(answer.header("location"), "");
        assert!(
            answer.body.contains("Request"),
            "the page shows the correlation id"
        );
    }
    let twice = format!("{}&client_id={id}", app.authorize_url(id, &[]));
    let answer = app.get(&twice).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::BAD_REQUEST, "")
    );
    let loopback = app.authorize_url(id, &[("redirect_uri", "http://localhost:53682/callback")]);
    assert_eq!(app.get(&loopback).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_text_from_the_request_is_text_on_the_page() {
    let app = TestApp::new().await;
    let script = "<script>alert(1)</script>";
    let answer = app.get(&app.authorize_url(script, &[])).await;
    assert!(!answer.body.contains(script), "{}", answer.body);
}

#[tokio::test]
async fn consent_needs_the_sessions_token_and_our_own_page() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let url = app.authorize_url(&made.integration.client_id, &[]);
    let csrf = app.get(&url).await.hidden("csrf");
    let query = url.split_once('?').unwrap().1;
    let body = format!("{query}&decision=approve&tools=all");
    let send = |body: String, origin: &'static str| {
        let request = form("/api/v1/mcp-oauth/authorize").header("origin", origin);
        app.send(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(
        send(body.clone(), PUBLIC).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        send(format!("{body}&csrf=guess"), PUBLIC).await.status,
        StatusCode::FORBIDDEN
    );
    let foreign = send(format!("{body}&csrf={csrf}"), "https://evil.example").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let ours = send(format!("{body}&csrf={csrf}"), PUBLIC).await;
    assert!(ours.parameter("code").is_some());
}

#[tokio::test]
async fn who_is_no_member_is_told_what_to_do() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let csrf = app.get("/sign-up").await.hidden("csrf");
    let fields = [
        ("email", "bob@example.com"),
        ("password", PASSWORD),
        ("csrf", &csrf),
    ];
    app.form("/sign-up", &fields).await;
    let answer = app
        .get(&app.authorize_url(&made.integration.client_id, &[]))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("not a member"), "{}", answer.body);
    assert!(answer.body.contains("bob@example.com"));
}

#[tokio::test]
async fn automatic_approval_needs_no_person() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Automatic).await;
    let back = app
        .get(&app.authorize_url(&made.integration.client_id, &[]))
        .await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert!(back.parameter("code").is_some());
}

#[tokio::test]
async fn a_tool_that_changes_while_the_page_is_open_is_asked_for_again() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let client = made.integration.client_id.as_str();
    let page = app.get(&app.authorize_url(client, &[])).await;
    let access = app.access(&made).await;
    let tools = app.services.tools.list(&access).await.unwrap();
    app.clock.advance_seconds(1);
    let developer = app.access(&made).await;
    let change = |mut input: domain::tools::ToolInput| {
        input.description = "Sends everything elsewhere.".to_owned();
        Ok(input)
    };
    app.services
        .tools
        .patch(&developer, &tools[0].id, change)
        .await
        .unwrap();
    let approve = [("tools", "all"), ("decision", "approve")];
    let again = app.answer_consent(&page, &approve).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert!(
        again
            .body
            .contains("1 tool is new or changed since you opened this page")
    );
    assert!(again.body.contains("Sends everything elsewhere."));
    app.clock.advance_seconds(1);
    let done = app.answer_consent(&again, &approve).await;
    assert!(
        done.parameter("code").is_some(),
        "{} {}",
        done.status,
        done.body
    );
    // The next time, what changed since is marked.
    app.connect(&made, "all").await;
    app.clock.advance_seconds(1);
    let change = |mut input: domain::tools::ToolInput| {
        input.title = "Another".to_owned();
        Ok(input)
    };
    app.services
        .tools
        .patch(&developer, &tools[1].id, change)
        .await
        .unwrap();
    let next = app.get(&app.authorize_url(client, &[])).await;
    assert!(
        next.body
            .contains("1 tool is new or changed since you last approved"),
        "{}",
        next.body
    );
}
