//! JSON schemas in words.

use serde_json::Value;

use super::members;
use crate::api::docs::{Field, Kind};

/// The schema that a reference names; any other is itself.
pub(super) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(name_of) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}

fn name_of(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

/// The schema without the null that it may be besides.
pub(super) fn present(schema: &Value) -> &Value {
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let is_something = |choice: &&Value| choice["type"] != "null";
    let found = choices.and_then(|all| all.iter().find(is_something));
    found.unwrap_or(schema)
}

/// The fields of an object, and of all that it is put together from.
pub(super) fn fields(document: &Value, schema: &Value) -> Vec<Field> {
    let schema = resolved(document, present(schema));
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut all: Vec<Field> = parts.flat_map(|part| fields(document, part)).collect();
    let required = schema["required"].as_array();
    for (name, field) in members(&schema["properties"]) {
        let is_required = required.is_some_and(|names| names.iter().any(|one| one == name));
        all.push(Field {
            name: name.clone(),
            place: String::new(),
            kind: kind(document, field),
            is_required,
            says: says(document, field),
        });
    }
    all
}

fn says(document: &Value, field: &Value) -> String {
    let own = field["description"].as_str();
    let of_object = || resolved(document, present(field))["description"].as_str();
    own.or_else(of_object).unwrap_or_default().to_owned()
}

pub(super) fn kind(document: &Value, schema: &Value) -> Kind {
    let may_be_null = present(schema) != schema || is_type(schema, "null");
    let schema = present(schema);
    let Kind { mut words, object } = match schema["$ref"].as_str().and_then(name_of) {
        Some(name) => named(document, name),
        None => plain(document, schema),
    };
    if may_be_null {
        words.push_str(" or null");
    }
    Kind { words, object }
}

/// A page of a list is told as what it is a list of.
fn named(document: &Value, name: &str) -> Kind {
    let schema = &document["components"]["schemas"][name];
    let of_page = schema["properties"].get("next_cursor");
    let items = &schema["properties"]["data"]["items"];
    match of_page.and_then(|_| items["$ref"].as_str().and_then(name_of)) {
        Some(item) => Kind {
            words: format!("page of {item}"),
            object: Some(item.to_owned()),
        },
        None => Kind {
            words: name.to_owned(),
            object: Some(name.to_owned()),
        },
    }
}

pub(super) fn is_type(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::Array(all) => all.iter().any(|one| one == name),
        one => one == name,
    }
}

fn plain(document: &Value, schema: &Value) -> Kind {
    let bare = |words: String| Kind {
        words,
        object: None,
    };
    if let Some(choices) = schema["enum"].as_array() {
        let choices: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
        return bare(choices.join(", "));
    }
    if is_type(schema, "array") {
        let item = kind(document, &schema["items"]);
        return Kind {
            words: format!("list of {}", item.words),
            object: item.object,
        };
    }
    let names = ["string", "integer", "number", "boolean", "object"];
    let name = names.into_iter().find(|name| is_type(schema, name));
    let number = |name: &str| schema[name].as_i64().filter(|limit| *limit > 0);
    bare(match (name, number("minimum"), number("maximum")) {
        (Some(name), Some(least), Some(most)) => format!("{name}, {least} to {most}"),
        (Some(name), ..) => name.to_owned(),
        (None, ..) => "any JSON".to_owned(),
    })
}
