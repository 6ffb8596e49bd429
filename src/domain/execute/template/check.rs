//! What a template must be when a tool is registered.

use std::collections::HashSet;

use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::{Part, Template, body, path::is_dots};
use crate::{FieldError, execute::headers::is_reserved, tools::ToolInput};

/// Every rule that a tool's path and templates break. Known arguments are the `properties` of its
/// input schema.
#[must_use]
pub fn check(input: &ToolInput) -> Vec<FieldError> {
    let mut check = Check {
        known: input
            .input_schema
            .get("properties")
            .and_then(Value::as_object)
            .map(|properties| properties.keys().map(String::as_str).collect())
            .unwrap_or_default(),
        broken: Vec::new(),
    };
    check.path(&input.endpoint_path);
    check.headers(input);
    for (name, template) in &input.query_template {
        let field = format!("query_template.{name}");
        if name.is_empty() {
            check.note("query_template", "A query parameter needs a name.");
        }
        check.template(&field, template);
    }
    if let Some(template) = &input.body_template {
        for (place, text) in body::strings(template) {
            check.template(&format!("body_template{place}"), text);
        }
    }
    check.broken
}

struct Check<'a> {
    known: HashSet<&'a str>,
    broken: Vec<FieldError>,
}

impl Check<'_> {
    fn note(&mut self, field: &str, message: impl Into<String>) {
        self.broken.push(FieldError {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// Parses a template and looks its arguments up.
    fn template(&mut self, field: &str, text: &str) -> Option<Template> {
        match Template::parse(text) {
            Ok(template) => {
                for name in template.arguments() {
                    if !self.known.contains(name) {
                        self.note(field, format!(
                            "{{{name}}} is not a property of the input schema; write {{{{{name}}}}} for the text."
                        ));
                    }
                }
                Some(template)
            }
            Err(why) => {
                self.note(field, format!("Mend the braces: {why}."));
                None
            }
        }
    }

    fn path(&mut self, path: &str) {
        const FIELD: &str = "endpoint_path";
        if !path.starts_with('/') || path.starts_with("//") {
            self.note(FIELD, "Start it with one slash, like /v1/contacts.");
        }
        let Some(template) = self.template(FIELD, path) else {
            return;
        };
        let mut literal = String::new();
        for part in template.parts() {
            match part {
                Part::Text(text) => literal.push_str(text),
                // Stands in for a value, which can be neither empty nor dots.
                Part::Argument(_) => literal.push('x'),
            }
        }
        if let Some(c) = wrong_in_path(&literal) {
            self.note(
                FIELD,
                match c {
                    '?' => "Put the query into query_template.".to_owned(),
                    '#' => "A fragment is never sent: leave it out.".to_owned(),
                    '%' => "A % has to begin a percent-encoding like %20.".to_owned(),
                    other => format!("Percent-encode the character {other:?}."),
                },
            );
        }
        if literal.split('/').any(is_dots) {
            self.note(FIELD, "Leave out . and .. as segments.");
        }
    }

    fn headers(&mut self, input: &ToolInput) {
        let mut seen = HashSet::new();
        for (name, text) in &input.headers_template {
            let field = format!("headers_template.{name}");
            match HeaderName::from_bytes(name.as_bytes()) {
                Err(_) => self.note(&field, "This is not a header's name."),
                Ok(header) => {
                    if is_reserved(&header) {
                        self.note(
                            &field,
                            "This header is set by TengineAI or by the connection.",
                        );
                    }
                    if input.auth_strategy.headers().contains(&header.as_str()) {
                        let strategy = input.auth_strategy;
                        self.note(&field, format!("{strategy} sets this header."));
                    }
                    if !seen.insert(header) {
                        self.note(&field, "This header is there twice.");
                    }
                }
            }
            let Some(template) = self.template(&field, text) else {
                continue;
            };
            let is_visible = |part: &Part| match part {
                Part::Text(text) => HeaderValue::from_str(text).is_ok(),
                Part::Argument(_) => true,
            };
            if !template.parts().iter().all(is_visible) {
                self.note(&field, "Use visible ASCII characters on one line.");
            }
        }
    }
}

/// The first character that RFC 3986 §3.3 does not allow in a path as it is.
fn wrong_in_path(path: &str) -> Option<char> {
    let mut rest = path;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let fits = match c {
            '%' => rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()),
            _ => c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/".contains(c),
        };
        if !fits {
            return Some(c);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool(changes: Value) -> ToolInput {
        let mut tool = json!({
            "name": "t",
            "base_url": "https://api.example",
            "endpoint_path": "/v1/{id}",
            "input_schema": { "type": "object", "properties": { "id": {}, "note": {} } },
        });
        for (name, value) in changes.as_object().unwrap() {
            tool[name] = value.clone();
        }
        serde_json::from_value(tool).unwrap()
    }

    fn fields(changes: Value) -> Vec<String> {
        check(&tool(changes))
            .into_iter()
            .map(|error| error.field)
            .collect()
    }

    #[test]
    fn a_path_is_absolute_plain_and_without_climbing() {
        for fine in [
            "/",
            "/v1/contacts/{id}",
            "/v1/{id}.json",
            "/a%20b;v=1/@me",
            "/{{x}}",
        ] {
            let broken = check(&tool(json!({ "endpoint_path": fine })));
            // Braces are no URL characters, so they have to be percent-encoded even where meant.
            assert_eq!(broken.is_empty(), fine != "/{{x}}", "{fine}: {broken:?}");
        }
        for wrong in [
            "",
            "v1",
            "//evil.example",
            "/a/../b",
            "/a/.",
            "/%2e%2E/a",
            "/a?b=1",
            "/a#b",
            "/a\\b",
            "/a b",
            "/a\nb",
            "/ä",
            "/100%",
            "/%zz",
            "/{gone}",
            "/{id",
        ] {
            assert!(
                !fields(json!({ "endpoint_path": wrong })).is_empty(),
                "{wrong:?} passed"
            );
        }
    }

    #[test]
    fn headers_that_frame_or_sign_the_request_are_ours() {
        for wrong in [
            "Host",
            "content-length",
            "Transfer-Encoding",
            "Connection",
            "Upgrade",
            "TE",
            "X-Tengine-Member-Id",
            "traceparent",
            "a b",
            "",
            "x:y",
            "x\r\n",
        ] {
            let broken = fields(json!({ "headers_template": { wrong: "v" } }));
            assert_eq!(broken, [format!("headers_template.{wrong}")]);
        }
        assert!(
            fields(json!({ "headers_template": { "Authorization": "Basic {note}" } })).is_empty()
        );
        assert_eq!(
            fields(
                json!({ "headers_template": { "authorization": "x" }, "auth_strategy": "static_bearer" })
            ),
            ["headers_template.authorization"]
        );
        assert_eq!(
            fields(json!({ "headers_template": { "X-A": "1", "x-a": "a\nb" } })).len(),
            2
        );
    }

    #[test]
    fn every_template_names_known_arguments_only() {
        assert_eq!(
            fields(json!({
                "headers_template": { "x-a": "{one}" },
                "query_template": { "q": "{two}", "ok": "{note}" },
                "body_template": { "a": ["{id}", { "b": "x {three}" }], "c": "{" },
            })),
            [
                "headers_template.x-a",
                "query_template.q",
                "body_template/a/1/b",
                "body_template/c"
            ]
        );
    }
}
