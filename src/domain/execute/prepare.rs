//! From a call's arguments to the request that is sent, or to the reason why none is.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::{Map, Value};

use super::{
    Caller,
    authenticate::authenticate,
    capture::Capture,
    client::Limits,
    headers,
    mask::Mask,
    micros_since,
    plan::{Plan, Plans},
    record::Row,
    request::{self, Rendered},
    result::Ended,
    template::RenderError,
    token,
};
use crate::{
    Core, Error,
    calls::{KeepDetails, Outcome},
    ids::ProjectId,
    tools::{AuthStrategy, Tool},
    upstream::TokenFor,
};

pub(super) enum Prepared {
    Send(Box<Sendable>),
    /// Nothing is sent.
    Ended(Ended),
}

/// A request, and all that is needed to send it and to make a result of its answer.
pub(super) struct Sendable {
    pub(super) request: Request<Full<Bytes>>,
    pub(super) body: Bytes,
    pub(super) limits: Limits,
    pub(super) plan: Arc<Plan>,
    pub(super) mask: Mask,
    /// Whose token it needs, where another server hands one out.
    pub(super) token: Option<TokenFor>,
    pub(super) project_id: ProjectId,
    /// Whether the request proves itself with a secret.
    pub(super) has_secret: bool,
    /// How often it may be sent once more.
    pub(super) retries: u32,
}

/// # Errors
/// [`Error::Corrupt`] where the stored tool or its secret cannot be used.
pub(super) fn prepare(
    core: &Core,
    plans: &Plans,
    caller: &Caller,
    tool: &Tool,
    arguments: Map<String, Value>,
    row: &mut Row,
) -> Result<Prepared, Error> {
    if !tool.is_enabled {
        let ended = Ended::failed(Outcome::NotEnabled, "Tool not enabled for this project");
        return Ok(Prepared::Ended(ended));
    }
    let acts_for_person = tool.auth_strategy == AuthStrategy::OAuth2AuthorizationCode;
    if (tool.require_member || acts_for_person) && caller.member.is_none() {
        let ended = Ended::failed(Outcome::MemberRequired, "Member context required");
        return Ok(Prepared::Ended(ended));
    }
    let start = Instant::now();
    let plan = plans.of(tool)?;
    if row.keeps != KeepDetails::None {
        row.capture = Some(Box::new(Capture::begin(&plan, &arguments)));
    }
    let arguments = Value::Object(arguments);
    let violations = plan.input.violations(&arguments);
    row.phases.validate_us = micros_since(start);
    if !violations.is_empty() {
        return Ok(Prepared::Ended(unfit(&violations)));
    }

    let start = Instant::now();
    let Value::Object(arguments) = arguments else {
        unreachable!("an object was made of it above")
    };
    let made = sendable(core, plan, caller, tool, &arguments, row)?;
    row.phases.render_us = micros_since(start);
    if let (Ok(sendable), Some(capture)) = (&made, &mut row.capture) {
        capture.asks(sendable);
    }
    Ok(match made {
        Ok(sendable) => Prepared::Send(sendable),
        Err(why) => Prepared::Ended(unfit(&[why])),
    })
}

/// The request that arguments make, or in a sentence why they make none.
///
/// # Errors
/// As [`prepare`].
pub(super) fn sendable(
    core: &Core,
    plan: Arc<Plan>,
    caller: &Caller,
    tool: &Tool,
    arguments: &Map<String, Value>,
    row: &Row,
) -> Result<Result<Box<Sendable>, String>, Error> {
    let rendered = match request::render(&plan, arguments) {
        Ok(rendered) => rendered,
        Err(RenderError::Argument(why)) => return Ok(Err(why)),
        Err(RenderError::Template(why)) => return Err(Error::corrupt("tool", why)),
    };
    let mut request = with_headers(&plan, rendered, caller, tool, row)?;
    if doubles_key(tool, &request) {
        let why = "An argument has the name of the endpoint's key and cannot be sent.";
        return Ok(Err(why.to_owned()));
    }
    let mask = authenticate(core, tool, row, &mut request)?;
    Ok(Ok(Box::new(Sendable {
        body: request.body().clone(),
        request: request.map(Full::new),
        limits: Limits {
            timeout: Duration::from_millis(u64::try_from(tool.timeout_ms).unwrap_or_default()),
            max_bytes: usize::try_from(tool.max_response_bytes).unwrap_or_default(),
        },
        plan,
        mask,
        token: token::needed(caller, tool)?,
        project_id: tool.project_id.clone(),
        has_secret: tool.auth_strategy != AuthStrategy::None,
        retries: retries(tool),
    })))
}

/// None, whatever is stored, where sending the request twice may do harm.
fn retries(tool: &Tool) -> u32 {
    if tool.annotations.idempotent_hint {
        u32::try_from(tool.max_retries).unwrap_or_default()
    } else {
        0
    }
}

/// The model is told each violation, the log only that there were some: they may quote arguments.
fn unfit(violations: &[String]) -> Ended {
    Ended::told(
        Outcome::InvalidArguments,
        format!(
            "The arguments do not fit this tool; nothing was sent. Mend them and call again:\n- {}",
            violations.join("\n- ")
        ),
        "The arguments do not fit the tool.",
    )
}

/// Our headers on top of what the templates made.
fn with_headers(
    plan: &Plan,
    rendered: Rendered,
    caller: &Caller,
    tool: &Tool,
    row: &Row,
) -> Result<Request<Bytes>, Error> {
    let Rendered {
        uri,
        mut headers,
        body,
    } = rendered;
    headers::set_defaults(&mut headers, body.is_some());
    headers::set_ours(&mut headers, row, caller, tool)?;
    let mut request = Request::new(Bytes::from(body.unwrap_or_default()));
    *request.method_mut() = plan.method.clone();
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Whether arguments made a parameter of the name that the key is sent under: which of the two
/// counts would be the endpoint's to say.
fn doubles_key(tool: &Tool, request: &Request<Bytes>) -> bool {
    let Some(name) = tool.auth_config.parameter.as_deref() else {
        return false;
    };
    let query = request.uri().query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(parameter, _)| parameter == name)
}
