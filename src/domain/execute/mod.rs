//! Runs a tool: validate the arguments → render the templates → inject headers → sign → guard the
//! address → send, again where that does no harm → shape the answer → log → answer. Who may call what is decided before, at the
//! edges; an [`Execute`] takes a [`Caller`] and a [`Tool`] at their word.

mod answer;
mod authenticate;
mod caller;
mod capture;
mod circuit;
mod client;
mod failure;
mod fetch;
mod headers;
mod json;
mod mask;
pub mod network;
mod once;
mod plan;
mod prepare;
mod preview;
mod progress;
mod record;
mod redirect;
mod request;
mod result;
mod retry;
mod send;
mod sign;
pub mod template;
mod token;
mod turns;

#[cfg(test)]
pub(crate) mod tests;

use std::{sync::Arc, time::Instant};

use serde_json::{Map, Value};
use tracing::Instrument;

pub(crate) use self::fetch::Fetcher;
pub(crate) use self::headers::is_reserved;
pub use self::{
    caller::{Caller, Member},
    network::{Allowlist, Network},
    once::Once,
    preview::{Preview, Previewed},
    progress::{Progress, ProgressSender},
    result::{CallResult, Content},
};
use self::{
    capture::Capture, circuit::Circuits, client::HttpClient, plan::Plans, prepare::Prepared,
    record::Row, result::Ended, send::Means, turns::Turns,
};
use crate::{
    Core, Error,
    calls::{Calls, KeepDetails, Outcome, Phases},
    tools::Tool,
    upstream::Upstream,
};

/// The reserved base URL of the sample tools. Only the executor maps it, to a listener that serves
/// samples and nothing else.
pub const SAMPLES_BASE_URL: &str = "http://samples.tengine.internal";

/// The room's service.
#[derive(Clone)]
pub struct Execute {
    core: Core,
    calls: Calls,
    client: HttpClient,
    /// It has connections of its own, and most calls need none of them.
    upstream: Arc<Upstream>,
    plans: Arc<Plans>,
    turns: Arc<Turns>,
    circuits: Arc<Circuits>,
}

impl Execute {
    pub(crate) fn new(core: Core, calls: Calls, upstream: Upstream, network: Network) -> Self {
        Self {
            core,
            upstream: Arc::new(upstream),
            calls,
            client: HttpClient::new(network),
            plans: Arc::default(),
            turns: Arc::default(),
            circuits: Arc::default(),
        }
    }

    /// Calls the tool once, and commits a row of the call log before it returns. What goes wrong at
    /// the endpoint or with the arguments is a result, for the model to read.
    ///
    /// Whoever drops this cancels the call: the request to the endpoint ends with it, and the row
    /// says so.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the stored tool or its secret cannot be used; [`Error::Database`]
    /// where the row cannot be committed.
    pub async fn call(
        &self,
        caller: &Caller,
        tool: &Tool,
        arguments: Map<String, Value>,
        progress: Option<&ProgressSender>,
    ) -> Result<CallResult, Error> {
        let begun = self.begin(caller, tool, arguments).await?;
        begun.finish(progress, || ()).await
    }

    /// The same in a task of its own: a caller who goes away leaves a row that tells what really
    /// happened, within the tool's time limit.
    ///
    /// # Errors
    /// As [`Execute::call`].
    pub async fn call_to_its_end(
        &self,
        caller: &Caller,
        tool: &Tool,
        arguments: Map<String, Value>,
    ) -> Result<CallResult, Error> {
        let begun = self.begin(caller, tool, arguments).await?;
        let task = async move { begun.finish(None, || ()).await };
        to_its_end(task).await
    }

