//! The schemas as a whole: what APIs refuse, and what is more than a model should read.

use serde_json::Value;

use super::{Findings, Rule, walk::Part};
use crate::{json_size::json_size, tools::ToolInput};

/// Bytes of an input schema that a model reads well; a usual one has 500.
const LARGE: usize = 16_384;
/// Levels of objects and lists. OpenAI takes five in strict mode of 2024, ten since (Structured
/// outputs, "Supported schemas").
const DEEP: usize = 5;
const MANY_ARGUMENTS: usize = 30;
/// As Anthropic's and OpenAI's guides ask for few; OpenAI takes 100 properties in strict mode of
/// 2024.
const MOST_ARGUMENTS: usize = 100;
const LARGE_ENUM: usize = 100;
/// OpenAI takes 250 values where they are long (Structured outputs).
const LARGEST_ENUM: usize = 250;

pub(super) fn check(input: &ToolInput, parts: &[Part<'_>], findings: &mut Findings) {
    const FIELD: &str = "input_schema";
    let Some(schema) = input.input_schema.as_object() else {
        return;
    };
    check_unions(schema, findings);
    let bytes = json_size(schema, usize::MAX).unwrap_or(usize::MAX);
    if bytes > LARGE {
        findings.warning(
            Rule::SchemaLarge,
            FIELD,
            format!(
                "It has {bytes} bytes, and a model reads all of it in every conversation. Leave out \
                 what nobody needs, or make two tools of it; {LARGE} are plenty."
            ),
        );
    }
    let deepest = parts
        .iter()
        .map(|part| part.level)
        .max()
        .unwrap_or_default();
    if deepest > DEEP {
        findings.hint(
            Rule::SchemaDeep,
            FIELD,
            format!(
                "Its arguments are nested {deepest} levels deep. Models fill flat arguments better, \
                 and some APIs take {DEEP} levels: bring up what is needed."
            ),
        );
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let count = properties.map_or(0, serde_json::Map::len);
    let message = format!(
        "It has {count} arguments, and a model weighs each of them. Leave out those that nobody sets, \
         or make several tools of it."
    );
    if count > MOST_ARGUMENTS {
        findings.warning(Rule::SchemaManyArguments, FIELD, message);
    } else if count > MANY_ARGUMENTS {
        findings.hint(Rule::SchemaManyArguments, FIELD, message);
    }
    // Left out, it is `true`.
    let is_open = schema
        .get("additionalProperties")
        .is_none_or(|value| value == true);
    if is_open && schema.get("unevaluatedProperties") != Some(&Value::from(false)) {
        findings.hint(
            Rule::SchemaOpen,
            FIELD,
            "It takes arguments that it does not name, so one that the model makes up is not refused \
             but sent on. Set \"additionalProperties\": false.",
        );
    }
    if input.output_schema.is_none() {
        findings.hint(
            Rule::SchemaNoOutput,
            "output_schema",
            "With an output schema clients know what comes back, and can use it without reading.",
        );
    }
    check_enums(parts, findings);
}

/// One of these makes Anthropic's API refuse all tools of a conversation, and clients show none
/// ("input_schema does not support oneOf, allOf, or anyOf at the top level"; anthropics/claude-code
/// #5973, #40075, until September 2026). OpenAI's refuses `enum` and `not` too
/// (langchain-ai/langchainjs#9804).
fn check_unions(schema: &serde_json::Map<String, Value>, findings: &mut Findings) {
    for keyword in ["anyOf", "oneOf", "allOf"] {
        if schema.contains_key(keyword) {
            findings.error(
                Rule::SchemaUnion,
                &format!("input_schema/{keyword}"),
                format!(
                    "Anthropic's API refuses {keyword} at the top of an input schema, and with it \
                     every tool of the connector. Put it into an argument, or say it in the \
                     description and let the endpoint check it."
                ),
            );
        }
    }
    for keyword in ["enum", "not", "const", "$ref"] {
        if schema.contains_key(keyword) {
            findings.warning(
                Rule::SchemaUnion,
                &format!("input_schema/{keyword}"),
                format!(
                    "Some APIs refuse {keyword} at the top of an input schema. Write the arguments \
                     there, under properties."
                ),
            );
        }
    }
}

fn check_enums(parts: &[Part<'_>], findings: &mut Findings) {
    for part in parts {
        let Some(values) = part.schema.get("enum").and_then(Value::as_array) else {
            continue;
        };
        let message = format!(
            "It lists {} values, and a model reads all of them in every conversation. Take a text and \
             name a few, or have another tool that finds the right one.",
            values.len()
        );
        if values.len() > LARGEST_ENUM {
            findings.warning(Rule::SchemaEnumLarge, &part.field, message);
        } else if values.len() > LARGE_ENUM {
            findings.hint(Rule::SchemaEnumLarge, &part.field, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::{arguments, rules};

    /// A schema of one argument, with more at its top.
    fn top(more: Value) -> Vec<String> {
        let mut schema = json!({
            "type": "object", "additionalProperties": false,
            "properties": { "text": { "type": "string", "description": "What to look for" } },
        });
        for (name, value) in more.as_object().unwrap() {
            schema[name] = value.clone();
        }
        rules(json!({ "input_schema": schema }))
    }

    #[test]
    fn a_union_at_the_top_hides_the_connector() {
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let found = top(json!({ keyword: [{ "required": ["text"] }] }));
            assert_eq!(
                found,
                [format!(
                    "error schema.top_level_union input_schema/{keyword}"
                )]
            );
        }
        assert_eq!(
            top(json!({ "not": { "required": ["x"] } })),
            ["warning schema.top_level_union input_schema/not"]
        );
        let inside = json!({ "a": { "description": "One of both", "anyOf": [{ "type": "string" }, { "type": "integer" }] } });
        assert!(arguments(inside).is_empty());
    }

    #[test]
    fn what_is_not_named_is_not_taken() {
        assert_eq!(
            top(json!({ "additionalProperties": true })),
            ["hint schema.open input_schema"]
        );
        assert!(
            top(json!({ "additionalProperties": true, "unevaluatedProperties": false })).is_empty()
        );
        assert_eq!(
            rules(json!({ "output_schema": null })),
            ["hint schema.no_output output_schema"]
        );
    }

    #[test]
    fn a_schema_is_as_large_as_a_model_reads_well() {
        let argument = |about: &str| json!({ "type": "string", "description": about });
        let many = |count: usize| {
            let properties =
                (0..count).map(|at| (format!("argument_{at}"), argument("A part of it")));
            arguments(Value::Object(properties.collect()))
        };
        assert!(many(30).is_empty());
        assert_eq!(many(31), ["hint schema.many_arguments input_schema"]);
        // They cost something too.
        assert_eq!(many(101)[0], "warning schema.many_arguments input_schema");
        let large = arguments(json!({ "a": argument(&"Long words. ".repeat(1_500)) }));
        assert!(
            large.contains(&"warning schema.large input_schema".to_owned()),
            "{large:?}"
        );

        let of = |count: usize| {
            let values: Vec<String> = (0..count).map(|at| format!("v{at}")).collect();
            arguments(
                json!({ "a": { "type": "string", "description": "One of them", "enum": values } }),
            )
        };
        assert!(of(100).is_empty());
        assert_eq!(
            of(101),
            ["hint schema.enum_large input_schema/properties/a"]
        );
        assert_eq!(
            of(251),
            ["warning schema.enum_large input_schema/properties/a"]
        );
    }

    #[test]
    fn depth_is_what_is_filled_in() {
        let nested = |levels: usize| {
            let mut schema = json!({ "type": "string", "description": "The end" });
            for _ in 1..levels {
                schema = json!({ "type": "array", "description": "A list", "items": schema });
            }
            arguments(json!({ "a": schema }))
        };
        assert!(nested(5).is_empty());
        assert_eq!(nested(6), ["hint schema.deep input_schema"]);
    }
}
