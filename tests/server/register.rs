//! Clients that introduce themselves: registration (RFC 7591) and metadata documents.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use domain::{
    events::{Event, EventKind},
    instance::FixedSettings,
    integrations::Approval,
};
use serde_json::{Value, json};

use crate::app::{CALLBACK, EMAIL, Options, PASSWORD, TestApp, VERIFIER};

pub async fn register(app: &TestApp, metadata: &Value) -> crate::app::Answer {
    let request = Request::post("/api/v1/mcp-oauth/register")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(metadata.to_string()));
    app.send(request.unwrap()).await
}

/// Opens an integration to clients that register themselves.
pub async fn open(app: &TestApp, made: &domain::bootstrap::Bootstrapped) {
    let path = format!(
        "/api/v1/projects/{}/integrations/{}",
        made.project.id, made.integration.id
    );
    let patch = json!({ "self_registered": true });
    let answer = app
        .api(made.api_key.reveal(), Method::PATCH, &path, patch)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["self_registered"], true);
}

fn exchange<'a>(code: &'a str, client_id: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", client_id),
    ]
}

#[tokio::test]
async fn a_client_registers_and_connects_without_a_secret() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let metadata = json!({
        "redirect_uris": [CALLBACK], "client_name": "Roamer",
        "token_endpoint_auth_method": "client_secret_post",
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let answer = register(&app, &metadata).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let information = answer.json();
    assert_eq!(information["token_endpoint_auth_method"], "none");
    assert_eq!(information["redirect_uris"], json!([CALLBACK]));
    assert!(information.get("client_secret").is_none());
    let id = information["client_id"].as_str().unwrap();

    app.sign_in(EMAIL, PASSWORD).await;
    // No integration takes it yet, and the page says what to do.
    let closed = app.get(&app.authorize_url(id, &[])).await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(
        closed.body.contains("let clients in that register"),
        "{}",
        closed.body
    );

    open(&app, &made).await;
    let page = app.get(&app.authorize_url(id, &[])).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Roamer") && page.body.contains("nobody has checked it"));
    assert!(
        !page.body.contains("name=\"remember\""),
        "a public client is asked every time"
    );
    assert_eq!(page.hidden("integration"), made.integration.id.to_string());
    let decision = [("decision", "approve"), ("tools", "all")];
    let back = app.answer_consent(&page, &decision).await;
    let code = back.parameter("code").unwrap_or_else(|| panic!("{back:?}"));
    let tokens = app.token(&exchange(&code, id)).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let refresh = tokens.json()["refresh_token"].as_str().unwrap().to_owned();
    let refreshed = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", id),
    ];
    assert_eq!(app.token(&refreshed).await.status, StatusCode::OK);
}

#[tokio::test]
async fn with_several_open_integrations_the_person_chooses() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    open(&app, &made).await;
    let key = made.api_key.reveal();
    let base = format!("/api/v1/projects/{}/integrations", made.project.id);
    let other = app
        .api(key, Method::POST, &base, json!({ "name": "Second" }))
        .await
        .json();
    let other = other["id"].as_str().unwrap();
    let patch = json!({ "self_registered": true });
    app.api(key, Method::PATCH, &format!("{base}/{other}"), patch)
        .await;
    let answer = register(&app, &json!({ "redirect_uris": [CALLBACK] })).await;
    let id = answer.json()["client_id"].as_str().unwrap().to_owned();
    app.sign_in(EMAIL, PASSWORD).await;
    let url = app.authorize_url(&id, &[]);
    let page = app.get(&url).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("Second") && page.body.contains("CRM"),
        "{}",
        page.body
    );
    let chosen = format!("{url}&integration={other}");
    let links = page.body.split("href=\"/api/v1/mcp-oauth/authorize?");
    let links = links.map(|rest| rest.split('"').next().unwrap_or_default());
    let link = links
        .filter(|link| link.ends_with(&format!("integration={other}")))
        .last()
        .expect("a link for each")
        .replace("&amp;", "&");
    let path = format!("/api/v1/mcp-oauth/authorize?{link}");
    assert_eq!(app.get(&path).await.hidden("integration"), other);
    let silent = app
        .get(&app.authorize_url(&id, &[("prompt", "none")]))
        .await;
    assert_eq!(
        (silent.status, silent.header("location")),
        (StatusCode::BAD_REQUEST, "")
    );
    assert!(silent.body.contains("consent_required"), "{}", silent.body);
    let consent = app.get(&chosen).await;
    assert_eq!(consent.hidden("integration"), other);
    // Not one that is closed, nor one that does not exist.
    app.api(
        key,
        Method::PATCH,
        &format!("{base}/{other}"),
        json!({ "self_registered": false }),
    )
    .await;
    let closed = app.get(&chosen).await;
    assert_eq!(
        (closed.status, closed.header("location")),
        (StatusCode::FORBIDDEN, "")
    );
    // Who never gets past the choice has a record too.
    let seen = app.services.events.of_strangers(100).await.unwrap();
    let is_it = |event: &Event| {
        (event.kind, event.cause, event.trail.client_id.as_deref())
            == (EventKind::Authorize, None, Some(id.as_str()))
    };
    assert!(seen.iter().any(is_it), "{seen:?}");
}

