//! The body: JSON or a form, whose members become arguments.

use serde_json::{Map, Value, json};

use super::{
    CurlError, Notes,
    arguments::{Arguments, Wish, literal, shows_secret},
    headers::Headers,
    query::{self, Query},
    refused,
    shell::SUBSTITUTED,
    stand_in::StandIns,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MOST_MEMBERS: usize = 100;
/// How far the types inside a member are told, and how many.
const DEEPEST: usize = 4;
const MOST_NODES: usize = 150;
const LONGEST_MEMBER: usize = 64;
/// Bytes of a query that stays as it is.
const LARGEST_QUERY: usize = 16_384;

/// What a body is.
enum Body {
    Json(Value),
    /// `application/x-www-form-urlencoded`.
    Form(Query),
}

/// The template of the body, and its content type where that has to be said.
///
/// # Errors
/// For a body that tools do not send.
pub(super) fn read(
    data: Option<&str>,
    headers: &Headers,
    stand_ins: &StandIns,
    arguments: &mut Arguments,
    notes: &mut Notes,
) -> Result<(Option<Value>, Option<String>), CurlError> {
    let Some(data) = data else {
        return Ok((None, None));
    };
    match of_kind(data, headers.content_type.as_deref(), notes)? {
        Body::Form(form) => {
            let members = form.form(stand_ins, arguments, notes);
            note_members(&members, notes);
            let content_type = headers.content_type.clone();
            Ok((
                Some(Value::Object(members)),
                Some(content_type.unwrap_or_else(|| FORM.to_owned())),
            ))
        }
        Body::Json(value) => {
            let content_type = headers.content_type.clone().filter(|kind| kind != JSON);
            Ok((
                Some(template(value, stand_ins, arguments, notes)),
                content_type,
            ))
        }
    }
}

fn of_kind(data: &str, content_type: Option<&str>, notes: &mut Notes) -> Result<Body, CurlError> {
    if data.trim() == SUBSTITUTED {
        return Err(refused(
            "The body is what another command writes: write the body itself into the command.",
        ));
    }
    let essence = content_type.map(essence);
    let looks_like_json = data.trim_start().starts_with(['{', '[']);
    match essence.as_deref() {
        Some(kind) if kind == JSON || kind.ends_with("+json") || kind == "text/json" => {
            parsed(data).map(Body::Json)
        }
        None if looks_like_json => {
            notes.add("The command does not say that its body is JSON; the tool does.");
            parsed(data).map(Body::Json)
        }
        None | Some(FORM) if data.contains('=') && !looks_like_json => {
            Ok(Body::Form(Query::read(query::pairs(data.trim())?, notes)?))
        }
        _ => Err(refused(
            "The body is neither JSON nor a form, by itself or by its Content-Type: tools send \
             these.",
        )),
    }
}

fn essence(kind: &str) -> String {
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn parsed(data: &str) -> Result<Value, CurlError> {
    serde_json::from_str(data).map_err(|why| {
        refused(format!(
            "The body is not JSON, at its line {}, column {}: mend it, with a value for each \
             variable.",
            why.line(),
            why.column()
        ))
    })
}

fn template(
    value: Value,
    stand_ins: &StandIns,
    arguments: &mut Arguments,
    notes: &mut Notes,
) -> Value {
    let members = match value {
        Value::Object(members) if members.len() <= MOST_MEMBERS => members,
        whole => return member("body", whole, stand_ins, arguments),
    };
    if is_graphql(&members) {
        notes.add("The GraphQL query stays as it is; its variables are the arguments.");
        return Value::Object(graphql(members, stand_ins, arguments));
    }
    note_members(&members, notes);
    let template = members.into_iter().map(|(name, value)| {
        let place = member(&name, value, stand_ins, arguments);
        (name, place)
    });
    Value::Object(template.collect())
}

fn note_members(members: &Map<String, Value>, notes: &mut Notes) {
    if !members.is_empty() {
        notes.add("The members of the body are required arguments: make those optional that the API can do without.");
    }
}

/// The place of a value that becomes an argument.
fn member(name: &str, value: Value, stand_ins: &StandIns, arguments: &mut Arguments) -> Value {
    let is_stand_in = value
        .as_str()
        .is_some_and(|text| stand_ins.name(text).is_some());
    let is_known = !value.is_null() && !is_stand_in;
    let schema = schema_of(&value, 0, &mut 0);
    Value::from(arguments.add(Wish {
        name,
        schema,
        is_required: !value.is_null(),
        example: is_known.then_some(value),
    }))
}

/// The type of a value, and of what is in it.
fn schema_of(value: &Value, depth: usize, nodes: &mut usize) -> Value {
    *nodes += 1;
    let is_deep = depth >= DEEPEST || *nodes >= MOST_NODES;
    match value {
        Value::Null => json!({}),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => json!({ "type": kind(value) }),
        Value::Array(items) => {
            let mut schema = json!({ "type": "array" });
            // A sample of several kinds says nothing.
            if let Some(first) = items.first().filter(|_| !is_deep)
                && items.iter().all(|other| kind(other) == kind(first))
            {
                schema["items"] = schema_of(first, depth + 1, nodes);
            }
            schema
        }
        Value::Object(members) => {
            let mut properties = Map::new();
            for (name, member) in members {
                if !is_deep && name.len() <= LONGEST_MEMBER && *nodes < MOST_NODES {
                    properties.insert(name.clone(), schema_of(member, depth + 1, nodes));
                }
            }
            let mut schema = json!({ "type": "object" });
            if !properties.is_empty() {
                schema["properties"] = Value::Object(properties);
            }
            schema
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether it is a request of GraphQL over HTTP.
fn is_graphql(members: &Map<String, Value>) -> bool {
    let known = ["query", "variables", "operationName"];
    let query = members
        .get("query")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let variables = members.get("variables");
    query.contains('{')
        && query.len() <= LARGEST_QUERY
        && members.keys().all(|name| known.contains(&name.as_str()))
        && members
            .get("operationName")
            .is_none_or(|name| name.is_string() || name.is_null())
        && variables.is_none_or(|value| value.is_object() || value.is_null())
        && !shows_secret("query", &members["query"])
}

fn graphql(
    members: Map<String, Value>,
    stand_ins: &StandIns,
    arguments: &mut Arguments,
) -> Map<String, Value> {
    let places = members.into_iter().map(|(name, value)| {
        let place = match value {
            Value::Object(variables) => {
                let places = variables.into_iter().map(|(name, value)| {
                    let place = member(&name, value, stand_ins, arguments);
                    (name, place)
                });
                Value::Object(places.collect())
            }
            Value::String(text) => Value::from(literal(&text)),
            other => other,
        };
        (name, place)
    });
    places.collect()
}
