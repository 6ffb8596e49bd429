//! Servers, names, authentication, and what is refused.

use super::*;

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
    let form = json!({ "multipart/form-data": { "schema": {} } });
    for (path, method, operation, reason) in [
        ("/x", "head", json!({}), "not HEAD"),
        (
            "/x",
            "post",
            json!({ "requestBody": { "content": form } }),
            "tools send JSON and forms",
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
