//! Values of a schema: bounds that leave nothing, examples that do not fit, formats that nobody
//! knows.

use serde_json::{Map, Value};

use super::{
    Findings, Rule,
    finding::shown,
    walk::{Part, below},
};
use crate::tools::schema::Validator;

/// Schemas that are compiled to try their examples.
const MOST_TRIED: usize = 40;

/// Values of one list that are tried.
const MOST_VALUES: usize = 100;

/// Of JSON Schema 2020-12 (validation §7.3) and OpenAPI's registry of formats.
const FORMATS: [&str; 46] = [
    "base64url",
    "binary",
    "byte",
    "char",
    "commonmark",
    "date",
    "date-time",
    "date-time-local",
    "decimal",
    "decimal128",
    "double",
    "double-int",
    "duration",
    "email",
    "float",
    "hostname",
    "html",
    "http-date",
    "idn-email",
    "idn-hostname",
    "int16",
    "int32",
    "int64",
    "int8",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "media-range",
    "number",
    "password",
    "regex",
    "relative-json-pointer",
    "sf-string",
    "string",
    "time",
    "time-local",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "unixtime",
    "uri",
    "uri-reference",
    "uri-template",
];

pub(super) fn check(parts: &[Part<'_>], findings: &mut Findings) {
    let mut tried = 0;
    for part in parts {
        check_bounds(part, findings);
        check_format(part, findings);
        if tried < MOST_TRIED && has_examples(part.schema) {
            tried += 1;
            check_examples(part, findings);
        }
    }
}

fn check_bounds(part: &Part<'_>, findings: &mut Findings) {
    let number = |keyword: &str| part.schema.get(keyword).and_then(Value::as_f64);
    for (least, most, are_exclusive) in [
        ("minimum", "maximum", false),
        ("exclusiveMinimum", "exclusiveMaximum", true),
        ("minimum", "exclusiveMaximum", true),
        ("exclusiveMinimum", "maximum", true),
        ("minLength", "maxLength", false),
        ("minItems", "maxItems", false),
        ("minProperties", "maxProperties", false),
        ("minContains", "maxContains", false),
    ] {
        let (Some(low), Some(high)) = (number(least), number(most)) else {
            continue;
        };
        if low > high || are_exclusive && low >= high {
            findings.error(
                Rule::SchemaNothingFits,
                &part.field,
                format!(
                    "{least} is above {most}, so that no value fits and calls with one are refused."
                ),
            );
        }
    }
    let is_empty = |list: &Value| list.as_array().is_some_and(Vec::is_empty);
    if part.schema.get("enum").is_some_and(is_empty) {
        findings.error(
            Rule::SchemaNothingFits,
            &part.field,
            "enum lists no value, so that none fits. List some, or take it out.",
        );
    }
}

fn check_format(part: &Part<'_>, findings: &mut Findings) {
    let Some(format) = part.schema.get("format").and_then(Value::as_str) else {
        return;
    };
    let is_known = format == "uuid" || FORMATS.contains(&format.to_ascii_lowercase().as_str());
    if !is_known {
        findings.hint(
            Rule::SchemaFormatUnknown,
            &below(&part.field, "format"),
            format!(
                "{} is no format of JSON Schema or OpenAPI, so nobody checks it and a model may not \
                 know it. Describe the form, or write a pattern.",
                shown(format)
            ),
        );
    }
}

fn has_examples(schema: &Map<String, Value>) -> bool {
    ["default", "examples", "example", "enum"]
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
}

fn check_examples(part: &Part<'_>, findings: &mut Findings) {
    let mut alone = part.schema.clone();
    let values: Vec<(&str, Value)> = ["default", "example", "examples", "enum"]
        .into_iter()
        .filter_map(|keyword| Some((keyword, alone.remove(keyword)?)))
        .collect();
    // What refers to another part means nothing by itself; what does not compile is validation's.
    if Value::Object(alone.clone())
        .to_string()
        .contains("\"$ref\"")
    {
        return;
    }
    let listed = values.iter().find(|(keyword, _)| *keyword == "enum");
    let listed = listed.and_then(|(_, values)| values.as_array());
    let Ok(validator) = Validator::compile(&alone) else {
        return;
    };
    let fits = |value: &Value| validator.violations(value).is_empty();
    for (keyword, value) in &values {
        let several = matches!(*keyword, "examples" | "enum");
        let tried = match value {
            Value::Array(items) if several => &items[..items.len().min(MOST_VALUES)],
            one if !several => std::slice::from_ref(one),
            _ => continue,
        };
        let is_listed =
            |value: &&Value| *keyword == "enum" || listed.is_none_or(|all| all.contains(value));
        // A default of null is how people write that there is none.
        let is_none = |value: &Value| *keyword == "default" && value.is_null();
        let fit = tried
            .iter()
            .filter(|value| is_none(value) || fits(value) && is_listed(value))
            .count();
        if fit < tried.len() {
            findings.warning(
                Rule::SchemaExampleUnfit,
                &below(&part.field, keyword),
                format!(
                    "{} does not fit the schema that it stands in, and a model that follows it is \
                     refused. Mend the value or the schema.",
                    if several { "A value here" } else { "The value" }
                ),
            );
        }
    }
}
