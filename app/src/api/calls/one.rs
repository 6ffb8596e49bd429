//! One call: who, when, how long, and what was asked and answered.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::CallRow;
use crate::api::UiError;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneCall {
    pub row: CallRow,
    /// Where the integration is there still.
    pub integration_id: Option<String>,
    pub user_id: Option<String>,
    /// `X-Tengine-Request-Id`, as the endpoint saw it.
    pub request_id: String,
    /// `3.1 kB`
    pub size: String,
    /// In the order in which they pass.
    pub phases: Vec<Phase>,
    /// Nothing where it was not kept, or is not any more.
    pub detail: Option<Detail>,
    /// `7 days`: how long it may be kept.
    pub lifetime: String,
    /// Whether the tool is there still.
    pub has_tool: bool,
    /// Whether the reader may call it.
    pub may_repeat: bool,
}

/// A part of a call's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    pub name: String,
    /// What happens in it.
    pub text: String,
    pub micros: i64,
    /// `12 ms`, `0.42 ms`
    pub duration: String,
}

/// What was asked and answered, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    pub arguments: Option<Part>,
    pub request: Option<Asked>,
    pub answer: Option<Answered>,
}

/// A text to be read; of JSON with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub text: String,
    /// `the first 8.1 kB of 20.0 kB`, where it is not the whole.
    pub of: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Request line and headers.
    pub head: String,
    /// `120 bytes`, where there is one.
    pub body: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub status: u16,
    pub headers: String,
    /// The body; where it is no text, how large it is.
    pub body: Result<Part, String>,
}

#[server(endpoint = "load_call")]
pub async fn load_call(project_id: String, call_id: String) -> Result<OneCall, UiError> {
    use crate::ssr::{access, calls::one};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    one::shown(&services, &access, &call_id.into()).await
}
