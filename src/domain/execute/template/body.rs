//! The JSON body: a template is a JSON value, so an argument can only ever be a value in it.

use serde_json::Value;

use super::{Arguments, RenderError, Room, Template, text};

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
    ///
    /// # Errors
    /// [`RenderError::Argument`] where there is no room for the arguments, as often as they are used.
    pub(in crate::execute) fn render(
        &self,
        arguments: &Arguments,
        room: &mut Room<'_>,
    ) -> Result<Option<Value>, RenderError> {
        Ok(Some(match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(template) => match template.only_argument() {
                Some(name) => {
                    let Some(value) = arguments.get(name) else {
                        return Ok(None);
                    };
                    room.take_value(value)?;
                    value.clone()
                }
                None => {
                    let text_of = |name: &str| Ok(arguments.get(name).and_then(text));
                    return Ok(template.fill(room, text_of)?.map(Value::String));
                }
            },
            Self::Items(items) => Value::Array(
                items
                    .iter()
                    .filter_map(|item| item.render(arguments, room).transpose())
                    .collect::<Result<_, _>>()?,
            ),
            Self::Members(members) => {
                let render = |(name, member): &(String, Self)| {
                    let member = member.render(arguments, room).transpose()?;
                    Some(member.map(|member| (name.clone(), member)))
                };
                Value::Object(
                    members
                        .iter()
                        .filter_map(render)
                        .collect::<Result<_, _>>()?,
                )
            }
        }))
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

    use super::{super::Place, *};

    fn within(
        most: usize,
        template: &Value,
        arguments: &Arguments,
    ) -> Result<Option<Value>, RenderError> {
        let mut room = Room::new(Place::Body, most);
        Body::stored(template)?.render(arguments, &mut room)
    }

    fn render(template: &Value, arguments: &Arguments) -> Option<Value> {
        within(1_000, template, arguments).unwrap()
    }

    /// A template of 64 KiB could make gigabytes of a call's arguments.
    #[test]
    fn arguments_are_not_multiplied_beyond_the_room() {
        let arguments = json!({ "a": "x".repeat(98), "list": [1, 2, 3] });
        let arguments = arguments.as_object().unwrap();
        for template in [
            json!(["{a}", ["{a}"]]),
            json!({ "x": "{a}", "y": { "z": "{a}" } }),
            json!("{a}{a}!!!!"),
            json!(["{list}", "{list}"]),
        ] {
            let most = if template[0] == "{list}" { 14 } else { 200 };
            assert!(within(most, &template, arguments).is_ok(), "{template}");
            assert_eq!(
                within(most - 1, &template, arguments),
                Err(RenderError::Argument(format!(
                    "The arguments make the body longer than {} bytes.",
                    most - 1
                ))),
                "{template}"
            );
        }
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
