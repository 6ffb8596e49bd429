//! Lists of the dashboard as their addresses ask for them, in a browser without wasm.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{
    bootstrap::Bootstrapped,
    integrations::{Approval, IntegrationChange, NewIntegration},
    members::{Admin, Developer, Viewer},
    tools::ToolInput,
};
use serde_json::json;

use crate::app::{Answer, EMAIL, PASSWORD, TestApp, encoded, form};

async fn signed_in() -> (TestApp, Bootstrapped, String) {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_in(EMAIL, PASSWORD).await;
    let project = format!("/projects/{}", made.project.id);
    (app, made, project)
}

async fn add_tools(app: &TestApp, made: &Bootstrapped, numbers: std::ops::Range<usize>) {
    let tools: Vec<ToolInput> = numbers
        .map(|number| {
            let tool = json!({
                "name": format!("crm-{number:03}"), "title": "Find <contacts>", "description": "Finds.",
                "base_url": "https://crm.example.com", "endpoint_path": "/contacts",
                "input_schema": { "type": "object" },
            });
            serde_json::from_value(tool).unwrap()
        })
        .collect();
    let access = app.access::<Developer>(made).await;
    app.services.tools.apply(&access, &tools).await.unwrap();
}

async fn submit(app: &TestApp, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("_page", page)];
    all.extend(fields);
    let request = form(action)
        .header(header::ACCEPT, "text/html")
        .body(Body::from(encoded(&all)));
    app.send(request.unwrap()).await
}

/// Which of the texts stand on a page, in what order.
fn order<'a>(page: &Answer, texts: &[&'a str]) -> Vec<&'a str> {
    let mut places: Vec<_> = texts
        .iter()
        .filter_map(|text| Some((page.body.find(text)?, *text)))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, text)| text).collect()
}

async fn enabled(app: &TestApp, made: &Bootstrapped) -> usize {
    let access = app.access::<Viewer>(made).await;
    app.services.tools.count_enabled(&access).await.unwrap()
}

#[tokio::test]
async fn all_tools_that_a_search_finds_are_switched_and_no_others() {
    let (app, made, project) = signed_in().await;
    let before = enabled(&app, &made).await;
    let list = format!("{project}/tools");
    assert!(!app.get(&list).await.body.contains("Disable all"));
    add_tools(&app, &made, 0..60).await;
    let found = format!("{list}?text=CRM-&sort=newest");
    let page = app.get(&found).await;
    for text in [
        "1 to 50 of 60",
        "?text=CRM%2D&amp;sort=newest&amp;page=2",
        "Disable all 60 found?",
        "60 of them are enabled",
        "Find &lt;contacts&gt;",
    ] {
        assert!(page.body.contains(text), "no {text} in {}", page.body);
    }
    // None of them is disabled.
    assert!(!page.body.contains("Enable all"));
    let action = "/_ui/set_found_tools_enabled";
    let fields = |found: &'static str, state: &'static str| {
        [
            ("_form", "disable"),
            ("project_id", made.project.id.as_str()),
            ("text", "CRM-"),
            ("state", state),
            ("found", found),
            ("is_enabled", "false"),
        ]
    };
    // What no page offers is not taken for everything.
    let odd = submit(&app, &found, action, &fields("60", "on")).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    add_tools(&app, &made, 60..61).await;
    let late = submit(&app, &found, action, &fields("60", "")).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.body.contains("The search finds 61 tools now, not 60."),
        "{}",
        late.body
    );
    assert_eq!(enabled(&app, &made).await, before + 61);
    let done = submit(&app, &found, action, &fields("61", "")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(done.headers[header::LOCATION], found.as_str());
    assert_eq!(enabled(&app, &made).await, before);
    let page = app.get(&found).await;
    assert!(page.body.contains("Enable all 61 found") && !page.body.contains("Disable all"));
}

#[tokio::test]
async fn the_tools_are_in_the_order_that_the_address_says() {
    let (app, made, project) = signed_in().await;
    app.clock.advance_seconds(60);
    add_tools(&app, &made, 1..2).await;
    app.clock.advance_seconds(60);
    add_tools(&app, &made, 0..1).await;
    app.clock.advance_seconds(60);
    let access = app.access::<Viewer>(&made).await;
    let all = app.services.tools.list(&access).await.unwrap();
    let sample = all
        .iter()
        .find(|tool| tool.name.starts_with("sample"))
        .unwrap();
    let developer = app.access::<Developer>(&made).await;
    let tools = &app.services.tools;
    tools
        .set_enabled(&developer, &sample.id, false)
        .await
        .unwrap();
    let texts = [
        "crm-000</a>",
        "crm-001</a>",
        &format!("{}</a>", sample.name),
    ];
    let page = async |query: &str| app.get(&format!("{project}/tools{query}")).await;
    let by_name = page("").await;
    assert_eq!(order(&by_name, &texts), texts);
    assert!(!by_name.body.contains("<time"), "no time is asked for");
    let newest = page("?sort=newest").await;
    assert_eq!(order(&newest, &texts), texts);
    assert!(newest.body.contains("<time"), "{}", newest.body);
    let changed = page("?sort=changed").await;
    assert_eq!(order(&changed, &texts), [texts[2], texts[0], texts[1]]);
    for (query, says) in [
        ("?sort=size", "is not one of name, newest, changed"),
        ("?state=on", "names no state: use enabled or disabled"),
        (
            &format!("?text={}", "a".repeat(101)),
            "at most 100 characters",
        ),
        ("?text=%00", "control characters"),
    ] {
        let page = page(query).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(page.body.contains(says), "no {says} in {}", page.body);
    }
    let none = page("?text=%25").await;
    assert!(none.body.contains("No tool is like that."), "{}", none.body);
    let typed = page("?text=%3Cb%3E%22+x").await;
    assert!(
        typed.body.contains("value=\"&lt;b&gt;&quot; x\""),
        "{}",
        typed.body
    );
}

