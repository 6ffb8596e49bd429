//! The tool's own part of a request: what its templates make of the arguments.

use http::{HeaderMap, Uri};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{
    plan::{BodyPlan, Plan},
    template::{Arguments, RenderError, fields, path},
};

/// Bytes of a URL. The `http` crate takes 65,534; few servers take more than this.
const LONGEST_URL: usize = 16_384;

/// URL, headers and body, without anything of ours.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    /// JSON or a form; none where there is nothing to send.
    pub(super) body: Option<Vec<u8>>,
}

pub(super) fn render(plan: &Plan, arguments: &Arguments) -> Result<Rendered, RenderError> {
    let path = path::render(&plan.path, arguments)?;
    let headers = fields::headers(&plan.headers, arguments)?;
    let mut query = fields::query(&plan.query, arguments)?;
    let body = match &plan.body {
        BodyPlan::Template(body) => match body.render(arguments) {
            Some(body) if plan.is_form => Some(form_of(&body)?),
            body => body.map(|body| json(&body)),
        },
        BodyPlan::RestAsJson if plan.is_form => Some(form((Rest { plan, arguments }).members())),
        BodyPlan::RestAsJson => Some(json(&Rest { plan, arguments })),
        BodyPlan::RestAsQuery => {
            for (name, value) in (Rest { plan, arguments }).members() {
                query.extend(fields::repeated(name, Some(value)));
            }
            None
        }
    };
    Ok(Rendered {
        uri: uri(&plan.base_url, &path, &fields::encode(&query))?,
        headers,
        body,
    })
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a value that came from JSON goes back to it")
}

/// The members of a body as a form. A list of plain values repeats its name; what is nested is in
/// brackets, `a[b]=1` and `a[0][b]=1`, as those read it who take forms with more than plain values.
fn form<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>) -> Vec<u8> {
    let is_nested = |value: &Value| matches!(value, Value::Object(_) | Value::Array(_));
    let mut pairs = Vec::new();
    for (name, value) in members {
        match value {
            Value::Array(items) if items.iter().any(is_nested) => {
                bracketed(name, value, &mut pairs)
            }
            Value::Object(_) => bracketed(name, value, &mut pairs),
            _ => pairs.extend(fields::repeated(name, Some(value))),
        }
    }
    fields::encode(&pairs).into_bytes()
}

fn bracketed(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                bracketed(&format!("{name}[{member}]"), value, pairs);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                bracketed(&format!("{name}[{at}]"), item, pairs);
            }
        }
        plain => pairs.extend(fields::repeated(name, Some(plain))),
    }
}

fn form_of(body: &Value) -> Result<Vec<u8>, RenderError> {
    let members = body.as_object().ok_or_else(|| {
        RenderError::Argument(
            "The body is a form: the argument that is all of it has to be an object.".to_owned(),
        )
    })?;
    Ok(form(members.iter()))
}

/// The arguments that path, headers and query do not use.
struct Rest<'a> {
    plan: &'a Plan,
    arguments: &'a Arguments,
}

impl<'a> Rest<'a> {
    fn members(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let used = &self.plan.used;
        self.arguments
            .iter()
            .filter(|(name, _)| !used.contains(*name))
    }
}

impl Serialize for Rest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.members())
    }
}

fn uri(base_url: &str, path: &str, query: &str) -> Result<Uri, RenderError> {
    let mark = if query.is_empty() { "" } else { "?" };
    let text = [base_url, path, mark, query].concat();
    if text.len() > LONGEST_URL {
        return Err(RenderError::Argument(format!(
            "The arguments make the URL longer than {LONGEST_URL} bytes."
        )));
    }
    Uri::try_from(text)
        .map_err(|_| RenderError::Template("base URL and path make no URL".to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{execute::rendered, tools::ToolInput};

    fn tool(kind: &str, body: serde_json::Value) -> ToolInput {
        serde_json::from_value(json!({
            "name": "t", "base_url": "https://api.example", "endpoint_path": "/", "http_method": "POST",
            "headers_template": { "content-type": kind }, "body_template": body,
        }))
        .unwrap()
    }

    #[test]
    fn a_body_is_a_form_where_its_content_type_says_so() {
        let hostile =
            json!({ "a": "x&admin=1 +%", "list": [1, "y"], "deep": { "k": 1 }, "no": null });
        let arguments = hostile.as_object().unwrap();
        let template =
            json!({ "b[c]": "{a}", "list": "{list}", "no": "{no}", "gone": "{gone}", "k": 1 });
        for (kind, body, expected) in [
            (
                "application/x-www-form-urlencoded",
                template,
                "b%5Bc%5D=x%26admin%3D1+%2B%25&list=1&list=y&k=1",
            ),
            (
                "Application/X-WWW-Form-URLEncoded; charset=utf-8",
                json!(null),
                "a=x%26admin%3D1+%2B%25&list=1&list=y&deep%5Bk%5D=1",
            ),
            (
                "application/x-www-form-urlencoded",
                json!({ "items": [{ "k": "{a}" }, { "l": ["{list}"] }] }),
                "items%5B0%5D%5Bk%5D=x%26admin%3D1+%2B%25&items%5B1%5D%5Bl%5D%5B0%5D%5B0%5D=1\
                 &items%5B1%5D%5Bl%5D%5B0%5D%5B1%5D=y",
            ),
            ("application/x-www-form-urlencoded", json!("{deep}"), "k=1"),
            ("application/x-www-form-urlencoded", json!({}), ""),
            ("application/vnd.api+json", json!("{deep}"), r#"{"k":1}"#),
        ] {
            let request = rendered(&tool(kind, body), arguments).unwrap();
            let sent = String::from_utf8(request.into_body().unwrap()).unwrap();
            assert_eq!(sent, expected, "{kind}");
        }
        let whole = tool("application/x-www-form-urlencoded", json!("{a}"));
        assert!(
            rendered(&whole, arguments)
                .unwrap_err()
                .contains("has to be an object")
        );
        // An argument does not choose it.
        let chosen = tool("{kind}", json!("{deep}"));
        let arguments = json!({ "kind": "application/x-www-form-urlencoded", "deep": { "k": 1 } });
        let request = rendered(&chosen, arguments.as_object().unwrap()).unwrap();
        assert_eq!(request.into_body().unwrap(), br#"{"k":1}"#);
    }
}
