//! /api/v1/instance/audit

use axum::{Json, extract::State};
use domain::{audit, ids::AuditId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{ApiError, Caller, List, Page, audit::AuditView, auth::instance_owner, error::ErrorBody},
    state::AppState,
};

/// A row of the log, and where it was done.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct InstanceAuditView {
    #[serde(flatten)]
    row: AuditView,
    /// Null: in no project.
    project_id: Option<String>,
}

impl From<audit::AuditRow> for InstanceAuditView {
    fn from(row: audit::AuditRow) -> Self {
        Self {
            project_id: row.project_id.as_ref().map(ToString::to_string),
            row: row.into(),
        }
    }
}

/// Lists what was done on the whole instance to people and to what they may do, newest first.
#[utoipa::path(get, path = "/api/v1/instance/audit", tag = "instance",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<InstanceAuditView>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<InstanceAuditView>>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let part = audit::Page {
        limit: page.wanted(),
        before: page.after().map(AuditId::from),
    };
    let rows = state.services.audit.of_instance(&owner, &part).await?;
    Ok(Json(page.of_read(
        rows,
        |row| row.id.to_string(),
        InstanceAuditView::from,
    )))
}
