//! From a call's arguments to the request that is sent, or to the reason why none is.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::{Map, Value};
use tokio::{sync::Semaphore, time::timeout_at};
use zeroize::Zeroizing;

use super::{
    Caller, answer,
    client::{HttpClient, Limits, Watch},
    headers,
    mask::Mask,
    micros_since,
    plan::{Plan, Plans},
    progress::ProgressSender,
    record::Row,
    request::{self, Rendered},
    result::Ended,
    sign::{self, SIGNATURE_HEADER, Signed},
    template::RenderError,
    turns::Turns,
};
use crate::{
    Core, Error,
    calls::{Outcome, Phases},
    tools::{AuthStrategy, Tool},
};

pub(super) enum Prepared {
    Send(Box<Sendable>),
    /// Nothing is sent.
    Ended(Ended),
}

/// A request, and all that is needed to make a result of its answer.
pub(super) struct Sendable {
    request: Request<Full<Bytes>>,
    limits: Limits,
    plan: Arc<Plan>,
    /// For a tool with a limit of calls at once.
    turns: Option<Arc<Semaphore>>,
    mask: Mask,
}

impl Sendable {
    /// Sends it when its turn comes; `sending` is told when that is.
    pub(super) async fn run(
        self,
        client: &HttpClient,
        progress: Option<&ProgressSender>,
        phases: &mut Phases,
        sending: impl FnOnce() + Send,
    ) -> Ended {
        // One for the turn and the exchange: who called waits for no longer than the tool's limit.
        let deadline = tokio::time::Instant::now() + self.limits.timeout;
        let _turn = match &self.turns {
            None => None,
            Some(turns) => match timeout_at(deadline, turns.acquire()).await {
                Ok(Ok(turn)) => Some(turn),
                _ => return busy(turns),
            },
        };
        sending();
        let watch = Watch {
            mask: &self.mask,
            progress,
        };
        let exchange = client.exchange(self.request, deadline, self.limits, Some(watch), phases);
        match exchange.await {
            Ok(answer) => {
                answer::shape(&answer, self.limits, &self.mask, self.plan.output.as_ref())
            }
            Err(failure) => failure.ended(self.limits),
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
    (plans, turns): (&Plans, &Turns),
    caller: &Caller,
    tool: &Tool,
    arguments: Map<String, Value>,
    row: &mut Row,
) -> Result<Prepared, Error> {
    if !tool.is_enabled {
        let ended = Ended::failed(Outcome::NotEnabled, "Tool not enabled for this project");
        return Ok(Prepared::Ended(ended));
    }
    if tool.require_member && caller.member.is_none() {
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
            let secret = secret(core, tool)?;
            let request = finished(&plan, rendered, caller, tool, row, secret.as_ref())?;
            Prepared::Send(Box::new(Sendable {
                request,
                limits: Limits {
                    timeout: Duration::from_millis(
                        u64::try_from(tool.timeout_ms).unwrap_or_default(),
                    ),
                    max_bytes: usize::try_from(tool.max_response_bytes).unwrap_or_default(),
                },
                turns: turns.of(tool),
                plan,
                mask: Mask::of(secret),
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

fn secret(core: &Core, tool: &Tool) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    if tool.auth_strategy == AuthStrategy::None {
        return Ok(None);
    }
    let sealed = tool
        .auth_secret
        .as_ref()
        .ok_or_else(|| Error::corrupt("tool", "its secret is missing"))?;
    core.vault.open(tool.id.as_str(), sealed).map(Some)
}

/// Our headers and the signature on top of what the templates made.
fn finished(
    plan: &Plan,
    rendered: Rendered,
    caller: &Caller,
    tool: &Tool,
    row: &Row,
    secret: Option<&Zeroizing<Vec<u8>>>,
) -> Result<Request<Full<Bytes>>, Error> {
    let Rendered {
        uri,
        mut headers,
        body,
    } = rendered;
    headers::set_defaults(&mut headers, body.is_some());
    headers::set_ours(&mut headers, row, caller, tool)?;
    let body = body.unwrap_or_default();
    let unfit = || Error::corrupt("tool", "its secret does not fit a header");
    match (tool.auth_strategy, secret) {
        (AuthStrategy::None, _) | (_, None) => {}
        (AuthStrategy::StaticBearer, Some(secret)) => {
            let value = sign::bearer(secret).ok_or_else(unfit)?;
            headers.insert(http::header::AUTHORIZATION, value);
        }
        (AuthStrategy::HmacSignature, Some(secret)) => {
            let signed = Signed {
                timestamp: row.started_at.seconds(),
                request_id: &row.request_id,
                method: &plan.method,
                path_with_query: uri.path_and_query().map_or("/", |path| path.as_str()),
                body: &body,
            };
            let value = signed.signature(secret).parse().map_err(|_| unfit())?;
            headers.insert(SIGNATURE_HEADER, value);
        }
    }
    let mut request = Request::new(Full::new(Bytes::from(body)));
    *request.method_mut() = plan.method.clone();
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}
