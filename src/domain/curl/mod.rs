//! Tools from curl commands: what somebody copied from a documentation or a browser becomes a draft
//! for the editor, with notes of what was understood and what was left out. Nothing is run, looked
//! up or sent.

mod address;
mod arguments;
mod body;
mod cmd;
mod credentials;
mod headers;
mod identifier;
mod names;
mod options;
mod path;
mod query;
mod quotes;
mod request;
mod resource;
mod secret;
mod shell;
mod stand_in;
mod words;

#[cfg(test)]
mod tests;

use self::{
    arguments::Arguments, credentials::Credentials, headers::Headers, request::Request,
    stand_in::StandIns, words::Words,
};
use crate::tools::{HttpMethod, ToolInput};

/// Bytes of a command.
pub const LARGEST: usize = 256 * 1024;
const MOST_NOTES: usize = 50;

/// A draft of a tool. It may still break a rule of tools, such as where it may reach, or need its
/// secret.
#[derive(Debug)]
pub struct FromCurl {
    /// What credential the command held is in `auth_secret`, and nowhere else.
    pub tool: ToolInput,
    /// Sentences for whoever pasted it; values that may be secret are not repeated.
    pub notes: Vec<String>,
}

/// Why a command makes no tool: a sentence that names the mend and repeats nothing that may be
/// secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CurlError(String);

fn refused(why: impl Into<String>) -> CurlError {
    CurlError(why.into())
}

/// Each once, in their order.
#[derive(Debug, Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.0.len() < MOST_NOTES && !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// A sentence about several things, where there are any.
    fn add_list(&mut self, things: &[String], rest: &str) {
        if !things.is_empty() {
            self.add(format!("{}{rest}", things.join(", ")));
        }
    }
}

/// The tool that a curl command describes (curl 8; the words of a POSIX shell or of cmd.exe).
///
/// What looks like an id in the path, the parameters of the query and the members of a JSON body
/// become arguments, with the values of the command as their examples.
///
/// # Errors
/// Where the text is no curl command, or does what tools do not do.
pub fn tool_from(command: &str) -> Result<FromCurl, CurlError> {
    if command.len() > LARGEST {
        return Err(refused(format!(
            "The command has more than {LARGEST} bytes: shorten its body."
        )));
    }
    let mut notes = Notes::default();
    let words = Words::read(command, &mut notes)?;
    let stand_ins = StandIns::new(words.variables.clone());
    let request = Request::read(words, &mut notes)?;
    let tool = draft(request, &stand_ins, &mut notes)?;
    Ok(FromCurl {
        tool,
        notes: notes.0,
    })
}

fn draft(
    request: Request,
    stand_ins: &StandIns,
    notes: &mut Notes,
) -> Result<ToolInput, CurlError> {
    let method = request.method(notes)?;
    let address = address::read(&request.url(notes)?, request.has_globs, notes)?;
    let mut headers = Headers::read(&request.headers, request.is_json, notes);
    let mut pairs = query::pairs(&address.query)?;
    for more in request.queries() {
        pairs.extend(query::pairs(&more)?);
    }

    // All of them before anything is shown: no example repeats one.
    let mut credentials = Credentials::new(stand_ins);
    headers.offer_authorization(&mut credentials, notes);
    request.offer(&mut credentials, notes);
    if let Some((name, password)) = &address.user {
        credentials.offer_basic("The URL's user", name, password.as_deref(), notes);
    }
    headers.offer_keys(&mut credentials, notes);
    let mut query = query::Query::read(pairs, notes)?;
    query.offer_keys(&mut credentials, notes);

    let (auth, secrets) = credentials.finish(notes);
    let mut arguments = Arguments::new(secrets);
    if let Some(parameter) = &auth.config.parameter {
        arguments.reserve(parameter);
    }
    let path = path::read(&address, &auth, stand_ins, &mut arguments, notes)?;
    let query_template = query.template(stand_ins, &mut arguments, notes);
    let (body_template, content_type) =
        body::read(request.body(), &headers, stand_ins, &mut arguments, notes)?;
    if body_template.is_some() && method == HttpMethod::Get {
        notes.add("The command sends a GET with a body, which some servers do not read.");
    }
    if body_template.is_none() && !method.sends_rest_as_query() {
        notes.add(format!(
            "The command sends no body; a {method} of a tool sends {{}} where it has none."
        ));
    }
    let headers_template = headers.template(content_type, stand_ins, &mut arguments, notes);

    let named = names::of(&address.host, method, &path);
    let mut tool: ToolInput = serde_json::from_value(serde_json::json!({
        "name": named.name,
        "base_url": address.base_url,
        "endpoint_path": path.template,
    }))
    .map_err(|_| refused("The command makes no tool: write its URL as https://host/path."))?;
    tool.title = named.title;
    tool.description = named.description;
    tool.http_method = method;
    tool.input_schema = arguments.schema(notes)?;
    tool.query_template = query_template;
    tool.headers_template = headers_template;
    tool.body_template = body_template;
    tool.auth_strategy = auth.strategy;
    tool.auth_config = auth.config;
    arguments.check(&tool)?;
    tool.auth_secret = auth.secret;
    if let Some(timeout_ms) = request.timeout_ms(notes) {
        tool.timeout_ms = timeout_ms;
    }
    notes.add("Say in the description what the tool does and when to use it: it is all that a model knows of it.");
    Ok(tool)
}

/// The methods that tools have, of whatever case.
fn method_of(text: &str) -> Option<HttpMethod> {
    text.to_ascii_uppercase().parse().ok()
}
