use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn document(version: &str, rest: Value) -> Document {
    let mut root = json!({
        "openapi": version,
        "info": { "title": "CRM", "version": "1" },
        "servers": [{ "url": "https://{region}.example.com/api/", "variables": { "region": { "default": "eu" } } }],
    });
    for (name, value) in rest.as_object().unwrap() {
        root[name] = value.clone();
    }
    Document::read(root.to_string().as_bytes()).unwrap()
}

/// The one tool of the one operation of a document.
fn tool(version: &str, path: &str, method: &str, operation: Value, components: Value) -> ToolInput {
    let imported = document(
        version,
        json!({ "paths": { path: { method: operation } }, "components": components }),
    )
    .import(&Import::default());
    assert!(imported.refused.is_empty(), "{:?}", imported.refused);
    imported.tools.into_iter().next().unwrap().tool
}

fn refused(path: &str, method: &str, operation: Value) -> String {
    let document = document("3.1.0", json!({ "paths": { path: { method: operation } } }));
    let imported = document.import(&Import::default());
    assert!(imported.tools.is_empty());
    imported.refused[0].reason.clone()
}

#[test]
fn parameters_go_where_the_document_says() {
    let tool = tool(
        "3.0.3",
        "/contacts/{contact-id}/notes/{n}",
        "post",
        json!({
            "operationId": "contacts/add note", "summary": "Adds a note", "description": "To a contact.",
            "parameters": [
                { "name": "contact-id", "in": "path", "required": true, "schema": { "type": "integer" } },
                { "name": "filter[kind]", "in": "query", "schema": { "type": "string" } },
                { "name": "tags", "in": "query", "explode": false,
                  "schema": { "type": "array", "items": { "type": "string" } } },
                { "name": "X-Team", "in": "header", "required": true, "schema": { "type": "string" } },
                { "name": "Accept", "in": "header", "schema": { "type": "string" } },
                { "$ref": "#/components/parameters/Dry" },
                { "name": "session", "in": "cookie", "schema": { "type": "string" } },
            ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
                "type": "object", "required": ["text", "id"],
                "properties": {
                    "text": { "type": "string", "nullable": true, "example": "Hello" },
                    "id": { "type": "string", "readOnly": true },
                    "stars": { "type": "integer", "minimum": 0, "exclusiveMinimum": true },
                },
            } } } },
        }),
        json!({ "parameters": { "Dry": {
            "name": "dry", "in": "query", "description": "Only\n looks.", "schema": { "type": "boolean" },
        } } }),
    );
    assert_eq!(tool.name, "contacts-add-note");
    assert_eq!(
        (tool.title.as_str(), tool.description.as_str()),
        ("Adds a note", "Adds a note.\nTo a contact.")
    );
    assert_eq!(tool.base_url, "https://eu.example.com");
    assert_eq!(tool.endpoint_path, "/api/contacts/{contact-id}/notes/{n}");
    assert_eq!(
        serde_json::to_value(&tool.query_template).unwrap(),
        json!({ "filter[kind]": "{filter_kind}", "tags": "{tags}", "dry": "{dry}" })
    );
    assert_eq!(
        serde_json::to_value(&tool.headers_template).unwrap(),
        json!({ "X-Team": "{X-Team}" })
    );
    assert_eq!(tool.body_template, None, "its members are arguments");
    assert_eq!(
        tool.input_schema,
        json!({
            "type": "object",
            "properties": {
                "contact-id": { "type": "integer" },
                "filter_kind": { "type": "string" },
                "tags": { "type": "string", "description": "Several with commas between." },
                "X-Team": { "type": "string" },
                "dry": { "type": "boolean", "description": "Only looks." },
                "n": { "type": "string" },
                "text": { "type": ["string", "null"] },
                "stars": { "type": "integer", "exclusiveMinimum": 0 },
            },
            "required": ["contact-id", "X-Team", "n", "text"],
            "additionalProperties": false,
        })
    );
}

