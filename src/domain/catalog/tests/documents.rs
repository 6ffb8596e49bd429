//! Each tool against its stored document; and that a tool which is wrong is found.

use serde_json::{Value, json};

use super::differences::differences;
use crate::{
    catalog::{entries, entry, files::DOCUMENTS},
    tools::{AuthStrategy, HttpMethod, ToolInput},
};

fn document_of(id: &str) -> &'static Value {
    let sources = entry(id).unwrap().sources;
    let mut documents = DOCUMENTS.values();
    let own = documents.find(|one| std::ptr::eq(one.sources.as_slice(), sources));
    &own.unwrap().document
}

#[test]
fn every_tool_does_what_its_document_says() {
    for entry in entries() {
        let found = differences(entry.definition(), document_of(entry.id), &entry.operation);
        assert_eq!(found, [""; 0], "{}", entry.id);
    }
}

#[test]
fn every_document_is_used_and_says_where_it_is_from() {
    for (name, document) in DOCUMENTS.iter() {
        let mut users = entries().iter();
        let is_own = |sources: &[_]| std::ptr::eq(document.sources.as_slice(), sources);
        assert!(users.any(|entry| is_own(entry.sources)), "{name}");
        assert!(!document.sources.is_empty(), "{name}");
        for source in &document.sources {
            super::entries::assert_is_url(&source.at);
            super::entries::assert_is_day(&source.retrieved);
            assert!(
                !source.version.is_empty() && !source.gives.is_empty(),
                "{name}"
            );
        }
    }
}

/// What is found once a tool was changed.
fn found(id: &str, change: impl FnOnce(&mut ToolInput)) -> String {
    let entry = entry(id).unwrap();
    let mut tool = entry.definition().clone();
    change(&mut tool);
    differences(&tool, document_of(id), &entry.operation).join("; ")
}

fn with_property(id: &str, name: &str, schema: Value) -> String {
    found(id, |tool| tool.input_schema["properties"][name] = schema)
}

#[test]
fn another_request_is_found() {
    let forecast = "open-meteo-forecast";
    for (found, part) in [
        (
            found(forecast, |tool| tool.http_method = HttpMethod::Delete),
            "the method is DELETE and not GET",
        ),
        (
            found(forecast, |tool| {
                tool.base_url = "https://customer-api.open-meteo.com".to_owned();
            }),
            "the server is https://customer-api.open-meteo.com",
        ),
        (
            found(forecast, |tool| {
                tool.endpoint_path = "/v2/forecast".to_owned()
            }),
            "the path is /v2/forecast",
        ),
        (
            found("github-create-issue", |tool| {
                tool.endpoint_path = "/repos/{repo}/{owner}/issues".to_owned();
            }),
            "the path is /repos/{repo}/{owner}/issues",
        ),
        (
            found("slack-post-message", |tool| {
                tool.auth_strategy = AuthStrategy::ApiKeyHeader;
            }),
            "the strategy is api_key_header and not static_bearer",
        ),
        (
            found("nasa-picture-of-the-day", |tool| {
                tool.auth_config.parameter = Some("key".to_owned());
            }),
            "the key's place",
        ),
        (
            found("notion-search", |tool| {
                tool.headers_template
                    .insert("X-Version".to_owned(), "1".to_owned());
            }),
            "Header(\"x-version\") is unknown",
        ),
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
}

#[test]
fn another_argument_is_found() {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    for (found, part) in [
        (
            with_property("npm-search", "limit", number.clone()),
            "Query(\"limit\") is unknown",
        ),
        (
            with_property("slack-post-message", "message", text.clone()),
            "Body([\"message\"]) is unknown",
        ),
        (
            with_property("npm-search", "size", text.clone()),
            "string is none of [\"integer\"]",
        ),
        (
            with_property("slack-post-message", "text", number.clone()),
            "integer is none of [\"string\"]",
        ),
        (
            with_property(
                "github-create-issue",
                "assignees",
                json!({ "type": "array", "items": number }),
            ),
            "integer is none of [\"string\"]",
        ),
        (
            with_property("wikipedia-search", "limit", number.clone()),
            "goes beyond the minimum of 1",
        ),
        (
            with_property(
                "wikipedia-search",
                "limit",
                json!({ "type": "integer", "minimum": 1, "maximum": 500 }),
            ),
            "goes beyond the maximum of 100",
        ),
        (
            with_property("usgs-earthquakes", "orderby", text.clone()),
            "takes any value",
        ),
        (
            with_property(
                "usgs-earthquakes",
                "orderby",
                json!({ "type": "string", "enum": ["time", "depth"] }),
            ),
            "\"depth\" is no value",
        ),
        (
            with_property(
                "notion-search",
                "kind",
                json!({ "type": "string", "enum": ["database"] }),
            ),
            "Body([\"filter\", \"value\"]): \"database\" is no value",
        ),
        (
            with_property("frankfurter-rates", "date", text),
            "is not of the format date",
        ),
        (
            with_property("npm-search", "size", json!({})),
            "has no type",
        ),
        (
            found("wikipedia-search", |tool| {
                tool.input_schema["required"] = json!(["limit"])
            }),
            "Query(\"q\") is required",
        ),
        (
            found("github-create-issue", |tool| {
                tool.body_template = Some(json!({ "body": "{body}" }));
            }),
            "Body([\"title\"]) is required",
        ),
        (
            found("open-meteo-forecast", |tool| {
                tool.query_template
                    .insert("daily".to_owned(), "sunrise,moonrise".to_owned());
            }),
            "Query(\"daily\")",
        ),
        (
            found("usgs-earthquakes", |tool| {
                tool.query_template
                    .insert("format".to_owned(), "json".to_owned());
            }),
            "Query(\"format\")",
        ),
        (
            found("hacker-news-search", |tool| {
                tool.query_template
                    .insert("page".to_owned(), "p{page}".to_owned());
            }),
            "Query(\"page\"): string is none of",
        ),
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
}
