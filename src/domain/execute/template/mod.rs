//! Templates are typed, not pasted text: an argument is put into a path segment, a header, a query
//! parameter or a JSON place as a value of that place, and can never break out of it.
//!
//! In a template `{argument}` stands for an argument; `{{` and `}}` are literal braces.

pub(super) mod body;
mod check;
pub(super) mod fields;
pub(super) mod pairs;
pub(super) mod path;
mod room;

use std::borrow::Cow;

use serde_json::{Map, Value};

pub use check::check;
pub(super) use room::{Place, Room};

pub(super) type Arguments = Map<String, Value>;

/// Why a request could not be made of arguments.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RenderError {
    /// An argument does not fit its place. A sentence from which the model can mend its call.
    Argument(String),
    /// The stored template is not one: it passed no validation.
    Template(String),
}

impl RenderError {
    pub(super) fn argument(name: &str, why: &str) -> Self {
        Self::Argument(format!("The argument {name:?} {why}"))
    }
}

/// A parsed template.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Argument(String),
}

impl Template {
    /// # Errors
    /// A sentence about the brace that is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '{' | '}' if rest.peek() == Some(&c) => {
                    rest.next();
                    literal.push(c);
                }
                '{' => {
                    if !literal.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut literal)));
                    }
                    parts.push(Part::Argument(argument_name(&mut rest)?));
                }
                '}' => return Err("a } closes nothing; write }} for the character".to_owned()),
                other => literal.push(other),
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self(parts))
    }

    pub(super) fn stored(text: &str) -> Result<Self, RenderError> {
        Self::parse(text).map_err(RenderError::Template)
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.0
    }

    pub(super) fn arguments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Argument(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The argument's name where the template is `{argument}` and nothing else.
    pub(super) fn only_argument(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Argument(name)] => Some(name),
            _ => None,
        }
    }

    /// The template as text, with `text_of` for each argument; `None` where one has no text.
    ///
    /// # Errors
    /// Those of `text_of`, and [`RenderError::Argument`] where there is no room for the text.
    pub(super) fn fill<'v>(
        &self,
        room: &mut Room<'_>,
        mut text_of: impl FnMut(&str) -> Result<Option<Cow<'v, str>>, RenderError>,
    ) -> Result<Option<String>, RenderError> {
        let mut filled = String::new();
        for part in &self.0 {
            let piece = match part {
                Part::Text(text) => Cow::Borrowed(text.as_str()),
                Part::Argument(name) => match text_of(name)? {
                    Some(text) => text,
                    None => return Ok(None),
                },
            };
            room.take(piece.len())?;
            filled.push_str(&piece);
        }
        Ok(Some(filled))
    }
}

fn argument_name(rest: &mut impl Iterator<Item = char>) -> Result<String, String> {
    let mut name = String::new();
    for c in rest {
        match c {
            '}' if name.is_empty() => return Err("{} names no argument".to_owned()),
            '}' => return Ok(name),
            '{' => break,
            other => name.push(other),
        }
    }
    Err("a { is not closed; write {{ for the character".to_owned())
}

/// The arguments that a template uses, in their order, each once.
///
/// # Errors
/// A sentence about the brace that is wrong.
pub fn placeholders(text: &str) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    for name in Template::parse(text)?.arguments() {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// The text of a string, a number or a boolean.
pub(super) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(value) => Some(value.to_string().into()),
        Value::Number(number) => Some(number_text(number).into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// 2.0 is an integer to JSON Schema (validation §6.1.1), so it is written as one.
fn number_text(number: &serde_json::Number) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT => {
            format!("{float:.0}")
        }
        _ => number.to_string(),
    }
}

/// The text of any value: JSON for arrays and objects, none for null.
pub(super) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::Array(_) | Value::Object(_) => Some(value.to_string().into()),
        _ => scalar(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn braces_name_arguments_and_doubled_ones_are_characters() {
        assert_eq!(
            placeholders("/a/{id}/{other}/{id}").unwrap(),
            ["id", "other"]
        );
        assert_eq!(
            Template::parse("{{{id}}}!{{id}}").unwrap().0,
            [
                Part::Text("{".to_owned()),
                Part::Argument("id".to_owned()),
                Part::Text("}!{id}".to_owned()),
            ]
        );
        for wrong in ["{", "{id", "id}", "{}", "{a{b}}", "{a}}"] {
            assert!(placeholders(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn whole_numbers_are_written_without_a_fraction() {
        for (value, expected) in [
            (json!(2.0), "2"),
            (json!(2.5), "2.5"),
            (json!(-7), "-7"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(1e300), "1e+300"),
            (json!(true), "true"),
        ] {
            assert_eq!(scalar(&value).unwrap(), expected);
        }
    }
}
