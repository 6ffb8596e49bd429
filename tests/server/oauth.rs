//! The authorization code flow, and what is done to it by people who should not.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::integrations::Approval;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    PkceCodeChallenge, RedirectUrl, Scope, TokenResponse, TokenUrl, basic::BasicClient,
};
use serde_json::{Value, json};

use crate::app::{CALLBACK, EMAIL, PASSWORD, PUBLIC, TestApp, VERIFIER, encoded, form, secret};

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

fn exchange<'a>(code: &'a str, client_id: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", client_id),
    ]
}

#[tokio::test]
async fn the_token_endpoint_refuses_in_the_words_of_rfc_6749() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Automatic).await;
    let id = made.integration.client_id.as_str();
    let good = secret(&made);
    let with = |more: &[(&'static str, &str)]| {
        let mut fields = exchange("tng_ac_x", id);
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        encoded(&fields)
    };
    for (body, status, error) in [
        (with(&[("client_secret", good)]), 400, "invalid_grant"),
        (
            with(&[("client_secret", "tng_cs_wrong")]),
            401,
            "invalid_client",
        ),
        (with(&[]), 401, "invalid_client"),
        (
            with(&[("client_id", "nobody"), ("client_secret", good)]),
            401,
            "invalid_client",
        ),
        (
            with(&[("client_secret", good), ("grant_type", "password")]),
            400,
            "unsupported_grant_type",
        ),
        (
            with(&[("client_secret", good), ("grant_type", "")]),
            400,
            "invalid_request",
        ),
        (
            with(&[("client_secret", good), ("code", "")]),
            400,
            "invalid_request",
        ),
        (
            format!("{}&code=y", with(&[("client_secret", good)])),
            400,
            "invalid_request",
        ),
    ] {
        let request = form("/api/v1/mcp-oauth/token");
        let answer = app
            .send(request.body(Body::from(body.clone())).unwrap())
            .await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert_eq!(answer.json()["error"], error, "{body}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.body.contains(good), "a secret is never repeated");
        assert!(
            answer.json()["error_description"]
                .as_str()
                .unwrap()
                .contains("request ")
        );
    }
    let json = Request::post("/api/v1/mcp-oauth/token")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(
            json!({ "grant_type": "authorization_code" }).to_string(),
        ));
    let answer = app.send(json.unwrap()).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (400, &json!("invalid_request"))
    );
}

#[tokio::test]
async fn a_client_proves_itself_by_form_or_by_basic_and_never_by_both() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Automatic).await;
    let id = made.integration.client_id.as_str();
    let basic = |user: &str, password: &str| {
        format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
    };
    let code = async || {
        app.get(&app.authorize_url(id, &[]))
            .await
            .parameter("code")
            .unwrap()
    };
    let send = async |authorization: String, fields: Vec<(&str, &str)>| {
        let request = form("/token").header(header::AUTHORIZATION, authorization);
        app.send(request.body(Body::from(encoded(&fields))).unwrap())
            .await
    };
    let by_basic = code().await;
    let answer = send(basic(id, secret(&made)), exchange(&by_basic, id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);

    let by_both = code().await;
    let mut fields = exchange(&by_both, id);
    fields.push(("client_secret", secret(&made)));
    let answer = send(basic(id, secret(&made)), fields).await;
    assert_eq!(answer.json()["error"], "invalid_request");

    let answer = send(basic(id, "wrong"), exchange(&by_both, id)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").starts_with("Basic "));
    for malformed in ["Basic !!!", "Bearer x", "Basic"] {
        let answer = send(malformed.to_owned(), exchange(&by_both, id)).await;
        assert_eq!(answer.status.as_u16(), 400, "{malformed}");
    }
}

#[tokio::test]
async fn a_rotated_secret_fails_and_an_inactive_integration_says_so() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (access, refresh) = app.connect(&made, "all").await;
    let id = made.integration.client_id.as_str();
    let key = made.api_key.reveal();
    let base = format!(
        "/api/v1/projects/{}/integrations/{}",
        made.project.id, made.integration.id
    );
    let fields = |secret: &'static str| {
        [
            ("grant_type", "refresh_token"),
            ("refresh_token", Box::leak(refresh.clone().into_boxed_str())),
            ("client_id", Box::leak(id.to_owned().into_boxed_str())),
            ("client_secret", secret),
        ]
    };
    let old: &'static str = Box::leak(secret(&made).to_owned().into_boxed_str());

    app.api(key, Method::PATCH, &base, json!({ "is_active": false }))
        .await;
    let answer = app.token(&fields(old)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (400, &json!("unauthorized_client"))
    );
    let answer = app.mcp("/mcp/", &access, &[], &json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.headers.contains_key("www-authenticate"));
    let page = app.get(&app.authorize_url(id, &[])).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::FORBIDDEN, "")
    );
    app.api(key, Method::PATCH, &base, json!({ "is_active": true }))
        .await;

    app.clock.advance_seconds(1);
    let rotated = app
        .api(
            key,
            Method::POST,
            &format!("{base}/rotate-secret"),
            Value::Null,
        )
        .await;
    assert_eq!(rotated.header("cache-control"), "no-store");
    let new: &'static str = Box::leak(
        rotated.json()["client_secret"]
            .as_str()
            .unwrap()
            .to_owned()
            .into_boxed_str(),
    );
    let answer = app.token(&fields(old)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (401, &json!("invalid_client"))
    );
    assert!(answer.body.contains("rotated"), "{}", answer.body);
    assert_eq!(app.token(&fields(new)).await.status, StatusCode::OK);
}
