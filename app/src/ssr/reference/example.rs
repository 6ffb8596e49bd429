//! A curl command for an operation.

use serde_json::{Map, Value, json};

use super::{
    members,
    schema::{is_type, present, resolved},
};

pub(super) fn example(
    document: &Value,
    origin: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> String {
    let address: Vec<String> = path
        .split('/')
        .map(|part| match part.strip_prefix('{') {
            Some(name) => name.trim_end_matches('}').to_uppercase(),
            None => part.to_owned(),
        })
        .collect();
    let address = address.join("/");
    let mut lines = vec![match method {
        "GET" => format!("curl {origin}{address}"),
        _ => format!("curl -X {method} {origin}{address}"),
    }];
    lines.push("  -H \"Authorization: Bearer $TENGINE_API_KEY\"".to_owned());
    if method == "POST" {
        lines.push("  -H \"Idempotency-Key: $(uuidgen)\"".to_owned());
    }
    if !body.is_null() {
        lines.push("  -H \"Content-Type: application/json\"".to_owned());
        lines.push(format!("  -d '{}'", sample(document, body)));
    }
    lines.join(" \\\n")
}

/// A body with the fields that have to be there, or one that may.
fn sample(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, present(schema));
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = members(&schema["properties"]);
    let chosen: Map<String, Value> = properties
        .filter(|(name, _)| required.is_empty() || required.contains(&name.as_str()))
        .take(if required.is_empty() {
            1
        } else {
            required.len()
        })
        .map(|(name, field)| (name.clone(), value(document, field)))
        .collect();
    Value::Object(chosen)
}

fn value(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, present(schema));
    let first = schema["enum"].as_array().and_then(|all| all.first());
    if let Some(first) = first.or(schema.get("example")) {
        return first.clone();
    }
    let has = |name: &str| is_type(schema, name);
    match () {
        () if has("array") => match &schema["items"] {
            items if items.is_null() => json!([]),
            items => json!([value(document, items)]),
        },
        () if has("boolean") => json!(true),
        () if has("integer") || has("number") => schema.get("minimum").unwrap_or(&json!(1)).clone(),
        () if has("string") => json!("…"),
        () if schema.get("properties").is_some() => sample(document, schema),
        () => json!({}),
    }
}
