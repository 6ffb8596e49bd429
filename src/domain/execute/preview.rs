//! A call's request as it would be sent, for people to look at.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    Caller, Execute, plan::Plan, prepare, prepare::Prepared, prepare::Sendable, record::Row,
};
use crate::{Error, calls::KeepDetails, tools::Tool};

/// A request, with the secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub method: String,
    pub url: String,
    /// In their order; names in lower case.
    pub headers: Vec<(String, String)>,
    /// Text: a body is JSON.
    pub body: Option<String>,
}

/// What arguments would make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Previewed {
    Request(Preview),
    /// Nothing would be sent; why.
    Nothing(String),
}

impl Execute {
    /// What a call would send. Nothing is sent, and nothing is logged.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where the stored tool or its secret cannot be used.
    pub fn preview(
        &self,
        caller: &Caller,
        tool: &Tool,
        arguments: Map<String, Value>,
    ) -> Result<Previewed, Error> {
        let mut row = Row::begin(&self.core, caller, tool, KeepDetails::None);
        let plans = &self.plans;
        match prepare::prepare(&self.core, plans, caller, tool, arguments, &mut row)? {
            Prepared::Send(sendable) => Ok(Previewed::Request(shown(&sendable))),
            Prepared::Ended(ended) => {
                let told = ended.content.into_iter().find_map(|content| match content {
                    super::Content::Text(text) => Some(text),
                    super::Content::Image { .. } | super::Content::Audio { .. } => None,
                });
                Ok(Previewed::Nothing(told.unwrap_or_default()))
            }
        }
    }
}

impl Execute {
    /// The same of a tool that may not be saved yet, with arguments that its schema may not take.
    ///
    /// # Errors
    /// As [`Execute::preview`].
    pub fn preview_draft(
        &self,
        caller: &Caller,
        tool: &Tool,
        arguments: &Map<String, Value>,
    ) -> Result<Previewed, Error> {
        let row = Row::begin(&self.core, caller, tool, KeepDetails::None);
        let plan = Arc::new(Plan::of(tool)?);
        match prepare::sendable(&self.core, plan, caller, tool, arguments, &row)? {
            Ok(sendable) => Ok(Previewed::Request(shown(&sendable))),
            Err(why) => Ok(Previewed::Nothing(why)),
        }
    }
}

fn shown(sendable: &Sendable) -> Preview {
    let Sendable {
        request,
        mask,
        token,
        ..
    } = sendable;
    let masked = |text: &[u8]| String::from_utf8_lossy(&mask.bytes(text, true)).into_owned();
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), masked(value.as_bytes())))
        .collect();
    if token.is_some() {
        headers.push(("authorization".to_owned(), "Bearer [redacted]".to_owned()));
    }
    let body = &sendable.body;
    Preview {
        method: request.method().to_string(),
        url: masked(request.uri().to_string().as_bytes()),
        headers,
        body: (!body.is_empty()).then(|| masked(body)),
    }
}
