//! No argument ever changes the host, the structure of the path, the set of headers or the structure
//! of the JSON: what is rendered is compared with what is written down here a second time, in another
//! way.

mod forms;
mod made_up;

use std::cell::Cell;

use http::Request;
use percent_encoding::percent_decode_str;
use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestRunner},
};
use serde_json::{Map, Value, json};

use self::made_up::arguments;
use crate::{execute::rendered, tools::ToolInput};

type Arguments = Map<String, Value>;
type Rendered = Request<Option<Vec<u8>>>;

fn tool(changes: Value) -> ToolInput {
    let mut tool = json!({
        "name": "t", "description": "d", "base_url": "https://api.example",
        "endpoint_path": "/v1/{a}/fixed/x{b}y",
    });
    for (name, value) in changes.as_object().unwrap() {
        tool[name] = value.clone();
    }
    serde_json::from_value(tool).unwrap()
}

/// A scalar's text.
fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Any value's text; none of null.
fn text(value: &Value) -> Option<String> {
    scalar(Some(value)).or_else(|| (!value.is_null()).then(|| value.to_string()))
}

/// What a parameter of one argument is.
fn pairs(name: &str, value: Option<&Value>) -> Vec<(String, String)> {
    let texts: Vec<String> = match value {
        Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
        value => value.and_then(text).into_iter().collect(),
    };
    texts
        .into_iter()
        .map(|text| (name.to_owned(), text))
        .collect()
}

/// Whether an argument can be (a part of) a segment.
fn fits_path(value: Option<&Value>) -> bool {
    scalar(value).is_some_and(|text| {
        let dots = text.to_lowercase().replace("%2e", ".").replace('\\', "/");
        !text.is_empty()
            && !text.chars().any(char::is_control)
            && !dots.split('/').any(|part| part == "." || part == "..")
    })
}

/// Whether an argument can be a part of a header.
fn fits_header(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        value => scalar(value).is_some_and(|text| text.chars().all(|c| (' '..='~').contains(&c))),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// The place is the tool's, and the path has the argument in its segment and nothing else.
fn check_place(request: &Rendered, arguments: &Arguments) -> Result<(), TestCaseError> {
    let uri = request.uri();
    prop_assert_eq!(uri.scheme_str(), Some("https"));
    prop_assert_eq!(uri.authority().unwrap().as_str(), "api.example");
    prop_assert!(uri.to_string().starts_with("https://api.example/v1/"));
    let segments: Vec<&str> = uri.path().split('/').collect();
    let ["", "v1", a, "fixed", b] = segments.as_slice() else {
        return Err(TestCaseError::fail(uri.to_string()));
    };
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || b"-._~%".contains(&c);
    prop_assert!(
        uri.path().bytes().all(|c| is_plain(c) || c == b'/'),
        "{}",
        uri
    );
    prop_assert_eq!(Some(decoded(a)), scalar(arguments.get("a")));
    let b = decoded(b);
    let b = b.strip_prefix('x').and_then(|b| b.strip_suffix('y'));
    prop_assert_eq!(b.map(str::to_owned), scalar(arguments.get("b")));
    // What another reader of URLs makes of it is the same.
    let url = url::Url::parse(&uri.to_string()).unwrap();
    prop_assert_eq!(url.as_str(), uri.to_string());
    Ok(())
}

/// There is the one header, with the argument in it and nothing beside it.
fn check_headers(request: &Rendered, arguments: &Arguments) -> Result<(), TestCaseError> {
    let headers: Vec<(&str, &str)> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    let note = scalar(arguments.get("c")).map(|text| format!("n {text}"));
    let expected: Vec<_> = note.iter().map(|note| ("x-note", note.as_str())).collect();
    prop_assert_eq!(headers, expected);
    Ok(())
}

fn check_query(request: &Rendered, expected: &[(String, String)]) -> Result<(), TestCaseError> {
    let query = request.uri().query().unwrap_or_default();
    let parsed: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    prop_assert_eq!(&parsed[..], expected, "{}", query);
    // And by its raw separators, for readers that split before they decode.
    let count = if query.is_empty() {
        0
    } else {
        query.split('&').count()
    };
    prop_assert_eq!(count, expected.len(), "{}", query);
    prop_assert!(!query.contains([';', '#', '?', '/']), "{}", query);
    Ok(())
}

fn check_body(request: &Rendered, expected: Option<Value>) -> Result<(), TestCaseError> {
    let body = request
        .body()
        .as_ref()
        .map(|body| String::from_utf8(body.clone()).unwrap());
    prop_assert_eq!(body, expected.map(|expected| expected.to_string()));
    Ok(())
}

/// What no template names.
fn rest(arguments: &Arguments) -> impl Iterator<Item = (&String, &Value)> {
    arguments
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "a" | "b"))
}