#[tokio::test]
async fn a_document_that_is_fetched_only_for_a_person_is_seen_before_they_sign_in() {
    let app = TestApp::new().await;
    app.bootstrap(Approval::Ask).await;
    let id = "https://client.example/oauth/metadata.json";
    let answer = app.get(&app.authorize_url(id, &[])).await;
    assert!(
        answer.header("location").starts_with("/sign-in?next="),
        "{answer:?}"
    );
    let seen = app.services.events.of_strangers(100).await.unwrap();
    let is_it = |event: &Event| {
        (event.kind, event.cause, event.trail.client_id.as_deref())
            == (EventKind::Authorize, None, Some(id))
    };
    assert!(seen.iter().any(is_it), "{seen:?}");
}

#[tokio::test]
async fn a_registration_that_cannot_be_used_says_which_member_is_wrong() {
    let app = TestApp::new().await;
    for (metadata, error, words) in [
        (json!({}), "invalid_redirect_uri", "redirect_uris"),
        (json!([]), "invalid_client_metadata", "JSON object"),
        (
            json!({ "redirect_uris": [CALLBACK], "grant_types": ["implicit"] }),
            "invalid_client_metadata",
            "grant_types",
        ),
        (
            json!({ "redirect_uris": [CALLBACK], "response_types": ["token"] }),
            "invalid_client_metadata",
            "response_types",
        ),
    ] {
        let answer = register(&app, &metadata).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{metadata}");
        assert_eq!(answer.json()["error"], error, "{metadata}");
        let description = answer.json()["error_description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(description.contains(words) && description.contains("request "));
    }
    let form = crate::app::form("/api/v1/mcp-oauth/register").body(Body::from("a=b"));
    let answer = app.send(form.unwrap()).await;
    assert_eq!(answer.json()["error"], "invalid_client_metadata");
}

#[tokio::test]
async fn a_well_known_client_is_known_by_its_document() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    open(&app, &made).await;
    let id = "https://claude.ai/oauth/mcp-oauth-client-metadata";
    // Its redirect URIs are known before anybody signs in.
    let evil = app
        .get(&app.authorize_url(id, &[("redirect_uri", "https://evil.example/cb")]))
        .await;
    assert_eq!(
        (evil.status, evil.header("location")),
        (StatusCode::BAD_REQUEST, "")
    );
    app.sign_in(EMAIL, PASSWORD).await;
    let page = app.get(&app.authorize_url(id, &[])).await;
    assert!(
        page.body
            .contains("Its makers describe it at https://claude.ai/oauth/"),
        "{}",
        page.body
    );
    // Before it was ever approved, the token endpoint has not met it.
    let unknown = app.token(&exchange("tng_ac_x", id)).await;
    assert_eq!(unknown.json()["error"], "invalid_client");
    let decision = [("decision", "approve"), ("tools", "read_only")];
    let back = app.answer_consent(&page, &decision).await;
    let code = back.parameter("code").unwrap();
    let tokens = app.token(&exchange(&code, id)).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
}

#[tokio::test]
async fn both_ways_of_introducing_oneself_can_be_switched_off() {
    let options = Options {
        fixed: FixedSettings {
            dynamic_registration: Some(false),
            client_metadata_documents: Some(false),
            ..FixedSettings::default()
        },
        ..Options::default()
    };
    let app = TestApp::with_settings(options).await;
    let document = app
        .get("/.well-known/oauth-authorization-server")
        .await
        .json();
    assert!(document.get("registration_endpoint").is_none());
    assert_eq!(document["client_id_metadata_document_supported"], false);
    let answer = register(&app, &json!({ "redirect_uris": [CALLBACK] })).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.json()["error"], "access_denied");
    let id = "https://claude.ai/oauth/mcp-oauth-client-metadata";
    let page = app.get(&app.authorize_url(id, &[])).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::FORBIDDEN, "")
    );
}