#[tokio::test]
async fn integrations_are_searched_once_they_are_many() {
    let (app, made, project) = signed_in().await;
    let list = format!("{project}/integrations");
    let admin = app.access::<Admin>(&made).await;
    let integrations = &app.services.integrations;
    let search = "Search the integrations";
    assert!(!app.get(&list).await.body.contains(search));
    for number in 0..51 {
        let new = NewIntegration::named(format!("Team {number:02}"));
        let (made, _) = integrations.create(&admin, &new, None).await.unwrap();
        let change = IntegrationChange {
            is_active: Some(number % 2 == 0),
            ..Default::default()
        };
        integrations
            .update(&admin, &made.id, &change, None)
            .await
            .unwrap();
    }
    app.connect(&made, "all").await;
    app.sign_in(EMAIL, PASSWORD).await;
    let page = app.get(&list).await;
    for text in [
        search,
        "1 to 50 of 52",
        "Team 50",
        "never used",
        "0 connections",
    ] {
        assert!(page.body.contains(text), "no {text} in {}", page.body);
    }
    assert!(!page.body.contains("Team 00"));
    let inactive = app
        .get(&format!("{list}?state=inactive&text=team+0&sort=name"))
        .await;
    let texts = ["Team 00<", "Team 01<", "Team 03<", "Team 49<"];
    assert_eq!(order(&inactive, &texts), ["Team 01<", "Team 03<"]);
    let used = app.get(&format!("{list}?sort=used")).await;
    let texts = [
        &format!("{}</a>", made.integration.name),
        "Team 50</a>",
        "1 connection<",
    ];
    assert_eq!(order(&used, &texts), [texts[0], texts[2], texts[1]]);
    assert!(used.body.contains("used <time"), "{}", used.body);
}

#[tokio::test]
async fn the_overview_ticks_what_clients_did_and_then_folds_it_away() {
    let (app, made, project) = signed_in().await;
    let page = app.get(&project).await;
    let set_up = format!("{project}/integrations/{}#setup", made.integration.id);
    assert!(
        page.body.contains("To the first call") && page.body.contains(&set_up),
        "{}",
        page.body
    );
    assert_eq!(page.body.matches("(done)").count(), 3);
    // What a person tries is no client's call.
    let access = app.access::<Viewer>(&made).await;
    let tool = app.services.tools.list(&access).await.unwrap().remove(0);
    let tried = [
        ("project_id", made.project.id.as_str()),
        ("tool_id", tool.id.as_str()),
        ("send", "true"),
    ];
    let tried = submit(&app, &project, "/_ui/try_tool?show", &tried).await;
    assert_ne!(tried.status, StatusCode::FORBIDDEN, "{}", tried.body);
    app.services.calls.are_recorded().await;
    assert_eq!(
        app.services.calls.recent(&access, 5).await.unwrap().len(),
        1
    );
    assert_eq!(app.get(&project).await.body.matches("(done)").count(), 3);
    let (token, _) = app.connect(&made, "all").await;
    app.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(app.get(&project).await.body.matches("(done)").count(), 4);
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "sample-text-measure", "arguments": { "text": "Two words" } },
    });
    let headers = [
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    let request = crate::app::mcp_request("/mcp/", &token, &headers, &call);
    assert_eq!(app.send(request).await.status, StatusCode::OK);
    let done = app.get(&project).await;
    for text in [
        "Claude calls your tools",
        "<details class=\"fold\"",
        "all five steps are done",
    ] {
        assert!(done.body.contains(text), "no {text} in {}", done.body);
    }
    assert_eq!(done.body.matches("(done)").count(), 5);
}

#[tokio::test]
async fn who_is_asked_about_is_found_on_whatever_page_they_are() {
    let (app, made, project) = signed_in().await;
    let me = made.account.id.as_str();
    let list = format!("{project}/members");
    let page = app.get(&format!("{list}?text=nobody")).await;
    assert!(
        page.body.contains("No member is like that.") && page.body.contains("Search the members")
    );
    // Nobody removes themselves here, and who is no member is no error.
    for user in [me, "usr_none", ""] {
        let page = app.get(&format!("{list}?text=nobody&remove={user}")).await;
        assert_eq!(page.status, StatusCode::OK, "{user}");
        assert!(!page.body.contains("remove-member"), "{user}");
    }
    let settings = app.get(&format!("{project}/settings")).await;
    for text in [
        "You are the last owner.",
        "invite somebody first",
        "and 1 integration end with it",
    ] {
        assert!(
            settings.body.contains(text),
            "no {text} in {}",
            settings.body
        );
    }
}
