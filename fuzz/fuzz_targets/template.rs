//! Templates: no argument ever changes the host, the path's structure, the set of headers, the
//! query's names or the body's structure.

#![no_main]

use domain::{execute::rendered, tools::ToolInput};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn tool() -> ToolInput {
    serde_json::from_value(json!({
        "name": "t", "description": "d", "http_method": "POST",
        "base_url": "https://api.example", "endpoint_path": "/v1/{a}/fixed/x{b}y",
        "headers_template": { "x-note": "n {c}" },
        "query_template": { "q": "{d}", "fixed": "1" },
        "body_template": { "e": "{e}", "in": { "f": ["f {f}", 1] } },
        "input_schema": { "type": "object" },
    }))
    .expect("a tool as people write it")
}

/// An object of arguments, or one text for each of them.
fn arguments(input: &[u8]) -> Map<String, Value> {
    match serde_json::from_slice(input) {
        Ok(Value::Object(members)) => members,
        _ => {
            let text = String::from_utf8_lossy(input);
            let texts = text.split('\u{1}').cycle();
            let value = |text: &str| Value::from(text);
            let pairs = NAMES.iter().zip(texts);
            pairs.map(|(name, text)| ((*name).to_owned(), value(text))).collect()
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let arguments = arguments(input);
    let Ok(request) = rendered(&tool(), &arguments) else {
        return;
    };
    let uri = request.uri();
    assert_eq!(uri.scheme_str(), Some("https"));
    assert_eq!(uri.authority().map(|at| at.as_str()), Some("api.example"));
    let segments: Vec<_> = uri.path().split('/').collect();
    let ["", "v1", a, "fixed", b] = segments.as_slice() else {
        panic!("{uri}");
    };
    assert!(b.starts_with('x') && b.ends_with('y'), "{uri}");
    assert!(!a.is_empty() && !["%2e", "."].contains(a), "{uri}");
    let query = uri.query().unwrap_or_default();
    let names = query.split('&').map(|pair| pair.split('=').next());
    for name in names {
        assert!(matches!(name, Some("q" | "fixed")), "{uri}");
    }
    let fixed: Vec<_> = query.split('&').filter(|pair| pair.starts_with("fixed")).collect();
    assert_eq!(fixed, ["fixed=1"], "{uri}");
    for (name, value) in request.headers() {
        assert_eq!(name, "x-note");
        assert!(value.to_str().is_ok_and(|text| text.starts_with("n ")));
    }
    let body: Value = serde_json::from_slice(request.body().as_deref().expect("a body")).expect("JSON");
    let members = body.as_object().expect("an object");
    assert!(members.keys().all(|name| ["e", "in"].contains(&name.as_str())));
    assert_eq!(members.get("e"), arguments.get("e"));
    let inner = members["in"].as_object().expect("an object");
    assert_eq!(inner.len(), 1);
    let items = inner["f"].as_array().expect("a list");
    assert!(items.last() == Some(&json!(1)) && items.len() <= 2);
});
