//! The JSON body: a template is a JSON value, so an argument can only ever be a value in it.

use std::convert::Infallible;

use serde_json::Value;

use super::{Arguments, RenderError, Template, text};

/// The template of a body.
///
/// A string that is exactly `{argument}` becomes the argument, whatever its type; within a longer
/// string it is put in as text. Where an argument is absent, the object member or array item that
/// uses it goes too. Member names are taken as they are.
pub(in crate::execute) enum Body {
    Fixed(Value),
    Text(Template),
    Items(Vec<Body>),
    Members(Vec<(String, Body)>),
}

impl Body {
    pub(in crate::execute) fn stored(template: &Value) -> Result<Self, RenderError> {
        Ok(match template {
            Value::String(text) => Self::Text(Template::stored(text)?),
            Value::Array(items) => {
                Self::Items(items.iter().map(Self::stored).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => Self::Members(
                members
                    .iter()
                    .map(|(name, member)| Ok((name.clone(), Self::stored(member)?)))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Fixed(template.clone()),
        })
    }

    /// The body; `None` where all of it is one absent argument.
    pub(in crate::execute) fn render(&self, arguments: &Arguments) -> Option<Value> {
        match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Text(template) => match template.only_argument() {
                Some(name) => arguments.get(name).cloned(),
                None => template
                    .fill(|name| Ok::<_, Infallible>(arguments.get(name).and_then(text)))
                    .unwrap_or_default()
                    .map(Value::String),
            },
            Self::Items(items) => Some(Value::Array(
                items
                    .iter()
                    .filter_map(|item| item.render(arguments))
                    .collect(),
            )),
            Self::Members(members) => Some(Value::Object(
                members
                    .iter()
                    .filter_map(|(name, member)| Some((name.clone(), member.render(arguments)?)))
                    .collect(),
            )),
        }
    }
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

    fn render(template: &Value, arguments: &Arguments) -> Option<Value> {
        Body::stored(template).unwrap().render(arguments)
    }

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
            render(&template, arguments.as_object().unwrap()).unwrap(),
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
        assert_eq!(render(&json!("{all}"), arguments), Some(json!([1, 2])));
        assert_eq!(render(&json!("{gone}"), arguments), None);
    }
}
