//! The tool's own part of a request: what its templates make of the arguments.

use std::collections::HashSet;

use http::{HeaderMap, Method, Uri};
use serde_json::{Map, Value};

use super::template::{Arguments, RenderError, Template, body, fields, path};
use crate::tools::{HttpMethod, Tool};

/// Bytes of a URL. The `http` crate takes 65,534; few servers take more than this.
const LONGEST_URL: usize = 16_384;

/// Method, URL, headers and body, without anything of ours.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    /// JSON; none where there is nothing to send.
    pub(super) body: Option<Vec<u8>>,
}

pub(super) fn render(tool: &Tool, arguments: &Arguments) -> Result<Rendered, RenderError> {
    let path = path::render(&tool.endpoint_path, arguments)?;
    let headers = fields::headers(&tool.headers_template, arguments)?;
    let mut query = fields::query(&tool.query_template, arguments)?;
    let body = match &tool.body_template {
        Some(template) => body::render(template, arguments)?,
        None => {
            let rest = unused(tool, arguments)?;
            if tool.http_method.sends_rest_as_query() {
                for (name, value) in &rest {
                    query.extend(fields::repeated(name, Some(value)));
                }
                None
            } else {
                Some(Value::Object(rest))
            }
        }
    };
    Ok(Rendered {
        method: method(tool.http_method),
        uri: uri(&tool.base_url, &path, &fields::encode(&query))?,
        headers,
        body: body.map(|body| body.to_string().into_bytes()),
    })
}

/// The arguments that path, headers and query do not use.
fn unused(tool: &Tool, arguments: &Arguments) -> Result<Map<String, Value>, RenderError> {
    let mut used = HashSet::new();
    let templates = std::iter::once(&tool.endpoint_path)
        .chain(tool.headers_template.values())
        .chain(tool.query_template.values());
    for template in templates {
        used.extend(Template::stored(template)?.arguments().map(str::to_owned));
    }
    Ok(arguments
        .iter()
        .filter(|(name, _)| !used.contains(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect())
}

fn uri(base_url: &str, path: &str, query: &str) -> Result<Uri, RenderError> {
    let mark = if query.is_empty() { "" } else { "?" };
    let text = format!("{base_url}{path}{mark}{query}");
    if text.len() > LONGEST_URL {
        return Err(RenderError::Argument(format!(
            "The arguments make the URL longer than {LONGEST_URL} bytes."
        )));
    }
    text.parse()
        .map_err(|_| RenderError::Template("base URL and path make no URL".to_owned()))
}

fn method(method: HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
    }
}
