//! Ways in over REST: a document, a curl command, the catalog; and going back to a version.

use axum::http::{Method, StatusCode};
use domain::integrations::Approval;
use serde_json::{Value, json};

use crate::app::TestApp;

fn document(paths: Value) -> Value {
    json!({
        "openapi": "3.1.0", "info": { "title": "CRM", "version": "1" },
        "servers": [{ "url": "https://crm.example.com/v1" }], "paths": paths,
    })
}

#[tokio::test]
async fn a_document_is_looked_at_and_then_imported() {
    let app = TestApp::new().await;
    let made = app.bootstrap_with(Approval::Ask, &[]).await;
    let (key, project) = (made.api_key.reveal(), &made.project.id);
    let import = format!("/api/v1/projects/{project}/tools/import");
    let two = document(json!({
        "/contacts": { "get": { "operationId": "contacts-list", "summary": "Lists contacts" } },
        "/notes": { "get": { "operationId": "notes-list", "summary": "Lists notes" } },
    }));
    let looked = json!({ "document": two, "dry_run": true });
    let looked = app.api(key, Method::POST, &import, looked).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.body);
    assert_eq!(
        looked.json()["added"],
        json!(["contacts-list", "notes-list"])
    );
    assert_eq!(looked.json()["applied"], false);
    let tools = format!("/api/v1/projects/{project}/tools");
    assert_eq!(
        app.api(key, Method::GET, &tools, Value::Null).await.json()["data"],
        json!([])
    );
    // As text it is the same.
    let done = json!({ "document": two.to_string() });
    let done = app.api(key, Method::POST, &import, done).await;
    assert_eq!(
        (done.status, &done.json()["applied"]),
        (StatusCode::OK, &json!(true))
    );
    // What is new, what changed, and what is gone.
    let next = document(json!({
        "/contacts": { "get": { "operationId": "contacts-list", "summary": "Lists all contacts" } },
        "/tasks": { "get": { "operationId": "tasks-list", "summary": "Lists tasks" } },
    }));
    let again = json!({ "document": next, "dry_run": true });
    let again = app.api(key, Method::POST, &import, again).await.json();
    assert_eq!(again["added"], json!(["tasks-list"]));
    assert_eq!(again["changed"][0]["name"], "contacts-list");
    assert_eq!(again["gone"], json!(["notes-list"]));
    // One that was renamed is the same one by what it calls, and what cannot be imported is not gone.
    let id = |name: &str| {
        let list = format!("/api/v1/projects/{project}/tools");
        let (app, name) = (&app, name.to_owned());
        async move {
            let tools = app.api(key, Method::GET, &list, Value::Null).await.json();
            let tools = tools["data"].as_array().unwrap().clone();
            let found = tools.into_iter().find(|tool| tool["name"] == name.as_str());
            found.unwrap()["id"].as_str().unwrap().to_owned()
        }
    };
    let one = format!(
        "/api/v1/projects/{project}/tools/{}",
        id("contacts-list").await
    );
    let renamed = json!({ "name": "crm-contacts-list", "is_enabled": false });
    app.api(key, Method::PATCH, &one, renamed).await;
    let third = document(json!({
        "/contacts": { "get": { "operationId": "contacts-list", "summary": "Lists all contacts" } },
        "/notes": { "get": { "operationId": "notes-list", "parameters": [
            { "name": "sid", "in": "cookie", "required": true, "schema": { "type": "string" } },
        ] } },
    }));
    let again = json!({ "document": third });
    let again = app.api(key, Method::POST, &import, again).await.json();
    assert_eq!(
        (&again["added"], &again["gone"]),
        (&json!([]), &json!([])),
        "{again}"
    );
    assert_eq!(again["changed"][0]["name"], "crm-contacts-list");
    let now = app.api(key, Method::GET, &one, Value::Null).await.json();
    assert_eq!(
        (&now["title"], &now["is_enabled"]),
        (&json!("Lists all contacts"), &json!(false))
    );
    for (body, field) in [
        (json!({}), "url"),
        (
            json!({ "url": "https://a.example/x", "document": two }),
            "url",
        ),
        (
            json!({ "url": "http://169.254.169.254/openapi.json" }),
            "url",
        ),
        (json!({ "document": "{}" }), "document"),
        (
            json!({ "document": two, "server": "crm.example.com" }),
            "server",
        ),
        (
            json!({ "document": two, "secret": "a", "secret_name": "b" }),
            "secret",
        ),
    ] {
        let answer = app.api(key, Method::POST, &import, body).await;
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
}

