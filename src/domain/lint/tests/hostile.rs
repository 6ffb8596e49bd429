//! What is made to take long, or to be told at length.

use serde_json::{Map, Value, json};

use super::super::{testing::input, *};

/// What is found, all of which can be told.
fn found(changes: Value) -> Vec<Finding> {
    let found = tool(&input(changes), &ProjectContext::default());
    assert!(found.len() < Rule::ALL.len() * 5);
    for finding in &found {
        assert!(finding.field.chars().count() <= 132, "{}", finding.field);
        assert!(finding.message.chars().count() < 600, "{}", finding.message);
    }
    found
}

#[test]
fn what_repeats_a_beginning_is_looked_at_once() {
    for part in [
        "sk-",
        "eyJ",
        "![",
        "<img ",
        "://",
        "-----BEGIN ",
        "ignore ",
        "<important>",
        "\u{200b}",
        "you must always ",
        "before using any ",
        "hooks.slack.com/services/",
        "&#1",
        "<a ",
        "~/.ssh",
        "{",
        "__",
    ] {
        let text = part.repeat(60_000 / part.len());
        found(json!({ "description": text, "title": text, "endpoint_path": text }));
        found(
            json!({ "input_schema": { "type": "object", "properties": { &*text: { "default": text, "enum": [text] } } } }),
        );
    }
}

#[test]
fn a_long_name_is_not_repeated_for_each_of_its_members() {
    let members: Map<String, Value> = (0..30_000)
        .map(|at| (format!("m{at}"), json!({})))
        .collect();
    let schema = json!({
        "type": "object",
        "properties": { "x".repeat(300_000): { "type": "object", "properties": members } },
    });
    let told = found(json!({ "input_schema": schema }));
    assert!(told.iter().any(|one| one.rule == Rule::ArgumentName));
}

#[test]
fn long_lists_are_looked_at_in_part() {
    let values: Vec<String> = (0..30_000).map(|at| format!("v{at}")).collect();
    let told = found(json!({ "input_schema": {
        "type": "object", "required": values,
        "properties": { "a": { "type": "string", "enum": values, "examples": values, "description": "One of them" } },
    } }));
    assert!(told.iter().any(|one| one.rule == Rule::SchemaEnumLarge));
}

#[test]
fn a_schema_may_be_anything() {
    for schema in [
        json!(null),
        json!([]),
        json!("text"),
        json!({}),
        json!({ "properties": [], "required": {}, "$defs": 1, "enum": 2, "anyOf": {} }),
        json!({ "properties": { "a": true, "b": null, "c": [] } }),
        json!({ "properties": { "a": { "$ref": "#/properties/a" }, "b": { "$ref": "#/properties/b/properties/~2/" } } }),
        json!({ "properties": { "a": { "default": 1, "pattern": "(", "type": "strin" } } }),
        json!({ "properties": { "a": { "minimum": 1e308, "maximum": -1e308, "enum": "x", "type": [1, {}] } } }),
    ] {
        found(json!({ "input_schema": schema, "output_schema": schema, "body_template": schema }));
    }
}
