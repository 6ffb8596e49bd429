//! The query: its credential, what stays as it is, and what becomes an argument.

use std::collections::{BTreeMap, HashMap};

use percent_encoding::percent_decode;
use serde_json::{Map, Value, json};

use super::{
    CurlError, Notes,
    arguments::{Arguments, Wish, literal, of_text},
    credentials::Credentials,
    refused,
    secret::{is_secret_name, looks_like_secret},
    stand_in::{Part, StandIns},
};

const MOST: usize = 200;
/// Which version or form of an API is meant: not for a model to choose.
const FIXED: [&str; 8] = [
    "api-version",
    "api_version",
    "apiVersion",
    "version",
    "v",
    "alt",
    "format",
    "$alt",
];

/// A name, and its value where it has one.
pub(super) type Pair = (String, Option<String>);

/// The parameters of a query or a form, decoded.
///
/// # Errors
/// For bytes that are no text.
pub(super) fn pairs(query: &str) -> Result<Vec<Pair>, CurlError> {
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            Ok(match pair.split_once('=') {
                Some((name, value)) => (decoded(name)?, Some(decoded(value)?)),
                None => (decoded(pair)?, None),
            })
        });
    pairs.collect()
}

fn decoded(text: &str) -> Result<String, CurlError> {
    let spaced = text.replace('+', " ");
    let bytes: Vec<u8> = percent_decode(spaced.as_bytes()).collect();
    String::from_utf8(bytes).map_err(|_| {
        refused("The query or form has percent-encodings that are not UTF-8: tools send UTF-8.")
    })
}

pub(super) struct Query {
    /// Each name once, in their order.
    parameters: Vec<(String, Vec<Option<String>>)>,
}

impl Query {
    /// # Errors
    /// For more parameters than a tool should have.
    pub(super) fn read(pairs: Vec<Pair>, notes: &mut Notes) -> Result<Self, CurlError> {
        if pairs.len() > MOST {
            return Err(refused(format!(
                "The query or form has more than {MOST} parameters: leave some out."
            )));
        }
        let mut parameters: Vec<(String, Vec<Option<String>>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (name, value) in pairs {
            if name.is_empty() || (value.is_none() && looks_like_secret(&name)) {
                notes.add("A part of the query or form that has no name was left out.");
            } else if let Some(place) = places.get(&name) {
                parameters[*place].1.push(value);
            } else {
                places.insert(name.clone(), parameters.len());
                parameters.push((name, vec![value]));
            }
        }
        Ok(Self { parameters })
    }

    pub(super) fn offer_keys(&mut self, credentials: &mut Credentials<'_>, notes: &mut Notes) {
        self.parameters.retain(|(name, values)| {
            let value = values[0].as_deref().unwrap_or_default();
            let is_long = value.len() >= 16 || credentials.hides(value);
            let is_key = is_secret_name(name)
                || (is_key_name(name) && is_long && !value.is_empty())
                || values
                    .iter()
                    .flatten()
                    .any(|value| looks_like_secret(value));
            if is_key {
                for value in values {
                    credentials.offer_parameter(name, value.as_deref().unwrap_or_default(), notes);
                }
            }
            !is_key
        });
    }

    /// The parameters of a form, each of which is needed.
    pub(super) fn form(
        self,
        stand_ins: &StandIns,
        arguments: &mut Arguments,
        notes: &mut Notes,
    ) -> Map<String, Value> {
        let template = self.filled(true, stand_ins, arguments, notes).into_iter();
        template.map(|(name, place)| (name, place.into())).collect()
    }

    pub(super) fn template(
        self,
        stand_ins: &StandIns,
        arguments: &mut Arguments,
        notes: &mut Notes,
    ) -> BTreeMap<String, String> {
        let template = self.filled(false, stand_ins, arguments, notes);
        template.into_iter().collect()
    }

    fn filled(
        self,
        is_form: bool,
        stand_ins: &StandIns,
        arguments: &mut Arguments,
        notes: &mut Notes,
    ) -> Vec<(String, String)> {
        let mut template = Vec::new();
        let mut fixed = Vec::new();
        for (name, values) in self.parameters {
            let is_secret = |value: &Option<String>| {
                value
                    .as_ref()
                    .is_some_and(|value| arguments.is_secret(value))
            };
            if arguments.is_secret(&name) || values.iter().any(is_secret) {
                notes.add("A part of the query or form repeats a credential and was left out.");
                continue;
            }
            let place = match values.as_slice() {
                // One without `=` is a switch.
                [None] => {
                    fixed.push(name.clone());
                    String::new()
                }
                [Some(value)] if has_stand_in(stand_ins, value) => match stand_ins.name(value) {
                    Some(_) => text(&name, is_form, arguments),
                    None => arguments.fill(value, stand_ins, is_form),
                },
                [Some(value)] if !is_form && FIXED.contains(&name.as_str()) => {
                    fixed.push(name.clone());
                    literal(value)
                }
                [Some(value)] => {
                    let (schema, example) = of_text(value);
                    arguments.add(Wish {
                        name: &name,
                        schema,
                        example: Some(example),
                        is_required: is_form,
                    })
                }
                several => list(&name, several, is_form, arguments),
            };
            template.push((name, place));
        }
        notes.add_list(&fixed, ": stays as it is.");
        template
    }
}

fn has_stand_in(stand_ins: &StandIns, value: &str) -> bool {
    stand_ins
        .parts(value)
        .iter()
        .any(|part| matches!(part, Part::Name(_)))
}

fn text(name: &str, is_required: bool, arguments: &mut Arguments) -> String {
    arguments.add(Wish {
        name,
        schema: json!({ "type": "string" }),
        example: None,
        is_required,
    })
}

/// A parameter that is there several times: a list, of which each item is one.
fn list(
    name: &str,
    values: &[Option<String>],
    is_required: bool,
    arguments: &mut Arguments,
) -> String {
    let texts: Vec<Value> = values.iter().flatten().map(|value| json!(value)).collect();
    arguments.add(Wish {
        name,
        schema: json!({ "type": "array", "items": { "type": "string" } }),
        example: Some(texts.into()),
        is_required,
    })
}

/// Names that are a key's where the value is long enough for one.
fn is_key_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(
        name.as_str(),
        "key" | "appid" | "app_id" | "sig" | "signature" | "code" | "hash"
    )
}
