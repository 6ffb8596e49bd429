//! JSON Schema 2020-12 for arguments and answers: what a tool may register, and what is checked
//! before anything is sent.

use jsonschema::PatternOptions;
use serde_json::{Map, Value};

use super::schema_cost;
use crate::FieldError;

const DEEPEST: usize = 32;
const LARGEST_BYTES: usize = 65_536;
/// Approximate bytes of one compiled pattern.
const LARGEST_PATTERN: usize = 1 << 20;
const MOST_VIOLATIONS: usize = 10;
const LONGEST_VIOLATION: usize = 300;
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A schema as a tool may have it: an object of `"type": "object"`, at most 32 levels and 64 KiB,
/// with references into itself only, that compiles.
///
/// # Errors
/// A [`FieldError`] under `field`, whose message names the place in the schema.
pub fn check(schema: &Value, field: &str) -> Result<Map<String, Value>, FieldError> {
    checked(schema).map_err(|message| FieldError {
        field: field.to_owned(),
        message,
    })
}

fn checked(schema: &Value) -> Result<Map<String, Value>, String> {
    let Value::Object(members) = schema else {
        return Err("A schema is a JSON object.".to_owned());
    };
    if members.get("type") != Some(&Value::from("object")) {
        return Err("Set \"type\": \"object\" at the top.".to_owned());
    }
    if let Some(dialect) = members.get("$schema")
        && dialect.as_str().map(|text| text.trim_end_matches('#')) != Some(DIALECT)
    {
        return Err(format!("Leave out $schema or set it to {DIALECT}."));
    }
    check_depth(schema, 0)?;
    let bytes = schema.to_string().len();
    if bytes > LARGEST_BYTES {
        return Err(format!(
            "It has {bytes} bytes; the limit is {LARGEST_BYTES}."
        ));
    }
    check_references(schema, "", Inside::Schema)?;
    schema_cost::check(schema)?;
    Validator::compile(members)?;
    Ok(members.clone())
}

fn check_depth(value: &Value, depth: usize) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("It is nested deeper than {DEEPEST} levels."));
    }
    match value {
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| check_depth(item, depth + 1)),
        Value::Object(members) => members
            .values()
            .try_for_each(|member| check_depth(member, depth + 1)),
        _ => Ok(()),
    }
}

/// What an object's member names mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Keywords.
    Schema,
    /// Names given by people, each with a schema.
    Named,
}

/// References stay inside the schema: nothing is ever fetched. Compiling would refuse them too, but
/// in words about retrievers.
fn check_references(value: &Value, place: &str, inside: Inside) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| {
            check_references(item, &format!("{place}/{index}"), inside)
        }),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            check_member(name, member, &format!("{place}/{name}"), inside)
        }),
        _ => Ok(()),
    }
}

fn check_member(name: &str, member: &Value, place: &str, inside: Inside) -> Result<(), String> {
    if inside == Inside::Named {
        return check_references(member, place, Inside::Schema);
    }
    match (name, member) {
        ("$ref" | "$dynamicRef", Value::String(target))
            if target != "#" && !target.starts_with("#/") =>
        {
            Err(format!(
                "{place}: references lead into the schema itself, like #/$defs/name; nothing is fetched."
            ))
        }
        // An identifier inside would change what `#` means below it.
        ("$id", _) if place != "/$id" => Err(format!("{place}: leave out $id inside the schema.")),
        // Data, in which names mean nothing.
        ("const" | "enum" | "default" | "examples", _) => Ok(()),
        ("properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas", _) => {
            check_references(member, place, Inside::Named)
        }
        _ => check_references(member, place, Inside::Schema),
    }
}

/// A compiled schema.
pub struct Validator(jsonschema::Validator);

impl Validator {
    /// Compiles without fetching anything. Patterns run in linear time, so no argument can hang one;
    /// look-around and back-references are not available for that.
    ///
    /// # Errors
    /// A sentence that begins with the place in the schema.
    pub fn compile(schema: &Map<String, Value>) -> Result<Self, String> {
        jsonschema::draft202012::options()
            .offline()
            .with_pattern_options(PatternOptions::regex().size_limit(LARGEST_PATTERN))
            .build(&Value::Object(schema.clone()))
            .map(Self)
            .map_err(|error| {
                let place = error.instance_path().as_str();
                let place = if place.is_empty() { "/" } else { place };
                format!("{place}: {}", shortened(&error.to_string()))
            })
    }

