//! /api/v1/projects/{project_id}/calls

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    calls::{Call, CallFilter, Outcome, Phases, Via},
    clock::Timestamp,
    ids::{CallId, ToolId},
    members::Viewer,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, Caller, List, Page, auth::access, error::ErrorBody, list::Filters};
use crate::state::AppState;

/// A call of a tool, as the log keeps it: without its arguments and its answer.
#[derive(Serialize, ToSchema)]
pub(super) struct LoggedCall {
    id: String,
    tool_id: String,
    /// What the tool was called then.
    tool_name: String,
    /// The version of it that ran; null for a call from before versions were kept.
    tool_version: Option<i64>,
    /// `mcp`, `rest` or `playground`.
    #[schema(value_type = String)]
    via: Via,
    integration_id: Option<String>,
    connection_id: Option<String>,
    user_id: Option<String>,
    api_key_id: Option<String>,
    /// `X-Tengine-Request-Id`, as the tool's endpoint saw it.
    request_id: String,
    /// Milliseconds since the Unix epoch.
    started_at: i64,
    phases: PhasesView,
    /// How it ended, such as `ok`, `timeout` or `http_error`.
    #[schema(value_type = String)]
    outcome: Outcome,
    http_status: Option<i64>,
    response_bytes: i64,
    /// One sentence, where it failed or took more than one attempt.
    error: Option<String>,
}

/// Where a call's time went, in microseconds.
#[derive(Serialize, ToSchema)]
struct PhasesView {
    validate_us: i64,
    render_us: i64,
    /// Until the endpoint began to answer.
    wait_us: i64,
    /// Until its answer was read.
    read_us: i64,
    total_us: i64,
}

impl From<Phases> for PhasesView {
    fn from(phases: Phases) -> Self {
        Self {
            validate_us: phases.validate_us,
            render_us: phases.render_us,
            wait_us: phases.wait_us,
            read_us: phases.read_us,
            total_us: phases.total_us,
        }
    }
}

impl From<Call> for LoggedCall {
    fn from(call: Call) -> Self {
        Self {
            id: call.id.to_string(),
            tool_id: call.tool_id.to_string(),
            tool_name: call.tool_name,
            tool_version: call.tool_version,
            via: call.via,
            integration_id: call.integration_id.map(|id| id.to_string()),
            connection_id: call.grant_id.map(|id| id.to_string()),
            user_id: call.user_id.map(|id| id.to_string()),
            api_key_id: call.api_key_id.map(|id| id.to_string()),
            request_id: call.request_id,
            started_at: call.started_at.0,
            phases: call.phases.into(),
            outcome: call.outcome,
            http_status: call.http_status,
            response_bytes: call.response_bytes,
            error: call.error,
        }
    }
}

#[derive(Default)]
pub(super) struct CallFilters(CallFilter);

impl Filters for CallFilters {
    const NAMES: &'static [&'static str] = &["tool_id", "outcome", "since", "until"];

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "tool_id" if value.is_empty() => return Err("Give the id of a tool.".to_owned()),
            "tool_id" => self.0.tool_id = Some(ToolId::from(value)),
            "outcome" => self.0.outcome = Some(value.parse::<Outcome>()?),
            "since" => self.0.since = Some(moment(value)?),
            _ => self.0.until = Some(moment(value)?),
        }
        Ok(())
    }
}

fn moment(value: &str) -> Result<Timestamp, String> {
    let millis = value.parse().ok().filter(|millis| *millis >= 0);
    millis.map(Timestamp).ok_or_else(|| {
        "Give a time in milliseconds since the Unix epoch, like 1790000000000.".to_owned()
    })
}

/// Lists the calls of the project's tools, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/calls", tag = "calls",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query),
        ("tool_id" = Option<String>, Query, description = "Only of this tool"),
        ("outcome" = Option<String>, Query, description = "Only those that ended so, such as `ok` or `timeout`"),
        ("since" = Option<i64>, Query, description = "Only those that began at this time or after it: milliseconds since the Unix epoch"),
        ("until" = Option<i64>, Query, description = "Only those that began before this time")),
    responses((status = 200, body = List<LoggedCall>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page<CallFilters>,
) -> Result<Json<List<LoggedCall>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let (filter, before) = (&page.filters.0, page.after().map(CallId::from));
    let calls = &state.services.calls;
    let calls = calls
        .list(&access, filter, before.as_ref(), page.wanted())
        .await?;
    Ok(Json(page.of_read(
        calls,
        |call| call.id.to_string(),
        LoggedCall::from,
    )))
}

/// Reads a call.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/calls/{call_id}", tag = "calls",
    params(("project_id" = String, Path), ("call_id" = String, Path)),
    responses((status = 200, body = LoggedCall), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, call_id)): Path<(String, String)>,
) -> Result<Json<LoggedCall>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let call = state
        .services
        .calls
        .get(&access, &CallId::from(call_id))
        .await?;
    Ok(Json(call.into()))
}
