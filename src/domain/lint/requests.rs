//! The request that a call becomes: arguments that go nowhere or do not fit, and limits beyond what
//! clients wait for and models read.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use url::{Host, Url};

use super::{Findings, Rule, walk::below};
use crate::{
    execute::{SAMPLES_BASE_URL, template::placeholders},
    tools::{AuthStrategy, ToolInput},
};

/// Milliseconds after which clients made with the TypeScript SDK give up, where they set nothing
/// else (modelcontextprotocol/typescript-sdk#245, #2250, June 2026). Claude waits 300 s.
const CLIENTS_WAIT_MS: i64 = 60_000;
/// Bytes of an answer; Claude reads 150,000 characters of it and Claude Code 25,000 tokens.
const LARGE_ANSWER: i64 = 1_048_576;

pub(super) fn check(input: &ToolInput, findings: &mut Findings) {
    check_base_url(input, findings);
    check_arguments(input, findings);
    if input.timeout_ms > CLIENTS_WAIT_MS {
        findings.hint(
            Rule::RequestTimeoutLong,
            "timeout_ms",
            "Many clients give up after 60 s, and the person has waited as long. Let the endpoint \
             answer sooner, or have one tool that starts the work and one that asks for its result.",
        );
    }
    if input.max_response_bytes > LARGE_ANSWER {
        findings.hint(
            Rule::RequestAnswerLarge,
            "max_response_bytes",
            "Claude reads the first 150,000 characters of an answer at most. Let the endpoint answer \
             with less: a page, or the fields that matter.",
        );
    }
    if input.auth_strategy == AuthStrategy::ApiKeyQuery {
        findings.hint(
            Rule::RequestKeyInQuery,
            "auth_strategy",
            "A key in the query is written into the logs of servers and proxies on its way. Send it \
             in a header where the endpoint takes one there: api_key_header.",
        );
    }
}

fn check_base_url(input: &ToolInput, findings: &mut Findings) {
    let Ok(url) = Url::parse(input.base_url.trim()) else {
        return;
    };
    let is_sample = url.origin().ascii_serialization() == SAMPLES_BASE_URL;
    if url.scheme() != "http" || is_sample {
        return;
    }
    let is_near = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => true,
    };
    if !is_near {
        findings.warning(
            Rule::RequestPlainHttp,
            "base_url",
            "With http, everyone on the way reads the arguments, the answer and the credentials. Use \
             https.",
        );
    }
}

/// Where each argument goes.
fn used_in(input: &ToolInput) -> HashMap<String, Vec<&'static str>> {
    let mut used: HashMap<String, Vec<&'static str>> = HashMap::new();
    let mut add = |place, template: &str| {
        for argument in placeholders(template).unwrap_or_default() {
            used.entry(argument).or_default().push(place);
        }
    };
    add("endpoint_path", &input.endpoint_path);
    for template in input.headers_template.values() {
        add("headers_template", template);
    }
    for template in input.query_template.values() {
        add("query_template", template);
    }
    let mut open: Vec<&Value> = input.body_template.iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => add("body_template", text),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    used
}

fn check_arguments(input: &ToolInput, findings: &mut Findings) {
    let used = used_in(input);
    let schema = &input.input_schema;
    let required: HashSet<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (name, argument) in schema["properties"].as_object().into_iter().flatten() {
        let field = below("input_schema/properties", name);
        let places = used.get(name).map(Vec::as_slice).unwrap_or_default();
        // Without a template, the body or the query takes what is left.
        if places.is_empty() && input.body_template.is_some() {
            findings.warning(
                Rule::RequestArgumentUnused,
                &field,
                "No template uses it, so that what a model writes there is not sent. Put it into \
                 body_template or another template, or take it out.",
            );
        }
        if places.len() > 1 {
            findings.hint(
                Rule::RequestArgumentTwice,
                &field,
                format!(
                    "It is sent more than once ({}). Is that meant?",
                    places.join(", ")
                ),
            );
        }
        if places.contains(&"endpoint_path") && !required.contains(name.as_str()) {
            findings.warning(
                Rule::RequestArgumentOptional,
                &field,
                "The path needs it, and it may be left out, so that such a call fails. Add it to \
                 required.",
            );
        }
        let is_composed = matches!(argument["type"].as_str(), Some("array" | "object"));
        if is_composed
            && (places.contains(&"endpoint_path") || places.contains(&"headers_template"))
        {
            findings.error(
                Rule::RequestArgumentUnfit,
                &field,
                "A path and a header take texts, numbers and booleans, and this is a list or an \
                 object, so that each call with it is refused. Send it in the query or the body, or \
                 make it a text.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::rules;

    #[test]
    fn limits_are_those_of_clients() {
        assert!(rules(json!({ "timeout_ms": 60_000, "max_response_bytes": 1_048_576 })).is_empty());
        assert_eq!(
            rules(json!({ "timeout_ms": 60_001 })),
            ["hint request.timeout_long timeout_ms"]
        );
        assert_eq!(
            rules(json!({ "max_response_bytes": 2_000_000 })),
            ["hint request.answer_large max_response_bytes"]
        );
        assert_eq!(
            rules(
                json!({ "auth_strategy": "api_key_query", "auth_config": { "parameter": "key" } })
            ),
            ["hint request.key_in_query auth_strategy"]
        );
    }

    #[test]
    fn the_way_is_encrypted() {
        for (url, is_plain) in [
            ("http://api.example", true),
            ("http://10.0.0.5:8080", true),
            ("https://api.example", false),
            ("http://localhost:8080", false),
            ("http://[::1]", false),
            ("http://127.0.0.1", false),
            ("http://samples.tengine.internal", false),
            ("nonsense", false),
        ] {
            let expected: Vec<&str> = is_plain
                .then_some("warning request.plain_http base_url")
                .into_iter()
                .collect();
            assert_eq!(rules(json!({ "base_url": url })), expected, "{url}");
        }
    }

    fn sent(kind: &str, changes: Value) -> Vec<String> {
        let mut tool = json!({
            "http_method": "POST", "annotations": { "readOnlyHint": true, "destructiveHint": false },
            "input_schema": {
                "type": "object", "required": ["a"], "additionalProperties": false,
                "properties": {
                    "a": { "type": kind, "items": {}, "description": "The first of them" },
                    "b": { "type": "string", "description": "The second of them" },
                },
            },
        });
        for (name, value) in changes.as_object().unwrap() {
            tool[name] = value.clone();
        }
        rules(tool)
    }

    #[test]
    fn arguments_go_somewhere_and_fit() {
        const ARGUMENTS: &str = "input_schema/properties";
        assert!(sent("string", json!({})).is_empty(), "the body takes both");
        assert_eq!(
            sent("string", json!({ "body_template": { "x": ["{a}"] } })),
            [format!("warning request.argument_unused {ARGUMENTS}/b")]
        );
        assert_eq!(
            sent("string", json!({ "endpoint_path": "/{a}/{b}" })),
            [format!("warning request.argument_optional {ARGUMENTS}/b")]
        );
        assert_eq!(
            sent(
                "string",
                json!({ "endpoint_path": "/{a}", "query_template": { "a": "{a}" } })
            ),
            [format!("hint request.argument_twice {ARGUMENTS}/a")]
        );
        assert_eq!(
            sent("array", json!({ "endpoint_path": "/{a}" })),
            [format!("error request.argument_unfit {ARGUMENTS}/a")]
        );
        assert!(sent("array", json!({ "query_template": { "a": "{a}" } })).is_empty());
    }
}
