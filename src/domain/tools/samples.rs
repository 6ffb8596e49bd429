//! The sample tools: they work on a closed network, served by the instance itself to the executor
//! alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{AnnotationsInput, AuthConfig, AuthStrategy, HttpMethod, ToolInput};
use crate::execute::SAMPLES_BASE_URL;

/// Four tools to try a project with.
#[must_use]
pub fn samples() -> Vec<ToolInput> {
    vec![time_now(), text_measure(), dice_roll(), request_echo()]
}

fn time_now() -> ToolInput {
    sample(Sample {
        name: "sample-time-now",
        title: "Current time",
        description: "Tells the current date and time, in UTC and at an offset from it. Use it \
                      when today's date, the weekday or the time of day matters.",
        method: HttpMethod::Get,
        path: "/time",
        is_idempotent: true,
        input: json!({
            "type": "object",
            "properties": {
                "utc_offset_minutes": {
                    "type": "integer", "minimum": -1_080, "maximum": 1_080,
                    "description": "Minutes east of UTC, like 120 for Berlin in summer or -300 for New York in winter. Left out: 0."
                }
            },
            "additionalProperties": false
        }),
        output: json!({
            "type": "object",
            "properties": {
                "utc": { "type": "string", "description": "RFC 3339, in UTC" },
                "local": { "type": "string", "description": "RFC 3339, at the offset" },
                "weekday": { "type": "string", "description": "English name of the day at the offset" },
                "unix_seconds": { "type": "integer" }
            },
            "required": ["utc", "local", "weekday", "unix_seconds"]
        }),
    })
}

fn text_measure() -> ToolInput {
    sample(Sample {
        name: "sample-text-measure",
        title: "Measure a text",
        description: "Counts the characters, words and sentences of a text and estimates how long \
                      reading it takes. Use it instead of counting yourself.",
        method: HttpMethod::Post,
        path: "/text/measure",
        is_idempotent: true,
        input: json!({
            "type": "object",
            "properties": {
                "text": {
                    "type": "string", "maxLength": 100_000,
                    "description": "The text to measure, at most 100,000 characters"
                }
            },
            "required": ["text"],
            "additionalProperties": false
        }),
        output: json!({
            "type": "object",
            "properties": {
                "characters": { "type": "integer", "description": "Unicode characters, spaces included" },
                "words": { "type": "integer" },
                "sentences": { "type": "integer" },
                "reading_seconds": { "type": "integer", "description": "At 238 words a minute" }
            },
            "required": ["characters", "words", "sentences", "reading_seconds"]
        }),
    })
}

fn dice_roll() -> ToolInput {
    sample(Sample {
        name: "sample-dice-roll",
        title: "Roll dice",
        description: "Rolls dice with the operating system's random generator and returns each \
                      roll and their total. Use it wherever chance should decide.",
        method: HttpMethod::Post,
        path: "/dice/roll",
        is_idempotent: false,
        input: json!({
            "type": "object",
            "properties": {
                "count": {
                    "type": "integer", "minimum": 1, "maximum": 100, "default": 1,
                    "description": "How many dice. Left out: 1."
                },
                "sides": {
                    "type": "integer", "minimum": 2, "maximum": 1_000, "default": 6,
                    "description": "Sides of each die. Left out: 6."
                }
            },
            "additionalProperties": false
        }),
        output: json!({
            "type": "object",
            "properties": {
                "rolls": { "type": "array", "items": { "type": "integer" } },
                "total": { "type": "integer" }
            },
            "required": ["rolls", "total"]
        }),
    })
}

fn request_echo() -> ToolInput {
    let echo = sample(Sample {
        name: "sample-request-echo",
        title: "Show what an endpoint receives",
        description: "Sends a request to an endpoint that answers with what it received: method, \
                      path, query, headers and body. Use it to see what TengineAI sends to the \
                      endpoint of a tool.",
        method: HttpMethod::Post,
        path: "/echo",
        is_idempotent: true,
        input: json!({
            "type": "object",
            "properties": {
                "message": {
                    "type": "string", "maxLength": 10_000,
                    "description": "Text that goes into the request's body"
                },
                "label": {
                    "type": "string", "maxLength": 100,
                    "description": "Text that goes into the request's query, as the parameter label"
                }
            },
            "additionalProperties": false
        }),
        output: json!({
            "type": "object",
            "properties": {
                "method": { "type": "string" },
                "path": { "type": "string" },
                "query": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": { "name": { "type": "string" }, "value": { "type": "string" } },
                        "required": ["name", "value"]
                    }
                },
                "headers": { "type": "object", "additionalProperties": { "type": "string" } },
                "body": { "description": "The JSON that was received, else its text, else null" }
            },
            "required": ["method", "path", "query", "headers", "body"]
        }),
    });
    ToolInput {
        query_template: BTreeMap::from([("label".to_owned(), "{label}".to_owned())]),
        // So that a developer sees these headers too.
        inject_member_identity: true,
        ..echo
    }
}

/// What differs between samples.
struct Sample {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    method: HttpMethod,
    path: &'static str,
    is_idempotent: bool,
    input: Value,
    output: Value,
}

fn sample(sample: Sample) -> ToolInput {
    ToolInput {
        name: sample.name.to_owned(),
        title: sample.title.to_owned(),
        description: sample.description.to_owned(),
        input_schema: sample.input,
        output_schema: Some(sample.output),
        base_url: SAMPLES_BASE_URL.to_owned(),
        http_method: sample.method,
        endpoint_path: sample.path.to_owned(),
        headers_template: BTreeMap::new(),
        query_template: BTreeMap::new(),
        body_template: None,
        auth_strategy: AuthStrategy::None,
        auth_config: AuthConfig::default(),
        auth_secret: None,
        auth_secret_name: None,
        require_member: false,
        inject_member_identity: false,
        annotations: AnnotationsInput {
            read_only_hint: Some(true),
            destructive_hint: Some(false),
            idempotent_hint: Some(sample.is_idempotent),
            open_world_hint: Some(false),
        },
        icons: Vec::new(),
        timeout_ms: 10_000,
        max_concurrency: None,
        max_retries: 0,
        max_response_bytes: 1_048_576,
        is_enabled: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        execute::{Allowlist, Network, template},
        tools::schema,
    };

    #[test]
    fn the_samples_keep_every_rule_of_a_tool() {
        let network = Network::new(Allowlist::default(), Vec::new(), None);
        for sample in samples() {
            schema::check(&sample.input_schema, "input_schema").unwrap();
            schema::check(sample.output_schema.as_ref().unwrap(), "output_schema").unwrap();
            assert_eq!(
                network.checked_base_url(&sample.base_url).unwrap(),
                SAMPLES_BASE_URL
            );
            assert_eq!(template::check(&sample), []);
        }
    }
}
