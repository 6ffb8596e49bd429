//! An integration's pages, in a browser without wasm.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{
    bootstrap::Bootstrapped,
    integrations::Approval,
    members::{Developer, Viewer},
    tools::ToolInput,
};
use serde_json::json;

use crate::app::{Answer, EMAIL, PASSWORD, TestApp, encoded, form};

const STRANGE: &str = "https://a.example/callback?x=1";

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
    let page = page_of(&made);
    (app, made, page)
}

fn page_of(made: &Bootstrapped) -> String {
    format!(
        "/projects/{}/integrations/{}",
        made.project.id, made.integration.id
    )
}

/// Places of texts in a page, all of which it has.
fn places(answer: &Answer, texts: &[&str]) -> Vec<usize> {
    let place = |text: &&str| {
        let found = answer.body.find(*text);
        found.unwrap_or_else(|| panic!("no {text} in {}", answer.body))
    };
    texts.iter().map(place).collect()
}

#[tokio::test]
async fn whoever_has_not_connected_yet_is_shown_how_before_anything_else() {
    let (app, made, page) = signed_in().await;
    let order = [
        "id=\"credentials\"",
        "id=\"setup\"",
        "id=\"connections\"",
        "id=\"offered-tools\"",
    ];
    assert!(places(&app.get(&page).await, &order).is_sorted());
    app.connect(&made, "all").await;
    let order = [
        "id=\"credentials\"",
        "id=\"connections\"",
        "id=\"setup\"",
        "id=\"offered-tools\"",
    ];
    assert!(places(&app.get(&page).await, &order).is_sorted());
}

