//! What is said of single arguments.

use serde_json::{Value, json};

use super::super::testing::{arguments, rules};

const A: &str = "input_schema/properties/a";

fn of(schema: Value) -> Vec<String> {
    arguments(json!({ "a": schema }))
}

#[test]
fn an_argument_is_described() {
    assert_eq!(
        of(json!({ "type": "string" })),
        [format!("warning argument.description {A}")]
    );
    assert_eq!(
        of(json!({ "type": "string", "title": "A" })),
        [format!("hint argument.description {A}")]
    );
    assert_eq!(
        arguments(json!({ "contact_id": { "type": "string", "description": "Contact ID" } })),
        ["hint argument.description input_schema/properties/contact_id"]
    );
    let by_reference = json!({
        "type": "object", "additionalProperties": false,
        "properties": { "a": { "$ref": "#/$defs/place" } },
        "$defs": { "place": { "type": "string", "description": "Where it is" } },
    });
    assert!(rules(json!({ "input_schema": by_reference })).is_empty());
}

#[test]
fn an_argument_has_a_type_and_a_shape() {
    let about = |mut schema: Value| {
        schema["description"] = json!("What to look for");
        of(schema)
    };
    assert_eq!(about(json!({})), [format!("warning argument.type {A}")]);
    assert!(about(json!({ "enum": ["x", 1] })).is_empty());
    assert_eq!(
        about(json!({ "type": "array" })),
        [format!("warning schema.items_missing {A}")]
    );
    assert_eq!(
        about(json!({ "type": ["array", "null"] })),
        [format!("warning schema.items_missing {A}")]
    );
    assert!(about(json!({ "type": "array", "items": {} })).is_empty());
    assert_eq!(
        about(json!({ "type": "object" })),
        [format!("hint argument.free_form {A}")]
    );
    assert!(
        about(json!({ "type": "object", "additionalProperties": { "type": "string" } })).is_empty()
    );
}

#[test]
fn a_name_that_the_api_refuses_hides_the_connector() {
    let named =
        |name: &str| arguments(json!({ name: { "type": "string", "description": "What it is" } }));
    for wrong in ["filter[id]", "$top", "a b", "", "ä", &"x".repeat(65)] {
        let found = named(wrong);
        assert!(
            found
                .iter()
                .any(|one| one.starts_with("error argument.name")),
            "{wrong}: {found:?}"
        );
    }
    for fine in ["filter.id", "a-b_c", &"x".repeat(64)] {
        assert!(named(fine).is_empty(), "{fine}");
    }
    let inside = json!({ "type": "object", "description": "All of it", "properties": { "$top": { "type": "string" } } });
    assert!(of(inside).is_empty(), "only the top is looked at");
}

#[test]
fn a_credential_is_no_argument() {
    for (name, found) in [
        ("api_key", Some("warning")),
        ("X-Access-Token", Some("warning")),
        ("clientSecret", Some("warning")),
        ("password", Some("hint")),
        ("page_token", None),
        ("token_count", None),
        ("key", None),
    ] {
        let expected: Vec<String> = found
            .map(|severity| {
                format!("{severity} argument.credential input_schema/properties/{name}")
            })
            .into_iter()
            .collect();
        assert_eq!(
            arguments(json!({ name: { "type": "string", "description": "What it is" } })),
            expected
        );
    }
}

#[test]
fn what_is_required_is_there() {
    let required = |is_closed: bool| {
        rules(json!({ "input_schema": {
            "type": "object", "required": ["a", "b"], "additionalProperties": !is_closed,
            "unevaluatedProperties": false,
            "properties": { "a": { "type": "string", "description": "What it is" } },
        } }))
    };
    assert_eq!(
        required(true),
        ["error schema.required_unknown input_schema/required/1"]
    );
    assert_eq!(
        required(false),
        ["warning schema.required_unknown input_schema/required/1"]
    );
}
