//! What is said of annotations.

use serde_json::{Value, json};

use super::super::testing::rules;

fn of(name: &str, method: &str, annotations: Value) -> Vec<String> {
    rules(json!({ "name": name, "http_method": method, "annotations": annotations }))
}

fn hints(read_only: bool, destructive: bool, idempotent: bool) -> Value {
    json!({
        "readOnlyHint": read_only, "destructiveHint": destructive,
        "idempotentHint": idempotent, "openWorldHint": true,
    })
}

#[test]
fn hints_keep_to_the_method() {
    const METHOD: &str = "hints.contradict_method annotations";
    for (method, annotations, found) in [
        ("GET", hints(true, false, true), None),
        (
            "GET",
            hints(false, true, true),
            Some(format!("warning {METHOD}.destructiveHint")),
        ),
        (
            "GET",
            hints(false, false, true),
            Some(format!("hint {METHOD}.readOnlyHint")),
        ),
        ("DELETE", hints(false, true, true), None),
        (
            "DELETE",
            hints(true, false, true),
            Some(format!("error {METHOD}.readOnlyHint")),
        ),
        (
            "DELETE",
            hints(false, false, true),
            Some(format!("warning {METHOD}.destructiveHint")),
        ),
        ("PUT", hints(false, true, true), None),
        (
            "PUT",
            hints(true, false, true),
            Some(format!("warning {METHOD}.readOnlyHint")),
        ),
        (
            "PUT",
            hints(false, true, false),
            Some(format!("hint {METHOD}.idempotentHint")),
        ),
        ("POST", hints(false, false, false), None),
        (
            "POST",
            hints(true, true, false),
            Some("warning hints.contradict_each_other annotations.destructiveHint".to_owned()),
        ),
    ] {
        let found: Vec<String> = found.into_iter().collect();
        assert_eq!(
            of("crm-contacts-foo_bars", method, annotations.clone()),
            found,
            "{method} {annotations}"
        );
    }
}

#[test]
fn hints_keep_to_the_name() {
    let posted = |name: &str, read_only| of(name, "POST", hints(read_only, false, false));
    assert_eq!(
        posted("crm-contacts-search", false),
        ["hint hints.could_be_read_only annotations.readOnlyHint"]
    );
    assert!(posted("crm-contacts-search", true).is_empty());
    assert!(posted("crm-contacts-create", false).is_empty());
    assert!(posted("crm-list-create", false).is_empty());
    assert_eq!(
        posted("crm-contacts-create", true),
        ["warning hints.contradict_method annotations.readOnlyHint"]
    );
    let got = of("crm-contacts-delete", "GET", hints(true, false, true));
    assert_eq!(
        got,
        ["warning hints.contradict_method annotations.readOnlyHint"]
    );
    assert!(of("crm-contacts-list_deleted", "GET", hints(true, false, true)).is_empty());
}

#[test]
fn hints_that_a_method_does_not_tell_are_asked_for() {
    let left_out = json!({});
    assert_eq!(
        of("crm-contacts-make", "POST", left_out.clone()),
        ["hint hints.missing annotations"]
    );
    assert!(of("crm-contacts-make", "GET", left_out.clone()).is_empty());
    assert!(of("crm-contacts-drop", "DELETE", left_out).is_empty());
}

#[test]
fn an_address_opens_the_world() {
    let found = rules(json!({
        "annotations": { "readOnlyHint": true, "openWorldHint": false },
        "input_schema": {
            "type": "object", "additionalProperties": false,
            "properties": { "url": { "type": "string", "description": "The page to read" } },
        },
    }));
    assert_eq!(found, ["hint hints.open_world annotations.openWorldHint"]);
}