#[tokio::test]
async fn a_stranger_s_redirect_uri_is_read_before_it_is_added() {
    let (app, made, page) = signed_in().await;
    let asked = [("redirect_uri", STRANGE)];
    let refused = app
        .get(&app.authorize_url(&made.integration.client_id, &asked))
        .await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let shown = app.get(&page).await;
    let link = "?redirect=https%3A%2F%2Fa.example%2Fcallback%3Fx%3D1#redirect-uris";
    places(&shown, &[link, "It leads to a.example", "Dismiss"]);
    assert!(!shown.body.contains("asked-redirect-uri"));
    assert!(!shown.body.contains(">Add it<"), "nothing adds it at once");

    let (query, _) = link.split_once('#').unwrap();
    let there = format!("{page}{query}");
    let prefilled = app.get(&there).await;
    places(
        &prefilled,
        &[
            "<strong class=\"mono\">a.example</strong>",
            "save it only if you know whose it is",
        ],
    );
    let input = prefilled
        .body
        .split("id=\"asked-redirect-uri\"")
        .nth(1)
        .unwrap();
    let input = input.split('>').next().unwrap();
    assert!(
        input.contains("value=\"https://a.example/callback?x=1\""),
        "{input}"
    );
    let fields = [
        ("_form", "asked"),
        ("project_id", made.project.id.as_str()),
        ("integration_id", made.integration.id.as_str()),
        ("redirect_uri", STRANGE),
    ];
    let saved = submit(&app, &there, "/_ui/add_redirect_uri", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(saved.header("location"), there);
    let after = app.get(&there).await;
    assert!(
        !after.body.contains("asked-redirect-uri"),
        "it is one of them now"
    );
    assert!(!after.body.contains("last-refusal"), "and so it is mended");
}

#[tokio::test]
async fn what_an_address_asks_for_is_text_and_adds_nothing_by_itself() {
    let (app, _, page) = signed_in().await;
    let hostile = app
        .get(&format!(
            "{page}?redirect=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
        ))
        .await;
    assert_eq!(hostile.status, StatusCode::OK);
    assert!(!hostile.body.contains("<script>alert"), "{}", hostile.body);
    let known = "https%3A%2F%2Fclaude.ai%2Fapi%2Fmcp%2Fauth_callback";
    let known = app.get(&format!("{page}?redirect={known}")).await;
    assert!(!known.body.contains("asked-redirect-uri"));
}

#[tokio::test]
async fn a_refusal_is_dismissed_and_comes_back_when_it_happens_again() {
    let (app, made, page) = signed_in().await;
    let refuse = async || {
        let asked = [("redirect_uri", STRANGE)];
        let url = app.authorize_url(&made.integration.client_id, &asked);
        app.get(&url).await;
    };
    refuse().await;
    let shown = app.get(&page).await;
    let (kind, seen) = (shown.hidden("kind"), shown.hidden("seen_ms"));
    assert_eq!(kind, "unknown_redirect_uri");
    let ids = [
        ("project_id", made.project.id.as_str()),
        ("integration_id", made.integration.id.as_str()),
    ];
    let dismiss = async |kind: &str| {
        let fields = [
            &ids[..],
            &[("kind", kind), ("seen_ms", &seen), ("_form", kind)],
        ]
        .concat();
        submit(&app, &page, "/_ui/dismiss_refusal", &fields).await
    };
    assert_eq!(
        dismiss("no such kind").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(dismiss(&kind).await.status, StatusCode::SEE_OTHER);
    assert!(!app.get(&page).await.body.contains("last-refusal"));
    app.clock.advance_seconds(1);
    refuse().await;
    assert!(app.get(&page).await.body.contains("last-refusal"));
}

#[tokio::test]
async fn deactivating_says_how_many_stop() {
    let (app, made, page) = signed_in().await;
    places(
        &app.get(&page).await,
        &["Nobody is connected now. Nobody can connect until"],
    );
    app.connect(&made, "all").await;
    app.connect(&made, "read_only").await;
    let shown = app.get(&page).await;
    places(
        &shown,
        &[
            "2 connections stop working",
            "commandfor=\"deactivate-integration\"",
            "Deactivate it",
        ],
    );
    let fields = [
        ("_form", "false"),
        ("project_id", made.project.id.as_str()),
        ("integration_id", made.integration.id.as_str()),
        ("is_active", "false"),
    ];
    let done = submit(&app, &page, "/_ui/set_integration_active", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let off = app.get(&page).await;
    places(&off, &["restores 2 connections", ">Activate<"]);
    assert!(!off.body.contains("deactivate-integration"));
}

#[tokio::test]
async fn tools_are_chosen_page_by_page_and_nothing_is_lost() {
    let (app, made, page) = signed_in().await;
    let developer = app.access::<Developer>(&made).await;
    for number in 0..60 {
        let input: ToolInput = serde_json::from_value(json!({
            "name": format!("zoo-animal-{number:02}"),
            "title": "Feed it",
            "description": "Feeds an animal.",
            "base_url": "https://zoo.example.com",
            "endpoint_path": "/animals",
            "input_schema": { "type": "object" },
        }))
        .unwrap();
        app.services.tools.create(&developer, &input).await.unwrap();
    }
    let list = format!("{page}/tools");
    places(&app.get(&page).await, &["Choose the tools", &list]);
    let second = format!("{list}?text=ZOO%20animal&page=2");
    let first = app.get(&format!("{list}?text=ZOO%20animal")).await;
    places(
        &first,
        &["zoo-animal-49", "1 to 50 of 60", "Save, and show the next"],
    );
    assert!(!first.body.contains("zoo-animal-50"));
    places(&app.get(&second).await, &["zoo-animal-50", "zoo-animal-59"]);

    let viewer = app.access::<Viewer>(&made).await;
    let tools = app.services.tools.outlines(&viewer).await.unwrap();
    let id = |name: &str| {
        let found = tools.iter().find(|tool| tool.name == name);
        found.unwrap().id.to_string()
    };
    let (one, other) = (id("zoo-animal-00"), id("zoo-animal-55"));
    let save = async |at: &str, shown: &str, ticked: Option<&str>, next: &str| {
        let mut fields = vec![
            ("project_id", made.project.id.as_str()),
            ("integration_id", made.integration.id.as_str()),
            ("offer", "selected"),
            ("shown[]", shown),
            ("next", next),
        ];
        fields.extend(ticked.map(|id| ("tool_ids[]", id)));
        submit(&app, at, "/_ui/set_offered_tools", &fields).await
    };
    let first = format!("{list}?text=ZOO%20animal");
    let saved = save(&first, &one, Some(&one), &second).await;
    assert_eq!(saved.header("location"), second);
    let saved = save(&second, &other, Some(&other), "https://evil.example/").await;
    assert_eq!(saved.header("location"), second, "elsewhere nothing leads");
    let offered = app.get(&format!("{list}?state=offered")).await;
    places(
        &offered,
        &["zoo-animal-00", "zoo-animal-55", "It offers 2 of"],
    );
    assert!(!offered.body.contains("zoo-animal-01"));
    places(
        &app.get(&page).await,
        &["2 of 6", "and none that is added later"],
    );
    // One of them is taken away on its page, and then the other is the last.
    save(&first, &one, None, "").await;
    let none = save(&second, &other, None, "").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    places(&none, &["Tick at least one tool."]);
    let viewer = app.access::<Viewer>(&made).await;
    let integrations = &app.services.integrations;
    let now = integrations
        .get(&viewer, &made.integration.id)
        .await
        .unwrap();
    assert_eq!(now.tool_ids, Some(vec![other.as_str().into()]));
}

#[tokio::test]
async fn a_page_says_since_when_it_listens() {
    let (app, made, page) = signed_in().await;
    let since = async |page: &str| {
        let shown = app.get(page).await;
        let url = shown.body.split("data-live=\"").nth(1).unwrap_or_default();
        url.split('"').next().unwrap().to_owned()
    };
    let url = since(&page).await;
    assert!(
        url.starts_with("/live/") && url.contains("integration="),
        "{url}"
    );
    assert_eq!(since(&page).await, url, "nothing happened");
    let refused = [("redirect_uri", STRANGE)];
    app.get(&app.authorize_url(&made.integration.client_id, &refused))
        .await;
    assert_ne!(since(&page).await, url);
    // Whose project it is not has no page that listens, and no mark of what happens there.
    app.forget_cookies();
    app.sign_up("eve@example.com", PASSWORD).await;
    let hers = app.get(&page).await;
    assert_eq!(hers.status, StatusCode::NOT_FOUND);
    assert!(!hers.body.contains("data-live"));
}
