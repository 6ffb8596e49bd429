//! Arguments that a tool's schema says are secret: `format: password` (OpenAPI 3.1 §4.8.24.2) or
//! `writeOnly` (JSON Schema 2020-12, validation §9.4).

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Secrets,
    names::{Says, plain, says},
};

/// Names that are secret besides those that always are. A name is one wherever it stands: an argument
/// of the same name elsewhere is taken out as well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SecretNames {
    names: HashSet<String>,
    /// The schema calls secret what it does not name.
    all: bool,
}

/// Schemas of one value that are followed from one to the next: references may turn in a circle.
const LONGEST_WAY: usize = 32;
/// Objects and references that are looked at; of a schema with more, all is secret.
const MOST: usize = 20_000;

/// Keywords with a schema, or a list of them, for the value itself or what it holds without a name of
/// its own.
const WITHIN: [&str; 15] = [
    "items",
    "prefixItems",
    "contains",
    "additionalItems",
    "unevaluatedItems",
    "additionalProperties",
    "unevaluatedProperties",
    "patternProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "then",
    "else",
    "dependentSchemas",
];

impl SecretNames {
    pub(crate) fn of_schema(schema: &Map<String, Value>) -> Self {
        let root = Value::Object(schema.clone());
        let mut reader = Reader {
            root: schema,
            found: Self::default(),
            left: MOST,
        };
        reader.read(&root);
        reader.found.all = reader.is_secret(&root, 0) || reader.left == 0;
        reader.found
    }

    /// One more.
    pub(crate) fn add(&mut self, name: &str) {
        self.names.insert(plain(name));
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.all || (!self.names.is_empty() && self.names.contains(&plain(name)))
    }

    /// What a name says, with these; it is plain.
    pub(super) fn say(&self, plain: &str) -> Says {
        if self.all || self.names.contains(plain) {
            return Says::Secret;
        }
        says(plain)
    }

    /// Whether an argument is secret.
    pub(crate) fn is_secret(&self, argument: &str) -> bool {
        self.say(&plain(argument)) != Says::Nothing
    }

    /// Hides the values of arguments that are secret, wherever else they come to be.
    pub(crate) fn hide(&self, arguments: &Map<String, Value>, secrets: &mut Secrets) {
        for (name, value) in arguments {
            self.hide_in(value, self.say(&plain(name)), secrets);
        }
    }

    fn hide_in(&self, value: &Value, says: Says, secrets: &mut Secrets) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) if says == Says::Secret => {
                secrets.hide(number.to_string().as_bytes());
            }
            Value::String(text) if says != Says::Nothing => secrets.hide(text.as_bytes()),
            Value::Number(_) | Value::String(_) => {}
            Value::Array(items) => {
                for item in items {
                    self.hide_in(item, says, secrets);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    let says = match says {
                        Says::Nothing => self.say(&plain(name)),
                        secret => secret,
                    };
                    self.hide_in(member, says, secrets);
                }
            }
        }
    }
}

struct Reader<'a> {
    root: &'a Map<String, Value>,
    found: SecretNames,
    left: usize,
}

impl Reader<'_> {
    /// Finds named schemas anywhere, definitions included. What is stored nests no deeper than JSON is
    /// read.
    fn read(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                let Some(left) = self.left.checked_sub(1) else {
                    return;
                };
                self.left = left;
                if let Some(Value::Object(properties)) = members.get("properties") {
                    for (name, schema) in properties {
                        if self.is_secret(schema, 0) {
                            self.found.add(name);
                        }
                    }
                }
                members.values().for_each(|member| self.read(member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.read(item)),
            _ => {}
        }
    }

    /// Whether a schema says that its value, or something in it without a name, is secret.
    fn is_secret(&mut self, schema: &Value, way: usize) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return true;
        };
        self.left = left;
        if way > LONGEST_WAY {
            return false;
        }
        let Value::Object(members) = schema else {
            let Value::Array(items) = schema else {
                return false;
            };
            return items.iter().any(|item| self.is_secret(item, way + 1));
        };
        if members
            .get("format")
            .is_some_and(|format| format == "password")
            || members.get("writeOnly").is_some_and(|is| is == true)
        {
            return true;
        }
        let refers = members.get("$ref").or_else(|| members.get("$dynamicRef"));
        if let Some(to) = refers.and_then(Value::as_str) {
            let root = self.root;
            let target = to.strip_prefix('#').and_then(|path| pointed(root, path));
            if target.is_some_and(|target| self.is_secret(target, way + 1)) {
                return true;
            }
        }
        for keyword in WITHIN {
            let Some(within) = members.get(keyword) else {
                continue;
            };
            let is_map = matches!(keyword, "patternProperties" | "dependentSchemas");
            let found = match within {
                Value::Object(schemas) if is_map => schemas
                    .values()
                    .any(|schema| self.is_secret(schema, way + 1)),
                other => self.is_secret(other, way + 1),
            };
            if found {
                return true;
            }
        }
        false
    }
}

