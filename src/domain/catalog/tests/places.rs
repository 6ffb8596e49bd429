//! Where a tool's arguments go: the same for ours and for one that was imported.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    execute::template::placeholders,
    tools::{HttpMethod, ToolInput},
};

/// A place in a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The first argument of the path is 0.
    Path(usize),
    Query(String),
    /// In lower case.
    Header(String),
    /// The names that lead to it.
    Body(Vec<String>),
}

/// What goes there.
#[derive(Debug)]
pub(super) enum Filling {
    Argument {
        schema: Value,
        is_required: bool,
    },
    Fixed(Value),
    /// A text with arguments in it.
    Text {
        is_required: bool,
    },
}

impl Filling {
    pub(super) const fn is_always_sent(&self) -> bool {
        match self {
            Self::Argument { is_required, .. } | Self::Text { is_required } => *is_required,
            Self::Fixed(_) => true,
        }
    }
}

/// All places of a tool's request.
pub(super) fn places(tool: &ToolInput) -> BTreeMap<Place, Filling> {
    let mut found = BTreeMap::new();
    let mut used: Vec<String> = Vec::new();
    for (index, name) in placeholders(&tool.endpoint_path)
        .unwrap()
        .into_iter()
        .enumerate()
    {
        found.insert(Place::Path(index), argument(tool, &name));
        used.push(name);
    }
    for (name, template) in &tool.query_template {
        used.extend(placeholders(template).unwrap());
        found.insert(Place::Query(name.clone()), filling(tool, template));
    }
    for (name, template) in &tool.headers_template {
        used.extend(placeholders(template).unwrap());
        let name = name.to_ascii_lowercase();
        found.insert(Place::Header(name), filling(tool, template));
    }
    if let Some(body) = &tool.body_template {
        of_body(tool, body, &mut Vec::new(), &mut found);
        return found;
    }
    let sends_query = matches!(tool.http_method, HttpMethod::Get | HttpMethod::Delete);
    for name in tool.input_schema["properties"].as_object().unwrap().keys() {
        if used.contains(name) {
            continue;
        }
        let place = if sends_query {
            Place::Query(name.clone())
        } else {
            Place::Body(vec![name.clone()])
        };
        found.insert(place, argument(tool, name));
    }
    found
}

fn of_body(
    tool: &ToolInput,
    template: &Value,
    names: &mut Vec<String>,
    found: &mut BTreeMap<Place, Filling>,
) {
    let members = match template {
        Value::Object(members) => members,
        Value::String(text) => {
            found.insert(Place::Body(names.clone()), filling(tool, text));
            return;
        }
        other => {
            found.insert(Place::Body(names.clone()), Filling::Fixed(other.clone()));
            return;
        }
    };
    for (name, member) in members {
        names.push(name.clone());
        of_body(tool, member, names, found);
        names.pop();
    }
}

fn filling(tool: &ToolInput, template: &str) -> Filling {
    let names = placeholders(template).unwrap();
    match names.as_slice() {
        [] => Filling::Fixed(json!(template)),
        [name] if *template == format!("{{{name}}}") => argument(tool, name),
        several => Filling::Text {
            is_required: several.iter().all(|name| is_required(tool, name)),
        },
    }
}

fn argument(tool: &ToolInput, name: &str) -> Filling {
    Filling::Argument {
        schema: tool.input_schema["properties"][name].clone(),
        is_required: is_required(tool, name),
    }
}

fn is_required(tool: &ToolInput, name: &str) -> bool {
    let required = tool.input_schema["required"].as_array();
    required.is_some_and(|required| required.iter().any(|one| one == name))
}
