//! /api/v1/projects/{project_id}/integrations/{integration_id}/connections

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    clients::Registration,
    grants::{ApprovedBy, Connection, ToolRule},
    ids::{GrantId, IntegrationId},
    members::{Admin, Viewer},
    tools::Since,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, Caller, List, Page, auth::access, error::ErrorBody};
use crate::{middleware::Visitor, state::AppState};

/// A live connection: one completed authorization.
#[derive(Serialize, ToSchema)]
pub(super) struct ConnectionView {
    id: String,
    integration_id: String,
    client_id: String,
    /// What the client was called when it was approved.
    client_name: String,
    /// How the client came to be known: `integration`, `dynamic` or `metadata_document`.
    #[schema(value_type = String)]
    registration: Registration,
    /// `person`, `automatic` or `client_credentials`.
    #[schema(value_type = String)]
    approved_by: ApprovedBy,
    user_id: Option<String>,
    user_email: Option<String>,
    redirect_uri: Option<String>,
    scope: String,
    /// `all`, `read_only` or `selected`.
    tools: &'static str,
    /// Those of `selected`.
    tool_ids: Option<Vec<String>>,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    /// To the minute.
    last_used_at: Option<i64>,
    /// When it ends if nobody uses it.
    expires_at: Option<i64>,
    /// How many tools it has now.
    tool_count: usize,
    /// Tools that were added or changed since it was approved: how many, and the first 20 by name.
    changed_tool_count: usize,
    changed_tools: Vec<ChangedToolView>,
    /// The list of tools that it fetched last; null where it fetched none.
    last_list: Option<ListView>,
}

/// A tool that is not as it was when the connection was approved.
#[derive(Serialize, ToSchema)]
struct ChangedToolView {
    name: String,
    /// `added` or `changed`.
    #[schema(value_type = String)]
    since: Since,
}

/// A list of tools that a connection fetched.
#[derive(Serialize, ToSchema)]
struct ListView {
    /// To the minute.
    fetched_at: i64,
    tool_count: i64,
    /// The same for two lists that a client could not tell apart.
    fingerprint: String,
    /// Whether it would get the same list now.
    is_current: bool,
}

impl From<Connection> for ConnectionView {
    fn from(connection: Connection) -> Self {
        let is_current = connection.has_current_list().unwrap_or_default();
        let changed = connection.changed_tools();
        let grant = connection.grant;
        Self {
            changed_tool_count: changed.count,
            changed_tools: changed
                .named
                .into_iter()
                .map(|(name, since)| ChangedToolView { name, since })
                .collect(),
            id: grant.id.to_string(),
            integration_id: grant.integration_id.to_string(),
            client_id: grant.client_id,
            client_name: grant.client_name,
            registration: grant.registration,
            approved_by: grant.approved_by,
            user_id: grant.user_id.map(|id| id.to_string()),
            user_email: connection.user_email,
            redirect_uri: grant.redirect_uri,
            scope: grant.scopes.to_string(),
            tools: grant.tool_rule.as_str(),
            tool_ids: match grant.tool_rule {
                ToolRule::Selected(ids) => Some(ids.iter().map(ToString::to_string).collect()),
                ToolRule::All | ToolRule::ReadOnly => None,
            },
            created_at: grant.created_at.0,
            last_used_at: grant.last_used_at.map(|at| at.0),
            expires_at: grant.expires_at.map(|at| at.0),
            tool_count: connection.offer.tools().len(),
            last_list: grant.last_list.map(|list| ListView {
                fetched_at: list.at.0,
                tool_count: list.tools,
                fingerprint: list.fingerprint,
                is_current,
            }),
        }
    }
}

/// How many connections ended.
#[derive(Serialize, ToSchema)]
pub(super) struct Disconnected {
    ended: u64,
}

/// Lists the live connections of an integration, newest first.
#[utoipa::path(get,
    path = "/api/v1/projects/{project_id}/integrations/{integration_id}/connections",
    tag = "connections",
    params(("project_id" = String, Path), ("integration_id" = String, Path),
        ("limit" = Option<usize>, Query),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ConnectionView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id)): Path<(String, String)>,
    page: Page,
) -> Result<Json<List<ConnectionView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let id = IntegrationId::from(integration_id);
    let connections = state.services.grants.connections(&access, &id).await?;
    let page = page.map(
        connections,
        |connection| connection.grant.id.to_string(),
        ConnectionView::from,
    );
    Ok(Json(page))
}

/// Ends a connection, from the next request on.
#[utoipa::path(delete,
    path = "/api/v1/projects/{project_id}/integrations/{integration_id}/connections/{connection_id}",
    tag = "connections",
    params(("project_id" = String, Path), ("integration_id" = String, Path),
        ("connection_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn end(
    State(state): State<AppState>,
    Caller(actor): Caller,
    visitor: Visitor,
    Path((project_id, integration_id, connection_id)): Path<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let id = IntegrationId::from(integration_id);
    let connection = GrantId::from(connection_id);
    let grants = &state.services.grants;
    grants
        .end_connection(&access, &id, &connection, &visitor.visit)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Disconnects everything: ends every connection of the integration.
#[utoipa::path(delete,
    path = "/api/v1/projects/{project_id}/integrations/{integration_id}/connections",
    tag = "connections",
    params(("project_id" = String, Path), ("integration_id" = String, Path)),
    responses((status = 200, body = Disconnected), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(super) async fn end_all(
    State(state): State<AppState>,
    Caller(actor): Caller,
    visitor: Visitor,
    Path((project_id, integration_id)): Path<(String, String)>,
) -> Result<Json<Disconnected>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let id = IntegrationId::from(integration_id);
    let ended = state
        .services
        .grants
        .disconnect_everything(&access, &id, &visitor.visit)
        .await?;
    Ok(Json(Disconnected { ended }))
}
