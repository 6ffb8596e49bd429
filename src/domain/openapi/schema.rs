//! A document's schemas, made into JSON Schema 2020-12 that stands by itself: references are replaced
//! by what they refer to, down to a depth, since a model reads all of it at every turn.

use serde_json::{Map, Value, json};

use super::{Document, names};
use crate::json_size::json_size;

/// How deep schemas are followed: the first that is small enough.
pub(super) const DEPTHS: [usize; 6] = [8, 5, 4, 3, 2, 1];
/// Parts of one tool's schema before the rest is cut short.
const MOST_NODES: usize = 4_000;
const LONGEST_ABOUT: usize = 300;
/// Bytes of one value that is taken over as it is, such as the list of an `enum`.
const LARGEST_VALUE: usize = 4_096;
/// Bytes of such values in one tool.
const MOST_BYTES: usize = 65_536;
/// References inside references that are followed.
const MOST_OPEN: usize = 32;

/// What says something to people, tools or servers, and nothing about what is valid.
const DROPPED: [&str; 12] = [
    "example",
    "examples",
    "xml",
    "externalDocs",
    "discriminator",
    "readOnly",
    "writeOnly",
    "nullable",
    "$schema",
    "$id",
    "$anchor",
    "$comment",
];

/// Replaces references.
pub(super) struct Inliner<'a> {
    document: &'a Document,
    depth: usize,
    keeps_patterns: bool,
    nodes: usize,
    bytes: usize,
    /// The references that are being followed.
    open: Vec<String>,
}

impl<'a> Inliner<'a> {
    pub(super) fn new(document: &'a Document, depth: usize, keeps_patterns: bool) -> Self {
        Self {
            document,
            depth,
            keeps_patterns,
            nodes: 0,
            bytes: 0,
            open: Vec::new(),
        }
    }

    /// The schema of a parameter, with the parameter's description.
    pub(super) fn parameter(&mut self, parameter: &Value) -> Result<Value, String> {
        let content = parameter["content"]
            .as_object()
            .and_then(|all| all.values().next());
        let schema = content.map_or(parameter, |content| content).get("schema");
        let mut schema = match schema {
            Some(schema) => self.schema(schema)?,
            None => json!({}),
        };
        if let (Some(members), Some(text)) =
            (schema.as_object_mut(), parameter["description"].as_str())
        {
            members.insert("description".to_owned(), about(text).into());
        }
        Ok(schema)
    }

    /// A schema that stands by itself.
    ///
    /// # Errors
    /// A sentence, where a reference leads nowhere.
    pub(super) fn schema(&mut self, schema: &Value) -> Result<Value, String> {
        self.at(schema, 0)
    }

