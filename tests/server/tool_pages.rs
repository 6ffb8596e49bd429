//! The tools' pages, in a browser without wasm: every form is sent, and what comes back is a page.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{bootstrap::Bootstrapped, integrations::Approval};

use crate::app::{Answer, EMAIL, PASSWORD, TestApp, encoded, form};

/// Sends a form of this page.
async fn submit(app: &TestApp, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("_page", page)];
    all.extend(fields);
    let request = form(action)
        .header(header::ACCEPT, "text/html")
        .body(Body::from(encoded(&all)));
    app.send(request.unwrap()).await
}

async fn signed_in() -> (TestApp, Bootstrapped, String) {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let tools = format!("/projects/{}/tools", made.project.id);
    (app, made, tools)
}

fn assert_has(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.body.contains(text), "no {text} in {}", answer.body);
    }
}

const DOCUMENT: &str = r#"{
    "openapi": "3.1.0", "info": { "title": "CRM", "version": "1" },
    "servers": [{ "url": "https://crm.example.com/v1" }],
    "paths": {
        "/contacts": { "get": { "operationId": "contacts-list", "summary": "Lists contacts" } },
        "/notes": { "get": { "operationId": "notes-list", "summary": "Lists <notes>" } }
    }
}"#;

#[tokio::test]
async fn a_document_is_looked_at_and_what_is_ticked_is_imported() {
    let (app, made, tools) = signed_in().await;
    let page = format!("{tools}/import");
    let project = made.project.id.as_str();
    // As a browser sends the lines of a text area.
    let document = DOCUMENT.replace('\n', "\r\n");
    let fields = [("project_id", project), ("form[document]", &document)];
    let plan = submit(&app, &page, "/_ui/plan_import?show", &fields).await;
    assert_eq!(plan.status, StatusCode::OK, "{}", plan.body);
    assert_has(
        &plan,
        &["2 of 2 operations can be tools.", "name=\"operations[]\""],
    );
    // What is sent on: the document as it was, and which it was.
    let digest = plan.hidden("form[digest]");
    let import = async |ticks: &[&str]| {
        let mut fields = vec![
            ("project_id", project),
            ("form[document]", DOCUMENT),
            ("form[digest]", &digest),
        ];
        fields.extend(ticks.iter().map(|tick| ("operations[]", *tick)));
        submit(&app, &page, "/_ui/import_tools?show", &fields).await
    };
    let nothing = import(&[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_has(
        &nothing,
        &["Tick the operations", "2 of 2 operations can be tools."],
    );
    let done = import(&["GET /contacts (contacts-list)"]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_has(&done, &["1 added, 0 updated"]);
    let other = [
        ("project_id", project),
        ("form[document]", DOCUMENT),
        ("form[digest]", "another"),
        ("operations[]", "GET /notes (notes-list)"),
    ];
    let other = submit(&app, &page, "/_ui/import_tools?show", &other).await;
    assert_has(&other, &["not the one that you looked at"]);
}

#[tokio::test]
async fn a_curl_command_becomes_a_form_that_keeps_what_is_typed() {
    let (app, made, tools) = signed_in().await;
    let page = format!("{tools}/curl");
    let project = made.project.id.as_str();
    let command = "curl https://crm.example.com/contacts/7 -H 'Authorization: Bearer t0ken'";
    let fields = [("project_id", project), ("command", command)];
    let form = submit(&app, &page, "/_ui/tool_from_curl?show", &fields).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    assert_has(
        &form,
        &["value=\"/contacts/{contact_id}\"", "Register tool"],
    );
    let typed = [
        ("project_id", project),
        ("tool_id", "new"),
        ("form[name]", "not a name"),
        ("form[description]", "Says <b> & more."),
        ("form[http_method]", "GET"),
    ];
    let wrong = submit(&app, &page, "/_ui/save_tool", &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_has(
        &wrong,
        &[
            "value=\"not a name\"",
            "Says &lt;b&gt; &amp; more.",
            "id=\"timeout_ms-problem\"",
        ],
    );
    let look = submit(&app, &page, "/_ui/preview_tool?show", &typed).await;
    assert_eq!(look.status, StatusCode::OK, "{}", look.body);
    assert_has(
        &look,
        &[
            "value=\"not a name\"",
            "id=\"request-preview\"",
            "timeout_ms",
        ],
    );
}

#[tokio::test]
async fn the_list_is_searched_and_several_tools_are_switched() {
    let (app, made, tools) = signed_in().await;
    let project = made.project.id.as_str();
    let access = app.access(&made).await;
    let all = app.services.tools.list(&access).await.unwrap();
    let (first, rest) = all.split_first().unwrap();
    assert!(!rest.is_empty());
    let found = app.get(&format!("{tools}?text={}", first.name)).await;
    assert_has(
        &found,
        &[&format!("Enable {}", first.name), "data-later-from"],
    );
    let report = app.get(&format!("{tools}?report=1")).await;
    assert_has(&report, &["Together about", "tokens</span>"]);
    let none = [("project_id", project), ("is_enabled", "false")];
    let none = submit(&app, &tools, "/_ui/set_tools_enabled", &none).await;
    assert_has(&none, &["Tick the tools first."]);
    let fields = [
        ("project_id", project),
        ("tool_ids[]", first.id.as_str()),
        ("is_enabled", "false"),
    ];
    let filtered = format!("{tools}?state=enabled");
    let done = submit(&app, &filtered, "/_ui/set_tools_enabled", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(done.headers[header::LOCATION], filtered.as_str());
    let disabled = app.get(&format!("{tools}?state=disabled")).await;
    assert_has(&disabled, &[&format!("Enable {}", first.name)]);
    let enabled = app.get(&filtered).await;
    assert!(!enabled.body.contains(&format!("Enable {}\"", first.name)));
}

#[tokio::test]
async fn a_try_keeps_its_arguments_and_a_version_says_what_it_changed() {
    let (app, made, tools) = signed_in().await;
    let access = app.access(&made).await;
    let tool = app.services.tools.list(&access).await.unwrap().remove(0);
    let project = made.project.id.as_str();
    let page = format!("{tools}/{}/try", tool.id);
    let argument = tool.input_schema["properties"].as_object().unwrap();
    let argument = argument.keys().next().unwrap();
    let fields = [
        ("project_id", project),
        ("tool_id", tool.id.as_str()),
        ("arguments[0][name]", argument),
        ("arguments[0][value]", "7"),
        ("send", "false"),
    ];
    let tried = submit(&app, &page, "/_ui/try_tool?show", &fields).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.body);
    assert_has(&tried, &["id=\"argument-0\"", "The request"]);
    let mut input = tool.as_input();
    input.title = "Another title".to_owned();
    let developer = app.access(&made).await;
    let changed = app.services.tools.replace(&developer, &tool.id, &input);
    changed.await.unwrap();
    let versions = app.get(&format!("{tools}/{}/versions", tool.id)).await;
    assert_has(&versions, &["versions?changes=2#version-2"]);
    let changes = app
        .get(&format!("{tools}/{}/versions?changes=2", tool.id))
        .await;
    assert_has(&changes, &["Another title", "aria-label=\"Before\""]);
}
