//! /api/v1/projects/{project_id}/audit

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    audit::{self, Act, AuditRow},
    ids::AuditId,
    members::Admin,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, Caller, List, Page, auth::access, error::ErrorBody};
use crate::state::AppState;

/// Something that was done to people, to what they may do, or to integrations and secrets.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditView {
    id: String,
    /// Milliseconds since the Unix epoch.
    at: i64,
    /// What was done, such as `member.invited` or `api_key.made`.
    #[schema(value_type = String)]
    act: Act,
    /// Who did it; null: whoever holds the server, or somebody who was not signed in.
    actor_id: Option<String>,
    actor_email: Option<String>,
    /// The key that they did it with.
    api_key_id: Option<String>,
    /// Whom it is about.
    user_id: Option<String>,
    user_email: Option<String>,
    address: Option<String>,
    detail: Option<String>,
}

impl From<AuditRow> for AuditView {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id.to_string(),
            at: row.at.0,
            act: row.act,
            actor_id: row.actor_id.map(|id| id.to_string()),
            actor_email: row.actor_email,
            api_key_id: row.api_key_id.map(|id| id.to_string()),
            user_id: row.user_id.map(|id| id.to_string()),
            user_email: row.user_email,
            address: row.address,
            detail: row.detail,
        }
    }
}

/// Lists what was done to the project, its people and keys, its integrations and their secrets, and its
/// vault, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/audit", tag = "audit",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<AuditView>), (status = 403, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page,
) -> Result<Json<List<AuditView>>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let part = audit::Page {
        limit: page.wanted(),
        before: page.after().map(AuditId::from),
    };
    let rows = state.services.audit.of_project(&access, &part).await?;
    Ok(Json(page.of_read(
        rows,
        |row| row.id.to_string(),
        AuditView::from,
    )))
}
