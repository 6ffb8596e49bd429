//! What is said of bounds, examples and formats.

use serde_json::{Value, json};

use super::super::testing::arguments;

const A: &str = "input_schema/properties/a";

fn of(mut schema: Value) -> Vec<String> {
    schema["description"] = json!("What to look for");
    arguments(json!({ "a": schema }))
}

#[test]
fn something_fits() {
    for (schema, is_fine) in [
        (
            json!({ "type": "integer", "minimum": 1, "maximum": 1 }),
            true,
        ),
        (
            json!({ "type": "integer", "minimum": 2, "maximum": 1 }),
            false,
        ),
        (
            json!({ "type": "number", "exclusiveMinimum": 1, "maximum": 1 }),
            false,
        ),
        (
            json!({ "type": "number", "minimum": 1, "exclusiveMaximum": 1 }),
            false,
        ),
        (
            json!({ "type": "string", "minLength": 5, "maxLength": 4 }),
            false,
        ),
        (
            json!({ "type": "array", "items": {}, "minItems": 1, "maxItems": 0 }),
            false,
        ),
        (json!({ "enum": [] }), false),
    ] {
        let expected: Vec<String> = (!is_fine)
            .then(|| format!("error schema.nothing_fits {A}"))
            .into_iter()
            .collect();
        assert_eq!(of(schema.clone()), expected, "{schema}");
    }
}

#[test]
fn examples_fit() {
    for (schema, keyword) in [
        (json!({ "type": "integer", "default": "1" }), "default"),
        (
            json!({ "type": "integer", "maximum": 5, "examples": [1, 9] }),
            "examples",
        ),
        (
            json!({ "type": "string", "enum": ["x", "y"], "default": "z" }),
            "default",
        ),
        (json!({ "type": "string", "enum": ["x", 1] }), "enum"),
        (
            json!({ "type": "string", "pattern": "^a", "example": "b" }),
            "example",
        ),
    ] {
        assert_eq!(
            of(schema.clone()),
            [format!("warning schema.example_unfit {A}/{keyword}")],
            "{schema}"
        );
    }
    for fine in [
        json!({ "type": "integer", "default": 1, "examples": [1, 2] }),
        json!({ "type": "string", "default": null }),
        json!({ "type": "string", "enum": ["x"], "default": "x", "examples": [] }),
        json!({ "type": "string", "examples": "not a list" }),
    ] {
        assert!(of(fine.clone()).is_empty(), "{fine}");
    }
}

#[test]
fn formats_are_known_ones() {
    assert_eq!(
        of(json!({ "type": "string", "format": "german-date" })),
        [format!("hint schema.format_unknown {A}/format")]
    );
    for fine in ["date-time", "uuid", "int64", "URI"] {
        assert!(
            of(json!({ "type": "string", "format": fine })).is_empty(),
            "{fine}"
        );
    }
}
