//! What a client learns before it knows anything.

use axum::http::StatusCode;
use domain::{accounts::SignUpPolicy, db::testing::TestDatabase, integrations::Approval};
use serde_json::json;

use crate::app::{PUBLIC, TestApp};

#[tokio::test]
async fn each_form_of_the_protected_resource_document_names_its_own_url() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let slug = &made.integration.slug;
    for (path, resource) in [
        (String::new(), "/mcp/".to_owned()),
        ("/mcp".to_owned(), "/mcp".to_owned()),
        ("/mcp/".to_owned(), "/mcp/".to_owned()),
        (format!("/mcp/{slug}"), format!("/mcp/{slug}")),
        (format!("/mcp/{slug}/"), format!("/mcp/{slug}/")),
    ] {
        let answer = app
            .get(&format!("/.well-known/oauth-protected-resource{path}"))
            .await;
        let document = answer.json();
        assert_eq!(
            document["resource"],
            format!("{PUBLIC}{resource}"),
            "{path}"
        );
        assert_eq!(document["authorization_servers"], json!([PUBLIC]));
        assert_eq!(document["scopes_supported"], json!(["mcp:tools"]));
        assert_eq!(answer.header("content-type"), "application/json");
    }
    for unknown in ["/mcp/nothing", "/mcpx", "/mcp//", "/other"] {
        let answer = app
            .get(&format!("/.well-known/oauth-protected-resource{unknown}"))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn the_authorization_server_says_what_it_does_and_nothing_else() {
    let app = TestApp::new().await;
    let document = app
        .get("/.well-known/oauth-authorization-server")
        .await
        .json();
    assert_eq!(document["issuer"], PUBLIC);
    assert_eq!(
        document["code_challenge_methods_supported"],
        json!(["S256"])
    );
    assert_eq!(
        document["authorization_response_iss_parameter_supported"],
        true
    );
    // Every endpoint that it names is there.
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "registration_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "jwks_uri",
    ] {
        let url = document[name].as_str().unwrap();
        let answer = app.get(url.strip_prefix(PUBLIC).unwrap()).await;
        assert_ne!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
    let endpoints = document
        .as_object()
        .unwrap()
        .keys()
        .filter(|key| key.ends_with("_endpoint"));
    assert_eq!(endpoints.count(), 5);
    assert_eq!(document["client_id_metadata_document_supported"], true);
}

#[tokio::test]
async fn the_host_header_changes_nothing() {
    let database = TestDatabase::sqlite().await;
    let app = TestApp::with(database, "https://tools.example.com", SignUpPolicy::Open).await;
    let request = axum::http::Request::get("/.well-known/oauth-protected-resource/mcp/")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example");
    let answer = app
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(answer.json()["resource"], "https://tools.example.com/mcp/");
    assert!(!answer.body.contains("evil"));
}

#[tokio::test]
async fn without_a_token_the_challenge_names_the_document_of_the_url_that_was_called() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let slug = &made.integration.slug;
    for path in [
        "/mcp".to_owned(),
        "/mcp/".to_owned(),
        format!("/mcp/{slug}"),
        format!("/mcp/{slug}/"),
    ] {
        for answer in [app.get(&path).await, app.form(&path, &[]).await] {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            let expected = format!(
                "Bearer resource_metadata=\"{PUBLIC}/.well-known/oauth-protected-resource{path}\", \
                 scope=\"mcp:tools\""
            );
            assert_eq!(answer.header("www-authenticate"), expected);
        }
    }
    assert_eq!(app.get("/mcp/nothing/").await.status, StatusCode::NOT_FOUND);
}
