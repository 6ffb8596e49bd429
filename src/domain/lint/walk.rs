//! The parts of a tool that rules look at: every text, and every schema inside its schemas.

use serde_json::{Map, Value};

use crate::tools::ToolInput;

/// Parts of one schema that are looked at; a valid one has fewer.
const MOST_PARTS: usize = 20_000;
/// Levels; a valid schema has 32.
const DEEPEST: usize = 64;

/// Bytes of a place in a schema that are written down.
const LONGEST_PLACE: usize = 400;
/// Bytes of a name; what clients take as an argument's.
const LONGEST_NAME: usize = 64;

/// A text of a tool.
pub(super) struct Text<'a> {
    pub(super) field: String,
    pub(super) text: &'a str,
    /// Whether a model or a client reads it: not what only goes into the request.
    pub(super) is_read: bool,
    /// The name of a member, whose text is the last part of no field: it may be what must not be
    /// shown.
    pub(super) is_name: bool,
}

/// Every text of a tool but for its name and its secret.
pub(super) fn texts(input: &ToolInput) -> Vec<Text<'_>> {
    let mut texts = Vec::new();
    let mut add = |field: String, text, is_read, is_name| {
        texts.push(Text {
            field,
            text,
            is_read,
            is_name,
        });
    };
    add("title".to_owned(), &*input.title, true, false);
    add("description".to_owned(), &*input.description, true, false);
    add(
        "endpoint_path".to_owned(),
        &*input.endpoint_path,
        false,
        false,
    );
    add("base_url".to_owned(), &*input.base_url, false, false);
    for (field, templates) in [
        ("headers_template", &input.headers_template),
        ("query_template", &input.query_template),
    ] {
        for (name, template) in templates {
            add(field.to_owned(), name, false, true);
            add(format!("{field}.{}", short(name)), template, false, false);
        }
    }
    for (field, value, is_read) in [
        ("input_schema", Some(&input.input_schema), true),
        ("output_schema", input.output_schema.as_ref(), true),
        ("body_template", input.body_template.as_ref(), false),
    ] {
        let Some(value) = value else { continue };
        strings(value, field, &mut |place, text, is_name| {
            add(place, text, is_read, is_name)
        });
    }
    texts
}

/// Every string in a value with its place, and every member's name with the place of its object.
fn strings<'a>(value: &'a Value, root: &str, found: &mut impl FnMut(String, &'a str, bool)) {
    let mut open = vec![(root.to_owned(), value, 0)];
    let mut parts = 0;
    while let Some((place, value, depth)) = open.pop() {
        parts += 1;
        if parts > MOST_PARTS || depth > DEEPEST {
            continue;
        }
        match value {
            Value::String(text) => found(place, text, false),
            Value::Array(items) => {
                let items = items.iter().take(MOST_PARTS).enumerate().rev();
                open.extend(items.map(|(at, item)| {
                    let at = at.to_string();
                    (below(&place, &at), item, depth + 1)
                }));
            }
            Value::Object(members) => {
                parts += members.len();
                for name in members.keys().take(MOST_PARTS) {
                    found(place.clone(), name, true);
                }
                let mut inner: Vec<_> = members
                    .iter()
                    .take(MOST_PARTS)
                    .map(|(name, member)| (below(&place, name), member, depth + 1))
                    .collect();
                inner.reverse();
                open.append(&mut inner);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// A schema inside a tool's schema.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub(super) field: String,
    pub(super) schema: &'a Map<String, Value>,
    /// The argument's or member's name, where it is one.
    pub(super) name: Option<&'a str>,
    /// Objects and lists around it: 0 for the schema itself, 1 for an argument.
    pub(super) level: usize,
}

/// A schema and those inside it, in the order in which they are written.
pub(super) fn parts<'a>(schema: &'a Value, root: &str) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut open = vec![(root.to_owned(), schema, None, 0, 0)];
    while let Some((field, schema, name, level, depth)) = open.pop() {
        let Value::Object(members) = schema else {
            continue;
        };
        if parts.len() >= MOST_PARTS || depth > DEEPEST {
            break;
        }
        let mut inner = Vec::new();
        for (keyword, value) in members {
            let place = below(&field, keyword);
            let mut add =
                |place, value, name, level| inner.push((place, value, name, level, depth + 1));
            match (keyword.as_str(), value) {
                ("properties", Value::Object(named)) => {
                    for (name, value) in named {
                        add(below(&place, name), value, Some(name.as_str()), level + 1);
                    }
                }
                ("patternProperties" | "dependentSchemas", Value::Object(named)) => {
                    for (name, value) in named {
                        add(below(&place, name), value, None, level + 1);
                    }
                }
                ("$defs" | "definitions", Value::Object(named)) => {
                    for (name, value) in named {
                        add(below(&place, name), value, None, level.max(1));
                    }
                }
                ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(several)) => {
                    let deeper = usize::from(keyword == "prefixItems");
                    for (at, value) in several.iter().enumerate() {
                        add(below(&place, &at.to_string()), value, None, level + deeper);
                    }
                }
                ("items" | "additionalProperties" | "contains", value) => {
                    add(place, value, None, level + 1);
                }
                ("if" | "then" | "else", value) => add(place, value, None, level),
                _ => {}
            }
        }
        parts.push(Part {
            field,
            schema: members,
            name,
            level,
        });
        open.extend(inner.into_iter().rev());
    }
    parts
}

/// A JSON pointer's next part (RFC 6901 §3). It stays short, whatever the names are: a pointer to
/// each of many members would repeat a long name as often.
pub(super) fn below(place: &str, name: &str) -> String {
    if place.len() > LONGEST_PLACE {
        return place.to_owned();
    }
    let name = short(name);
    if name.contains(['~', '/']) {
        return format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
    }
    format!("{place}/{name}")
}

/// A name, or a sign for one that is none. No part of it: it may be a part of a secret.
fn short(name: &str) -> &str {
    if name.len() > LONGEST_NAME {
        "…"
    } else {
        name
    }
}

/// As much of a text as is looked at.
pub(super) fn start(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_schemas_and_not_names_or_data() {
        let schema = json!({
            "type": "object",
            "properties": {
                "properties": { "type": "array", "items": { "enum": [{ "type": "x" }] } },
                "a/b": { "anyOf": [{ "type": "string" }, true] },
            },
            "$defs": { "d": { "properties": { "e": {} } } },
        });
        let found: Vec<_> = parts(&schema, "s")
            .into_iter()
            .map(|part| (part.field, part.level))
            .collect();
        let expected = [
            ("s", 0),
            ("s/properties/properties", 1),
            ("s/properties/properties/items", 2),
            ("s/properties/a~1b", 1),
            ("s/properties/a~1b/anyOf/0", 1),
            ("s/$defs/d", 1),
            ("s/$defs/d/properties/e", 2),
        ];
        assert_eq!(
            found,
            expected.map(|(field, level)| (field.to_owned(), level))
        );
    }

    #[test]
    fn what_is_too_deep_is_left() {
        let mut deep = json!("end");
        for _ in 0..2_000 {
            let members = [("items".to_owned(), Value::Array(vec![deep]))];
            deep = Value::Object(members.into_iter().collect());
        }
        let mut count = 0;
        strings(&deep, "s", &mut |_, _, _| count += 1);
        assert!(count <= DEEPEST);
        assert!(parts(&deep, "s").len() <= DEEPEST);
        // Dropping it would recurse as deep.
        std::mem::forget(deep);
    }
}
