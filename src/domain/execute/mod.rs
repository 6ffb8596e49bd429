//! Runs a tool: validate the arguments → render the templates → inject headers → sign → guard the
//! address → send → shape the answer → log → answer. Who may call what is decided before, at the
//! edges; an [`Execute`] takes a [`Caller`] and a [`Tool`] at their word.

mod answer;
mod caller;
mod client;
mod failure;
mod fetch;
mod headers;
mod mask;
pub mod network;
mod prepare;
mod record;
mod request;
mod result;
mod sign;
pub mod template;
mod validators;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Instant};

use serde_json::{Map, Value};
use tracing::Instrument;

pub(crate) use self::fetch::Fetcher;
pub use self::{
    caller::{Caller, Member},
    network::{Allowlist, Network},
    result::{CallResult, Content},
};
use self::{
    client::HttpClient, prepare::Prepared, record::Row, result::Ended, validators::Validators,
};
use crate::{Core, Error, calls::Calls, tools::Tool};

/// The reserved base URL of the sample tools. Only the executor maps it, to a listener that serves
/// samples and nothing else.
pub const SAMPLES_BASE_URL: &str = "http://samples.tengine.internal";

/// The room's service.
#[derive(Clone)]
pub struct Execute {
    core: Core,
    calls: Calls,
    client: HttpClient,
    validators: Arc<Validators>,
}

impl Execute {
    pub(crate) fn new(core: Core, calls: Calls, network: Network) -> Self {
        Self {
            core,
            calls,
            client: HttpClient::new(network),
            validators: Arc::default(),
        }
    }

    /// Calls the tool once, and commits a row of the call log before it returns. What goes wrong at
    /// the endpoint or with the arguments is a result, for the model to read.
    ///
    /// The exchange goes on in a task of its own: a caller who goes away leaves a row that tells
    /// what really happened, within the tool's time limit.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the stored tool or its secret cannot be used; [`Error::Database`]
    /// where the row cannot be committed.
    pub async fn call(
        &self,
        caller: &Caller,
        tool: &Tool,
        arguments: &Map<String, Value>,
    ) -> Result<CallResult, Error> {
        let mut row = Row::begin(&self.core, caller, tool);
        let prepared = prepare::prepare(
            &self.core,
            &self.validators,
            caller,
            tool,
            arguments,
            &mut row,
        )?;
        let (client, calls) = (self.client.clone(), self.calls.clone());
        let task = async move {
            let ended = match prepared {
                Prepared::Send(sendable) => sendable.run(&client, &mut row.phases).await,
                Prepared::Ended(ended) => ended,
            };
            finish(&calls, row, ended).await
        };
        match tokio::spawn(task.in_current_span()).await {
            Ok(result) => result,
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down, and this future with it.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

async fn finish(calls: &Calls, mut row: Row, ended: Ended) -> Result<CallResult, Error> {
    row.phases.total_us = micros_since(row.began);
    calls.record(&row.ended(&ended)).await?;
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
    })
}

fn micros_since(start: Instant) -> i64 {
    i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX)
}
