//! /api/v1/projects/{project_id}/integrations/{integration_id}/events

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    events::{Cause, Event, EventKind},
    ids::IntegrationId,
    members::Viewer,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, Caller, List, Page, auth::access, error::ErrorBody};
use crate::state::AppState;

/// The newest events that are looked through.
const MOST: i64 = 1_000;

/// A step of an attempt to connect.
#[derive(Serialize, ToSchema)]
pub(super) struct EventView {
    id: String,
    /// Milliseconds since the Unix epoch.
    at: i64,
    #[schema(value_type = String)]
    kind: EventKind,
    /// Why it was refused; null where it was not.
    #[schema(value_type = Option<String>)]
    cause: Option<Cause>,
    /// What to do about it.
    mend: Option<&'static str>,
    client_id: Option<String>,
    user_id: Option<String>,
    connection_id: Option<String>,
    /// What the steps of one authorization have in common.
    attempt: Option<String>,
    /// The id that error pages and `error_description` show.
    request_id: String,
    address: String,
    user_agent: String,
    detail: Option<String>,
    count: i64,
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        Self {
            id: event.id.to_string(),
            at: event.at.0,
            kind: event.kind,
            cause: event.cause,
            mend: event.cause.map(Cause::sentence),
            client_id: event.trail.client_id,
            user_id: event.trail.user_id.map(|id| id.to_string()),
            connection_id: event.trail.grant_id.map(|id| id.to_string()),
            attempt: event.trail.attempt,
            request_id: event.visit.request_id,
            address: event.visit.address,
            user_agent: event.visit.user_agent,
            detail: event.detail,
            count: event.count,
        }
    }
}

/// Lists the newest steps of attempts to connect to an integration, newest first.
#[utoipa::path(get,
    path = "/api/v1/projects/{project_id}/integrations/{integration_id}/events",
    tag = "connections",
    params(("project_id" = String, Path), ("integration_id" = String, Path),
        ("limit" = Option<usize>, Query),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<EventView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id)): Path<(String, String)>,
    page: Page,
) -> Result<Json<List<EventView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let id = IntegrationId::from(integration_id);
    let events = &state.services.events;
    let events = events.of_integration(&access, &id, MOST).await?;
    let page = page.map(events, |event| event.id.to_string(), EventView::from);
    Ok(Json(page))
}
