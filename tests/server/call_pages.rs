//! The pages of calls, in a browser without wasm: the list by what its address says, each call with what
//! is kept of it, and trying it again.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{
    bootstrap::Bootstrapped,
    calls::{Call, KeepDetails},
    integrations::Approval,
    members::{Developer, Viewer},
};

use crate::app::{Answer, EMAIL, PASSWORD, TestApp, encoded, form};

const ECHO: &str = "sample-request-echo";
const MEASURE: &str = "sample-text-measure";

struct Stage {
    app: TestApp,
    made: Bootstrapped,
    calls: String,
}

impl Stage {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let made = app.bootstrap(Approval::Ask).await;
        app.sign_in(EMAIL, PASSWORD).await;
        let calls = format!("/projects/{}/calls", made.project.id);
        Self { app, made, calls }
    }

    async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![
            ("_page", page),
            ("project_id", self.made.project.id.as_str()),
        ];
        all.extend(fields);
        let request = form(action)
            .header(header::ACCEPT, "text/html")
            .body(Body::from(encoded(&all)));
        self.app.send(request.unwrap()).await
    }

    async fn tool(&self, name: &str) -> String {
        let access = self.app.access(&self.made).await;
        let tools = self.app.services.tools.list(&access).await.unwrap();
        let tool = tools.into_iter().find(|tool| tool.name == name);
        tool.unwrap().id.to_string()
    }

    /// Calls a tool by the playground, with one argument.
    async fn call(&self, name: &str, argument: &str, value: &str) -> Call {
        let tool = self.tool(name).await;
        let page = format!("/projects/{}/tools/{tool}/try", self.made.project.id);
        let fields = [
            ("tool_id", tool.as_str()),
            ("arguments[0][name]", argument),
            ("arguments[0][value]", value),
            ("send", "true"),
        ];
        let tried = self.submit(&page, "/_ui/try_tool?show", &fields).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.body);
        let access = self.app.access::<Viewer>(&self.made).await;
        let recent = self.app.services.calls.recent(&access, 1).await.unwrap();
        recent.into_iter().next().unwrap()
    }

    async fn list(&self, query: &str) -> String {
        let answer = self.app.get(&format!("{}?{query}", self.calls)).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
        answer.body
    }
}

fn rows(page: &str, call: &Call) -> usize {
    page.matches(&format!("/calls/{}\"", call.id)).count()
}

#[tokio::test]
async fn a_list_shows_what_its_address_asks_for() {
    let stage = Stage::new().await;
    assert!(stage.list("").await.contains("No calls yet"));
    let good = stage.call(MEASURE, "text", "Two words.").await;
    let bad = stage.call(MEASURE, "text", "").await;
    let me = good.user_id.as_ref().unwrap();
    let tool = &good.tool_id;
    for (query, has_good, has_bad) in [
        (String::new(), 1, 1),
        ("status=failed".to_owned(), 0, 1),
        ("status=ok".to_owned(), 1, 0),
        ("status=invalid_arguments&via=playground".to_owned(), 0, 1),
        ("via=mcp".to_owned(), 0, 0),
        (format!("tool={MEASURE}&span=hour"), 1, 1),
        (format!("tool={tool}&person={me}"), 1, 1),
        (format!("tool={ECHO}"), 0, 0),
        ("person=usr_nobody".to_owned(), 0, 0),
        ("since=2026-01-01T00:00".to_owned(), 1, 1),
        ("until=2026-01-01T00:00".to_owned(), 0, 0),
        (format!("before={}", bad.id), 1, 0),
    ] {
        let page = stage.list(&query).await;
        assert_eq!(rows(&page, &good), has_good, "{query}");
        assert_eq!(rows(&page, &bad), has_bad, "{query}");
        assert!(page.contains("Filter the calls"), "{query}");
    }
    // What is chosen stays chosen.
    let page = stage.list(&format!("status=failed&tool={tool}")).await;
    assert!(page.contains("value=\"failed\" selected"), "{page}");
    assert!(
        page.contains(&format!("value=\"{MEASURE}\"")),
        "by its name"
    );
    // A deleted tool's calls are found by its id.
    assert!(
        stage
            .list("tool=tool_gone")
            .await
            .contains("No call is like that.")
    );
    for (query, mend) in [
        (
            "tool=nothing",
            "No tool of this project is called “nothing”.",
        ),
        ("status=nothing", "There is no such outcome"),
        ("via=mail", "MCP, the REST API or the playground"),
        ("since=soon", "2026-11-26T07:30"),
        ("span=year", "There is no such span"),
        (
            "since=2026-02-01T00:00&until=2026-01-01T00:00",
            "has to be after",
        ),
    ] {
        let page = stage.list(query).await;
        assert!(page.contains(mend), "{query}");
        assert!(page.contains("Filter the calls"), "{query}");
        assert_eq!(rows(&page, &good), 0, "{query}");
    }
}

