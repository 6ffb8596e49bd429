//! Each argument: what a model knows of it when it fills it in.

use serde_json::{Map, Value};

use super::{
    Findings, Rule,
    finding::shown,
    names::words,
    secrets,
    walk::{Part, below},
};
use crate::tools::{AuthStrategy, ToolInput};

/// Arguments that may hold a credential or something else.
const PERHAPS_CREDENTIALS: [&str; 7] = [
    "credential",
    "credentials",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "token",
];

pub(super) fn check(input: &ToolInput, parts: &[Part<'_>], findings: &mut Findings) {
    let Some(root) = input.input_schema.as_object() else {
        return;
    };
    check_required(root, findings);
    for part in parts {
        let described = resolved(root, part.schema);
        if let Some(name) = part.name {
            if part.level == 1 && part.field.starts_with("input_schema/properties/") {
                check_name(name, part, findings);
                check_credential(input, name, part, findings);
            }
            check_description(name, part, described, findings);
            if !has_type(described) {
                findings.warning(
                    Rule::ArgumentType,
                    &part.field,
                    "It has no type, so that a model guesses and some clients refuse it. Set type, \
                     or list its values in enum.",
                );
            }
        }
        check_shape(part, findings);
    }
}

/// A schema, or what it refers to within the same one.
fn resolved<'a>(
    root: &'a Map<String, Value>,
    schema: &'a Map<String, Value>,
) -> &'a Map<String, Value> {
    let target = schema.get("$ref").and_then(Value::as_str);
    let found = target.and_then(|target| {
        let mut names = target.strip_prefix("#/")?.split('/');
        let first = root.get(names.next()?)?;
        names.try_fold(first, |value, name| {
            value.get(name.replace("~1", "/").replace("~0", "~"))
        })
    });
    // What is said beside the reference counts first.
    if schema.contains_key("description") {
        return schema;
    }
    found.and_then(Value::as_object).unwrap_or(schema)
}

/// Anthropic's API takes these names at the top and refuses the whole request for any other
/// (beautyfree/appstore-connect-mcp#2, twilio-labs/mcp#58, 2026).
fn check_name(name: &str, part: &Part<'_>, findings: &mut Findings) {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    if !(1..=64).contains(&name.len()) || !name.bytes().all(is_plain) {
        findings.error(
            Rule::ArgumentName,
            &part.field,
            "Use 1 to 64 of the characters a-z A-Z 0-9 _ . and - for its name: Anthropic's API \
             refuses others, and with them every tool of the connector. Templates can send it under \
             another name.",
        );
    }
}

fn check_credential(input: &ToolInput, name: &str, part: &Part<'_>, findings: &mut Findings) {
    let lower = name.to_ascii_lowercase();
    let strategy = input.auth_strategy;
    if secrets::is_credential(name) {
        findings.warning(
            Rule::ArgumentCredential,
            &part.field,
            format!(
                "By its name it is a credential, which then passes through every conversation and \
                 its logs. Take it out{}.",
                if strategy == AuthStrategy::None {
                    ", choose an auth_strategy and put it into auth_secret"
                } else {
                    ": auth_secret is sent without the model"
                }
            ),
        );
    } else if PERHAPS_CREDENTIALS.contains(&lower.as_str()) {
        findings.hint(
            Rule::ArgumentCredential,
            &part.field,
            "If this is a credential for the endpoint, it belongs into auth_secret: an argument \
             passes through every conversation and its logs.",
        );
    }
}

fn check_description(
    name: &str,
    part: &Part<'_>,
    schema: &Map<String, Value>,
    findings: &mut Findings,
) {
    let text = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let about = text("description").trim();
    if about.is_empty() {
        // Inside an argument the names often tell.
        let message =
            "Describe it: what it is, in which form, and what happens where it is left out.";
        if part.level == 1 && text("title").is_empty() {
            findings.warning(Rule::ArgumentDescription, &part.field, message);
        } else if part.level == 1 {
            findings.hint(Rule::ArgumentDescription, &part.field, message);
        }
    } else if words(about) == words(name) && about.split_whitespace().count() < 4 {
        findings.hint(
            Rule::ArgumentDescription,
            &part.field,
            format!(
                "The description repeats the name {}. Say what it is and in which form.",
                shown(name)
            ),
        );
    }
}

/// Whether a schema says what its values are.
fn has_type(schema: &Map<String, Value>) -> bool {
    const TELLING: [&str; 11] = [
        "type",
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "allOf",
        "$ref",
        "$dynamicRef",
        "properties",
        "items",
        "if",
    ];
    TELLING.iter().any(|keyword| schema.contains_key(*keyword))
}

fn check_shape(part: &Part<'_>, findings: &mut Findings) {
    let schema = part.schema;
    let is = |kind: &str| match schema.get("type") {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    };
    // VS Code since 1.112 and OpenAI's API refuse the tool (microsoft/vscode#248810, March 2026).
    if is("array") && !schema.contains_key("items") && !schema.contains_key("prefixItems") {
        findings.warning(
            Rule::SchemaItemsMissing,
            &part.field,
            "It is a list and does not say of what. VS Code and OpenAI's API refuse the tool for it: \
             set items.",
        );
    }
    let has_members = [
        "properties",
        "patternProperties",
        "anyOf",
        "oneOf",
        "allOf",
        "$ref",
    ]
    .iter()
    .any(|keyword| schema.contains_key(*keyword));
    let says_which = schema
        .get("additionalProperties")
        .is_some_and(Value::is_object);
    if part.level > 0 && is("object") && !has_members && !says_which {
        findings.hint(
            Rule::ArgumentFreeForm,
            &part.field,
            "It is an object and does not say what is in it, so a model makes its members up. Name \
             them in properties, or describe what additionalProperties are.",
        );
    }
}

fn check_required(root: &Map<String, Value>, findings: &mut Findings) {
    const FIELD: &str = "input_schema/required";
    let properties = root.get("properties").and_then(Value::as_object);
    let required = root.get("required").and_then(Value::as_array);
    let is_closed = root.get("additionalProperties") == Some(&Value::from(false));
    for (at, name) in required.into_iter().flatten().enumerate() {
        let Some(name) = name.as_str() else { continue };
        if properties.is_some_and(|known| known.contains_key(name)) {
            continue;
        }
        let field = below(FIELD, &at.to_string());
        if is_closed {
            findings.error(
                Rule::SchemaRequiredUnknown,
                &field,
                "An argument is required that is not among properties, and others are not taken: \
                 every call is refused. Add it to properties, or take it out here.",
            );
        } else {
            findings.warning(
                Rule::SchemaRequiredUnknown,
                &field,
                "An argument is required that is not among properties, so a model knows nothing of \
                 it. Add it there, or take it out here.",
            );
        }
    }
}
