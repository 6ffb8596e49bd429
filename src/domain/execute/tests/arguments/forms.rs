//! The same for bodies that are forms.

use super::*;

const FORM: &str = "application/x-www-form-urlencoded";

/// What is in a form for a value: the keys below its member, and a text. Plain items of a list of them
/// have no key.
fn leaves(value: &Value) -> Vec<(Vec<String>, String)> {
    let is_plain = |item: &Value| !item.is_array() && !item.is_object();
    match value {
        Value::Array(items) if items.iter().all(is_plain) => {
            let texts = items.iter().filter_map(text);
            texts.map(|text| (Vec::new(), text)).collect()
        }
        value => deep(value),
    }
}

fn deep(value: &Value) -> Vec<(Vec<String>, String)> {
    let below: Vec<(String, &Value)> = match value {
        Value::Array(items) => (0..).map(|at: u32| at.to_string()).zip(items).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, it)| (name.clone(), it))
            .collect(),
        plain => {
            let leaf = text(plain).map(|text| (Vec::new(), text));
            return leaf.into_iter().collect();
        }
    };
    let mut found = Vec::new();
    for (key, value) in below {
        for (keys, text) in deep(value) {
            found.push(([vec![key.clone()], keys].concat(), text));
        }
    }
    found
}

/// The form has the members of the body and nothing else, each under its own name.
fn check_form(request: &Rendered, body: &Map<String, Value>) -> Result<(), TestCaseError> {
    let sent = request.body().as_ref().expect("a form is a body");
    let sent = std::str::from_utf8(sent).unwrap();
    // Its own separators and what is encoded, and no other character.
    let is_encoded = |c: u8| c.is_ascii_alphanumeric() || b"*-._+%&=".contains(&c);
    prop_assert!(sent.bytes().all(is_encoded), "{}", sent);
    let mut expected = Vec::new();
    for (member, value) in body {
        for (keys, text) in leaves(value) {
            let keys: String = keys.iter().map(|key| format!("[{key}]")).collect();
            expected.push((format!("{member}{keys}"), text));
        }
    }
    // Split before anything is decoded.
    let mut pairs = Vec::new();
    for pair in sent.split('&').filter(|_| !sent.is_empty()) {
        let halves: Vec<&str> = pair.split('=').collect();
        let [name, text] = halves.as_slice() else {
            return Err(TestCaseError::fail(format!("{pair} of {sent}")));
        };
        let plain = |text: &str| decoded(&text.replace('+', " "));
        pairs.push((plain(name), plain(text)));
    }
    prop_assert_eq!(pairs, expected, "{}", sent);
    Ok(())
}

/// Renders for a tool that sends forms, with `fits` of its other arguments.
fn form(
    tool: &ToolInput,
    arguments: &Arguments,
    fits: bool,
) -> Result<Option<Rendered>, TestCaseError> {
    let fits = fits && fits_path(arguments.get("a")) && fits_path(arguments.get("b"));
    let request = rendered(tool, arguments);
    prop_assert_eq!(request.is_ok(), fits, "{:?}", request);
    let Ok(request) = request else {
        return Ok(None);
    };
    check_place(&request, arguments)?;
    check_query(&request, &[])?;
    let headers: Vec<_> = request.headers().iter().collect();
    prop_assert_eq!(headers.len(), 1);
    prop_assert_eq!(headers[0].1.to_str().unwrap(), FORM);
    Ok(Some(request))
}

#[test]
fn a_form_has_the_rest_each_under_its_own_name() {
    for method in ["POST", "PUT", "PATCH"] {
        let tool = tool(json!({
            "http_method": method, "headers_template": { "Content-Type": FORM },
        }));
        check_many(|arguments| {
            let Some(request) = form(&tool, arguments, true)? else {
                return Ok(false);
            };
            let body = rest(arguments).map(|(name, value)| (name.clone(), value.clone()));
            check_form(&request, &body.collect())?;
            Ok(true)
        });
    }
}

#[test]
fn a_form_of_a_template_has_each_argument_in_its_place() {
    let tool = tool(json!({
        "http_method": "POST", "headers_template": { "content-type": FORM },
        "body_template": {
            "c": "{c}", "in[x]": { "d": "{d}", "list": ["n {e}", 1, { "f": "{f}" }] }, "all": ["{c}", "{d}"],
        },
    }));
    check_many(|arguments| {
        let Some(request) = form(&tool, arguments, true)? else {
            return Ok(false);
        };
        let of = |name: &str| arguments.get(name).cloned();
        let filled = arguments.get("e").and_then(text);
        let list = [
            filled.map(|text| format!("n {text}").into()),
            Some(json!(1)),
            Some(with([("f", of("f"))])),
        ];
        let list: Vec<Value> = list.into_iter().flatten().collect();
        let all: Vec<Value> = [of("c"), of("d")].into_iter().flatten().collect();
        let body = with([
            ("c", of("c")),
            (
                "in[x]",
                Some(with([("d", of("d")), ("list", Some(list.into()))])),
            ),
            ("all", Some(all.into())),
        ]);
        check_form(&request, body.as_object().unwrap())?;
        Ok(true)
    });
}

#[test]
fn a_form_that_is_one_argument_is_that_object() {
    let tool = tool(json!({
        "http_method": "POST", "headers_template": { "content-type": FORM },
        "body_template": "{e}",
    }));
    check_many(|arguments| {
        let mut arguments = arguments.clone();
        let value = arguments.remove("e").unwrap_or_default();
        // Every argument may be an object; of those made up few are.
        let is_object = value.is_object() || arguments.contains_key("f");
        let value = if value.is_object() || !is_object {
            value
        } else {
            json!({ "k": value, "f": arguments["f"] })
        };
        arguments.insert("e".to_owned(), value.clone());
        let Some(request) = form(&tool, &arguments, is_object)? else {
            return Ok(false);
        };
        check_form(&request, value.as_object().unwrap())?;
        Ok(true)
    });
}
