//! The JSON body: a template is a JSON value, so an argument can only ever be a value in it.

use serde_json::Value;

use super::{Arguments, RenderError, Template, text};

/// The body of a template; `None` where all of it is one absent argument.
///
/// A string that is exactly `{argument}` becomes the argument, whatever its type; within a longer
/// string it is put in as text. Where an argument is absent, the object member or array item that
/// uses it goes too. Member names are taken as they are.
pub(in crate::execute) fn render(
    template: &Value,
    arguments: &Arguments,
) -> Result<Option<Value>, RenderError> {
    Ok(match template {
        Value::String(template) => string(template, arguments)?,
        Value::Array(items) => {
            let mut made = Vec::with_capacity(items.len());
            for item in items {
                made.extend(render(item, arguments)?);
            }
            Some(Value::Array(made))
        }
        Value::Object(members) => {
            let mut made = Arguments::new();
            for (name, member) in members {
                if let Some(member) = render(member, arguments)? {
                    made.insert(name.clone(), member);
                }
            }
            Some(Value::Object(made))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(template.clone()),
    })
}

fn string(template: &str, arguments: &Arguments) -> Result<Option<Value>, RenderError> {
    let template = Template::stored(template)?;
    if let Some(name) = template.only_argument() {
        return Ok(arguments.get(name).cloned());
    }
    let filled = template.fill(|name| Ok(arguments.get(name).and_then(text)))?;
    Ok(filled.map(Value::String))
}

/// Every string of a body's template that may hold arguments, with its place as a JSON Pointer.
pub(in crate::execute) fn strings(template: &Value) -> Vec<(String, &str)> {
    fn collect<'a>(value: &'a Value, place: &str, into: &mut Vec<(String, &'a str)>) {
        match value {
            Value::String(text) => into.push((place.to_owned(), text)),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    collect(item, &format!("{place}/{index}"), into);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    collect(member, &format!("{place}/{name}"), into);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = Vec::new();
    collect(template, "", &mut found);
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_argument_keeps_its_type_and_its_place() {
        let template = json!({
            "name": "{name}", "n": "{n}", "tags": ["fixed", "{tag}", "{gone}"],
            "gone": "{gone}", "text": "Hi {name}, {n} of {list}", "partly": "x {gone}",
            "literal": "{{name}}", "null": "{null}", "flag": true,
        });
        let hostile = r#"","admin":true,"x":"{n}"#;
        let arguments =
            json!({ "name": hostile, "n": 3, "tag": {"k": [1]}, "list": [1], "null": null });
        assert_eq!(
            render(&template, arguments.as_object().unwrap())
                .unwrap()
                .unwrap(),
            json!({
                "name": hostile, "n": 3, "tags": ["fixed", {"k": [1]}],
                "text": format!("Hi {hostile}, 3 of [1]"),
                "literal": "{name}", "null": null, "flag": true,
            })
        );
    }

    #[test]
    fn one_argument_may_be_all_of_the_body() {
        let arguments = json!({ "all": [1, 2] });
        let arguments = arguments.as_object().unwrap();
        assert_eq!(
            render(&json!("{all}"), arguments).unwrap(),
            Some(json!([1, 2]))
        );
        assert_eq!(render(&json!("{gone}"), arguments).unwrap(), None);
    }
}
