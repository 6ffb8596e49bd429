//! The tool's own part of a request: what its templates make of the arguments.

use std::fmt::Write;

use http::{HeaderMap, Uri};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{
    plan::{BodyPlan, Plan},
    template::{Arguments, Place, RenderError, Room, fields, pairs::Pairs, path},
};

/// Bytes of a URL. The `http` crate takes 65,534; few servers take more than this.
const LONGEST_URL: usize = 16_384;
/// Bytes of a form, and of what a body's template makes of arguments: as much as a call can bring. What
/// goes on as it came is no more than that in any case.
const LARGEST_BODY: usize = 4 * 1_024 * 1_024;

/// URL, headers and body, without anything of ours.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    /// JSON or a form; none where there is nothing to send.
    pub(super) body: Option<Vec<u8>>,
}

pub(super) fn render(plan: &Plan, arguments: &Arguments) -> Result<Rendered, RenderError> {
    let mut room = Room::new(Place::Url, LONGEST_URL);
    room.take(plan.base_url.len())?;
    let path = path::render(&plan.path, arguments, &mut room)?;
    let headers = fields::headers(&plan.headers, arguments)?;
    let mut query = Pairs::new(room);
    fields::query(&plan.query, arguments, &mut query)?;
    let mut room = Room::new(Place::Body, LARGEST_BODY);
    let body = match &plan.body {
        BodyPlan::Template(body) => match body.render(arguments, &mut room)? {
            Some(body) if plan.is_form => Some(form_of(&body)?),
            body => body.map(|body| json(&body)),
        },
        BodyPlan::RestAsJson if plan.is_form => Some(form((Rest { plan, arguments }).members())?),
        BodyPlan::RestAsJson => Some(json(&Rest { plan, arguments })),
        BodyPlan::RestAsQuery => {
            for (name, value) in (Rest { plan, arguments }).members() {
                query.repeat(name, Some(value))?;
            }
            None
        }
    };
    Ok(Rendered {
        uri: uri(&plan.base_url, &path, &query.finish())?,
        headers,
        body,
    })
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a value that came from JSON goes back to it")
}

/// The members of a body as a form. A list of plain values repeats its name; what is nested is in
/// brackets, `a[b]=1` and `a[0][b]=1`, as those read it who take forms with more than plain values.
fn form<'a>(
    members: impl Iterator<Item = (&'a String, &'a Value)>,
) -> Result<Vec<u8>, RenderError> {
    let is_nested = |value: &Value| matches!(value, Value::Object(_) | Value::Array(_));
    let mut pairs = Pairs::new(Room::new(Place::Body, LARGEST_BODY));
    for (name, value) in members {
        let in_brackets = match value {
            Value::Array(items) => items.iter().any(is_nested),
            value => value.is_object(),
        };
        if in_brackets {
            bracketed(&mut name.clone(), value, &mut pairs)?;
        } else {
            pairs.repeat(name, Some(value))?;
        }
    }
    Ok(pairs.finish().into_bytes())
}

/// `name` is lengthened and shortened again: a copy for each of many items would take their number
/// times its length.
fn bracketed(name: &mut String, value: &Value, pairs: &mut Pairs<'_>) -> Result<(), RenderError> {
    let end = name.len();
    let mut below = |key: std::fmt::Arguments<'_>, value: &Value| {
        write!(name, "[{key}]").expect("a string takes all");
        bracketed(name, value, pairs)?;
        name.truncate(end);
        Ok(())
    };
    match value {
        Value::Object(members) => {
            (members.iter()).try_for_each(|(key, value)| below(format_args!("{key}"), value))
        }
        Value::Array(items) => {
            (items.iter().enumerate()).try_for_each(|(at, item)| below(format_args!("{at}"), item))
        }
        plain => pairs.repeat(name, Some(plain)),
    }
}

fn form_of(body: &Value) -> Result<Vec<u8>, RenderError> {
    let members = body.as_object().ok_or_else(|| {
        RenderError::Argument(
            "The body is a form: the argument that is all of it has to be an object.".to_owned(),
        )
    })?;
    form(members.iter())
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
    Uri::try_from([base_url, path, mark, query].concat())
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

    /// Names of 2 MB, each for so many items that all of them would be gigabytes.
    #[test]
    fn names_are_not_multiplied_beyond_the_room() {
        let name = "n".repeat(2_000_000);
        let many = |item: serde_json::Value| vec![item; 100_000];
        let million = vec![1; 1_000_000];
        let get = json!({ "name": "t", "base_url": "https://api.example", "endpoint_path": "/" });
        let get: ToolInput = serde_json::from_value(get).unwrap();
        let mut named = get.clone();
        named
            .query_template
            .insert("n".repeat(15_000), "{a}".to_owned());
        let mut filled = get.clone();
        filled
            .query_template
            .insert("n".to_owned(), "{a} ".repeat(1_000));
        let mut long = get.clone();
        long.endpoint_path = "/{a}".repeat(1_000);
        let mut header = get.clone();
        header
            .headers_template
            .insert("x-a".to_owned(), "{a}".repeat(1_000));
        let form = tool("application/x-www-form-urlencoded", json!(null));
        let put = tool(
            "application/x-www-form-urlencoded",
            json!({ name.clone(): "{a}" }),
        );
        let json = tool("application/json", json!(["{a}", "{a}", "{a}"]));
        let (url, body) = ("the URL longer than 16384", "the body longer than 4194304");
        for (tool, arguments, expected) in [
            (&get, json!({ name.clone(): million }), url),
            (&named, json!({ "a": many(json!(1)) }), url),
            (&filled, json!({ "a": name.clone() }), url),
            (&long, json!({ "a": name.clone() }), url),
            (
                &header,
                json!({ "a": name.clone() }),
                "the header x-a longer than 8192",
            ),
            (&form, json!({ name.clone(): million }), body),
            (&form, json!({ name.clone(): [many(json!(1))] }), body),
            (
                &form,
                json!({ name.clone(): { name.clone(): many(json!({ "k": 1 })) } }),
                body,
            ),
            (&put, json!({ "a": many(json!(1)) }), body),
            (&json, json!({ "a": name.clone() }), body),
        ] {
            let refused = rendered(tool, arguments.as_object().unwrap()).unwrap_err();
            assert_eq!(
                refused,
                format!("Argument(\"The arguments make {expected} bytes.\")")
            );
        }
        // Nor is time spent on names of which nothing is sent.
        for nothing in [json!(null), json!({}), json!([])] {
            let arguments = json!({ name.clone(): [many(nothing)] });
            let request = rendered(&form, arguments.as_object().unwrap()).unwrap();
            assert_eq!(request.into_body().unwrap(), b"");
        }
    }

    #[test]
    fn a_url_may_be_as_long_as_is_said() {
        let get =
            json!({ "name": "t", "base_url": "https://api.example", "endpoint_path": "/{p}" });
        let get: ToolInput = serde_json::from_value(get).unwrap();
        for (query, fits) in [(16_356, true), (16_357, false)] {
            let arguments = json!({ "p": "12345", "q": "x".repeat(query) });
            let request = rendered(&get, arguments.as_object().unwrap());
            assert_eq!(request.is_ok(), fits);
            assert!(request.is_err() || request.unwrap().uri().to_string().len() == 16_384);
        }
    }
}
