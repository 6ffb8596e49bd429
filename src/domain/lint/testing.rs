//! A tool that nothing can be said against, and what is found when parts of it change.

use serde_json::{Value, json};

use super::{Finding, ProjectContext, tool};
use crate::tools::ToolInput;

pub(super) fn input(changes: Value) -> ToolInput {
    let mut tool = json!({
        "name": "crm-contacts-search",
        "title": "Search contacts",
        "description": "Finds contacts whose name or email holds a text. Use it to learn an id before a change.",
        "input_schema": {
            "type": "object",
            "properties": { "text": { "type": "string", "description": "Part of a name or of an email" } },
            "required": ["text"],
            "additionalProperties": false,
        },
        "output_schema": { "type": "object", "properties": { "contacts": { "type": "array" } } },
        "base_url": "https://crm.example",
        "endpoint_path": "/contacts",
        "auth_strategy": "static_bearer",
        "annotations": {
            "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": true,
        },
    });
    for (name, value) in changes.as_object().unwrap() {
        tool[name] = value.clone();
    }
    serde_json::from_value(tool).unwrap()
}

pub(super) fn findings(changes: Value) -> Vec<Finding> {
    tool(&input(changes), &ProjectContext::default())
}

/// Each finding as its severity, rule and field.
pub(super) fn rules(changes: Value) -> Vec<String> {
    let told = |one: Finding| format!("{} {} {}", one.severity, one.rule, one.field);
    findings(changes).into_iter().map(told).collect()
}

/// What is found with these properties in the input schema.
pub(super) fn arguments(properties: Value) -> Vec<String> {
    rules(json!({ "input_schema": {
        "type": "object", "properties": properties, "additionalProperties": false,
    } }))
}
