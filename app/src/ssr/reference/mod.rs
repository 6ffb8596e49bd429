//! The reference of the REST API, made of the OpenAPI document that the server serves.

mod example;
mod schema;

use std::collections::BTreeSet;

use domain::members::operations::OPERATIONS;
use serde_json::Value;

use self::{
    example::example,
    schema::{fields, kind},
};
use crate::api::docs::{Answer, Field, Group, Object, Operation, Reference};

pub(crate) fn of(document: &Value, origin: String) -> Reference {
    let mut groups: Vec<Group> = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, described) in members(item) {
            let operation = operation(document, &origin, method, path, described);
            let tag = described["tags"][0].as_str().unwrap_or("other");
            match groups.iter_mut().find(|group| group.name == tag) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group {
                    name: tag.to_owned(),
                    word: tag.replace(' ', "-"),
                    operations: vec![operation],
                    objects: Vec::new(),
                }),
            }
        }
    }
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    let mut described = BTreeSet::new();
    for group in &mut groups {
        group.objects = objects(document, &group.operations, &mut described);
        group.name = titled(&group.name);
    }
    Reference { origin, groups }
}

/// A tag as a title.
fn titled(tag: &str) -> String {
    if let Some(rest) = tag.strip_prefix("api ") {
        return format!("API {rest}");
    }
    let mut letters = tag.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn operation(
    document: &Value,
    origin: &str,
    method: &str,
    path: &str,
    described: &Value,
) -> Operation {
    let method = method.to_uppercase();
    let route = format!("{method} {path}");
    let who = OPERATIONS
        .iter()
        .find(|operation| operation.routes.contains(&route.as_str()));
    let parameters = described["parameters"].as_array().into_iter().flatten();
    let body = &described["requestBody"]["content"]["application/json"]["schema"];
    let text = |name: &str| described[name].as_str().unwrap_or_default();
    let says = [text("summary"), text("description")]
        .join("\n")
        .trim()
        .to_owned();
    Operation {
        id: text("operationId").to_owned(),
        says,
        who: who
            .map(|operation| operation.for_whom())
            .unwrap_or_default(),
        parameters: parameters.map(|one| parameter(document, one)).collect(),
        body: fields(document, body),
        answers: members(&described["responses"])
            .map(|(status, answer)| answered(document, status, answer))
            .collect(),
        example: example(document, origin, &method, path, body),
        method,
        path: path.to_owned(),
    }
}

fn parameter(document: &Value, parameter: &Value) -> Field {
    let text = |name: &str| parameter[name].as_str().unwrap_or_default().to_owned();
    Field {
        name: text("name"),
        place: text("in"),
        kind: kind(document, &parameter["schema"]),
        is_required: parameter["required"] == true,
        says: text("description"),
    }
}

fn answered(document: &Value, status: &str, answer: &Value) -> Answer {
    let schema = &answer["content"]["application/json"]["schema"];
    Answer {
        status: status.to_owned(),
        says: answer["description"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        kind: (!schema.is_null()).then(|| kind(document, schema)),
    }
}

/// What answers and bodies name, and what that names in turn; but for what is `described` already.
fn objects(
    document: &Value,
    operations: &[Operation],
    described: &mut BTreeSet<String>,
) -> Vec<Object> {
    let mut wanted: Vec<String> = operations
        .iter()
        .flat_map(|operation| {
            let answers = operation.answers.iter().filter_map(|one| one.kind.as_ref());
            answers.chain(operation.body.iter().map(|field| &field.kind))
        })
        .filter_map(|kind| kind.object.clone())
        .collect();
    let mut found = Vec::new();
    while let Some(name) = wanted.pop() {
        if !described.insert(name.clone()) {
            continue;
        }
        let schema = &document["components"]["schemas"][&name];
        let fields = fields(document, schema);
        wanted.extend(fields.iter().filter_map(|field| field.kind.object.clone()));
        found.push(Object {
            says: schema["description"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            name,
            fields,
        });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

#[cfg(test)]
mod tests;