#[tokio::test]
async fn a_curl_command_becomes_a_draft_without_its_secret() {
    let app = TestApp::new().await;
    let made = app.bootstrap_with(Approval::Ask, &[]).await;
    let (key, project) = (made.api_key.reveal(), &made.project.id);
    let path = format!("/api/v1/projects/{project}/tools/from-curl");
    let command =
        "curl https://api.example.com/v1/users/42 -H 'Authorization: Bearer sk-0123456789abcdef'";
    let draft = app
        .api(key, Method::POST, &path, json!({ "command": command }))
        .await;
    assert_eq!(draft.status, StatusCode::OK, "{}", draft.body);
    assert_eq!(draft.json()["tool"]["endpoint_path"], "/v1/users/{user_id}");
    assert_eq!(draft.json()["tool"]["auth_strategy"], "static_bearer");
    assert_eq!(draft.json()["had_secret"], true);
    assert!(!draft.body.contains("sk-0123456789abcdef"));
    let none = app
        .api(key, Method::POST, &path, json!({ "command": "rm -rf /" }))
        .await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(none.json()["error"]["details"][0]["field"], "command");
}

#[tokio::test]
async fn a_tool_of_the_catalog_is_added_changed_and_restored() {
    let app = TestApp::new().await;
    let made = app.bootstrap_with(Approval::Ask, &[]).await;
    let (key, project) = (made.api_key.reveal(), &made.project.id);
    let catalog = format!("/api/v1/projects/{project}/catalog");
    let entries = app
        .api(key, Method::GET, &catalog, Value::Null)
        .await
        .json();
    assert!(entries["data"].as_array().unwrap().len() >= 12);
    let forecast = json!({ "entry": "open-meteo-forecast" });
    let added = app.api(key, Method::POST, &catalog, forecast.clone()).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    let twice = app.api(key, Method::POST, &catalog, forecast).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let needs = json!({ "entry": "slack-post-message" });
    let needs = app.api(key, Method::POST, &catalog, needs).await;
    assert_eq!(
        needs.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        needs.body
    );
    let unknown = app
        .api(key, Method::POST, &catalog, json!({ "entry": "x" }))
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    let id = added.json()["id"].as_str().unwrap().to_owned();
    let one = format!("/api/v1/projects/{project}/tools/{id}");
    let title = added.json()["title"].clone();
    let changed = app
        .api(key, Method::PATCH, &one, json!({ "title": "Another" }))
        .await;
    assert_eq!(changed.json()["version"], 2);
    let versions = format!("{one}/versions");
    let listed = app
        .api(key, Method::GET, &versions, Value::Null)
        .await
        .json();
    assert_eq!(listed["data"][0]["kind"], "changed");
    assert_eq!(listed["data"][0]["made_by"], crate::app::EMAIL);
    assert!(listed["data"][0]["api_key_id"].is_string());
    let compared = app
        .api(
            key,
            Method::GET,
            &format!("{versions}/2/changes-since/1"),
            Value::Null,
        )
        .await;
    assert_eq!(
        compared.json()["changes"],
        json!([{ "field": "title", "before": title, "after": "Another" }])
    );
    let restored = app
        .api(
            key,
            Method::POST,
            &format!("{versions}/1/restore"),
            Value::Null,
        )
        .await;
    assert_eq!(restored.status, StatusCode::OK, "{}", restored.body);
    assert_eq!(
        (&restored.json()["title"], &restored.json()["version"]),
        (&title, &json!(3))
    );
    // Pages of more than nine versions follow one another.
    for title in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
        app.api(key, Method::PATCH, &one, json!({ "title": title }))
            .await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = format!("{versions}?limit=5{cursor}");
        let page = app.api(key, Method::GET, &page, Value::Null).await.json();
        let numbers = page["data"].as_array().unwrap().iter();
        seen.extend(numbers.map(|version| version["number"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, (1..=12).rev().collect::<Vec<_>>());
    for path in ["0", "13", "x", "-1"] {
        let none = app
            .api(key, Method::GET, &format!("{versions}/{path}"), Value::Null)
            .await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{path}");
    }
}
