//! A tool made ready to run: its schemas compiled and its templates parsed, kept while it is used.

use std::{collections::HashSet, sync::Arc};

use http::{HeaderName, Method, header};
use quick_cache::sync::Cache;

use super::template::{Part, RenderError, Template, body::Body, fields, pairs};
use crate::{
    Error,
    calls::redaction::SecretNames,
    clock::Timestamp,
    ids::ToolId,
    tools::{HttpMethod, Tool, schema::Validator},
};

/// Tools that are kept ready at once.
const MOST: usize = 4_096;

/// One version of a tool, ready to run.
pub(super) struct Plan {
    pub(super) tool_id: ToolId,
    pub(super) input: Validator,
    pub(super) output: Option<Validator>,
    pub(super) method: Method,
    pub(super) base_url: String,
    pub(super) path: Template,
    pub(super) headers: Vec<(HeaderName, Template)>,
    pub(super) query: Vec<(String, Template)>,
    pub(super) body: BodyPlan,
    /// Whether the body is written as a form and not as JSON.
    pub(super) is_form: bool,
    /// The arguments that path, headers and query use.
    pub(super) used: HashSet<String>,
    /// What is never kept of its calls.
    pub(super) secret: SecretNames,
    updated_at: Timestamp,
}

/// What is sent as the body.
pub(super) enum BodyPlan {
    Template(Body),
    /// Nothing: arguments that nothing else uses go into the query.
    RestAsQuery,
    /// The arguments that nothing else uses.
    RestAsJson,
}

impl Plan {
    /// # Errors
    /// [`Error::Corrupt`] where a stored schema does not compile or a template does not parse.
    pub(super) fn of(tool: &Tool) -> Result<Self, Error> {
        let corrupt = |why| Error::corrupt("tool", why);
        let unparsed = |error| match error {
            RenderError::Argument(why) | RenderError::Template(why) => corrupt(why),
        };
        let path = Template::stored(&tool.endpoint_path).map_err(unparsed)?;
        let headers = fields::parse_headers(&tool.headers_template).map_err(unparsed)?;
        let query = fields::parse_query(&tool.query_template).map_err(unparsed)?;
        let templates = std::iter::once(&path)
            .chain(headers.iter().map(|(_, template)| template))
            .chain(query.iter().map(|(_, template)| template));
        let used = templates
            .flat_map(Template::arguments)
            .map(str::to_owned)
            .collect();
        let secret = secret_names(tool, &headers, &query);
        let body = match &tool.body_template {
            Some(template) => BodyPlan::Template(Body::stored(template).map_err(unparsed)?),
            None if tool.http_method.sends_rest_as_query() => BodyPlan::RestAsQuery,
            None => BodyPlan::RestAsJson,
        };
        Ok(Self {
            input: Validator::compile(&tool.input_schema).map_err(corrupt)?,
            output: tool
                .output_schema
                .as_ref()
                .map(Validator::compile)
                .transpose()
                .map_err(corrupt)?,
            tool_id: tool.id.clone(),
            method: method(tool.http_method),
            base_url: tool.base_url.clone(),
            path,
            is_form: headers.iter().any(says_form),
            headers,
            query,
            body,
            used,
            secret,
            updated_at: tool.updated_at,
        })
    }
}

/// The arguments that the schema calls secret, and what they are sent as; and the parameter that the
/// tool's own secret is sent in.
fn secret_names(
    tool: &Tool,
    headers: &[(HeaderName, Template)],
    query: &[(String, Template)],
) -> SecretNames {
    let mut names = SecretNames::of_schema(&tool.input_schema);
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value));
    let query = query.iter().map(|(name, value)| (name.as_str(), value));
    let places: Vec<_> = headers
        .chain(query)
        .filter(|(_, value)| value.arguments().any(|argument| names.is_secret(argument)))
        .map(|(name, _)| name)
        .chain(tool.auth_config.parameter.as_deref())
        .collect();
    for name in places {
        names.add(name);
    }
    names
}

/// Whether a header says that the body is a form (WHATWG URL §5). Which it is, is the tool's to say and
/// no argument's.
fn says_form((name, value): &(HeaderName, Template)) -> bool {
    let [Part::Text(kind)] = value.parts() else {
        return false;
    };
    let essence = kind.split(';').next().unwrap_or_default().trim();
    *name == header::CONTENT_TYPE && essence.eq_ignore_ascii_case(pairs::FORM)
}

const fn method(method: HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
    }
}

/// Plans by tool, of the newest version that ran.
pub(super) struct Plans(Cache<ToolId, Arc<Plan>>);

impl Default for Plans {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Plans {
    /// # Errors
    /// As [`Plan::of`].
    pub(super) fn of(&self, tool: &Tool) -> Result<Arc<Plan>, Error> {
        if let Some(plan) = self.0.get(&tool.id)
            && plan.updated_at == tool.updated_at
        {
            return Ok(plan);
        }
        let plan = Arc::new(Plan::of(tool)?);
        self.0.insert(tool.id.clone(), plan.clone());
        Ok(plan)
    }
}