#[test]
fn a_body_that_is_no_plain_object_is_one_argument() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    for (schema, name) in [
        (list, "body"),
        (
            json!({ "type": "object", "properties": { "id": {} } }),
            "body",
        ),
        (
            json!({ "oneOf": [{ "type": "object", "properties": { "a": {} } }] }),
            "body",
        ),
        (
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            "body",
        ),
        (
            json!({ "type": "object", "properties": { "a b": {} } }),
            "body",
        ),
    ] {
        let tool = tool(
            "3.1.0",
            "/x/{id}",
            "put",
            json!({ "requestBody": {
                "description": "What it becomes.", "required": true,
                "content": { "application/merge-patch+json": { "schema": schema } },
            } }),
            json!({}),
        );
        assert_eq!(tool.body_template, Some(json!(format!("{{{name}}}"))));
        assert_eq!(
            tool.headers_template["Content-Type"],
            "application/merge-patch+json"
        );
        assert_eq!(tool.input_schema["required"], json!(["id", name]));
        assert_eq!(
            tool.input_schema["properties"][name]["description"],
            "What it becomes."
        );
    }
}

#[test]
fn schemas_stand_by_themselves_and_are_small_enough() {
    let node = json!({
        "type": "object", "description": "A node.",
        "properties": { "name": { "type": "string" }, "next": { "$ref": "#/components/schemas/Node" } },
    });
    let takes = |name: &str| {
        json!({ "requestBody": { "content": { "application/json": {
        "schema": { "$ref": format!("#/components/schemas/{name}") },
    } } } })
    };
    let made = tool(
        "3.0.0",
        "/x",
        "post",
        takes("Node"),
        json!({ "schemas": { "Node": node } }),
    );
    assert_eq!(
        made.input_schema["properties"],
        json!({
            "name": { "type": "string" },
            "next": { "type": "object", "description": "A node." },
        })
    );
    // Each of forty schemas has ten members of the next.
    let mut schemas = serde_json::Map::new();
    for level in 0..40 {
        let next = format!("#/components/schemas/L{}", level + 1);
        let members: serde_json::Map<_, _> = (0..10)
            .map(|n| (format!("m{n}"), json!({ "$ref": next })))
            .collect();
        schemas.insert(
            format!("L{level}"),
            json!({ "type": "object", "properties": members }),
        );
    }
    schemas.insert("L40".to_owned(), json!({ "type": "string" }));
    let made = tool(
        "3.0.0",
        "/x",
        "post",
        takes("L0"),
        json!({ "schemas": schemas }),
    );
    let bytes = made.input_schema.to_string().len();
    assert!((1_000..20_000).contains(&bytes), "{bytes}");
    // A pattern of another dialect is left out, and the rest stays.
    let odd = json!({ "type": "object", "properties": { "a": { "type": "string", "pattern": "(?=x)x" } } });
    let made = tool(
        "3.1.0",
        "/x",
        "post",
        takes("Odd"),
        json!({ "schemas": { "Odd": odd } }),
    );
    assert_eq!(
        made.input_schema["properties"]["a"],
        json!({ "type": "string" })
    );
}

#[test]
fn authentication_is_a_strategy_or_a_reason() {
    let schemes = json!({ "securitySchemes": {
        "token": { "type": "http", "scheme": "Bearer" },
        "oauth": { "type": "oauth2", "flows": {} },
        "login": { "type": "http", "scheme": "basic" },
        "header": { "type": "apiKey", "in": "header", "name": "X-Key" },
        "query": { "type": "apiKey", "in": "query", "name": "key" },
        "cookie": { "type": "apiKey", "in": "cookie", "name": "sid" },
    } });
    let with = |security: Value| {
        let operation = json!({
            "security": security,
            "parameters": [
                { "name": "key", "in": "query", "schema": {} },
                { "name": "x-key", "in": "header", "schema": {} },
            ],
        });
        let root = json!({ "paths": { "/": { "get": operation } }, "components": schemes });
        document("3.1.0", root).import(&Import::default())
    };
    for (security, strategy, config, arguments) in [
        (json!([]), AuthStrategy::None, json!({}), 2),
        (
            json!([{}, { "token": [] }]),
            AuthStrategy::None,
            json!({}),
            2,
        ),
        (
            json!([{ "token": [] }]),
            AuthStrategy::StaticBearer,
            json!({}),
            2,
        ),
        (
            json!([{ "oauth": ["read"] }]),
            AuthStrategy::StaticBearer,
            json!({}),
            2,
        ),
        (json!([{ "login": [] }]), AuthStrategy::Basic, json!({}), 2),
        (
            json!([{ "header": [] }]),
            AuthStrategy::ApiKeyHeader,
            json!({ "header": "X-Key" }),
            1,
        ),
        (
            json!([{ "query": [] }]),
            AuthStrategy::ApiKeyQuery,
            json!({ "parameter": "key" }),
            1,
        ),
        (
            json!([{ "cookie": [] }, { "token": [] }]),
            AuthStrategy::StaticBearer,
            json!({}),
            2,
        ),
    ] {
        let imported = with(security.clone());
        let tool = &imported.tools[0].tool;
        assert_eq!(tool.auth_strategy, strategy, "{security}");
        assert_eq!(serde_json::to_value(&tool.auth_config).unwrap(), config);
        let properties = tool.input_schema["properties"].as_object().unwrap();
        assert_eq!(
            properties.len(),
            arguments,
            "the key is no argument: {security}"
        );
    }
    for security in [
        json!([{ "cookie": [] }]),
        json!([{ "token": [], "header": [] }]),
        json!([{ "unknown": [] }]),
    ] {
        let imported = with(security.clone());
        assert!(
            imported.refused[0].reason.contains("authentication"),
            "{security}"
        );
    }
}