    async fn begin(
        &self,
        caller: &Caller,
        tool: &Tool,
        arguments: Map<String, Value>,
    ) -> Result<Begun, Error> {
        let keeps = self.calls.keeps(&caller.project_id).await;
        let mut row = Row::begin(&self.core, caller, tool, keeps);
        let prepared =
            prepare::prepare(&self.core, &self.plans, caller, tool, arguments, &mut row)?;
        Ok(Begun {
            means: Means {
                core: self.core.clone(),
                client: self.client.clone(),
                upstream: self.upstream.clone(),
                circuits: self.circuits.clone(),
                turns: self.turns.of(tool),
            },
            prepared,
            open: OpenRow {
                calls: self.calls.clone(),
                row: Some(row),
            },
        })
    }
}

/// Runs something in a task of its own, which goes on where who waits for it goes away.
pub(crate) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    match tokio::spawn(work.in_current_span()).await {
        Ok(done) => done,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this future with it.
            Err(_) => std::future::pending().await,
        },
    }
}

/// A call whose request is ready.
struct Begun {
    means: Means,
    prepared: Prepared,
    open: OpenRow,
}

impl Begun {
    /// `sending` is told before anything of it goes out.
    async fn finish(
        self,
        progress: Option<&ProgressSender>,
        sending: impl FnOnce() + Send,
    ) -> Result<CallResult, Error> {
        let Self {
            means,
            prepared,
            mut open,
        } = self;
        let ended = match prepared {
            Prepared::Send(sendable) => {
                let (phases, capture) = open.parts();
                let run = sendable.run(&means, progress, phases, capture, sending);
                run.await
            }
            Prepared::Ended(ended) => ended,
        };
        open.end(ended).await
    }
}

/// The row of a call that runs. Dropped before its end, it says that the call was cancelled.
struct OpenRow {
    calls: Calls,
    row: Option<Row>,
}

impl OpenRow {
    fn parts(&mut self) -> (&mut Phases, Option<&mut Capture>) {
        let row = self.row.as_mut().expect("it is open until it ends");
        (&mut row.phases, row.capture.as_deref_mut())
    }

    async fn end(mut self, ended: Ended) -> Result<CallResult, Error> {
        let mut row = self.row.take().expect("it is open until it ends");
        row.phases.total_us = micros_since(row.began);
        let keeps = match row.capture {
            Some(_) => self.calls.keeps(row.project_id()).await,
            None => KeepDetails::None,
        };
        let detail = row.detail(&ended, keeps, &self.calls);
        self.calls.record(row.ended(&ended), detail).await?;
        Ok(CallResult {
            call_id: row.call_id,
            request_id: row.request_id,
            outcome: ended.outcome,
            http_status: ended.http_status,
            content: ended.content,
            structured: ended.structured,
            phases: row.phases,
            response_bytes: ended.response_bytes,
            error: ended.error,
            was_sent: ended.was_sent,
        })
    }
}

impl Drop for OpenRow {
    fn drop(&mut self) {
        if let Some(mut row) = self.row.take() {
            row.phases.total_us = micros_since(row.began);
            let ended = Ended::failed(
                Outcome::Cancelled,
                "The caller cancelled, went away or was disconnected before the endpoint's answer.",
            );
            let detail = row.detail(
                &ended,
                self.calls.keeps_at_once(row.project_id()),
                &self.calls,
            );
            self.calls.record_later(row.ended(&ended), detail);
        }
    }
}

/// What a tool's templates make of arguments: method, URL, headers and body, without anything of
/// ours. For tests of what arguments can do.
///
/// # Errors
/// A sentence, where they make nothing.
#[cfg(any(test, feature = "test-support"))]
pub fn rendered(
    tool: &crate::tools::ToolInput,
    arguments: &Map<String, Value>,
) -> Result<http::Request<Option<Vec<u8>>>, String> {
    let tool = crate::tools::definition::unchecked(tool);
    let plan = plan::Plan::of(&tool).map_err(|error| error.to_string())?;
    let rendered = request::render(&plan, arguments).map_err(|error| format!("{error:?}"))?;
    let mut request = http::Request::new(rendered.body);
    *request.method_mut() = plan.method.clone();
    *request.uri_mut() = rendered.uri;
    *request.headers_mut() = rendered.headers;
    Ok(request)
}

fn micros_since(start: Instant) -> i64 {
    i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX)
}
