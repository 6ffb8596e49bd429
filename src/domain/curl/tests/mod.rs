//! What commands become.

mod commands;
mod hostile;
mod parts;
mod secrets;

use serde_json::{Map, Value, json};

use super::*;
use crate::tools::AuthStrategy;

fn made(command: &str) -> FromCurl {
    tool_from(command).unwrap_or_else(|why| panic!("{command}\n{why}"))
}

fn refusal(command: &str) -> String {
    match tool_from(command) {
        Err(why) => why.to_string(),
        Ok(made) => panic!("{command}\nmade {}", shown(&made.tool)),
    }
}

/// All of a tool that people, models and files are shown.
fn shown(tool: &ToolInput) -> String {
    serde_json::to_string(tool).unwrap()
}

fn properties(tool: &ToolInput) -> &Map<String, Value> {
    tool.input_schema["properties"].as_object().unwrap()
}

/// Arguments with the values of the command.
fn pasted(tool: &ToolInput, more: &Value) -> Map<String, Value> {
    let examples = properties(tool).iter().filter_map(|(name, schema)| {
        let example = schema["examples"].get(0)?;
        Some((name.clone(), example.clone()))
    });
    let more = more.as_object().unwrap().clone();
    examples.chain(more).collect()
}

/// Method, URL, headers and body that calling the tool sends, but for what is ours.
fn sent(
    tool: &ToolInput,
    more: &Value,
) -> (String, url::Url, Vec<(String, String)>, Option<Value>) {
    let arguments = pasted(tool, more);
    let request = crate::execute::rendered(tool, &arguments).unwrap();
    let headers = request.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let body = request.body().as_ref();
    let is_form = request.headers().get("content-type");
    let is_form = is_form.is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    let body = body.map(|body| {
        if is_form {
            let pairs = url::form_urlencoded::parse(body).into_owned();
            return json!(pairs.collect::<Vec<_>>());
        }
        serde_json::from_slice(body).unwrap()
    });
    (
        request.method().to_string(),
        request.uri().to_string().parse().unwrap(),
        headers.collect(),
        body,
    )
}

/// Parameters in one order: a tool sends them by their names.
fn sorted(url: &url::Url) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = url.query_pairs().into_owned().collect();
    pairs.sort();
    pairs
}