#[test]
fn what_cannot_be_a_tool_says_why() {
    let form = json!({ "application/x-www-form-urlencoded": { "schema": {} } });
    for (path, method, operation, reason) in [
        ("/x", "head", json!({}), "not HEAD"),
        (
            "/x",
            "post",
            json!({ "requestBody": { "content": form } }),
            "tools send JSON",
        ),
        (
            "/x",
            "get",
            json!({ "requestBody": { "required": true, "content": { "application/json": {} } } }),
            "GET with a body",
        ),
        (
            "/x",
            "get",
            json!({ "parameters": [{ "name": "f", "in": "query", "required": true, "style": "deepObject" }] }),
            "deepObject",
        ),
        (
            "/x",
            "get",
            json!({ "parameters": [{ "$ref": "#/nowhere" }] }),
            "not there",
        ),
        (
            "/x",
            "get",
            json!({ "parameters": [{ "$ref": "other.yaml#/x" }] }),
            "another document",
        ),
        (
            "/x",
            "get",
            json!({ "servers": [{ "url": "/v1" }] }),
            "name its server",
        ),
    ] {
        let said = refused(path, method, operation);
        assert!(said.contains(reason), "{said}");
    }
    for (text, reason) in [
        ("{", "not JSON"),
        ("a: [", "neither JSON nor YAML"),
        ("{\"swagger\":\"2.0\"}", "Swagger 2.0"),
        ("{\"openapi\":\"4.0.0\"}", "not 4.0.0"),
        ("openapi: 3.2.0", "not 3.2.0"),
        ("just words", "does not say"),
    ] {
        let said = Document::read(text.as_bytes()).unwrap_err();
        assert!(said.contains(reason), "{text}: {said}");
    }
    // Aliases of aliases would be a million lists.
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}", level - 1);
        let aliases = vec![before; 10].join(",");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert!(Document::read(bomb.as_bytes()).is_err());
}

#[test]
fn yaml_relative_servers_and_names_that_are_taken() {
    let text = "
openapi: 3.1.0
servers:
  - url: ../v2
paths:
  /pets:
    get: { operationId: pets.list }
    post: { operationId: 'pets list', responses: { 200: { description: ok } } }
  /pets/{id}:
    get: {}
";
    let import = Import {
        document_url: Some("https://api.example.com/docs/openapi.yaml".parse().unwrap()),
        ..Import::default()
    };
    let imported = Document::read(text.as_bytes()).unwrap().import(&import);
    let tools: Vec<_> = imported
        .tools
        .iter()
        .map(|one| (one.tool.name.as_str(), one.tool.endpoint_path.as_str()))
        .collect();
    assert_eq!(
        tools,
        [
            ("pets-list", "/v2/pets"),
            ("pets-list-2", "/v2/pets"),
            ("get-pets-id", "/v2/pets/{id}")
        ]
    );
    assert_eq!(imported.tools[0].tool.base_url, "https://api.example.com");
    let import = Import {
        select: vec!["GET /pets/*".parse().unwrap()],
        server: Some("https://other.example.com".to_owned()),
        ..import
    };
    let imported = Document::read(text.as_bytes()).unwrap().import(&import);
    assert_eq!(imported.tools.len(), 1);
    assert_eq!(imported.tools[0].tool.base_url, "https://other.example.com");
}

