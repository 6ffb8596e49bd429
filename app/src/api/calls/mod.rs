//! The calls of a project: a page of them by what they are of, and how many there were.

pub mod kept;
pub mod one;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, When};

/// Calls that a page shows.
pub const ROWS: usize = 50;

/// Which calls a page is to show: what its address says, as it says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallFilter {
    /// A tool's name or id.
    pub tool: String,
    /// An integration's id.
    pub integration: String,
    /// A person's id.
    pub person: String,
    /// An outcome, or `failed`.
    pub status: String,
    /// `mcp`, `rest` or `playground`.
    pub via: String,
    /// How far back: one of [`SPANS`].
    pub span: String,
    /// `2026-11-26T07:30`, UTC. With one of these the span is no condition.
    pub since: String,
    pub until: String,
    /// Only those before the call with this id, or after it.
    pub before: String,
    pub after: String,
}

/// How far back a list goes: its word, seconds, and its text.
pub const SPANS: &[(&str, i64, &str)] = &[
    ("hour", 3_600, "Last hour"),
    ("day", 86_400, "Last 24 hours"),
    ("week", 7 * 86_400, "Last 7 days"),
    ("month", 30 * 86_400, "Last 30 days"),
];

/// A page of calls, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallPage {
    pub calls: Vec<CallRow>,
    /// Whether there are newer ones than these, and older ones.
    pub has_newer: bool,
    pub has_older: bool,
    pub choices: Choices,
    /// What of the filter cannot be used, and how to mend it. Then there are no calls.
    pub problem: Option<String>,
}

/// What a list can be filtered by: value and text of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    pub integrations: Vec<(String, String)>,
    pub people: Vec<(String, String)>,
    pub outcomes: Vec<(String, String)>,
    /// Names of tools, to choose from while one is typed.
    pub tools: Vec<String>,
    /// The tool that is asked for, by its name.
    pub tool: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    pub id: String,
    pub tool_name: String,
    pub tool_id: String,
    /// The version of the tool that ran, where it is known.
    pub tool_version: Option<i64>,
    /// `MCP`, `REST API`
    pub via: String,
    /// The integration that it came by.
    pub integration: Option<String>,
    /// Whose call it was; of a project's key that it was one.
    pub person: Option<String>,
    pub is_ok: bool,
    /// The outcome in words.
    pub outcome: String,
    pub error: Option<String>,
    pub http_status: Option<i64>,
    /// `120 ms`
    pub duration: String,
    pub when: When,
}

#[server(endpoint = "list_calls")]
pub async fn list_calls(
    project_id: String,
    #[server(default)] asked: CallFilter,
) -> Result<CallPage, UiError> {
    use crate::ssr::{access, calls::list};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    list::page(&services, &access, asked).await
}

/// The newest calls, newest first.
#[server(endpoint = "recent_calls")]
pub async fn recent_calls(project_id: String) -> Result<Vec<CallRow>, UiError> {
    use crate::ssr::{access, calls::row};
    use domain::members::Viewer;
    const MOST: i64 = 5;
    let (services, access) = access::<Viewer>(project_id).await?;
    let now = services.core.now();
    let calls = services.calls.recent(&access, MOST).await?;
    let names = services.calls.names_of(&access, &calls).await?;
    let rows = calls.into_iter().map(|call| row(call, &names, now));
    Ok(rows.collect())
}

/// How many calls there were in an hour or a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallCount {
    /// Its beginning, UTC: `14:00`, `Mon 23 Nov`
    pub label: String,
    pub calls: u64,
    pub failures: u64,
}

/// The calls of the last 24 hours by the hour, or of the last 7 days by the day; the oldest first.
#[server(endpoint = "count_calls")]
pub async fn count_calls(project_id: String, by_day: bool) -> Result<Vec<CallCount>, UiError> {
    use crate::ssr::{access, calls::count};
    use domain::{calls::Span, members::Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let (span, most) = match by_day {
        true => (Span::Day, 7),
        false => (Span::Hour, 24),
    };
    let counts = services.calls.counts(&access, span, most).await?;
    Ok(counts.into_iter().map(|one| count(one, span)).collect())
}
