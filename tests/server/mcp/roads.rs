//! The short road and rmcp give the same answers.

use axum::http::{HeaderMap, HeaderName};
use domain::integrations::Approval;
use serde_json::{Value, json};
use tengine::mcp::{Compat, message::recognized};

use crate::app::{Answer, TestApp};

/// What a client sends: the headers beside the usual ones, and the message.
struct Sent {
    headers: Vec<(&'static str, String)>,
    body: Value,
}

const VERSIONS: [Option<&str>; 5] = [
    None,
    Some("2025-03-26"),
    Some("2025-06-18"),
    Some("2025-11-25"),
    Some("2026-07-28"),
];

impl Sent {
    /// As a client of that version writes it; the newest one with all that it asks for.
    fn of(version: Option<&str>, id: Value, method: &str, params: Value) -> Self {
        let mut params = params;
        let mut headers = Vec::new();
        headers.extend(version.map(|version| ("mcp-protocol-version", version.to_owned())));
        if version == Some("2026-07-28") {
            params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(version);
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
            headers.push(("mcp-method", method.to_owned()));
            headers.extend(
                params["name"]
                    .as_str()
                    .map(|name| ("mcp-name", name.to_owned())),
            );
        }
        let body = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        Self { headers, body }
    }

    /// The same with a member that nobody knows, which rmcp passes over.
    fn by_the_long_road(&self) -> Self {
        let mut body = self.body.clone();
        body["params"]["ai.tengine/long"] = json!(true);
        Self {
            headers: self.headers.clone(),
            body,
        }
    }

    fn is_short(&self) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        recognized(&headers, self.body.to_string().as_bytes(), Compat::On).is_some()
    }

    async fn to(&self, app: &TestApp, token: &str) -> Answer {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        app.mcp("/mcp/", token, &headers, &self.body).await
    }
}

/// A tool with all that a list can show, and more tools than fit on two pages.
async fn many_tools(app: &TestApp) -> domain::bootstrap::Bootstrapped {
    let mut tools = domain::tools::samples::samples();
    tools[0].icons = serde_json::from_value(json!([
        { "src": "https://a.example/i.png", "mimeType": "image/png", "sizes": ["48x48"], "theme": "dark" },
        { "src": "data:image/svg+xml;base64,AAAA" },
    ]))
    .unwrap();
    tools[1].title = String::new();
    tools[2].is_enabled = false;
    for number in 0..2_100 {
        let mut more = tools[1].clone();
        more.name = format!("more-{number:04}");
        tools.push(more);
    }
    app.bootstrap_with(Approval::Ask, &tools).await
}

