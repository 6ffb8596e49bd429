//! The tool's own part of a request: what its templates make of the arguments.

use http::{HeaderMap, Uri};
use serde::{Serialize, Serializer};

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
    /// JSON; none where there is nothing to send.
    pub(super) body: Option<Vec<u8>>,
}

pub(super) fn render(plan: &Plan, arguments: &Arguments) -> Result<Rendered, RenderError> {
    let path = path::render(&plan.path, arguments)?;
    let headers = fields::headers(&plan.headers, arguments)?;
    let mut query = fields::query(&plan.query, arguments)?;
    let body = match &plan.body {
        BodyPlan::Template(body) => body.render(arguments).map(|body| json(&body)),
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

/// The arguments that path, headers and query do not use.
struct Rest<'a> {
    plan: &'a Plan,
    arguments: &'a Arguments,
}

impl<'a> Rest<'a> {
    fn members(&self) -> impl Iterator<Item = (&'a String, &'a serde_json::Value)> {
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
