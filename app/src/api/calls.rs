//! The recent calls of a project.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, When};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    pub id: String,
    pub tool_name: String,
    pub tool_id: String,
    /// The version of the tool that ran, where it is known.
    pub tool_version: Option<i64>,
    pub via: String,
    pub is_ok: bool,
    /// The outcome in words.
    pub outcome: String,
    pub error: Option<String>,
    pub http_status: Option<i64>,
    /// `120 ms`
    pub duration: String,
    pub when: When,
}

/// The newest calls, newest first.
#[server(endpoint = "recent_calls")]
pub async fn recent_calls(project_id: String) -> Result<Vec<CallRow>, UiError> {
    use crate::ssr::{access, calls::row};
    use domain::members::Viewer;
    const MOST: i64 = 100;
    let (services, access) = access::<Viewer>(project_id).await?;
    let now = services.core.now();
    let calls = services.calls.recent(&access, MOST).await?;
    Ok(calls.into_iter().map(|call| row(call, now)).collect())
}
