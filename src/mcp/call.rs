//! `tools/call`. Most calls are done in a moment and answered as JSON. One that takes longer, or
//! tells of progress to a client that asked for it, is answered as a stream.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, Response},
};
use domain::{
    Services,
    calls::Outcome,
    execute::{CallResult, Once, Progress, ProgressSender},
    grants::{Bearer, BearerError},
    tools::Tool,
};
use serde_json::{Map, Value, value::RawValue};
use tokio::sync::mpsc;
use tracing::Instrument;

use super::{
    bearer,
    in_flight::{Reason, Running},
    limits::Open,
    message::{Call, Era, Message},
    mirrored,
    reply::{self, Failure},
    stream::{self, Answer},
};
use crate::{middleware::RequestId, state::AppState};

/// How long a call is waited for before its answer becomes a stream.
const PATIENCE: Duration = Duration::from_secs(5);
/// Progress that waits for a slow client; more is dropped.
const BACKLOG: usize = 64;
/// Bytes of a client's own key for a call.
const LONGEST_KEY: usize = 255;

/// The answer to a call; `None` where rmcp has to look at it.
pub async fn answer(
    state: &AppState,
    bearer: &Bearer,
    headers: &HeaderMap,
    message: &Message<'_>,
    call: Call<'_>,
) -> Option<Response<Body>> {
    let grants = &state.services.grants;
    let fail = |failure: &Failure| Some(reply::response(reply::of_failure(message.id, failure)));
    let tool = match grants.tool_of(bearer, &call.name).await {
        Ok(Some(tool)) if tool.is_enabled => tool,
        Ok(Some(tool)) => return fail(&disabled(&tool)),
        Ok(None) => return fail(&unknown(&call.name)),
        Err(error) => return fail(&Failure::broken(&error, &RequestId::current())),
    };
    if tool.mirrors_arguments
        && message.era == Era::Modern
        && !mirrored::agree(headers, &tool.input_schema, &call.arguments)
    {
        return None;
    }
    let key = match key(call.idempotency_key.as_ref()) {
        Ok(key) => key.map(str::to_owned),
        Err(failure) => return fail(&failure),
    };
    let open = match state.mcp.limits.call(bearer) {
        Ok(open) => open,
        Err(error) => return Some(bearer::throttled(&error)),
    };
    let id_of_legacy = (message.era == Era::Legacy).then(|| message.id.get());
    let work = Work {
        services: state.services.clone(),
        running: state.mcp.in_flight.begin(bearer, id_of_legacy),
        _open: open,
        bearer: bearer.clone(),
        tool,
        arguments: call.arguments,
        key,
        id: message.id.to_owned(),
        era: message.era,
        request_id: RequestId::current(),
    };
    // Between the check of the bearer and here it may have ended; from here on it would be heard.
    if let Err(failure) = may_begin(state, bearer, &work.request_id).await {
        return fail(&failure);
    }
    let may_stream = stream::is_accepted(headers);
    let (progress, told) = match call.progress_token.filter(|_| may_stream) {
        None => (None, None),
        Some(token) => {
            let (to, from) = mpsc::channel(BACKLOG);
            (Some(to), Some((from, Box::from(token.get()))))
        }
    };
    let answer: Answer = match message.era {
        Era::Modern => Box::pin(work.done(progress)),
        // Up to 2025-11-25 a client who goes away has not cancelled.
        Era::Legacy => {
            let (id, request_id) = (work.id.clone(), work.request_id.clone());
            let task = tokio::spawn(work.done(progress).in_current_span());
            Box::pin(async move {
                // It broke, or the program is stopping.
                task.await.unwrap_or_else(|stopped| {
                    reply::of_failure(&id, &Failure::broken(&stopped, &request_id))
                })
            })
        }
    };
    if !may_stream {
        return Some(reply::response(answer.await));
    }
    Some(respond(answer, told).await)
}

/// What the client hears of a call while it runs, with the token that it is told under.
type Told = (mpsc::Receiver<Progress>, Box<str>);

async fn respond(mut answer: Answer, mut told: Option<Told>) -> Response<Body> {
    let first = async {
        match &mut told {
            None => std::future::pending().await,
            Some((from, _)) => match from.recv().await {
                Some(progress) => progress,
                None => std::future::pending().await,
            },
        }
    };
    let (answer, first) = tokio::select! {
        biased;
        message = &mut answer => match told.as_mut().and_then(|(from, _)| from.try_recv().ok()) {
            None => return reply::response(message),
            // It was told in the same moment, and is not to be lost.
            progress => (Box::pin(std::future::ready(message)) as Answer, progress),
        },
        progress = first => (answer, Some(progress)),
        () = tokio::time::sleep(PATIENCE) => (answer, None),
    };
    stream::response(answer, told, first.as_ref())
}

