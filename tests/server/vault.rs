//! The vault over REST, and connecting an account in a browser.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::{get, post},
};
use domain::{integrations::Approval, tools::ToolInput};
use serde_json::{Value, json};

use crate::app::{EMAIL, Options, PASSWORD, TestApp};

const VALUE: &str = "s3cret-value";

fn secret() -> Value {
    json!({
        "name": "crm", "value": VALUE, "origins": ["https://crm.example.com/"],
        "auth_strategy": "static_bearer",
    })
}

fn tool() -> Value {
    json!({
        "name": "crm-contacts-get", "description": "Finds a contact.",
        "base_url": "https://crm.example.com", "endpoint_path": "/contacts",
        "auth_strategy": "static_bearer", "auth_secret_name": "crm",
    })
}

#[tokio::test]
async fn secrets_are_written_and_never_read() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (key, project) = (made.api_key.reveal(), &made.project.id);
    let vault = format!("/api/v1/projects/{project}/vault");
    let tools = format!("/api/v1/projects/{project}/tools");
    let kept = app.api(key, Method::POST, &vault, secret()).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.body);
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(kept.json()["origins"], json!(["https://crm.example.com"]));
    let one = format!("{vault}/{id}");
    let used = app.api(key, Method::POST, &tools, tool()).await;
    assert_eq!(used.status, StatusCode::CREATED, "{}", used.body);
    let listed = app.api(key, Method::GET, &vault, Value::Null).await;
    assert_eq!(
        listed.json()["data"][0]["used_by"],
        json!(["crm-contacts-get"])
    );
    assert_eq!(listed.json()["data"][0]["updated_by"], EMAIL);
    let changed = app
        .api(key, Method::PATCH, &one, json!({ "name": "crm_key" }))
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let further = json!({ "origins": ["https://crm.example.com", "https://evil.example"] });
    let further = app.api(key, Method::PATCH, &one, further).await;
    assert_eq!(further.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(further.json()["error"]["details"][0]["field"], "value");
    let refused = app.api(key, Method::DELETE, &one, Value::Null).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let read = app.api(key, Method::GET, &one, Value::Null).await;
    let tool_read = app.api(key, Method::GET, &tools, Value::Null).await;
    assert_eq!(
        tool_read.json()["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|tool| tool["name"] == "crm-contacts-get")
            .unwrap()["auth_secret_name"],
        "crm_key"
    );
    for answer in [
        &kept, &used, &listed, &changed, &further, &refused, &read, &tool_read,
    ] {
        assert!(!answer.body.contains(VALUE), "{}", answer.body);
    }
    let id = used.json()["id"].as_str().unwrap().to_owned();
    let none = json!({ "auth_strategy": "none", "auth_secret_name": null });
    let without = app
        .api(key, Method::PATCH, &format!("{tools}/{id}"), none)
        .await;
    assert_eq!(without.status, StatusCode::OK, "{}", without.body);
    let deleted = app.api(key, Method::DELETE, &one, Value::Null).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let nothing = app.api(key, Method::GET, &one, Value::Null).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    for (body, field) in [
        (
            json!({ "name": "a b", "value": "v", "origins": ["https://a.example"], "auth_strategy": "static_bearer" }),
            "name",
        ),
        (
            json!({ "name": "a", "value": "v", "origins": ["https://169.254.169.254"], "auth_strategy": "static_bearer" }),
            "origins[0]",
        ),
        (json!({ "name": "a", "value": 1, "origins": [] }), "value"),
        (
            json!({ "name": "a", "origins": ["https://a.example"], "owner": "x" }),
            "owner",
        ),
    ] {
        let answer = app.api(key, Method::POST, &vault, body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        let told = answer.json()["error"]["details"][0]["field"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(told.starts_with(field), "{told}");
    }
}

/// Another server, which takes one code; the forms that it was sent.
async fn other() -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    let router = Router::new()
        .route(
            "/token",
            post(move |body: String| {
                heard.lock().unwrap().push(body.clone());
                async move {
                    if body.contains("code=g00d") {
                        (StatusCode::OK, axum::Json(json!({
                            "access_token": "at-ada", "token_type": "Bearer", "expires_in": 3600,
                        })))
                    } else {
                        (StatusCode::BAD_REQUEST, axum::Json(json!({ "error": "invalid_grant" })))
                    }
                }
            }),
        )
        .route(
            "/me",
            get(|headers: axum::http::HeaderMap| async move {
                (headers["authorization"] == "Bearer at-ada").to_string()
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, asked)
}

#[tokio::test]
async fn a_person_connects_their_account_in_the_browser() {
    let app = TestApp::with_settings(Options {
        tools_allow: "127.0.0.1".parse().unwrap(),
        ..Options::default()
    })
    .await;
    let made = app.bootstrap(Approval::Ask).await;
    let (origin, asked) = other().await;
    let input = json!({
        "name": "acme", "value": VALUE, "origins": [origin],
        "oauth2": {
            "client_id": "tengine", "token_url": format!("{origin}/token"),
            "authorization_url": "https://login.example/authorize", "scopes": ["me"],
        },
    });
    let vault = format!("/api/v1/projects/{}/vault", made.project.id);
    let kept = app
        .api(made.api_key.reveal(), Method::POST, &vault, input)
        .await;
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    let tool: ToolInput = serde_json::from_value(json!({
        "name": "acme-me-get", "description": "Who I am.", "base_url": origin,
        "endpoint_path": "/me", "auth_strategy": "oauth2_authorization_code",
        "auth_secret_name": "acme",
    }))
    .unwrap();
    let access = app.access(&made).await;
    app.services.tools.create(&access, &tool).await.unwrap();

    // A model is told where the person connects.
    let (token, _) = app.connect(&made, "all").await;
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": "acme-me-get", "arguments": {} } });
    let answer = app.mcp("/mcp/", &token, &[], &call).await.json();
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    let text = answer["result"]["content"][0]["text"].as_str().unwrap();
    let page = format!("/connect/{id}");
    assert!(
        text.contains(&format!("http://localhost:3000{page}")),
        "{text}"
    );

    // Signed out, one signs in first and comes back.
    app.forget_cookies();
    let first = app.get(&page).await;
    assert_eq!(first.parameter("next").as_deref(), Some(page.as_str()));
    app.sign_in(EMAIL, PASSWORD).await;
    let shown = app.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK);
    for words in [
        "acme",
        "Not connected",
        "login.example",
        origin.as_str(),
        "acme-me-get",
        EMAIL,
    ] {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    // Without the page's own token nothing begins.
    assert_eq!(
        app.form(&page, &[("csrf", "x")]).await.status,
        StatusCode::FORBIDDEN
    );
    let callback = |state: &str, code: &str| format!("{page}/callback?state={state}&code={code}");
    let begin = || async {
        let to = app
            .form(
                &page,
                &[
                    ("csrf", &shown.hidden("csrf")),
                    ("client", &shown.hidden("client")),
                ],
            )
            .await;
        assert!(
            to.header("location")
                .starts_with("https://login.example/authorize?")
        );
        to.parameter("state").unwrap()
    };
    begin().await;
    let wrong = app.get(&callback("guessed", "g00d")).await;
    assert!(
        wrong.body.contains("does not belong to a connection"),
        "{}",
        wrong.body
    );
    assert_eq!(
        asked.lock().unwrap().len(),
        0,
        "nothing was asked of the other server"
    );
    let denied = format!(
        "{page}/callback?state={}&error=access_denied",
        begin().await
    );
    assert!(app.get(&denied).await.body.contains("did not give leave"));
    let bad = app.get(&callback(&begin().await, "bad")).await;
    assert!(
        bad.body.contains("does not take its own code"),
        "{}",
        bad.body
    );
    let state = begin().await;
    // Another site's page that sends the browser here ends nothing.
    app.get(&format!("{page}/callback")).await;
    app.get(&callback("guessed", "g00d")).await;
    let done = app.get(&callback(&state, "g00d")).await;
    assert_eq!(done.header("location"), page, "the code leaves the address");
    assert!(app.get(&page).await.body.contains("Connected just now"));
    let replayed = app.get(&callback(&state, "g00d")).await;
    assert!(
        replayed.body.contains("does not belong"),
        "{}",
        replayed.body
    );
    let form = asked.lock().unwrap().pop().unwrap();
    assert!(form.contains("code_verifier=") && form.contains("grant_type=authorization_code"));

    let answer = app.mcp("/mcp/", &token, &[], &call).await.json();
    assert_eq!(answer["result"]["content"][0]["text"], "true", "{answer}");

    let gone = app
        .form(
            &format!("{page}/disconnect"),
            &[("csrf", &shown.hidden("csrf"))],
        )
        .await;
    assert_eq!(gone.header("location"), page);
    let answer = app.mcp("/mcp/", &token, &[], &call).await.json();
    assert_eq!(answer["result"]["isError"], true);
}

#[tokio::test]
async fn who_is_no_member_learns_nothing_of_an_account_to_connect() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let input = json!({
        "name": "acme", "value": VALUE, "origins": ["https://a.example"],
        "oauth2": { "client_id": "c", "token_url": "https://a.example/token",
            "authorization_url": "https://a.example/authorize" },
    });
    let vault = format!("/api/v1/projects/{}/vault", made.project.id);
    let kept = app
        .api(made.api_key.reveal(), Method::POST, &vault, input)
        .await;
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    let sign_up = domain::accounts::SignUp {
        email: "eve@example.com",
        password: PASSWORD,
        setup_code: None,
        invitation: None,
        link: None,
    };
    let here = std::net::IpAddr::from([127, 0, 0, 1]);
    app.services.accounts.sign_up(sign_up, here).await.unwrap();
    app.forget_cookies();
    app.sign_in("eve@example.com", PASSWORD).await;
    let theirs = app.get(&format!("/connect/{id}")).await;
    let nobodys = app.get("/connect/vsec_0").await;
    assert_eq!(
        (theirs.status, nobodys.status),
        (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    );
    assert!(!theirs.body.contains("acme"));
    let text = |body: &str| {
        body.split("<h1>")
            .nth(1)
            .unwrap()
            .split("<dl")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(text(&theirs.body), text(&nobodys.body));
}
