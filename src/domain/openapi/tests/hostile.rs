//! Documents that mean harm.

use proptest::prelude::*;

use super::*;

fn documents() -> impl Strategy<Value = Value> {
    let words = [
        "get",
        "post",
        "parameters",
        "schema",
        "$ref",
        "in",
        "name",
        "path",
        "query",
        "properties",
        "type",
        "allOf",
        "items",
        "required",
        "requestBody",
        "content",
        "application/json",
        "security",
        "servers",
        "url",
        "#/paths/~1x",
        "#/components",
        "object",
        "array",
        "/x/{a}",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    let any_value = leaf.prop_recursive(6, 60, 6, move |inner| {
        let members = prop::collection::vec((word.clone(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    (any_value.clone(), any_value.clone(), any_value).prop_map(|(item, components, operation)| {
        json!({
            "openapi": "3.0.0", "servers": [{ "url": "https://a.example" }],
            "paths": { "/x": item, "/x/{a}": { "post": operation } }, "components": components,
        })
    })
}

proptest! {
    #[test]
    fn no_document_breaks_it(root in documents()) {
        let imported = Document::read(root.to_string().as_bytes()).unwrap().import(&Import::default());
        for one in imported.tools {
            prop_assert!(crate::tools::is_name(&one.tool.name));
        }
    }
}

#[test]
fn no_document_costs_more_than_it_is_large() {
    let body = |reference: &str| {
        json!({ "requestBody": { "content": { "application/json": { "schema": {
            "type": "object", "properties": { "a": { "$ref": reference } },
        } } } } })
    };
    let mut chain = serde_json::Map::new();
    for link in 0..50_000 {
        let next = format!("#/components/schemas/A{}", link + 1);
        chain.insert(format!("A{link}"), json!({ "$ref": next }));
    }
    chain.insert("A50000".to_owned(), json!({ "type": "string" }));
    tool(
        "3.0.0",
        "/x",
        "post",
        body("#/components/schemas/A0"),
        json!({ "schemas": chain }),
    );

    let values: Vec<_> = (0..50_000).map(|value| json!(value)).collect();
    let members: serde_json::Map<_, _> = (0..2_000)
        .map(|member| {
            (
                format!("m{member}"),
                json!({ "$ref": "#/components/schemas/E" }),
            )
        })
        .collect();
    let schemas =
        json!({ "E": { "enum": values }, "B": { "type": "object", "properties": members } });
    let components = json!({ "schemas": schemas });
    let takes = json!({ "requestBody": { "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/B" },
    } } } });
    let root = json!({ "paths": { "/x": { "post": takes } }, "components": components });
    let imported = document("3.0.0", root).import(&Import::default());
    assert_eq!(imported.tools.len() + imported.refused.len(), 1);

    let variables: serde_json::Map<_, _> = (0..40)
        .map(|v| {
            (
                format!("v{v}"),
                json!({ "default": format!("{{v{}}}{{v{}}}", v + 1, v + 1) }),
            )
        })
        .collect();
    let servers = json!([{ "url": "https://a.example/{v0}", "variables": variables }]);
    let operation = json!({ "servers": servers });
    let root = json!({ "paths": { "/x": { "get": operation } } });
    let imported = document("3.0.0", root).import(&Import::default());
    let paths: Vec<_> = imported
        .tools
        .iter()
        .map(|one| &one.tool.endpoint_path)
        .collect();
    assert!(paths.iter().all(|path| path.len() < 200), "{paths:?}");
}

#[test]
fn a_name_that_everybody_wants_is_given_out_at_once() {
    let paths: serde_json::Map<_, _> = (0..50_000)
        .map(|at| {
            (
                format!("/{at}"),
                json!({ "get": { "operationId": "same" } }),
            )
        })
        .collect();
    let document = document("3.1.0", json!({ "paths": paths }));
    let imported = document.import(&Import::default());
    // Counting on from 2 each time would be a billion steps.
    assert_eq!(imported.tools.len(), 50_000);
    let mut names: Vec<_> = imported
        .tools
        .iter()
        .map(|one| one.tool.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 50_000);
}

#[test]
fn an_operation_with_a_thousand_parameters_is_refused_at_once() {
    let parameters: Vec<_> = (0..100_000)
        .map(|at| json!({ "name": format!("p{at}"), "in": "query" }))
        .collect();
    assert!(
        refused("/x", "get", json!({ "parameters": parameters })).contains("100000 parameters")
    );
}
