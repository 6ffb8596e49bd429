use serde_json::json;

use super::*;

fn document() -> Value {
    json!({
        "paths": {
            "/api/v1/projects/{project_id}/tools": {
                "post": {
                    "tags": ["tools"], "operationId": "tools_create", "summary": "Makes a tool.",
                    "parameters": [{
                        "name": "project_id", "in": "path", "required": true,
                        "schema": { "type": "string" },
                    }],
                    "requestBody": { "content": { "application/json": {
                        "schema": { "oneOf": [
                            { "type": "null" }, { "$ref": "#/components/schemas/Input" },
                        ] },
                    } } },
                    "responses": {
                        "201": { "description": "", "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/View" },
                        } } },
                    },
                },
                "get": {
                    "tags": ["tools"], "operationId": "tools_list",
                    "responses": { "200": { "description": "", "content": {
                        "application/json": {
                            "schema": { "$ref": "#/components/schemas/List_View" },
                        },
                    } } },
                },
            },
        },
        "components": { "schemas": {
            "Input": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string", "description": "For people." },
                "days": { "type": ["integer", "null"], "minimum": 1, "maximum": 9 },
            } },
            "View": { "allOf": [
                { "$ref": "#/components/schemas/Input" },
                { "type": "object", "required": ["hints"], "properties": {
                    "hints": { "type": "array", "items": {
                        "$ref": "#/components/schemas/Hint",
                    } },
                } },
            ] },
            "Hint": { "type": "object", "description": "A hint.", "properties": {
                "in": { "$ref": "#/components/schemas/Hint" },
            } },
            "List_View": { "type": "object", "properties": {
                "data": { "type": "array", "items": { "$ref": "#/components/schemas/View" } },
                "next_cursor": { "type": ["string", "null"] },
            } },
        } },
    })
}

#[test]
fn an_operation_is_told_with_its_body_its_answers_and_who_may() {
    let reference = of(&document(), "https://a.example".to_owned());
    let [group] = reference.groups.as_slice() else {
        panic!("{:?}", reference.groups);
    };
    let create = &group.operations[0];
    assert_eq!(
        (create.method.as_str(), create.who.as_str()),
        ("POST", "Developers and above")
    );
    assert_eq!(create.parameters[0].place, "path");
    let body: Vec<_> = create
        .body
        .iter()
        .map(|field| {
            (
                field.name.as_str(),
                field.kind.words.as_str(),
                field.is_required,
            )
        })
        .collect();
    assert_eq!(
        body,
        [
            ("name", "string", true),
            ("days", "integer, 1 to 9 or null", false)
        ]
    );
    assert_eq!(
        create.example,
        "curl -X POST https://a.example/api/v1/projects/PROJECT_ID/tools \\\n  \
         -H \"Authorization: Bearer $TENGINE_API_KEY\" \\\n  \
         -H \"Idempotency-Key: $(uuidgen)\" \\\n  \
         -H \"Content-Type: application/json\" \\\n  -d '{\"name\":\"…\"}'"
    );
    let listed = group.operations[1].answers[0].kind.as_ref().unwrap();
    assert_eq!(listed.words, "page of View");
}

#[test]
fn objects_are_told_once_with_those_that_they_hold() {
    let reference = of(&document(), String::new());
    let [group] = reference.groups.as_slice() else {
        panic!("{:?}", reference.groups);
    };
    let names: Vec<&str> = group.objects.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Hint", "View"]);
    let view = &group.objects[1].fields;
    assert_eq!(view[2].kind.words, "list of Hint");
    assert_eq!(view[0].says, "For people.");
    assert_eq!(reference.home_of("Hint"), Some(group));
    assert_eq!(reference.home_of("Nothing"), None);
}

#[test]
fn an_object_is_described_with_the_first_group_that_names_it() {
    let mut document = document();
    let route = document["paths"]["/api/v1/projects/{project_id}/tools"]["get"].clone();
    document["paths"]["/api/v1/projects/{project_id}/calls"] = json!({ "get": route });
    document["paths"]["/api/v1/projects/{project_id}/calls"]["get"]["tags"] = json!(["api keys"]);
    let reference = of(&document, String::new());
    let shown: Vec<_> = reference
        .groups
        .iter()
        .map(|group| {
            let objects = group.objects.iter().map(|one| one.name.as_str());
            (
                group.word.as_str(),
                group.name.as_str(),
                objects.collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("api-keys", "API keys", vec!["Hint", "View"]),
            ("tools", "Tools", vec![]),
        ]
    );
}
