//! From a call's arguments to the request that is sent, or to the reason why none is.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use serde_json::{Map, Value};
use tokio::{sync::Semaphore, time::timeout_at};

use super::{
    Caller, answer,
    authenticate::authenticate,
    client::{HttpClient, Limits, Watch},
    headers,
    mask::Mask,
    micros_since,
    plan::{Plan, Plans},
    progress::ProgressSender,
    record::Row,
    request::{self, Rendered},
    result::Ended,
    template::RenderError,
    token,
};
use crate::{
    Core, Error,
    calls::{Outcome, Phases},
    tools::{AuthStrategy, Tool},
    upstream::{Token, TokenFor, Upstream},
};

pub(super) enum Prepared {
    Send(Box<Sendable>),
    /// Nothing is sent.
    Ended(Ended),
}

/// A request, and all that is needed to make a result of its answer.
pub(super) struct Sendable {
    pub(super) request: Request<Full<Bytes>>,
    body: Bytes,
    limits: Limits,
    plan: Arc<Plan>,
    pub(super) mask: Mask,
    /// Whose token it needs, where another server hands one out.
    pub(super) token: Option<TokenFor>,
}

impl Sendable {
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Sends it when its turn comes; `sending` is told when that is.
    pub(super) async fn run(
        mut self,
        client: &HttpClient,
        upstream: &Upstream,
        turns: Option<Arc<Semaphore>>,
        progress: Option<&ProgressSender>,
        phases: &mut Phases,
        sending: impl FnOnce() + Send,
    ) -> Ended {
        // One for the turn and the exchange: who called waits for no longer than the tool's limit.
        let deadline = tokio::time::Instant::now() + self.limits.timeout;
        let _turn = match &turns {
            None => None,
            Some(turns) => match timeout_at(deadline, turns.acquire()).await {
                Ok(Ok(turn)) => Some(turn),
                _ => return busy(turns),
            },
        };
        let mut token = match self.with_token(upstream, deadline).await {
            Ok(token) => token,
            Err(ended) => return ended,
        };
        sending();
        loop {
            // What a refused token costs is one request more: it is kept only where there is one.
            let again = token.as_ref().map(|_| self.request.clone());
            let watch = Watch {
                mask: &self.mask,
                progress,
            };
            let request = std::mem::take(&mut self.request);
            let exchange = client.exchange(request, deadline, self.limits, Some(watch), phases);
            let answer = match exchange.await {
                Ok(answer) => answer,
                Err(failure) => return failure.ended(self.limits),
            };
            // RFC 6750 §3.1: the endpoint did not take the token, and so did nothing.
            if answer.status == StatusCode::UNAUTHORIZED
                && let (Some(refused), Some(request), Some(of)) = (token.take(), again, &self.token)
                && upstream.refused(of, &refused).await.unwrap_or(false)
            {
                self.request = request;
                match self.with_token(upstream, deadline).await {
                    Ok(_) => continue,
                    Err(ended) => return ended,
                }
            }
            return answer::shape(&answer, self.limits, &self.mask, self.plan.output.as_ref());
        }
    }

    /// Puts the token on that the request needs, if it needs one.
    async fn with_token(
        &mut self,
        upstream: &Upstream,
        deadline: tokio::time::Instant,
    ) -> Result<Option<Token>, Ended> {
        let Some(of) = &self.token else {
            return Ok(None);
        };
        let token = token::put_on(upstream, of, &mut self.request, &mut self.mask);
        match timeout_at(deadline, token).await {
            Ok(token) => token.map(Some),
            Err(_) => Err(Ended::failed(
                Outcome::NoToken,
                "The authorization server gave no token within the tool's time limit. Nothing was \
                 sent to the endpoint.",
            )),
        }
    }
}

fn busy(turns: &Semaphore) -> Ended {
    debug_assert!(!turns.is_closed(), "nobody closes it");
    Ended::failed(
        Outcome::Busy,
        "The tool is busy: as many calls as it allows at once are running. Try again in a while.",
    )
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
    let prepared = match request::render(&plan, &arguments) {
        Ok(rendered) => {
            let mut request = with_headers(&plan, rendered, caller, tool, row)?;
            if doubles_key(tool, &request) {
                let why = "An argument has the name of the endpoint's key and cannot be sent.";
                return Ok(Prepared::Ended(unfit(&[why.to_owned()])));
            }
            let mask = authenticate(core, tool, row, &mut request)?;
            Prepared::Send(Box::new(Sendable {
                body: request.body().clone(),
                request: request.map(Full::new),
                limits: Limits {
                    timeout: Duration::from_millis(
                        u64::try_from(tool.timeout_ms).unwrap_or_default(),
                    ),
                    max_bytes: usize::try_from(tool.max_response_bytes).unwrap_or_default(),
                },
                plan,
                mask,
                token: token::needed(caller, tool)?,
            }))
        }
        Err(RenderError::Argument(why)) => Prepared::Ended(unfit(&[why])),
        Err(RenderError::Template(why)) => return Err(Error::corrupt("tool", why)),
    };
    row.phases.render_us = micros_since(start);
    Ok(prepared)
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
