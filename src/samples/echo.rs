//! `ANY /echo`: shows a developer what the endpoint of a tool receives.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::Query,
    http::{HeaderMap, Method, Uri},
};
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
pub(super) struct Received {
    method: String,
    path: String,
    query: Vec<Pair>,
    /// Values of a header that is there more than once are joined by a comma.
    headers: BTreeMap<String, String>,
    body: Value,
}

#[derive(Serialize)]
struct Pair {
    name: String,
    value: String,
}

pub(super) async fn echo(
    method: Method,
    uri: Uri,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Json<Received> {
    Json(Received {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: query
            .into_iter()
            .map(|(name, value)| Pair { name, value })
            .collect(),
        headers: joined(&headers),
        body: shown(&body),
    })
}

fn joined(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .keys()
        .map(|name| {
            let values: Vec<_> = headers
                .get_all(name)
                .iter()
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .collect();
            (name.to_string(), values.join(", "))
        })
        .collect()
}

fn shown(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}