fn with(members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    let members = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(members.collect())
}

/// Checks many arguments made up. Those that a tool takes have to be among them, or nothing was
/// checked at all.
fn check_many(check: impl Fn(&Arguments) -> Result<bool, TestCaseError>) {
    const CASES: u32 = 2_000;
    let taken = Cell::new(0);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let checked = runner.run(&arguments(), |arguments| {
        taken.set(taken.get() + u32::from(check(&arguments)?));
        Ok(())
    });
    if let Err(error) = checked {
        panic!("{error}\n{runner}");
    }
    assert!(taken.get() > CASES / 10, "{} were taken", taken.get());
}

#[test]
fn with_every_template_each_argument_stays_in_its_place() {
    let tool = tool(json!({
        "http_method": "POST",
        "headers_template": { "x-note": "n {c}" },
        "query_template": { "q": "{d}", "fixed": "1", "text": "t {d}" },
        "body_template": { "e": "{e}", "in": { "f": ["f {f}", 1] } },
    }));
    check_many(|arguments| {
        let fits = fits_path(arguments.get("a"))
            && fits_path(arguments.get("b"))
            && fits_header(arguments.get("c"));
        let request = rendered(&tool, arguments);
        prop_assert_eq!(request.is_ok(), fits, "{:?}", request);
        let Ok(request) = request else {
            return Ok(false);
        };
        prop_assert_eq!(request.method(), "POST");
        check_place(&request, arguments)?;
        check_headers(&request, arguments)?;

        // Templates come in the order of their names.
        let d = arguments.get("d");
        let mut expected = vec![("fixed".to_owned(), "1".to_owned())];
        expected.extend(pairs("q", d));
        let filled = d.and_then(text);
        expected.extend(filled.map(|text| ("text".to_owned(), format!("t {text}"))));
        check_query(&request, &expected)?;

        let filled = arguments.get("f").and_then(text);
        let filled = filled.map(|text| format!("f {text}").into());
        let items: Vec<Value> = filled.into_iter().chain([json!(1)]).collect();
        let body = with([
            ("e", arguments.get("e").cloned()),
            ("in", Some(json!({ "f": items }))),
        ]);
        check_body(&request, Some(body))?;
        Ok(true)
    });
}

#[test]
fn without_templates_the_rest_is_the_query() {
    for method in ["GET", "DELETE"] {
        let tool = tool(json!({ "http_method": method }));
        check_many(|arguments| {
            let Some(request) = without_templates(&tool, method, arguments)? else {
                return Ok(false);
            };
            let expected = rest(arguments).flat_map(|(name, value)| pairs(name, Some(value)));
            check_query(&request, &expected.collect::<Vec<_>>())?;
            check_body(&request, None)?;
            Ok(true)
        });
    }
}

#[test]
fn without_templates_the_rest_is_the_body() {
    for method in ["POST", "PUT", "PATCH"] {
        let tool = tool(json!({ "http_method": method }));
        check_many(|arguments| {
            let Some(request) = without_templates(&tool, method, arguments)? else {
                return Ok(false);
            };
            check_query(&request, &[])?;
            let body = rest(arguments).map(|(name, value)| (name.clone(), value.clone()));
            check_body(&request, Some(Value::Object(body.collect())))?;
            Ok(true)
        });
    }
}

fn without_templates(
    tool: &ToolInput,
    method: &str,
    arguments: &Arguments,
) -> Result<Option<Rendered>, TestCaseError> {
    let fits = fits_path(arguments.get("a")) && fits_path(arguments.get("b"));
    let request = rendered(tool, arguments);
    prop_assert_eq!(request.is_ok(), fits, "{:?}", request);
    let Ok(request) = request else {
        return Ok(None);
    };
    prop_assert_eq!(request.method(), method);
    prop_assert!(request.headers().is_empty());
    check_place(&request, arguments)?;
    Ok(Some(request))
}