    fn at(&mut self, schema: &Value, depth: usize) -> Result<Value, String> {
        let Value::Object(members) = schema else {
            // `true` and `false` are schemas too.
            return Ok(if schema.is_boolean() {
                schema.clone()
            } else {
                json!({})
            });
        };
        self.nodes += 1;
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            return self.referred(reference, members, depth);
        }
        if depth >= self.depth || self.nodes > MOST_NODES || self.bytes > MOST_BYTES {
            return Ok(self.shallow(schema));
        }
        let mut made = Map::new();
        for (name, value) in members {
            if let Some(value) = self.keyword(name, value, members, depth)? {
                made.insert(name.clone(), value);
            }
        }
        self.settle(members, &mut made);
        Ok(Value::Object(made))
    }

    fn referred(
        &mut self,
        reference: &str,
        members: &Map<String, Value>,
        depth: usize,
    ) -> Result<Value, String> {
        let target = self.document.target(reference)?;
        let is_open = self.open.iter().any(|open| open == reference);
        let mut made = if is_open || self.open.len() >= MOST_OPEN || self.nodes > MOST_NODES {
            self.shallow(target)
        } else {
            self.open.push(reference.to_owned());
            let made = self.at(target, depth);
            self.open.pop();
            made?
        };
        // Beside a reference 3.0 has nothing else, and 3.1 says more of this place than of the target.
        if !self.document.is_3_0
            && let (Some(made), Some(text)) = (
                made.as_object_mut(),
                members.get("description").and_then(Value::as_str),
            )
        {
            made.insert("description".to_owned(), about(text).into());
        }
        Ok(made)
    }

    /// A keyword's value; `None` where the keyword goes.
    fn keyword(
        &mut self,
        name: &str,
        value: &Value,
        of: &Map<String, Value>,
        depth: usize,
    ) -> Result<Option<Value>, String> {
        let next = depth + 1;
        Ok(match (name, value) {
            _ if DROPPED.contains(&name) || name.starts_with("x-") => None,
            ("pattern", _) if !self.keeps_patterns => None,
            ("pattern", Value::String(_)) => self.copied(value),
            ("title" | "description", Value::String(text)) => Some(about(text).into()),
            ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(is_exclusive)) => {
                let limit = if name == "exclusiveMinimum" {
                    "minimum"
                } else {
                    "maximum"
                };
                of.get(limit).filter(|_| *is_exclusive).cloned()
            }
            ("minimum", _) if of.get("exclusiveMinimum") == Some(&Value::Bool(true)) => None,
            ("maximum", _) if of.get("exclusiveMaximum") == Some(&Value::Bool(true)) => None,
            ("properties" | "patternProperties" | "dependentSchemas", Value::Object(named)) => {
                let mut made = Map::new();
                for (name, schema) in named {
                    // What the server fills in is nothing to send.
                    let target = self.document.resolved(schema).unwrap_or(schema);
                    if target["readOnly"] != true {
                        made.insert(name.clone(), self.at(schema, next)?);
                    }
                }
                Some(Value::Object(made))
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(schemas)) => {
                let made: Result<Vec<_>, _> =
                    schemas.iter().map(|schema| self.at(schema, next)).collect();
                Some(made?.into())
            }
            (
                "items"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems",
                Value::Object(_) | Value::Bool(_),
            ) => Some(self.at(value, next)?),
            ("$defs" | "definitions", _) => None,
            ("required", Value::Array(_)) => self.copied(value),
            // In 3.0's early days a flag of the member itself.
            ("required", _) => None,
            _ => self.copied(value),
        })
    }

    /// A value as it is, if it is small.
    fn copied(&mut self, value: &Value) -> Option<Value> {
        let bytes = json_size(value, LARGEST_VALUE)?;
        self.bytes += bytes;
        (self.bytes <= MOST_BYTES).then(|| value.clone())
    }

    /// What is left of a schema that is not followed.
    fn shallow(&mut self, schema: &Value) -> Value {
        let mut made = Map::new();
        for name in ["type", "enum"] {
            if let Some(value) = schema.get(name).and_then(|value| self.copied(value)) {
                made.insert(name.to_owned(), value);
            }
        }
        if let Some(text) = schema["description"].as_str() {
            made.insert("description".to_owned(), about(text).into());
        }
        Value::Object(made)
    }

    fn settle(&self, members: &Map<String, Value>, made: &mut Map<String, Value>) {
        if let Some(Value::Array(required)) = made.get_mut("required") {
            let known = members.get("properties").and_then(Value::as_object);
            required.retain(|name| {
                let member = known.and_then(|known| known.get(name.as_str()?));
                let target = member.map(|member| self.document.resolved(member).unwrap_or(member));
                target.is_none_or(|target| target["readOnly"] != true)
            });
            if required.is_empty() {
                made.remove("required");
            }
        }
        if self.document.is_3_0 && members.get("nullable") == Some(&Value::Bool(true)) {
            if let Some(Value::String(kind)) = made.get("type") {
                let kinds = json!([kind, "null"]);
                made.insert("type".to_owned(), kinds);
            }
            if let Some(Value::Array(values)) = made.get_mut("enum")
                && !values.contains(&Value::Null)
            {
                values.push(Value::Null);
            }
        }
    }
}

pub(super) fn about(text: &str) -> String {
    names::cut(&names::one_line(text), LONGEST_ABOUT)
}

/// The names of a body's members, where it is an object of nothing but members.
pub(super) fn plain_members<'a>(document: &'a Document, schema: &'a Value) -> Option<Vec<&'a str>> {
    let schema = document.resolved(schema).ok()?.as_object()?;
    let is_plain = schema.keys().all(|name| {
        matches!(
            name.as_str(),
            "type"
                | "properties"
                | "required"
                | "description"
                | "title"
                | "example"
                | "examples"
                | "additionalProperties"
                | "xml"
                | "externalDocs"
                | "deprecated"
                | "default"
        ) || name.starts_with("x-")
    });
    let is_open = schema
        .get("additionalProperties")
        .is_some_and(|more| *more != false);
    let members = schema.get("properties")?.as_object()?;
    (is_plain && !is_open && !members.is_empty())
        .then(|| members.keys().map(String::as_str).collect())
}
