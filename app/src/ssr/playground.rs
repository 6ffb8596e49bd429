//! The playground between its fields, where everything is text, and a call.

use domain::{
    Error,
    accounts::Account,
    calls::Via,
    error::Rules,
    execute::{CallResult, Caller, Content, Member, Previewed},
    members::{Access, Developer},
    tools::Tool,
};
use serde_json::{Map, Value};

use super::calls::{duration, in_words, pretty, size};
use crate::api::playground::{Answer, Argument, ArgumentKind, Entered, Playground};

/// Characters of an answer that a page shows.
const MOST_SHOWN: usize = 100_000;

/// `again`: what a call was asked before, in the place of what the schema proposes.
pub(crate) fn shown(tool: &Tool, may_call: bool, again: Option<&Map<String, Value>>) -> Playground {
    let schema = &tool.input_schema;
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut arguments: Vec<Argument> = properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| argument(name, schema, required.contains(&name.as_str())))
        .map(|argument| match again {
            Some(again) => asked_again(argument, again),
            None => argument,
        })
        .collect();
    // Those that are needed come first, each in the schema's order.
    arguments.sort_by_key(|argument| !argument.is_required);
    Playground {
        name: tool.name.clone(),
        title: tool.title.clone(),
        description: tool.description.clone(),
        calls: format!(
            "{} {}{}",
            tool.http_method, tool.base_url, tool.endpoint_path
        ),
        arguments,
        is_enabled: tool.is_enabled,
        may_write: !tool.annotations.read_only_hint,
        may_call,
        is_again: again.is_some(),
    }
}

fn argument(name: &str, schema: &Value, is_required: bool) -> Argument {
    let kind = match (schema["enum"].as_array(), schema["type"].as_str()) {
        (Some(values), _) => ArgumentKind::OneOf(values.iter().map(Value::to_string).collect()),
        (None, Some("string")) => ArgumentKind::Text,
        (None, Some("integer" | "number")) => ArgumentKind::Number,
        (None, Some("boolean")) => ArgumentKind::YesOrNo,
        _ => ArgumentKind::Json,
    };
    let examples = schema["examples"].as_array().and_then(|all| all.first());
    let proposed = schema
        .get("default")
        .or(examples)
        .or_else(|| schema.get("example"));
    let value = proposed.map_or_else(String::new, |value| in_field(value, &kind));
    Argument {
        name: name.to_owned(),
        kind,
        description: schema["description"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        is_required,
        value,
    }
}

fn asked_again(mut argument: Argument, again: &Map<String, Value>) -> Argument {
    argument.value = match again.get(&argument.name) {
        None => String::new(),
        Some(value) => in_field(value, &argument.kind),
    };
    argument
}

/// As the field of an argument takes it.
fn in_field(value: &Value, kind: &ArgumentKind) -> String {
    match (value, kind) {
        (Value::String(text), ArgumentKind::Text) => text.clone(),
        (value, _) => value.to_string(),
    }
}

/// The arguments that were entered.
///
/// # Errors
/// [`Error::Invalid`] with the arguments that cannot be read, each under `arguments.NAME`.
pub(crate) fn read(tool: &Tool, entered: Vec<Entered>) -> Result<Map<String, Value>, Error> {
    let mut broken = Rules::default();
    let mut arguments = Map::new();
    for Entered { name, value } in entered {
        let properties = tool.input_schema.get("properties");
        let schema = properties
            .and_then(|all| all.get(&name))
            .unwrap_or(&Value::Null);
        let kind = argument(&name, schema, false).kind;
        if value.is_empty() {
            continue;
        }
        let read = match kind {
            ArgumentKind::Text => Ok(Value::String(value)),
            _ => serde_json::from_str(&value).map_err(|why| match kind {
                ArgumentKind::Number => "Enter a number.".to_owned(),
                _ => format!("This is not JSON: {why}."),
            }),
        };
        match read {
            Ok(value) => {
                arguments.insert(name, value);
            }
            Err(why) => broken.check(false, &format!("arguments.{name}"), why),
        }
    }
    broken.finish()?;
    Ok(arguments)
}

/// The person at the dashboard, as themselves.
pub(crate) fn caller(access: &Access<Developer>, account: &Account) -> Caller {
    Caller {
        project_id: access.project_id().clone(),
        integration_id: None,
        grant_id: None,
        api_key_id: None,
        member: Some(Member {
            id: account.id.clone(),
            email: account.email.clone(),
            role: access.role(),
        }),
        via: Via::Playground,
    }
}

pub(crate) fn request(previewed: Previewed) -> Result<String, String> {
    match previewed {
        Previewed::Nothing(why) => Err(why),
        Previewed::Request(preview) => {
            let mut text = format!("{} {}\n", preview.method, preview.url);
            for (name, value) in &preview.headers {
                // The call that follows has others than those of this look.
                let value = match name.as_str() {
                    "x-tengine-request-id"
                    | "x-tengine-timestamp"
                    | "traceparent"
                    | "x-tengine-signature"
                    | "webhook-id"
                    | "webhook-timestamp"
                    | "webhook-signature" => "(new for each call)",
                    _ => value.as_str(),
                };
                text.push_str(&format!("{name}: {value}\n"));
            }
            if let Some(body) = &preview.body {
                text.push('\n');
                text.push_str(&pretty(body));
            }
            Ok(cut(text))
        }
    }
}

pub(crate) fn answer(result: CallResult) -> Answer {
    let pieces: Vec<String> = result
        .content
        .iter()
        .map(|content| match content {
            Content::Text(text) => text.clone(),
            Content::Image { mime_type, base64 } => {
                format!(
                    "[an image, {mime_type}, {} characters of base64]",
                    base64.len()
                )
            }
            Content::Audio { mime_type, base64 } => {
                format!(
                    "[a sound, {mime_type}, {} characters of base64]",
                    base64.len()
                )
            }
        })
        .collect();
    let until = duration(result.phases.wait_us);
    Answer {
        is_ok: !result.is_error(),
        outcome: in_words(result.outcome).to_owned(),
        http_status: result.http_status,
        time: match result.http_status {
            Some(_) => format!(
                "{}, of that {until} until the endpoint began to answer",
                duration(result.phases.total_us)
            ),
            None => duration(result.phases.total_us),
        },
        size: size(result.response_bytes),
        text: cut(pieces.join("\n\n")),
        structured: result.structured.map(|json| cut(pretty(json.get()))),
        request_id: result.request_id,
    }
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MOST_SHOWN) {
        text.truncate(at);
        text.push_str("\n[the page shows no more]");
    }
    text
}
