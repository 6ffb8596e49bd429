//! Arguments that a tool's schema wants repeated in headers (MCP 2026-07-28, `x-mcp-header`), so that
//! what stands in between can route by them.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

/// Whether the headers plainly say what the arguments do. Where this is not so, rmcp looks: they may
/// be encoded, or wrong, and then it says how.
pub fn agree(
    headers: &HeaderMap,
    schema: &Map<String, Value>,
    arguments: &Map<String, Value>,
) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().all(|(name, property)| {
        let Some(property) = property.as_object() else {
            return true;
        };
        let argument = arguments.get(name);
        let agrees = match property.get("x-mcp-header") {
            None => true,
            Some(header) => header
                .as_str()
                .is_some_and(|header| says(headers, &format!("mcp-param-{header}"), argument)),
        };
        let nothing = Map::new();
        let inside = argument.and_then(Value::as_object).unwrap_or(&nothing);
        agrees && agree(headers, property, inside)
    })
}

fn says(headers: &HeaderMap, header: &str, argument: Option<&Value>) -> bool {
    let mut values = headers.get_all(header).iter();
    let (value, is_one) = (values.next(), values.next().is_none());
    let expected = match argument {
        None | Some(Value::Null) => return value.is_none(),
        Some(Value::String(text)) if is_plain(text) => text.clone(),
        Some(Value::Bool(is)) => is.to_string(),
        Some(Value::Number(number)) if !number.is_f64() => number.to_string(),
        Some(_) => return false,
    };
    is_one && value.is_some_and(|value| value.as_bytes() == expected.as_bytes())
}

/// Whether a text goes into a header as it is.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.starts_with("=?") && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_plainly_said_agrees_and_the_rest_is_left_to_rmcp() {
        let schema = json!({ "type": "object", "properties": {
            "region": { "type": "string", "x-mcp-header": "Region" },
            "to": { "properties": { "dry": { "x-mcp-header": "Dry" }, "n": {} } },
        } });
        let agrees = |pairs: &[(&'static str, &str)], arguments: Value| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            let schema = schema.as_object().unwrap();
            agree(&headers, schema, arguments.as_object().unwrap())
        };
        let region = ("mcp-param-region", "eu-1");
        let all = json!({ "region": "eu-1", "to": { "dry": true, "n": 1 } });
        assert!(agrees(&[region, ("mcp-param-dry", "true")], all.clone()));
        assert!(agrees(&[region], json!({ "region": "eu-1" })));
        assert!(agrees(&[], json!({ "region": null, "to": 7 })));
        for (pairs, arguments) in [
            (&[region][..], all),
            (&[region], json!({})),
            (&[], json!({ "region": "eu-1" })),
            (&[region], json!({ "region": "eu-2" })),
            (&[region, region], json!({ "region": "eu-1" })),
            (
                &[("mcp-param-region", "=?base64?w6k=?=")],
                json!({ "region": "é" }),
            ),
            (&[("mcp-param-region", "1.5")], json!({ "region": 1.5 })),
        ] {
            assert!(!agrees(pairs, arguments.clone()), "{pairs:?} {arguments}");
        }
    }
}
