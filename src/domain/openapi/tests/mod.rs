//! What operations become.

mod documents;
mod hostile;

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
fn a_form_is_sent_as_one() {
    let member = |schema: Value| json!({ "schema": schema });
    let form = |schema: Value, encoding: Value| {
        let operation = json!({ "requestBody": { "content": {
            "application/x-www-form-urlencoded": { "schema": schema, "encoding": encoding },
        } } });
        let tool = tool("3.0.0", "/v1/charges", "post", operation, json!({}));
        assert_eq!(
            tool.headers_template["Content-Type"],
            "application/x-www-form-urlencoded"
        );
        let arguments = json!({
            "amount": 5, "expand": ["a", "b"], "metadata": { "k": "v" }, "items": [{ "price": "p" }],
        });
        let request = crate::execute::rendered(&tool, arguments.as_object().unwrap()).unwrap();
        let body = String::from_utf8(request.into_body().unwrap()).unwrap();
        percent_encoding::percent_decode_str(&body)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let schema = json!({ "type": "object", "properties": {
        "amount": { "type": "integer" }, "expand": list, "metadata": { "type": "object" },
        "items": { "type": "array", "items": { "type": "object" } },
    } });
    assert_eq!(
        form(schema.clone(), json!({})),
        "amount=5&expand=a&expand=b&metadata[k]=v&items[0][price]=p"
    );
    let deep = json!({ "explode": true, "style": "deepObject" });
    assert_eq!(
        form(schema, json!({ "expand": deep, "metadata": deep })),
        "amount=5&expand[]=a&expand[]=b&metadata[k]=v&items[0][price]=p"
    );
    // Beside JSON it is not what is sent.
    let both = json!({ "requestBody": { "content": {
        "application/x-www-form-urlencoded": member(json!({})), "application/json": member(json!({})),
    } } });
    let tool = tool("3.1.0", "/x", "post", both, json!({}));
    assert!(tool.headers_template.is_empty());
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

/// Documents whose parts are of all kinds, in the places that are looked at.
/// Found by a review: each of these took the process down.
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