    /// What is wrong with `arguments`, at most 10 violations: the place and the rule, in words from
    /// which a model can mend its call. Values are not repeated.
    #[must_use]
    pub fn violations(&self, arguments: &Value) -> Vec<String> {
        // The usual case, and much quicker than looking for what is wrong.
        if self.0.is_valid(arguments) {
            return Vec::new();
        }
        let mut errors = self.0.iter_errors(arguments);
        let mut violations: Vec<String> = errors
            .by_ref()
            .take(MOST_VIOLATIONS)
            .map(|error| {
                let what = shortened(&error.masked_with("the value").to_string());
                match error.instance_path().as_str() {
                    "" => what,
                    place => format!("{place}: {what}"),
                }
            })
            .collect();
        if errors.next().is_some() {
            violations.push("and more".to_owned());
        }
        violations
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_VIOLATION) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(schema: Value) -> String {
        let error = check(&schema, "input_schema").unwrap_err();
        assert_eq!(error.field, "input_schema");
        error.message
    }

    #[test]
    fn a_schema_is_an_object_that_compiles_and_fetches_nothing() {
        for (schema, part) in [
            (json!([]), "JSON object"),
            (json!({}), "\"type\": \"object\""),
            (json!({ "type": ["object"] }), "\"type\": \"object\""),
            (
                json!({ "type": "object", "$schema": "http://json-schema.org/draft-07/schema#" }),
                "$schema",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "type": "strin" } } }),
                "/properties/a/type",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "$ref": "http://127.0.0.1/s" } } }),
                "/properties/a/$ref",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "$ref": "file:///etc/passwd" } } }),
                "/properties/a/$ref",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "$ref": "other" } } }),
                "/properties/a/$ref",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/gone" } } }),
                "gone",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "$id": "http://x/" } } }),
                "/properties/a/$id",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "pattern": "(" } } }),
                "pattern",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "pattern": "(?=x)" } } }),
                "pattern",
            ),
            (
                json!({ "type": "object", "properties": { "a": { "pattern": "(\\w{1000}){1000}" } } }),
                "pattern",
            ),
            (
                json!({ "type": "object", "description": "x".repeat(70_000) }),
                "65536",
            ),
        ] {
            let message = refusal(schema);
            assert!(message.contains(part), "{message} / {part}");
        }
        let mut deep = json!({});
        for _ in 0..40 {
            deep = json!({ "items": deep });
        }
        deep["type"] = json!("object");
        assert!(refusal(deep).contains("32 levels"));
    }

    #[test]
    fn names_that_look_like_keywords_are_only_names() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": "https://example.com/schema",
            "type": "object",
            "properties": {
                "$ref": { "type": "string" }, "$id": { "type": "string" },
                "const": { "const": { "$ref": "http://data.example" } },
                "tree": { "$ref": "#/$defs/tree" },
            },
            "$defs": { "tree": { "type": "object", "properties": { "child": { "$ref": "#/$defs/tree" } } } },
        });
        check(&schema, "input_schema").unwrap();
    }

    #[test]
    fn a_schema_that_refers_to_itself_in_place_ends() {
        let schema = json!({ "type": "object", "$ref": "#" });
        if let Ok(schema) = check(&schema, "input_schema") {
            let violations = Validator::compile(&schema).unwrap().violations(&json!({}));
            assert!(violations.len() <= 1, "{violations:?}");
        }
    }

    #[test]
    fn violations_name_the_place_and_never_the_value() {
        let schema = json!({
            "type": "object",
            "properties": {
                "count": { "type": "integer", "maximum": 10 },
                "kind": { "enum": ["a", "b"] },
                "list": { "type": "array", "items": { "type": "string" } },
            },
            "required": ["kind", "name"],
            "additionalProperties": false,
        });
        let validator = Validator::compile(schema.as_object().unwrap()).unwrap();
        let arguments = json!({ "count": 4711, "kind": "secretive", "list": ["x", 7], "extra": 1 });
        let mut violations = validator.violations(&arguments);
        violations.sort();
        assert_eq!(
            violations,
            [
                "\"name\" is a required property",
                "/count: the value is greater than the maximum of 10",
                "/kind: the value is not one of \"a\" or \"b\"",
                "/list/1: the value is not of type \"string\"",
                "Additional properties are not allowed ('extra' was unexpected)",
            ]
        );
        let many = json!({ "kind": "a", "name": 1, "list": vec![1; 50] });
        assert_eq!(validator.violations(&many).len(), 11);
        let fine = json!({ "kind": "a", "count": 2.0 });
        assert_eq!(validator.violations(&fine).len(), 1);
    }
}
