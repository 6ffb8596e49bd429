//! Whatever comes in, a lint ends, and says what can be shown.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::{testing::input, *};

/// Texts with what rules look for in them.
fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<String>(),
        select(vec![
            "",
            " ",
            "{text}",
            "{",
            "}}",
            "~1/",
            "-----BEGIN RSA PRIVATE KEY-----",
            "://a:b@c",
            "eyJ.eyJ.",
            "![x](http",
            "](",
            "<IMPORTANT>",
            "ignore previous instructions",
            "\u{200d}",
            "\u{e0041}",
            "\u{301}",
            "sk-",
            "'ſ",
            "GET /contacts",
            "__",
            "#/properties/a",
            "\u{202e}",
            "12345678901234567890",
        ])
        .prop_map(str::to_owned),
    ];
    vec(part, 0..5).prop_map(|parts| parts.concat())
}

/// Schemas, and what is none.
fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
        select(vec!["string", "object", "array", "integer", "uuid"]).prop_map(Value::from),
    ];
    let keyword = select(vec![
        "type",
        "properties",
        "required",
        "items",
        "anyOf",
        "allOf",
        "$ref",
        "$defs",
        "enum",
        "default",
        "examples",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "description",
        "title",
        "additionalProperties",
        "a",
        "api_key",
    ]);
    leaf.prop_recursive(5, 60, 8, move |inner| {
        let name = prop_oneof![keyword.clone().prop_map(str::to_owned), any_text()];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name, inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn a_lint_ends_and_can_be_shown(
        texts in vec(any_text(), 8), schema in any_schema(), output in any_schema(), body in any_schema(),
        method in select(vec!["GET", "POST", "PUT", "PATCH", "DELETE"]), timeout in any::<i64>(),
    ) {
        let tool_input = input(json!({
            "name": texts[0], "title": texts[1], "description": texts[2], "endpoint_path": texts[3],
            "base_url": texts[4], "headers_template": { &*texts[5]: texts[6] }, "query_template": { &*texts[6]: texts[7] },
            "input_schema": schema, "output_schema": output, "body_template": body,
            "http_method": method, "timeout_ms": timeout, "max_response_bytes": timeout,
        }));
        let context = ProjectContext::new([(&*texts[7], &*texts[2]), (&*texts[0], &*texts[1])]);
        let found = tool(&tool_input, &context);
        prop_assert!(found.is_sorted_by_key(|finding| finding.severity));
        for finding in &found {
            let can_be_shown = |text: &str| !text.chars().any(|c| c.is_control() || hidden::is_hidden(c));
            prop_assert!(can_be_shown(&finding.field) && can_be_shown(&finding.message), "{:?}", finding);
            prop_assert!(!finding.message.is_empty() && finding.field.chars().count() <= 132);
        }
        prop_assert_eq!(found, tool(&tool_input, &context));
        let report = project(&[tool_input]);
        prop_assert_eq!(report.cost.tokens, report.tools[0].cost.tokens + tokens::FRAME_TOKENS);
    }
}