/// Documents whose parts are of all kinds, in the places that are looked at.
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
fn of_several_servers_the_first_that_is_safe_is_taken() {
    let (plain, other, safe) = ("http://a.example", "http://b.example", "https://c.example");
    for (servers, expected) in [
        ([plain, safe], safe),
        ([plain, other], plain),
        ([safe, plain], safe),
    ] {
        let servers = servers.map(|url| json!({ "url": url }));
        let operation = json!({ "servers": servers });
        let made = tool("3.1.0", "/x", "get", operation, json!({}));
        assert_eq!(made.base_url, expected);
    }
}

#[test]
fn several_ways_to_one_token_are_one() {
    let schemes = json!({ "securitySchemes": {
        "a": { "type": "oauth2", "flows": {} }, "b": { "type": "openIdConnect" },
    } });
    let operation = json!({ "security": [{ "a": ["x"], "b": ["y"] }] });
    let made = tool("3.0.0", "/x", "get", operation, schemes);
    assert_eq!(made.auth_strategy, AuthStrategy::StaticBearer);
}

/// Found by a review: each of these took the process down.
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
fn servers_that_are_not_said_or_not_whole() {
    let at = |servers: Value, base: &str| {
        let mut root = json!({ "openapi": "3.1.0", "paths": { "/pets": { "get": {} } } });
        if !servers.is_null() {
            root["servers"] = servers;
        }
        let import = Import {
            document_url: base.parse().ok(),
            ..Import::default()
        };
        let imported = Document::read(root.to_string().as_bytes())
            .unwrap()
            .import(&import);
        match imported.tools.first() {
            Some(one) => format!("{}{}", one.tool.base_url, one.tool.endpoint_path),
            None => imported.refused[0].reason.clone(),
        }
    };
    let base = "https://h.example/docs/openapi.json";
    assert_eq!(at(Value::Null, base), "https://h.example/pets");
    assert!(at(Value::Null, "").contains("name its server"));
    assert_eq!(
        at(json!([{ "url": "v1" }]), base),
        "https://h.example/docs/v1/pets"
    );
    assert!(
        at(json!([{ "url": "https://h.example/{tenant}/v1" }]), base).contains("needs a tenant")
    );
    assert!(at(json!([{ "url": "https://h.example/?v=1" }]), base).contains("no URL of a server"));
}

#[test]
fn ordinary_documents_make_tools_that_work() {
    let made = tool(
        "3.0.0",
        "/c/{b c}/{b_c}/{b c}",
        "patch",
        json!({
            "parameters": [
                { "name": "b_c", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "gone", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "ids", "in": "query", "explode": false, "schema": { "$ref": "#/components/schemas/Ids" } },
                { "name": "X-Ids", "in": "header", "schema": { "type": "array" } },
                { "name": "o", "in": "query", "schema": { "type": "object" } },
            ],
            "requestBody": { "content": {
                "application/json-patch+json": { "schema": { "type": "object" } },
                "application/merge-patch+json": { "schema": { "type": "array" } },
                "application/json": { "schema": {
                    "type": "object", "required": ["ghost", "n"], "properties": { "n": {} },
                } },
            } },
        }),
        json!({ "schemas": { "Ids": { "type": "array", "items": { "type": "string" } } } }),
    );
    assert_eq!(made.endpoint_path, "/api/c/{b_c_2}/{b_c}/{b_c_2}");
    assert_eq!(made.input_schema["required"], json!(["b_c", "b_c_2", "n"]));
    for joined in ["ids", "X-Ids"] {
        assert_eq!(made.input_schema["properties"][joined]["type"], "string");
    }
    assert!(made.input_schema["properties"].get("o").is_none());
    assert!(
        !made.headers_template.contains_key("Content-Type"),
        "it is plain JSON"
    );
}

#[test]
fn a_name_is_the_same_whatever_is_selected_and_nothing_is_hidden() {
    let root = json!({ "paths": { "/pets": {
        "get": { "operationId": "pets.list", "description": "Lists\u{200b} \u{202e}pets\tnow." },
        "post": { "operationId": "pets list" },
    }, "/gone": { "$ref": "#/nowhere" } } });
    let document = document("3.0.0", root);
    let import = Import {
        select: vec!["POST *".parse().unwrap()],
        ..Import::default()
    };
    assert_eq!(document.import(&import).tools[0].tool.name, "pets-list-2");
    let all = document.import(&Import::default());
    assert_eq!(all.tools[0].tool.description, "Lists pets now.");
    assert_eq!(all.refused[0].operation, "/gone");
}
