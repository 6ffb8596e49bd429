//! Arguments that stand for what a model would give, to show what a tool would send.

use serde_json::{Map, Value, json};

/// Levels of a value that are made up.
const DEEPEST: usize = 4;
/// Members of one object, of a schema that may have thousands.
const MOST: usize = 50;

/// A value for each argument: what the schema proposes, or one of its type. A text is the argument's
/// name in capitals, as documentation writes it.
#[must_use]
pub fn of(schema: &Map<String, Value>) -> Map<String, Value> {
    members(schema.get("properties"), 0)
}

fn members(properties: Option<&Value>, depth: usize) -> Map<String, Value> {
    let properties = properties.and_then(Value::as_object);
    let samples = properties.into_iter().flatten().take(MOST);
    samples
        .map(|(name, schema)| (name.clone(), sample(name, schema, depth)))
        .collect()
}

fn sample(name: &str, schema: &Value, depth: usize) -> Value {
    let first = |list: &str| schema[list].as_array().and_then(|all| all.first());
    let proposed = first("examples")
        .or_else(|| schema.get("default"))
        .or_else(|| first("enum"));
    if let Some(value) = proposed.or_else(|| schema.get("const")) {
        return value.clone();
    }
    let kind = schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str());
    match kind {
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(true),
        Some("array") if depth < DEEPEST => json!([sample(name, &schema["items"], depth + 1)]),
        Some("object") if depth < DEEPEST => members(schema.get("properties"), depth + 1).into(),
        Some("array") => json!([]),
        Some("object") => json!({}),
        Some("null") => Value::Null,
        _ => name.to_uppercase().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_argument_has_what_is_proposed_or_one_of_its_type() {
        let schema = json!({ "properties": {
            "id": { "type": "string" }, "page": { "type": "integer", "minimum": 3 },
            "size": { "type": "integer", "default": 20 }, "sort": { "enum": ["asc", "desc"] },
            "tags": { "type": "array", "items": { "type": "string" } },
            "who": { "type": "object", "properties": { "name": { "type": ["string", "null"] } } },
            "yes": { "type": "boolean" }, "any": {},
        } });
        assert_eq!(
            Value::from(of(schema.as_object().unwrap())),
            json!({
                "id": "ID", "page": 3, "size": 20, "sort": "asc", "tags": ["TAGS"],
                "who": { "name": "NAME" }, "yes": true, "any": "ANY",
            })
        );
        assert!(of(&Map::new()).is_empty());
    }

    #[test]
    fn a_schema_within_itself_ends() {
        let mut schema = json!({ "type": "object" });
        for _ in 0..100 {
            schema = json!({ "type": "object", "properties": { "a": schema } });
        }
        let made = Value::from(of(schema.as_object().unwrap())).to_string();
        assert!(made.len() < 100, "{made}");
    }
}
