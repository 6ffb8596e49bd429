//! Files of tools: JSON or YAML, a list of tools with the fields of a tool's input and no secrets.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use domain::{
    FieldError,
    tools::{Applied, Tool, ToolInput},
};
use serde_json::Value;

use super::{CommandError, project::OfProject};
use crate::api::json::parsed;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A file of tools, JSON or YAML
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) of: OfProject,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// Says what became of the tools.
pub(super) fn print(applied: &Applied) {
    for (what, names) in [
        ("created", &applied.created),
        ("updated", &applied.updated),
        ("unchanged", &applied.unchanged),
    ] {
        for name in names {
            println!("{what:>10} {name}");
        }
    }
}

/// Reads the tools of a file.
///
/// # Errors
/// Where it is no list of tools; every field that is wrong is named.
pub(super) fn read(path: &Path) -> Result<Vec<ToolInput>, CommandError> {
    let usage = |message: String| CommandError::Usage(format!("{}: {message}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|why| usage(why.to_string()))?;
    let is_json = text.trim_start().starts_with(['[', '{']);
    let items: Result<Vec<Value>, String> = if is_json {
        serde_json::from_str(&text).map_err(|why| why.to_string())
    } else {
        domain::yaml::read(&text)
    };
    let items =
        items.map_err(|why| usage(format!("this is not a list of tools, JSON or YAML: {why}")))?;
    let mut tools = Vec::new();
    let mut broken = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        match with_secret(item).and_then(parsed) {
            Ok(tool) => tools.push(tool),
            Err(error) => broken.push(format!("tools[{index}].{}: {}", error.field, error.message)),
        }
    }
    if broken.is_empty() {
        Ok(tools)
    } else {
        Err(usage(broken.join("\n  ")))
    }
}

/// The field that names the environment variable of a secret: files of tools live in git.
const SECRET_VARIABLE: &str = "auth_secret_env";
/// What such a variable's name begins with. Whoever may propose a change of the file must not be able
/// to send the environment's other secrets, such as our own, to a tool of theirs.
const PREFIX: &str = "TOOL_SECRET_";

fn with_secret(mut item: Value) -> Result<Value, FieldError> {
    let Some(fields) = item.as_object_mut() else {
        return Ok(item);
    };
    let Some(variable) = fields.remove(SECRET_VARIABLE) else {
        return Ok(item);
    };
    let broken = |message: String| FieldError {
        field: SECRET_VARIABLE.to_owned(),
        message,
    };
    let is_name = |name: &&str| {
        let rest = name.strip_prefix(PREFIX).unwrap_or_default();
        let fits = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_';
        !rest.is_empty() && rest.bytes().all(fits)
    };
    let Some(name) = variable.as_str().filter(is_name) else {
        return Err(broken(format!(
            "Name a variable that begins with {PREFIX}, like {PREFIX}CRM; the secret itself is its value."
        )));
    };
    let secret = std::env::var(name).ok().filter(|secret| !secret.is_empty());
    let Some(secret) = secret else {
        return Err(broken(format!("The environment has no variable {name}.")));
    };
    fields.insert("auth_secret".to_owned(), secret.into());
    Ok(item)
}

/// The tools as a file that makes them again: without secrets, and without what goes without saying.
///
/// # Errors
/// Where a tool is no JSON.
pub(super) fn written(tools: &[Tool], format: Format) -> Result<String, CommandError> {
    let failed = |why: String| CommandError::Failed(format!("the tools cannot be written: {why}"));
    let items: Vec<Value> = tools.iter().map(said).collect();
    match format {
        Format::Json => serde_json::to_string_pretty(&items)
            .map(|text| text + "\n")
            .map_err(|why| failed(why.to_string())),
        Format::Yaml => serde_saphyr::to_string(&items).map_err(|why| failed(why.to_string())),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Yaml,
    Json,
}

fn said(tool: &Tool) -> Value {
    const ALWAYS: [&str; 5] = [
        "name",
        "description",
        "base_url",
        "http_method",
        "endpoint_path",
    ];
    let plain: Value = serde_json::json!({ "name": "", "base_url": "", "endpoint_path": "" });
    let plain = serde_json::from_value::<ToolInput>(plain);
    let plain = plain
        .ok()
        .and_then(|plain| serde_json::to_value(plain).ok())
        .unwrap_or_default();
    let mut item = serde_json::to_value(tool.as_input()).unwrap_or_default();
    if let Some(fields) = item.as_object_mut() {
        fields.retain(|name, value| {
            ALWAYS.contains(&name.as_str()) || plain[name.as_str()] != *value
        });
    }
    item
}
