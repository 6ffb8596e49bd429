//! The arguments of the tool: what each is, with what the command had for it as an example.

use serde_json::{Map, Value, json};

use super::{
    CurlError, Notes, refused,
    secret::{is_secret_name, looks_like_secret},
    stand_in::{Part, StandIns},
};
use crate::{
    json_size::json_size,
    openapi::names::{self, Names},
    tools::{ToolInput, schema},
};

/// Bytes of one example, and of all.
const LARGEST_EXAMPLE: usize = 1_000;
const MOST_EXAMPLES: usize = 12_000;
const DEEPEST_EXAMPLE: usize = 8;
/// Bytes of a credential that is found nowhere by chance, as a short password may be.
const UNLIKELY: usize = 12;

pub(super) struct Arguments {
    properties: Map<String, Value>,
    required: Vec<Value>,
    taken: Names,
    /// What no example may repeat.
    secrets: Vec<String>,
    examples: usize,
    /// Those whose value is not shown.
    withheld: Vec<String>,
}

/// An argument to be.
pub(super) struct Wish<'a> {
    pub(super) name: &'a str,
    /// Its JSON Schema.
    pub(super) schema: Value,
    pub(super) example: Option<Value>,
    pub(super) is_required: bool,
}

impl Arguments {
    pub(super) fn new(secrets: Vec<String>) -> Self {
        Self {
            properties: Map::new(),
            required: Vec::new(),
            taken: Names::default(),
            secrets,
            examples: 0,
            withheld: Vec::new(),
        }
    }

    /// Keeps a name from being an argument's.
    pub(super) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Adds one. Gives back the template of its place.
    pub(super) fn add(&mut self, wish: Wish<'_>) -> String {
        let name = names::argument(wish.name, &mut self.taken);
        let mut schema = wish.schema;
        if let Some(example) = wish.example
            && let Some(bytes) = json_size(&example, LARGEST_EXAMPLE)
            && self.examples + bytes <= MOST_EXAMPLES
            && depth(&example) <= DEEPEST_EXAMPLE
        {
            if shows_secret(wish.name, &example) || self.repeats_secret(&example) {
                self.withheld.push(name.clone());
            } else {
                self.examples += bytes;
                schema["examples"] = json!([example]);
            }
        }
        self.properties.insert(name.clone(), schema);
        if wish.is_required {
            self.required.push(name.clone().into());
        }
        format!("{{{name}}}")
    }

    /// The template of a text: what stands in for a value in it becomes an argument.
    pub(super) fn fill(&mut self, text: &str, stand_ins: &StandIns, is_required: bool) -> String {
        let parts = stand_ins.parts(text);
        let template = parts.iter().map(|part| match part {
            Part::Text(text) => literal(text),
            Part::Name(name) => self.add(Wish {
                name,
                schema: json!({ "type": "string" }),
                example: None,
                is_required,
            }),
        });
        template.collect()
    }

    /// Whether a text has a credential of the command in it.
    pub(super) fn is_secret(&self, text: &str) -> bool {
        self.secrets.iter().any(|secret| text.contains(secret))
    }

    /// That nothing of what is shown of a tool is a credential of the command.
    ///
    /// # Errors
    /// Where it is, in a place that nothing else looked at.
    pub(super) fn check(&self, tool: &ToolInput) -> Result<(), CurlError> {
        // A host is in lower case, whatever the command has.
        let shown = serde_json::to_string(tool)
            .unwrap_or_default()
            .to_ascii_lowercase();
        let is_shown = |secret: &String| {
            let text = Value::from(secret.to_ascii_lowercase()).to_string();
            secret.len() >= UNLIKELY && shown.contains(text.trim_matches('"'))
        };
        if self.secrets.iter().any(is_shown) {
            return Err(refused(
                "The command repeats its credential where everybody would see it: take it out of \
                 there, and leave it in its header or parameter.",
            ));
        }
        if shown.contains("\\u0000") {
            return Err(refused("Leave NUL characters out of the command."));
        }
        Ok(())
    }

    fn repeats_secret(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.is_secret(text),
            Value::Array(items) => items.iter().any(|item| self.repeats_secret(item)),
            Value::Object(members) => members
                .iter()
                .any(|(name, member)| self.is_secret(name) || self.repeats_secret(member)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// The input schema.
    ///
    /// # Errors
    /// Where there is too much of it for one tool.
    pub(super) fn schema(&mut self, notes: &mut Notes) -> Result<Value, CurlError> {
        notes.add_list(
            &self.withheld,
            ": read like credentials, so their values were left out. A model would have to know \
             them: a tool's own credential goes into its secret.",
        );
        let mut made =
            json!({ "type": "object", "properties": std::mem::take(&mut self.properties) });
        if !self.required.is_empty() {
            made["required"] = Value::from(std::mem::take(&mut self.required));
        }
        made["additionalProperties"] = Value::from(false);
        schema::check(&made, "input_schema").map_err(|_| {
            refused("The command has too much in it for one tool: shorten its body or its query.")
        })?;
        Ok(made)
    }
}

/// A text as a template that means it.
pub(super) fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// Whether a value of that name, or one inside it, reads like a credential.
pub(super) fn shows_secret(name: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => {
            !text.is_empty() && (is_secret_name(name) || looks_like_secret(text))
        }
        Value::Array(items) => items.iter().any(|item| shows_secret(name, item)),
        Value::Object(members) => members
            .iter()
            .any(|(name, member)| shows_secret(name, member)),
        Value::Number(_) => is_secret_name(name),
        Value::Null | Value::Bool(_) => false,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// What a text of a path or a query stands for, so that it is written in the same way again.
pub(super) fn of_text(text: &str) -> (Value, Value) {
    // As exact as any JSON library of a client keeps it (RFC 8259 §6).
    const MOST: i64 = (1 << 53) - 1;
    match text.parse::<i64>() {
        Ok(number) if number.abs() <= MOST && number.to_string() == text => {
            (json!({ "type": "integer" }), json!(number))
        }
        _ if matches!(text, "true" | "false") => {
            (json!({ "type": "boolean" }), json!(text == "true"))
        }
        _ => (json!({ "type": "string" }), json!(text)),
    }
}