#[tokio::test]
async fn both_roads_give_the_same_answer() {
    let app = TestApp::new().await;
    let made = many_tools(&app).await;
    let (token, _) = app.connect(&made, "all").await;
    let disabled = domain::tools::samples::samples()[2].name.clone();
    let text = |arguments: Value| json!({ "name": "sample-text-measure", "arguments": arguments });
    let mut cursors = vec![
        Value::Null,
        json!("!"),
        json!("bm8tc3VjaC10b29s"),
        json!("bm8gbmFtZQ"),
    ];
    let first = Sent::of(None, json!(1), "tools/list", json!({}))
        .to(&app, &token)
        .await;
    cursors.push(first.json()["result"]["nextCursor"].clone());
    assert!(cursors.last().unwrap().is_string(), "there are more pages");

    let mut compared = 0;
    for version in VERSIONS {
        let mut sent = Vec::new();
        for cursor in &cursors {
            sent.push(("tools/list", json!({ "cursor": cursor })));
        }
        for params in [
            text(json!({ "text": "one two" })),
            text(json!({ "text": "“quoted” \\ \u{7f} ünï" })),
            text(json!({})),
            text(json!({ "text": 7 })),
            text(json!({ "text": "a", "more": [1] })),
            text(Value::Null),
            json!({ "name": "sample-text-measure" }),
            json!({ "name": "no-such-tool", "arguments": {} }),
            json!({ "name": disabled, "arguments": {} }),
            json!({ "name": "sample-text-measure", "arguments": { "text": "a" }, "_meta": { "progressToken": "p" } }),
            json!({ "name": "sample-text-measure", "arguments": { "text": "a" }, "_meta": { "ai.tengine/idempotency-key": 7 } }),
        ] {
            sent.push(("tools/call", params));
        }
        for (method, params) in sent {
            for id in [json!(1), json!(-7), json!("a \"b\"")] {
                let short = Sent::of(version, id, method, params.clone());
                let long = short.by_the_long_road();
                assert!(short.is_short() && !long.is_short(), "{}", short.body);
                let (short_answer, long_answer) =
                    (short.to(&app, &token).await, long.to(&app, &token).await);
                assert_eq!(short_answer.status, long_answer.status, "{}", short.body);
                assert_eq!(
                    short_answer.header("content-type"),
                    long_answer.header("content-type"),
                    "{}",
                    short.body
                );
                assert_eq!(
                    short_answer.json(),
                    long_answer.json(),
                    "{version:?} {}",
                    short.body
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "{compared}");
}

#[tokio::test]
async fn a_list_of_thousands_comes_page_by_page_in_one_order() {
    let app = TestApp::new().await;
    let made = many_tools(&app).await;
    let (token, _) = app.connect(&made, "all").await;
    for version in [None, Some("2026-07-28")] {
        let mut names = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let page = Sent::of(version, json!(1), "tools/list", json!({ "cursor": cursor }));
            let list = page.to(&app, &token).await.json();
            let tools = list["result"]["tools"].as_array().unwrap();
            names.extend(
                tools
                    .iter()
                    .map(|tool| tool["name"].as_str().unwrap().to_owned()),
            );
            cursor = list["result"]["nextCursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(
            names.len(),
            2_100 + domain::tools::samples::samples().len() - 1
        );
        assert!(names.is_sorted(), "and none comes twice: {names:?}");
    }
}

/// A page is for one answer: some tools have schemas as large as books.
#[tokio::test]
async fn large_tools_come_in_pages_that_are_not_large_and_what_was_fetched_is_known() {
    let app = TestApp::new().await;
    let mut tools = domain::tools::samples::samples();
    tools.truncate(1);
    let large = "x".repeat(60_000);
    for number in 0..40 {
        let mut more = tools[0].clone();
        more.name = format!("large-{number:02}");
        more.input_schema["description"] = json!(large);
        tools.push(more);
    }
    let made = app.bootstrap_with(Approval::Ask, &tools).await;
    let (token, _) = app.connect(&made, "all").await;
    let fetched = async || {
        let access = app.access(&made).await;
        let grants = &app.services.grants;
        let found = grants
            .connections(&access, &made.integration.id)
            .await
            .unwrap();
        let list = found.iter().find_map(|one| one.grant.last_list.clone());
        usize::try_from(list.unwrap().tools).unwrap()
    };
    let (mut names, mut cursor) = (0, Value::Null);
    loop {
        let sent = Sent::of(None, json!(1), "tools/list", json!({ "cursor": cursor }));
        let page = sent.to(&app, &token).await;
        let long = sent.by_the_long_road().to(&app, &token).await;
        assert_eq!(page.json(), long.json());
        assert!(page.body.len() < 1_200_000);
        names += page.json()["result"]["tools"].as_array().unwrap().len();
        assert_eq!(fetched().await, names, "as much as it has");
        cursor = page.json()["result"]["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(names, tools.len());
}

#[tokio::test]
async fn a_failure_of_the_database_is_an_error_and_never_an_empty_list() {
    use tower_sessions_sqlx_store::sqlx;
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (token, _) = app.connect(&made, "all").await;
    let list = Sent::of(Some("2026-07-28"), json!(1), "tools/list", json!({}));
    assert!(list.to(&app, &token).await.json()["result"]["tools"].is_array());
    let domain::db::SessionPool::Sqlite(pool) = app.services.core.db.session_pool() else {
        panic!("this app is on SQLite");
    };
    sqlx::query("ALTER TABLE tools RENAME TO gone")
        .execute(&pool)
        .await
        .unwrap();
    // What is remembered is not asked for again; a change makes it be.
    let access = app.access(&made).await;
    app.services
        .projects
        .rename(&access, "Renamed")
        .await
        .unwrap();
    for sent in [
        list.by_the_long_road(),
        list,
        Sent::of(
            None,
            json!(1),
            "tools/call",
            json!({ "name": "sample-text-measure" }),
        ),
        Sent::of(None, json!(1), "tools/list", json!({})),
    ] {
        let answer = sent.to(&app, &token).await;
        let error = &answer.json()["error"];
        assert_eq!(error["code"], -32603, "{}", answer.body);
        let id = answer.header("x-request-id");
        assert!(
            !id.is_empty() && error["message"].as_str().unwrap().contains(id),
            "{error}"
        );
        assert!(!answer.body.contains("no such table"), "{}", answer.body);
    }
}
