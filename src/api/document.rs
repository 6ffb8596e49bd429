//! What the OpenAPI document says of every operation alike, written here once: names of operations,
//! the parameters of a list, `Idempotency-Key`, and the answers that any request may get.

use serde_json::{Map, Value, json};

use super::{idempotency, list};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The document with all that its operations share.
pub(super) fn completed(document: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).expect("a document is JSON");
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                name(path, operation);
                parameters(method, operation);
                answers(path, method, operation);
            }
        }
    }
    document
}

/// The function's name, with the nouns of the path before: an operation's id is unique (OpenAPI 3.1,
/// "Operation Object"), and what generates clients or tools calls things by it.
fn name(path: &str, operation: &mut Map<String, Value>) {
    let nouns = path
        .split('/')
        .filter(|part| !part.is_empty() && !part.starts_with('{'))
        .filter(|part| !matches!(*part, "api" | "v1"))
        .map(|part| part.replace('-', "_"));
    let mut words: Vec<String> = nouns.collect();
    let name = operation["operationId"].as_str().unwrap_or_default();
    if words.last().map(String::as_str) != Some(name) {
        words.push(name.to_owned());
    }
    operation.insert("operationId".to_owned(), words.join("_").into());
}

fn parameters(method: &str, operation: &mut Map<String, Value>) {
    let all = operation.entry("parameters").or_insert_with(|| json!([]));
    let Value::Array(all) = all else { return };
    for parameter in all.iter_mut().filter(|one| one["in"] == "query") {
        match parameter["name"].as_str() {
            Some("limit") => {
                parameter["description"] = "How many at most; 100 where it is left out.".into();
                parameter["schema"] =
                    json!({ "type": "integer", "minimum": 1, "maximum": list::MOST });
            }
            Some("cursor") => {
                parameter["description"] =
                    "Where the last page ended: its `next_cursor`, as it is.".into();
                parameter["schema"] = json!({ "type": "string" });
            }
            // It may be left out, which is not to be null.
            _ => {
                if let Some(Value::Array(types)) = parameter.pointer_mut("/schema/type") {
                    types.retain(|one| one != "null");
                }
            }
        }
    }
    if method == "post" {
        all.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "Of your choice, and new for each new request, such as a UUID. A request \
                that is sent again with it within a day is not done again and gets the first answer, \
                with the header Idempotency-Replayed.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": domain::idempotency::LONGEST_KEY,
                "pattern": "^[!-~]+$",
            },
        }));
    }
    if all.is_empty() {
        operation.remove("parameters");
    }
}

/// The answers that an operation may have besides its own, by what it is.
fn answers(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let has_body = operation.contains_key("requestBody");
    let has_query = operation
        .get("parameters")
        .and_then(Value::as_array)
        .is_some_and(|all| all.iter().any(|one| one["in"] == "query"));
    let is_post = method == "post";
    let mut common = vec![
        (401, "There is no valid API key with the request."),
        (500, "Something broke on the server."),
    ];
    // Everyone sees which projects they have, and who they are.
    let is_theirs = path.starts_with("/api/v1/account/") || path.starts_with("/api/v1/instance");
    if path.contains('{') || method != "get" || is_theirs {
        common.push((403, "The key may not do this; the message says who may."));
    }
    if path.contains('{') {
        common.push((
            404,
            "What the path names does not exist, or is not for this key to know of.",
        ));
    }
    if has_body || is_post {
        common.push((400, "The body or a header cannot be read."));
        common.push((413, "The body is over 4 MiB."));
    }
    if has_body {
        common.push((415, "The body is not application/json."));
    }
    if is_post {
        common.push((
            409,
            "Something else has this value, or the first request with this Idempotency-Key has no \
             answer that could be given again.",
        ));
    }
    if has_body || has_query || is_post {
        common.push((
            422,
            "A field or a parameter breaks a rule; `details` names each. Or another request was sent \
             with this Idempotency-Key.",
        ));
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Value::Object(responses) = responses else {
        return;
    };
    if is_post {
        let done = responses
            .iter_mut()
            .filter(|(status, _)| status.starts_with('2'));
        for (_, response) in done {
            response["headers"][idempotency::REPLAYED.as_str()] = json!({
                "description": "`true` where this is the first answer, given again.",
                "schema": { "type": "string" },
            });
        }
    }
    if !is_post && responses.contains_key("409") {
        common.push((
            409,
            "Something else has this value, or rests on it; the message says what.",
        ));
    }
    for (status, sentence) in common {
        let response = responses.entry(status.to_string()).or_insert_with(|| {
            json!({ "description": "", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
            } } })
        });
        if response["description"] == "" {
            response["description"] = sentence.into();
        }
    }
    responses.sort_keys();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_says_what_any_request_may_be_answered() {
        let document = super::super::document();
        let mut operations = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(METHODS.contains(&method.as_str()), "{method} {path}");
                operations += 1;
                let mut expected = vec!["401", "500"];
                if path.contains('{') {
                    expected.extend(["403", "404"]);
                }
                if method == "post" {
                    expected.extend(["400", "403", "409", "413", "422"]);
                }
                if operation.get("requestBody").is_some() {
                    expected.extend(["400", "413", "415", "422"]);
                }
                let parameters = operation["parameters"].as_array();
                let names = |place: &str| -> Vec<&str> {
                    let all = parameters.into_iter().flatten();
                    all.filter(|one| one["in"] == place)
                        .map(|one| one["name"].as_str().unwrap())
                        .collect()
                };
                let keys = names("header").contains(&"Idempotency-Key");
                assert_eq!(keys, method == "post", "{method} {path}");
                let query = names("query");
                if !query.is_empty() {
                    expected.push("422");
                    let is_list = method == "get";
                    assert!(
                        !is_list || query.contains(&"limit") && query.contains(&"cursor"),
                        "{path}"
                    );
                }
                // Each name in braces is described, and nothing else is.
                let in_path: Vec<&str> = path
                    .split('/')
                    .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                    .collect();
                assert_eq!(names("path"), in_path, "{method} {path}");
                let responses = operation["responses"].as_object().unwrap();
                for status in expected {
                    assert!(responses.contains_key(status), "{method} {path}: {status}");
                }
                for (status, response) in responses {
                    let says = response["description"].as_str().unwrap();
                    if status.starts_with(['4', '5']) {
                        let schema = &response["content"]["application/json"]["schema"]["$ref"];
                        assert_eq!(schema, "#/components/schemas/ErrorBody", "{path} {status}");
                    }
                    assert!(
                        status.starts_with('2') || !says.is_empty(),
                        "{method} {path}: {status} says nothing"
                    );
                }
            }
        }
        assert!(operations > 40, "{operations}");
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert!(schemas.contains_key("ErrorBody"));
    }
}
