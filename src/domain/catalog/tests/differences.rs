//! Holds a tool against a document of its API. The document is read by the product's own importer, so
//! that both mean the same by it.

use serde_json::{Value, json};

use super::places::{Filling, Place, places};
use crate::{
    openapi::{Document, Import},
    tools::{ToolInput, schema::Validator},
};

/// In what a tool does otherwise than a document's operation; sentences.
pub(super) fn differences(tool: &ToolInput, document: &Value, operation: &str) -> Vec<String> {
    let import = Import {
        select: vec![operation.parse().unwrap()],
        ..Import::default()
    };
    let read = Document::read(document.to_string().as_bytes()).unwrap();
    let imported = read.import(&import);
    assert_eq!(imported.refused, [], "{operation}");
    let [theirs] = imported.tools.as_slice() else {
        panic!("{} operations are {operation}", imported.tools.len());
    };
    assert_eq!(theirs.left_out, [""; 0], "{operation}");
    let theirs = &theirs.tool;

    let mut found = Vec::new();
    let mut same = |what: &str, ours: &dyn ToString, theirs: &dyn ToString| {
        let (ours, theirs) = (ours.to_string(), theirs.to_string());
        if ours != theirs {
            found.push(format!("{what} is {ours} and not {theirs}"));
        }
    };
    same("the method", &tool.http_method, &theirs.http_method);
    same("the server", &tool.base_url, &theirs.base_url);
    // With the names of its arguments: two of one type could change places.
    same("the path", &tool.endpoint_path, &theirs.endpoint_path);
    same("the strategy", &tool.auth_strategy, &theirs.auth_strategy);
    let config = |tool: &ToolInput| serde_json::to_string(&tool.auth_config).unwrap();
    same("the key's place", &config(tool), &config(theirs));

    let (ours, theirs) = (places(tool), places(theirs));
    for (place, filling) in &ours {
        match schema_at(&theirs, place, document, operation) {
            Some(schema) => found.extend(
                unfit(place, filling, &schema)
                    .into_iter()
                    .map(|why| format!("{place:?}: {why}")),
            ),
            None if is_free(place) => {}
            None => found.push(format!("{place:?} is unknown to the document")),
        }
    }
    for (place, filling) in &theirs {
        let is_sent = |(ours, filling): (&Place, &Filling)| {
            filling.is_always_sent() && (ours == place || is_inside(ours, place))
        };
        if filling.is_always_sent() && !ours.iter().any(is_sent) {
            found.push(format!("{place:?} is required and not always sent"));
        }
    }
    found
}

/// Headers that OpenAPI does not describe as parameters (3.1, "Parameter Object").
fn is_free(place: &Place) -> bool {
    matches!(place, Place::Header(name) if name == "content-type" || name == "accept")
}

fn is_inside(place: &Place, outer: &Place) -> bool {
    matches!((place, outer), (Place::Body(names), Place::Body(outer)) if names.starts_with(outer))
}

/// What the document says of a place: its schema there.
fn schema_at(
    theirs: &std::collections::BTreeMap<Place, Filling>,
    place: &Place,
    document: &Value,
    operation: &str,
) -> Option<Value> {
    let of = |filling: &Filling| match filling {
        Filling::Argument { schema, .. } => schema.clone(),
        Filling::Fixed(_) | Filling::Text { .. } => panic!("the importer fixes nothing"),
    };
    if let Place::Body(names) = place {
        let (first, rest) = names.split_first()?;
        let mut schema = of(theirs.get(&Place::Body(vec![first.clone()]))?);
        for name in rest {
            schema = schema.get("properties")?.get(name)?.clone();
        }
        return Some(schema);
    }
    let schema = of(theirs.get(place)?);
    // What the importer makes one text of is a list of known words to the document.
    let Place::Query(name) = place else {
        return Some(schema);
    };
    let (method, path) = operation.split_once(' ')?;
    let parameters = &document["paths"][path][method.to_ascii_lowercase()]["parameters"];
    let mut parameters = parameters.as_array().into_iter().flatten();
    let own = parameters.find(|one| one["name"] == json!(name) && one["explode"] == false);
    Some(own.map_or(schema, |own| own["schema"].clone()))
}

fn unfit(place: &Place, filling: &Filling, theirs: &Value) -> Vec<String> {
    let is_text = !matches!(place, Place::Body(_));
    match filling {
        Filling::Argument { schema, .. } => wider(schema, theirs, is_text),
        Filling::Fixed(value) => not_one_of(value, theirs, is_text),
        // It is a text, whatever is put into it.
        Filling::Text { .. } => wider(&json!({ "type": "string" }), theirs, is_text),
    }
}

/// Why a value that is always the same does not fit.
fn not_one_of(value: &Value, theirs: &Value, is_text: bool) -> Vec<String> {
    let text = value.as_str().unwrap_or_default();
    let typed = match theirs["type"].as_str() {
        Some("array") if is_text => text.split(',').map(Value::from).collect(),
        Some("integer" | "number" | "boolean") if is_text => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        _ => value.clone(),
    };
    let schema = json!({ "type": "object", "properties": { "it": theirs } });
    let validator = Validator::compile(schema.as_object().unwrap()).unwrap();
    validator.violations(&json!({ "it": typed }))
}

/// Why a schema lets through what the other does not. In a URL all is text, so that a number fits
/// where the document has a string.
fn wider(ours: &Value, theirs: &Value, is_text: bool) -> Vec<String> {
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = theirs[keyword].as_array() {
            let mut tried = branches.iter().map(|one| wider(ours, one, is_text));
            return if tried.any(|found| found.is_empty()) {
                Vec::new()
            } else {
                vec![format!("fits no branch of {keyword}")]
            };
        }
    }
    let mut found = Vec::new();
    let allowed = types(theirs);
    for kind in types(ours) {
        let fits = allowed.is_empty()
            || allowed.contains(&kind)
            || kind == "integer" && allowed.contains(&"number")
            || is_text && allowed.contains(&"string") && kind != "array" && kind != "object";
        if !fits {
            found.push(format!("{kind} is none of {allowed:?}"));
        }
    }
    if types(ours).is_empty() {
        found.push("has no type".to_owned());
    }
    if let Some(values) = theirs["enum"].as_array() {
        match ours["enum"].as_array() {
            Some(ours) => found.extend(
                ours.iter()
                    .filter(|value| !values.contains(value))
                    .map(|value| format!("{value} is no value of the document's")),
            ),
            None => found.push("takes any value, the document a few".to_owned()),
        }
    }
    for (limit, beyond) in [
        ("minimum", f64::lt as fn(&f64, &f64) -> bool),
        ("maximum", f64::gt),
    ] {
        if let Some(theirs) = theirs[limit].as_f64()
            && ours[limit]
                .as_f64()
                .is_none_or(|ours| beyond(&ours, &theirs))
        {
            found.push(format!("goes beyond the {limit} of {theirs}"));
        }
    }
    if let Some(format @ ("date" | "date-time")) = theirs["format"].as_str()
        && ours["format"] != format
    {
        found.push(format!("is not of the format {format}"));
    }
    if theirs.get("items").is_some() && ours["type"] == "array" {
        found.extend(wider(&ours["items"], &theirs["items"], is_text));
    }
    found
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
