//! What all of the API has in common: lists that are narrowed and paged, and a document that names
//! every answer.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use domain::{bootstrap::Bootstrapped, integrations::Approval};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

async fn get(app: &TestApp, made: &Bootstrapped, path: &str) -> Answer {
    let path = format!("/api/v1/projects/{}{path}", made.project.id);
    app.api(made.api_key.reveal(), Method::GET, &path, Value::Null)
        .await
}

#[tokio::test]
async fn calls_are_listed_narrowed_paged_and_read() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let tools = get(&app, &made, "/tools").await.json();
    let id = |name: &str| -> String {
        let all = tools["data"].as_array().unwrap();
        let tool = all.iter().find(|tool| tool["name"] == name).unwrap();
        tool["id"].as_str().unwrap().to_owned()
    };
    let measure = id("sample-text-measure");
    let mut times = Vec::new();
    for arguments in [json!({ "text": "a" }), json!({}), json!({ "text": "b" })] {
        app.clock.advance_seconds(10);
        let path = format!("/api/v1/projects/{}/tools/{measure}/call", made.project.id);
        let body = json!({ "arguments": arguments });
        app.api(made.api_key.reveal(), Method::POST, &path, body)
            .await;
        times.push(app.services.core.now().0);
    }
    let all = get(&app, &made, "/calls").await;
    assert_eq!(all.status, StatusCode::OK, "{}", all.body);
    let all = all.json();
    let outcomes = |list: &Value| -> Vec<String> {
        let calls = list["data"].as_array().unwrap().iter();
        calls
            .map(|call| call["outcome"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(outcomes(&all), ["ok", "invalid_arguments", "ok"]);
    assert_eq!(all["next_cursor"], Value::Null);
    let newest = &all["data"][0];
    assert_eq!(
        (&newest["via"], &newest["tool_name"]),
        (&json!("rest"), &json!("sample-text-measure"))
    );
    assert_eq!(newest["started_at"], times[2]);
    let one = get(
        &app,
        &made,
        &format!("/calls/{}", newest["id"].as_str().unwrap()),
    )
    .await;
    let mut whole = one.json();
    let detail = whole.as_object_mut().unwrap().remove("detail").unwrap();
    assert_eq!(&whole, newest);
    assert_eq!(detail["arguments"]["text"], r#"{"text":"b"}"#);
    assert_eq!(detail["request"]["method"], "POST");
    assert_eq!(detail["answer"]["status"], 200);
    assert_eq!(
        get(&app, &made, "/calls/call_0").await.status,
        StatusCode::NOT_FOUND
    );

    let first = get(&app, &made, "/calls?limit=2").await.json();
    assert_eq!(outcomes(&first), ["ok", "invalid_arguments"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = get(&app, &made, &format!("/calls?limit=2&cursor={cursor}"))
        .await
        .json();
    assert_eq!(second["data"][0], all["data"][2]);
    assert_eq!(second["next_cursor"], Value::Null);

    for (query, expected) in [
        ("outcome=ok".to_owned(), 2),
        ("outcome=invalid_arguments".to_owned(), 1),
        ("outcome=timeout".to_owned(), 0),
        (format!("tool_id={measure}"), 3),
        (format!("tool_id={measure}&outcome=ok"), 2),
        ("tool_id=tool_0".to_owned(), 0),
        ("outcome=failed".to_owned(), 1),
        (format!("tool_id={measure}&outcome=failed&via=rest"), 1),
        ("via=rest".to_owned(), 3),
        ("via=mcp".to_owned(), 0),
        ("integration_id=int_0".to_owned(), 0),
        ("user_id=usr_0&outcome=failed".to_owned(), 0),
        (format!("since={}", times[1]), 2),
        (format!("until={}", times[1]), 1),
        (
            format!("since={}&until={}&outcome=ok", times[0], times[2]),
            1,
        ),
    ] {
        let list = get(&app, &made, &format!("/calls?{query}")).await;
        assert_eq!(list.status, StatusCode::OK, "{query}: {}", list.body);
        assert_eq!(
            list.json()["data"].as_array().unwrap().len(),
            expected,
            "{query}"
        );
    }
    for (query, field) in [
        ("outcome=fine", "outcome"),
        ("since=yesterday", "since"),
        ("until=-1", "until"),
        ("tool_id=", "tool_id"),
        ("integration_id=", "integration_id"),
        ("user_id=", "user_id"),
        ("via=phone", "via"),
        ("tool=x", "tool"),
        ("outcome=ok&outcome=timeout", "outcome"),
    ] {
        let refused = get(&app, &made, &format!("/calls?{query}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(
            refused.json()["error"]["details"][0]["field"],
            field,
            "{}",
            refused.body
        );
    }
}

#[tokio::test]
async fn a_project_says_what_is_kept_of_its_calls() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let project = format!("/api/v1/projects/{}", made.project.id);
    let tools = get(&app, &made, "/tools").await.json();
    let tool = tools["data"][0]["id"].as_str().unwrap().to_owned();
    let ask = async |method: Method, path: &str, body: Value| {
        let path = format!("{project}{path}");
        app.api(made.api_key.reveal(), method, &path, body).await
    };
    let kept = get(&app, &made, "/call-details").await;
    assert_eq!(kept.json(), json!({ "keep": "all" }));
    let call = async |arguments: Value| {
        let body = json!({ "arguments": arguments });
        ask(Method::POST, &format!("/tools/{tool}/call"), body).await;
        let newest = get(&app, &made, "/calls?limit=1").await.json();
        let id = newest["data"][0]["id"].as_str().unwrap().to_owned();
        let read = get(&app, &made, &format!("/calls/{id}")).await;
        (id, read)
    };
    let (id, read) = call(json!({ "password": "hunter-two", "n": 1 })).await;
    assert!(!read.body.contains("hunter-two"), "{}", read.body);
    let detail = &read.json()["detail"];
    let kept = detail["arguments"]["text"].as_str().unwrap();
    let kept: Value = serde_json::from_str(kept).unwrap();
    assert_eq!(kept, json!({ "n": 1, "password": "[redacted]" }));
    let none = json!({ "keep": "none" });
    let changed = ask(Method::PATCH, "/call-details", none.clone()).await;
    assert_eq!(
        (changed.status, changed.json()),
        (StatusCode::OK, none.clone())
    );
    assert_eq!(get(&app, &made, "/call-details").await.json(), none);
    let read = get(&app, &made, &format!("/calls/{id}")).await.json();
    assert_eq!((&read["id"], &read["detail"]), (&json!(id), &Value::Null));
    assert_eq!(call(json!({})).await.1.json()["detail"], Value::Null);
    for wrong in [
        json!({}),
        json!({ "keep": "some" }),
        json!({ "keep": "all", "x": 1 }),
    ] {
        let refused = ask(Method::PATCH, "/call-details", wrong.clone()).await;
        assert!(
            refused.status.is_client_error(),
            "{wrong}: {}",
            refused.status
        );
    }
    let audit = get(&app, &made, "/audit").await.json();
    assert_eq!(
        audit["data"][0]["act"], "project.kept_details_changed",
        "{audit}"
    );
}

#[tokio::test]
async fn the_audit_log_of_a_project_tells_what_was_done_to_its_keys() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let keys = format!("/api/v1/projects/{}/api-keys", made.project.id);
    let input = json!({ "name": "ci", "role": "developer" });
    let created = app
        .api(made.api_key.reveal(), Method::POST, &keys, input)
        .await
        .json();
    let rows = get(&app, &made, "/audit?limit=1").await;
    assert_eq!(rows.status, StatusCode::OK, "{}", rows.body);
    let rows = rows.json();
    let row = &rows["data"][0];
    assert_eq!(row["act"], "api_key.made");
    assert_eq!(row["actor_email"], crate::app::EMAIL);
    assert!(row["api_key_id"].is_string());
    assert!(
        row["detail"]
            .as_str()
            .unwrap()
            .contains(created["id"].as_str().unwrap())
    );
    let cursor = rows["next_cursor"].as_str().unwrap();
    let more = get(&app, &made, &format!("/audit?cursor={cursor}"))
        .await
        .json();
    assert_eq!(
        more["data"][0]["act"], "api_key.made",
        "that of the bootstrap"
    );
    assert_eq!(more["next_cursor"], Value::Null);
    let path = format!("/api/v1/projects/{}/audit", made.project.id);
    let developer = created["api_key"].as_str().unwrap();
    let refused = app.api(developer, Method::GET, &path, Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

/// Odd requests to an operation, by what is odd.
fn odd(key: &str, method: &str, path: &str) -> Vec<(&'static str, Request<Body>)> {
    let request = || {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
    };
    let json = || request().header(header::CONTENT_TYPE, "application/json");
    let with = |builder: axum::http::request::Builder, body: String| {
        builder.body(Body::from(body)).unwrap()
    };
    let asks = if path.contains('?') { '&' } else { '?' };
    vec![
        ("nothing", with(request(), String::new())),
        (
            "no key",
            Request::builder()
                .method(method)
                .uri(path)
                .body(Body::empty())
                .unwrap(),
        ),
        (
            "a wrong key",
            with(
                Request::builder()
                    .method(method)
                    .uri(path)
                    .header(header::AUTHORIZATION, "Bearer x"),
                String::new(),
            ),
        ),
        ("an empty object", with(json(), "{}".to_owned())),
        ("half an object", with(json(), "{".to_owned())),
        ("a list", with(json(), "[]".to_owned())),
        (
            "an unknown field",
            with(json(), "{\"nonsense\":1}".to_owned()),
        ),
        (
            "a NUL",
            with(
                json(),
                "{\"name\":\"a\\u0000b\",\"command\":\"\\u0000\"}".to_owned(),
            ),
        ),
        ("depth", with(json(), "[".repeat(100_000))),
        (
            "bytes",
            request()
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(vec![0xff; 9]))
                .unwrap(),
        ),
        (
            "text",
            with(
                request().header(header::CONTENT_TYPE, "text/plain"),
                "{}".to_owned(),
            ),
        ),
        (
            "five megabytes",
            with(json(), format!("{{\"name\":\"{}\"}}", "a".repeat(5 << 20))),
        ),
        (
            "an unknown parameter",
            with(
                json().uri(format!("{path}{asks}nonsense=1")),
                "{}".to_owned(),
            ),
        ),
        (
            "no limit",
            with(json().uri(format!("{path}{asks}limit=0")), "{}".to_owned()),
        ),
        (
            "no idempotency key",
            with(json().header("idempotency-key", "a b"), "{}".to_owned()),
        ),
        (
            "an idempotency key",
            with(json().header("idempotency-key", "k"), "{}".to_owned()),
        ),
        (
            "it again",
            with(json().header("idempotency-key", "k"), "{}".to_owned()),
        ),
        (
            "another under it",
            with(
                json().header("idempotency-key", "k"),
                "{\"name\":1}".to_owned(),
            ),
        ),
        (
            "five megabytes under it",
            with(json().header("idempotency-key", "k"), "a".repeat(5 << 20)),
        ),
    ]
}

#[tokio::test]
async fn no_answer_is_one_that_the_document_does_not_describe() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let keys = format!("/api/v1/projects/{}/api-keys", made.project.id);
    let key_of = async |role: &str| {
        let input = json!({ "name": role, "role": role });
        let created = app
            .api(made.api_key.reveal(), Method::POST, &keys, input)
            .await;
        created.json()["api_key"].as_str().unwrap().to_owned()
    };
    // An owner's would delete the project in between.
    let (viewer, admin) = (key_of("viewer").await, key_of("admin").await);
    let tools = get(&app, &made, "/tools").await.json();
    let document = app.get("/api/v1/openapi.json").await.json();
    let mut answers = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (key, project, tool) in [
                (&viewer, made.project.id.as_str(), "x"),
                (
                    &admin,
                    made.project.id.as_str(),
                    tools["data"][0]["id"].as_str().unwrap(),
                ),
                (&admin, "prj_0", "%00"),
                (&admin, "%C3%A9%F0%9F", "x"),
            ] {
                if method == "delete" && tool.starts_with("tool_") {
                    continue;
                }
                let parts = path.split('/').map(|part| match part {
                    "{project_id}" => project,
                    "{tool_id}" => tool,
                    part if part.starts_with('{') => "x",
                    part => part,
                });
                let at = parts.collect::<Vec<_>>().join("/");
                for (odd, request) in odd(key, &method.to_uppercase(), &at) {
                    let answer = app.send(request).await;
                    let status = answer.status.as_u16().to_string();
                    let described = &operation["responses"][&status];
                    assert!(
                        described.is_object() && answer.status.as_u16() != 500,
                        "{method} {at} with {odd}: {status} {}",
                        answer.body
                    );
                    if answer.status.is_client_error() {
                        assert!(
                            answer.json()["error"]["code"].is_string(),
                            "{}",
                            answer.body
                        );
                    }
                    answers += 1;
                }
            }
        }
    }
    assert!(answers > 2_000, "{answers}");
}
