//! The REST management API.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use domain::integrations::Approval;
use serde_json::{Value, json};

use crate::app::TestApp;

fn tool(name: &str) -> Value {
    json!({
        "name": name,
        "description": "Finds a contact by its id.",
        "base_url": "https://crm.example.com",
        "endpoint_path": "/contacts/{id}",
        "input_schema": {
            "type": "object",
            "properties": { "id": { "type": "string" } },
            "required": ["id"],
        },
    })
}

#[tokio::test]
async fn tools_are_made_read_changed_called_and_deleted() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let base = format!("/api/v1/projects/{}/tools", made.project.id);
    let created = app
        .api(key, Method::POST, &base, tool("crm-contacts-get"))
        .await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let one = format!("{base}/{id}");
    assert_eq!(
        app.api(key, Method::GET, &one, Value::Null).await.json(),
        created.json()
    );
    let again = app
        .api(key, Method::POST, &base, tool("crm-contacts-get"))
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(again.json()["error"]["details"][0]["field"], "name");
    let patch =
        json!({ "title": "Contact", "auth_strategy": "static_bearer", "auth_secret": "s3cret" });
    let patched = app.api(key, Method::PATCH, &one, patch).await;
    assert_eq!(patched.json()["title"], "Contact", "{}", patched.body);
    assert_eq!(patched.json()["has_auth_secret"], true);
    assert!(!patched.body.contains("s3cret"));
    let off = app
        .api(key, Method::PATCH, &one, json!({ "is_enabled": false }))
        .await;
    assert_eq!(off.json()["is_enabled"], false);
    assert_eq!(
        off.json()["has_auth_secret"],
        true,
        "a patch keeps the secret"
    );
    let call = app
        .api(
            key,
            Method::POST,
            &format!("{one}/call"),
            json!({ "arguments": {} }),
        )
        .await;
    assert_eq!(call.status, StatusCode::FORBIDDEN);
    assert_eq!(
        call.json()["error"]["message"],
        "Tool not enabled for this project"
    );
    let list = app.api(key, Method::GET, &base, Value::Null).await.json();
    assert_eq!(list["next_cursor"], Value::Null);
    assert!(
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .any(|tool| tool["id"] == id.as_str())
    );
    assert_eq!(
        app.api(key, Method::DELETE, &one, Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        app.api(key, Method::GET, &one, Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_call_answers_what_a_model_would_see() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let base = format!("/api/v1/projects/{}/tools", made.project.id);
    let list = app.api(key, Method::GET, &base, Value::Null).await.json();
    let id = |name: &str| {
        let tools = list["data"].as_array().unwrap();
        tools.iter().find(|tool| tool["name"] == name).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let url = format!("{base}/{}/call", id("sample-text-measure"));
    let answer = app
        .api(
            key,
            Method::POST,
            &url,
            json!({ "arguments": { "text": "a b c" } }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["structured_content"]["words"], 3);
    let wrong = app
        .api(key, Method::POST, &url, json!({ "arguments": {} }))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.json()["error"]["code"], "invalid_arguments");
    // A private address is refused before anything is sent.
    let mut private = tool("private");
    private["base_url"] = json!("https://localhost");
    let created = app.api(key, Method::POST, &base, private).await;
    if created.status == StatusCode::CREATED {
        let url = format!("{base}/{}/call", created.json()["id"].as_str().unwrap());
        let answer = app
            .api(
                key,
                Method::POST,
                &url,
                json!({ "arguments": { "id": "1" } }),
            )
            .await;
        assert_eq!(
            answer.json()["error"]["code"],
            "address_refused",
            "{}",
            answer.body
        );
    } else {
        assert_eq!(created.json()["error"]["details"][0]["field"], "base_url");
    }
}

#[tokio::test]
async fn an_integrations_secret_is_in_the_answer_that_made_it_and_in_no_other() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let base = format!("/api/v1/projects/{}/integrations", made.project.id);
    let created = app
        .api(key, Method::POST, &base, json!({ "name": "Cursor" }))
        .await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    assert_eq!(created.header("cache-control"), "no-store");
    let secret = created.json()["client_secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("tng_cs_"));
    let one = format!("{base}/{}", created.json()["id"].as_str().unwrap());
    for path in [&one, &base] {
        let answer = app.api(key, Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains(&secret) && !answer.body.contains("client_secret"));
    }
    for (patch, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "redirect_uris": [] }), "redirect_uris"),
        (
            json!({ "redirect_uris": ["http://evil.example"] }),
            "redirect_uris[0]",
        ),
        (json!({ "nonsense": 1 }), "nonsense"),
        (json!({ "approval": "never" }), "approval"),
    ] {
        let answer = app.api(key, Method::PATCH, &one, patch).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        assert_eq!(
            answer.json()["error"]["details"][0]["field"],
            field,
            "{}",
            answer.body
        );
    }
    assert_eq!(
        app.api(key, Method::DELETE, &one, Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn a_key_works_for_its_project_only() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let owner = domain::accounts::Actor::Person {
        user_id: made.account.id.clone(),
    };
    let other = app.services.projects.create(&owner, "Other").await.unwrap();
    let key = made.api_key.reveal();
    for path in [
        "",
        "/tools",
        "/integrations",
        "/tools/tool_x",
        "/integrations/int_x",
    ] {
        let url = format!("/api/v1/projects/{}{path}", other.id);
        let answer = app.api(key, Method::GET, &url, Value::Null).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{url}");
    }
    let list = app
        .api(key, Method::GET, "/api/v1/projects", Value::Null)
        .await
        .json();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    let new = app
        .api(
            key,
            Method::POST,
            "/api/v1/projects",
            json!({ "name": "Third" }),
        )
        .await;
    assert_eq!(new.status, StatusCode::FORBIDDEN);
    for bad in ["", "tng_key_x", "Bearer"] {
        let answer = app
            .api(bad, Method::GET, "/api/v1/projects", Value::Null)
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json()["error"]["code"], "unauthorized");
    }
    // The dashboard's cookie is no key.
    app.sign_in(crate::app::EMAIL, crate::app::PASSWORD).await;
    assert_eq!(
        app.get("/api/v1/projects").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_wrong_body_names_its_field_and_no_input_is_a_5xx() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let base = format!("/api/v1/projects/{}/tools", made.project.id);
    for (change, field) in [
        (json!({ "name": "bad name" }), "name"),
        (json!({ "base_url": "https://user@x.example" }), "base_url"),
        (json!({ "base_url": "https://169.254.169.254" }), "base_url"),
        (json!({ "endpoint_path": "/../x" }), "endpoint_path"),
        (json!({ "endpoint_path": "/{unknown}" }), "endpoint_path"),
        (
            json!({ "input_schema": { "type": "array" } }),
            "input_schema",
        ),
        (
            json!({ "input_schema": { "type": "object", "properties": 7 } }),
            "input_schema",
        ),
        (
            json!({ "headers_template": { "Host": "x" } }),
            "headers_template.Host",
        ),
        (json!({ "auth_strategy": "static_bearer" }), "auth_secret"),
        (
            json!({ "auth_strategy": "api_key_header", "auth_secret": "s" }),
            "auth_config.header",
        ),
        (
            json!({ "auth_config": { "username": "ada" } }),
            "auth_config.username",
        ),
        (json!({ "auth_config": { "user": "ada" } }), "auth_config"),
        (json!({ "timeout_ms": 0 }), "timeout_ms"),
    ] {
        let mut input = tool("crm-x");
        for (name, value) in change.as_object().unwrap() {
            input[name] = value.clone();
        }
        let answer = app.api(key, Method::POST, &base, input).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{change}: {}",
            answer.body
        );
        let details = answer.json()["error"]["details"].clone();
        let named = details
            .as_array()
            .unwrap()
            .iter()
            .any(|detail| detail["field"].as_str().unwrap().starts_with(field));
        assert!(named, "{field} is not in {details}");
    }
    for body in [
        json!(7),
        json!([]),
        json!({ "name": 7 }),
        json!({ "http_method": "BREW" }),
    ] {
        let answer = app.api(key, Method::POST, &base, body).await;
        assert!(answer.status.is_client_error(), "{}", answer.body);
        assert!(answer.json()["error"]["message"].is_string());
    }
    let send = |body: String, kind: &'static str| {
        let request = Request::post(&base)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, kind);
        app.send(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(
        send("{".to_owned(), "application/json").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        send("{}".to_owned(), "text/plain").await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let large = format!("\"{}\"", "a".repeat(5 << 20));
    assert_eq!(
        send(large, "application/json").await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let nothing = app
        .api(key, Method::GET, "/api/v1/nothing", Value::Null)
        .await;
    assert_eq!(nothing.json()["error"]["code"], "not_found");
    let list = app.api(key, Method::GET, &base, Value::Null).await.json();
    assert!(
        !list.to_string().contains("crm-x"),
        "nothing half-done stays"
    );
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let key = made.api_key.reveal();
    let base = format!("/api/v1/projects/{}/tools", made.project.id);
    let first = app
        .api(key, Method::GET, &format!("{base}?limit=3"), Value::Null)
        .await
        .json();
    assert_eq!(first["data"].as_array().unwrap().len(), 3);
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = format!("{base}?limit=3&cursor={cursor}");
    let second = app.api(key, Method::GET, &next, Value::Null).await.json();
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    assert_eq!(second["next_cursor"], Value::Null);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("cursor=!", "cursor"),
        ("page=2", "page"),
    ] {
        let answer = app
            .api(key, Method::GET, &format!("{base}?{query}"), Value::Null)
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["error"]["details"][0]["field"], field);
    }
}

#[tokio::test]
async fn the_document_names_every_route() {
    let app = TestApp::new().await;
    let document = app.get("/api/v1/openapi.json").await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    for (path, methods) in [
        ("/api/v1/projects", 2),
        ("/api/v1/projects/{project_id}", 3),
        ("/api/v1/projects/{project_id}/tools", 2),
        ("/api/v1/projects/{project_id}/tools/{tool_id}", 3),
        ("/api/v1/projects/{project_id}/tools/{tool_id}/call", 1),
        ("/api/v1/projects/{project_id}/integrations", 2),
        (
            "/api/v1/projects/{project_id}/integrations/{integration_id}",
            3,
        ),
        (
            "/api/v1/projects/{project_id}/integrations/{integration_id}/rotate-secret",
            1,
        ),
    ] {
        let found = &paths[path];
        let is_method = |key: &&String| ["get", "post", "patch", "delete"].contains(&key.as_str());
        assert_eq!(
            found.as_object().unwrap().keys().filter(is_method).count(),
            methods,
            "{path}"
        );
    }
}

#[tokio::test]
async fn each_operation_of_the_document_has_an_id_of_its_own() {
    let app = TestApp::new().await;
    let document = app.get("/api/v1/openapi.json").await.json();
    let mut ids: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.contains(&"projects_list".to_owned()), "{ids:?}");
    assert!(ids.contains(&"projects_tools_call".to_owned()), "{ids:?}");
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{ids:?}");
}