/// A call that is about to run, on its own.
struct Work {
    services: Services,
    running: Running,
    _open: Option<Open>,
    bearer: Bearer,
    tool: std::sync::Arc<Tool>,
    arguments: Map<String, Value>,
    key: Option<String>,
    id: Box<RawValue>,
    era: Era,
    request_id: String,
}

impl Work {
    /// The message that answers it.
    async fn done(self, progress: Option<ProgressSender>) -> Vec<u8> {
        let Self {
            services,
            running,
            _open,
            bearer,
            tool,
            arguments,
            key,
            id,
            era,
            request_id,
        } = self;
        let called = called(
            &services,
            &bearer,
            &tool,
            arguments,
            key.as_deref(),
            progress.as_ref(),
        );
        let called = tokio::select! {
            biased;
            called = called => called,
            reason = running.ended() => return reply::of_failure(&id, &ended(reason)),
        };
        match called {
            Ok(Ok(result)) => reply::of_call(&id, era, &result),
            Ok(Err(failure)) => reply::of_failure(&id, &failure),
            Err(error) => reply::of_failure(&id, &Failure::broken(&error, &request_id)),
        }
    }
}

/// Calls the tool: at most once, where the client gave a key for it.
pub async fn called(
    services: &Services,
    bearer: &Bearer,
    tool: &Tool,
    arguments: Map<String, Value>,
    key: Option<&str>,
    progress: Option<&ProgressSender>,
) -> domain::Result<Result<CallResult, Failure>> {
    let (execute, caller) = (&services.execute, bearer.caller());
    let result = match key {
        None => execute.call(&caller, tool, arguments, progress).await?,
        Some(key) => {
            let once =
                execute.call_once(bearer.grant_id(), key, &caller, tool, arguments, progress);
            match once.await? {
                Once::Called(result) => *result,
                Once::OtherArguments => return Ok(Err(Failure::invalid_params(OTHER_ARGUMENTS))),
                Once::Unfinished => return Ok(Err(Failure::invalid_params(UNFINISHED))),
                Once::NotKept => return Ok(Err(Failure::invalid_params(NOT_KEPT))),
            }
        }
    };
    // It was switched off between the look at it and the call.
    if result.outcome == Outcome::NotEnabled {
        return Ok(Err(disabled(tool)));
    }
    Ok(Ok(result))
}

const OTHER_ARGUMENTS: &str = "params._meta[\"ai.tengine/idempotency-key\"] was used with other \
     arguments; use a new key for another call.";
const UNFINISHED: &str = "A call under this params._meta[\"ai.tengine/idempotency-key\"] is \
     running, or was cut off and may have acted. Look at what it did before you call with a new key.";
const NOT_KEPT: &str = "A call under this params._meta[\"ai.tengine/idempotency-key\"] was made, and \
     its answer was too large to be kept. Look at what it did before you call with a new key.";
const BAD_KEY: &str =
    "params._meta[\"ai.tengine/idempotency-key\"] must be a string of 1 to 255 bytes.";

/// The client's own key for a call.
pub fn key(given: Option<&Value>) -> Result<Option<&str>, Failure> {
    match given {
        None => Ok(None),
        Some(Value::String(key)) if (1..=LONGEST_KEY).contains(&key.len()) => Ok(Some(key)),
        Some(_) => Err(Failure::invalid_params(BAD_KEY)),
    }
}

/// One of another project, outside the grant, or none at all: the answer is the same.
pub fn unknown(name: &str) -> Failure {
    let name: String = name.chars().take(64).collect();
    Failure::invalid_params(format!("Unknown tool: {name}"))
}

pub fn disabled(tool: &Tool) -> Failure {
    let name = &tool.name;
    Failure::invalid_params(format!(
        "The tool {name} is disabled; the project's developers can enable it."
    ))
}

/// Whether the connection still stands, now that its end would end the call.
pub async fn may_begin(state: &AppState, bearer: &Bearer, request_id: &str) -> Result<(), Failure> {
    match state.services.grants.still(bearer).await {
        Ok(_) => Ok(()),
        Err(BearerError::Domain(error)) => Err(Failure::broken(&error, request_id)),
        Err(_) => Err(Failure::ended(
            "The connection was ended; nothing was sent.",
        )),
    }
}

pub fn ended(reason: Reason) -> Failure {
    Failure::ended(match reason {
        Reason::Cancelled => "The call was cancelled.",
        Reason::Disconnected => {
            "The connection was ended while the call was running; the tool may have acted."
        }
        Reason::Stopping => {
            "The server was stopped while the call was running; the tool may have acted."
        }
    })
}