#[tokio::test]
async fn pages_lead_to_each_other_and_hold_each_call_once() {
    let stage = Stage::new().await;
    let mut made = Vec::new();
    for number in 0..120 {
        made.push(stage.call(MEASURE, "text", &number.to_string()).await);
        stage.app.clock.advance_seconds(1);
    }
    made.reverse();
    let link = |page: &str, rel: &str| {
        let at = page.find(&format!("rel=\"{rel}\""))?;
        let href = page[at..].split("href=\"").nth(1)?;
        let href = href.split('"').next()?;
        Some(href.split_once('?')?.1.replace("&amp;", "&"))
    };
    let mut page = stage.list("via=playground").await;
    assert_eq!(link(&page, "prev"), None);
    let mut seen = Vec::new();
    loop {
        seen.extend(
            made.iter()
                .filter(|call| rows(&page, call) == 1)
                .map(|call| &call.id),
        );
        let Some(next) = link(&page, "next") else {
            break;
        };
        assert!(next.contains("via=playground"), "{next}");
        page = stage.list(&next).await;
    }
    assert_eq!(seen, made.iter().map(|call| &call.id).collect::<Vec<_>>());
    // And back, to the newest page as it was.
    let middle = stage.list(&link(&page, "prev").unwrap()).await;
    assert_eq!(rows(&middle, &made[50]) + rows(&middle, &made[99]), 2);
    let newest = stage.list(&link(&middle, "prev").unwrap()).await;
    assert_eq!(rows(&newest, &made[0]) + rows(&newest, &made[49]), 2);
    assert_eq!(rows(&newest, &made[50]), 0);
}

#[tokio::test]
async fn a_call_shows_what_was_asked_and_answered_and_is_filled_in_again() {
    let stage = Stage::new().await;
    let call = stage.call(MEASURE, "text", "Two <words>.").await;
    let one = format!("{}/{}", stage.calls, call.id);
    let page = stage.app.get(&one).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for text in [
        "Two &lt;words&gt;.",
        "content-type: application/json",
        "HTTP 200",
        "Where the time went",
        &call.request_id,
        EMAIL,
        "/text/measure",
    ] {
        assert!(page.body.contains(text), "no {text} in {}", page.body);
    }
    let again = format!("/tools/{}/try?call={}", call.tool_id, call.id);
    assert!(page.body.contains(&again));
    let again = format!("/projects/{}{again}", stage.made.project.id);
    let again = stage.app.get(&again).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(
        again.body.contains("Two &lt;words&gt;.</textarea>"),
        "{}",
        again.body
    );
    // Another tool's call fills in nothing.
    let echo = stage.tool(ECHO).await;
    let wrong = format!(
        "/projects/{}/tools/{echo}/try?call={}",
        stage.made.project.id, call.id
    );
    assert_eq!(stage.app.get(&wrong).await.status, StatusCode::NOT_FOUND);
    let none = stage
        .app
        .get(&format!("{}/call_nothing", stage.calls))
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_call_of_another_project_is_not_there() {
    let stage = Stage::new().await;
    let call = stage.call(MEASURE, "text", "a secret of ada's").await;
    let app = &stage.app;
    let ada = app.access::<Developer>(&stage.made).await;
    let other = app
        .services
        .projects
        .create(ada.actor(), "Other")
        .await
        .unwrap();
    let there = app
        .get(&format!("/projects/{}/calls/{}", other.id, call.id))
        .await;
    assert_eq!(there.status, StatusCode::NOT_FOUND);
    assert!(!there.body.contains("a secret of ada"));
    // Nor for somebody else, by its own address.
    app.forget_cookies();
    app.sign_up("bob@example.com", PASSWORD).await;
    let here = app.get(&format!("{}/{}", stage.calls, call.id)).await;
    assert_eq!(here.status, StatusCode::NOT_FOUND);
    assert!(!here.body.contains("a secret of ada"));
}

#[tokio::test]
async fn what_is_kept_is_chosen_in_the_projects_settings() {
    let stage = Stage::new().await;
    let settings = format!("/projects/{}/settings", stage.made.project.id);
    let before = stage.call(MEASURE, "text", "kept for now").await;
    let keep = async |way: &str| {
        stage
            .submit(&settings, "/_ui/keep_details", &[("keep", way)])
            .await
    };
    let wrong = keep("some").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong
            .body
            .contains("Choose all calls, failed calls, or none.")
    );
    let done = keep("none").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let access = stage.app.access::<Viewer>(&stage.made).await;
    let kept = stage
        .app
        .services
        .calls
        .kept_details(&access)
        .await
        .unwrap();
    assert_eq!(kept, KeepDetails::None);
    let page = stage.app.get(&settings).await.body;
    assert!(page.contains("value=\"none\" checked"), "{page}");
    let after = stage.call(MEASURE, "text", "never kept").await;
    for call in [before, after] {
        let page = stage
            .app
            .get(&format!("{}/{}", stage.calls, call.id))
            .await
            .body;
        assert!(page.contains("was not kept"), "{page}");
        assert!(!page.contains("kept for now") && !page.contains("never kept"));
    }
}
