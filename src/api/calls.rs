//! /api/v1/projects/{project_id}/calls

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    calls::{
        Answered, Asked, Body, Call, CallFilter, Detail, Outcome, Outcomes, Part, Phases, Start,
        Via,
    },
    clock::Timestamp,
    ids::{CallId, IntegrationId, ToolId, UserId},
    members::Viewer,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, Caller, List, Page, auth::access, error::ErrorBody, list::Filters};
use crate::state::AppState;

/// A call of a tool, as a list shows it.
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

/// A call with what was asked and answered.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeCall {
    #[serde(flatten)]
    call: LoggedCall,
    /// Null where the project did not keep it, or not for so long.
    detail: Option<DetailView>,
}

/// What was asked and answered. Secrets are taken out: `[redacted]` stands in their place.
#[derive(Serialize, ToSchema)]
struct DetailView {
    /// The arguments as JSON, or the beginning of it.
    arguments: Option<PartView>,
    /// The request that the arguments made; null where they made none. Whether it was sent, the outcome
    /// says.
    request: Option<RequestView>,
    /// Null where the endpoint did not answer, or its answer broke off.
    answer: Option<AnswerView>,
}

/// A text, or its beginning.
#[derive(Serialize, ToSchema)]
struct PartView {
    text: String,
    /// Whether there was more.
    is_cut: bool,
    /// Of all of it.
    bytes: i64,
}

#[derive(Serialize, ToSchema)]
struct RequestView {
    method: String,
    url: String,
    headers: Vec<HeaderView>,
    body_bytes: i64,
}

#[derive(Serialize, ToSchema)]
struct AnswerView {
    status: u16,
    headers: Vec<HeaderView>,
    /// Null where it is no text.
    body: Option<PartView>,
    body_bytes: i64,
}

#[derive(Serialize, ToSchema)]
struct HeaderView {
    name: String,
    value: String,
}

impl From<Detail> for DetailView {
    fn from(detail: Detail) -> Self {
        Self {
            arguments: detail.arguments.map(Into::into),
            request: detail.request.map(Into::into),
            answer: detail.answer.map(Into::into),
        }
    }
}

impl From<Part> for PartView {
    fn from(part: Part) -> Self {
        Self {
            text: part.text,
            is_cut: part.is_cut,
            bytes: part.bytes,
        }
    }
}

impl From<Asked> for RequestView {
    fn from(asked: Asked) -> Self {
        Self {
            method: asked.method,
            url: asked.url,
            headers: headers(asked.headers),
            body_bytes: asked.body_bytes,
        }
    }
}

impl From<Answered> for AnswerView {
    fn from(answered: Answered) -> Self {
        let (body, body_bytes) = match answered.body {
            Body::Text(part) => {
                let bytes = part.bytes;
                (Some(part.into()), bytes)
            }
            Body::Binary(bytes) => (None, bytes),
        };
        Self {
            status: answered.status,
            headers: headers(answered.headers),
            body,
            body_bytes,
        }
    }
}

fn headers(headers: Vec<(String, String)>) -> Vec<HeaderView> {
    let views = headers.into_iter();
    views
        .map(|(name, value)| HeaderView { name, value })
        .collect()
}

#[derive(Default)]
pub(super) struct CallFilters(CallFilter);

impl Filters for CallFilters {
    const NAMES: &'static [&'static str] = &[
        "tool_id",
        "integration_id",
        "user_id",
        "outcome",
        "via",
        "since",
        "until",
    ];

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "tool_id" | "integration_id" | "user_id" if value.is_empty() => {
                return Err("Give an id, or leave it out.".to_owned());
            }
            "tool_id" => self.0.tool_id = Some(ToolId::from(value)),
            "integration_id" => self.0.integration_id = Some(IntegrationId::from(value)),
            "user_id" => self.0.user_id = Some(UserId::from(value)),
            "outcome" => self.0.outcome = Some(value.parse::<Outcomes>()?),
            "via" => self.0.via = Some(value.parse::<Via>()?),
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
        ("integration_id" = Option<String>, Query, description = "Only those that came through this integration"),
        ("user_id" = Option<String>, Query, description = "Only those of this person"),
        ("outcome" = Option<String>, Query, description = "Only those that ended so, such as `ok` or `timeout`; `failed`: in any way but `ok`"),
        ("via" = Option<String>, Query, description = "Only those that came by `mcp`, `rest` or `playground`"),
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
    let start = match page.after() {
        Some(last) => Start::Before(CallId::from(last)),
        None => Start::Newest,
    };
    let calls = &state.services.calls;
    let calls = calls
        .list(&access, &page.filters.0, &start, page.wanted())
        .await?;
    Ok(Json(page.of_read(
        calls,
        |call| call.id.to_string(),
        LoggedCall::from,
    )))
}

/// Reads a call, with what was asked and answered where the project keeps it.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/calls/{call_id}", tag = "calls",
    params(("project_id" = String, Path), ("call_id" = String, Path)),
    responses((status = 200, body = WholeCall), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, call_id)): Path<(String, String)>,
) -> Result<Json<WholeCall>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let (calls, id) = (&state.services.calls, CallId::from(call_id));
    let call = calls.get(&access, &id).await?.into();
    let detail = calls.detail(&access, &id).await?.map(Into::into);
    Ok(Json(WholeCall { call, detail }))
}
