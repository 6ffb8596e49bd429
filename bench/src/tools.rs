//! The tools of a project: as they are installed, as the list must show them, and one call.

use std::net::SocketAddr;

use serde_json::{Map, Value, json};

/// How many a project usually has.
pub const USUAL: usize = 25;

const AREAS: [(&str, &str); 5] = [
    ("crm-contact", "contact"),
    ("billing-invoice", "invoice"),
    ("support-ticket", "ticket"),
    ("shop-order", "order"),
    ("team-meeting", "meeting"),
];
const VERBS: [(&str, &str); 5] = [
    ("create", "Creates"),
    ("update", "Updates"),
    ("search", "Finds"),
    ("assign", "Assigns"),
    ("archive", "Archives"),
];

/// Definitions whose endpoints are all the backend's.
pub fn definitions(count: usize, backend: SocketAddr) -> Vec<Value> {
    (0..count).map(|index| definition(index, backend)).collect()
}

fn definition(index: usize, backend: SocketAddr) -> Value {
    let (area, noun) = AREAS[index % AREAS.len()];
    let (verb, does) = VERBS[index / AREAS.len() % VERBS.len()];
    let name = match index / (AREAS.len() * VERBS.len()) {
        0 => format!("{area}-{verb}"),
        copy => format!("{area}-{verb}-{copy}"),
    };
    json!({
        "name": name,
        "title": format!("{does} a {noun}"),
        "description": format!(
            "{does} one {noun} by what the user said of it. Use it only after the user named it; \
             the answer holds its id and its state."
        ),
        "input_schema": schema(index),
        "base_url": format!("http://{backend}"),
        "http_method": "POST",
        "endpoint_path": format!("/{area}/{verb}"),
        "annotations": {
            "readOnlyHint": verb == "search",
            "destructiveHint": verb == "archive",
            "idempotentHint": verb != "create",
            "openWorldHint": true,
        },
    })
}

/// Four to six properties, as [`arguments`] fills them.
fn schema(index: usize) -> Value {
    let mut properties = Map::new();
    properties.insert("name".to_owned(), json!({ "type": "string" }));
    properties.insert("email".to_owned(), json!({ "type": "string" }));
    properties.insert("note".to_owned(), json!({ "type": "string" }));
    properties.insert("amount".to_owned(), json!({ "type": "integer" }));
    if index.is_multiple_of(2) {
        properties.insert("urgent".to_owned(), json!({ "type": "boolean" }));
    }
    if index.is_multiple_of(4) {
        let kinds = json!({ "type": "string", "enum": ["lead", "customer", "partner"] });
        properties.insert("kind".to_owned(), kinds);
    }
    json!({ "type": "object", "properties": properties, "required": ["name"] })
}

/// What the answer to tools/list must say of each tool, in the order of names.
pub fn listed(definitions: &[Value]) -> Vec<Map<String, Value>> {
    let fields = [
        ("name", "name"),
        ("title", "title"),
        ("description", "description"),
        ("inputSchema", "input_schema"),
        ("annotations", "annotations"),
    ];
    let mut listed: Vec<Map<String, Value>> = definitions
        .iter()
        .map(|tool| {
            let fields = fields.map(|(shown, given)| (shown.to_owned(), tool[given].clone()));
            fields.into_iter().collect()
        })
        .collect();
    listed.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
    listed
}

/// The tool that is called: the first of the definitions.
pub const CALLED: &str = "crm-contact-create";

pub fn arguments() -> Value {
    json!({
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "note": "Asked for a demonstration next week.",
        "amount": 12,
        "urgent": true,
        "kind": "lead",
    })
}