/// A part of a schema by a JSON pointer (RFC 6901).
fn pointed<'a>(root: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let decoded = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .ok()?;
    let mut steps = decoded.strip_prefix('/')?.split('/');
    let unescaped = |step: &str| step.replace("~1", "/").replace("~0", "~");
    let first = root.get(&unescaped(steps.next()?))?;
    steps.try_fold(first, |at, step| match at {
        Value::Object(members) => members.get(&unescaped(step)),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(schema: Value) -> SecretNames {
        SecretNames::of_schema(schema.as_object().unwrap())
    }

    #[test]
    fn what_a_schema_calls_secret_is_found_wherever_it_says_so() {
        let password = json!({ "type": "string", "format": "password" });
        for schema in [
            json!({ "properties": { "x": password } }),
            json!({ "properties": { "x": { "writeOnly": true } } }),
            json!({ "properties": { "x": { "anyOf": [{ "type": "null" }, password] } } }),
            json!({ "properties": { "x": { "items": { "items": password } } } }),
            json!({ "properties": { "x": { "additionalProperties": password } } }),
            json!({ "properties": { "x": { "patternProperties": { "^a": password } } } }),
            json!({ "properties": { "x": { "$ref": "#/$defs/p" } }, "$defs": { "p": password } }),
            json!({ "properties": { "a": { "properties": { "X": password } } } }),
            json!({ "allOf": [{ "if": {}, "then": { "properties": { "x": password } } }] }),
            json!({ "$defs": { "a": { "properties": { "x": password } } } }),
        ] {
            let names = of(schema.clone());
            assert!(names.has("x"), "{schema}");
            assert!(!names.has("y"), "{schema}");
            assert!(names.is_secret("password") && !names.is_secret("y"));
        }
        assert!(of(json!({ "additionalProperties": password })).has("anything"));
        assert!(of(json!({ "writeOnly": true })).has("anything"));
        let plain = json!({ "properties": { "x": { "format": "email", "writeOnly": false } } });
        assert_eq!(of(plain), SecretNames::default());
    }

    #[test]
    fn schemas_without_end_end() {
        let circle = json!({ "properties": { "x": { "$ref": "#/properties/x" } } });
        assert!(!of(circle).has("x"));
        let wide = vec![json!({ "$ref": "#/properties/x" }); 50];
        let wide = json!({ "properties": { "x": { "anyOf": wide } } });
        assert!(of(wide).has("y"), "what cannot be read is secret");
        let mut deep = json!({ "format": "password" });
        for _ in 0..60 {
            deep = json!({ "properties": { "a": deep } });
        }
        assert!(of(deep).has("a"));
    }

    #[test]
    fn values_of_secret_arguments_are_hidden() {
        let names = of(json!({ "properties": { "x": { "format": "password" } } }));
        let arguments = json!({
            "x": "hunter-two", "password": { "any": ["deep-one", 12345, true] }, "y": "open-one",
            "max_tokens": 4096, "inner": { "x": "inner-one" },
        });
        let mut secrets = Secrets::default();
        names.hide(arguments.as_object().unwrap(), &mut secrets);
        let found = |text: &str| {
            let mut places = super::super::text::Places::default();
            secrets.find(text, false, &mut places);
            places.without(text, text.len()) != text
        };
        for secret in ["hunter-two", "deep-one", "12345", "inner-one"] {
            assert!(found(secret), "{secret}");
        }
        for open in ["open-one", "4096", "true"] {
            assert!(!found(open), "{open}");
        }
    }
}
