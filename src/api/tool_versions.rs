//! /api/v1/projects/{project_id}/tools/{tool_id}/versions

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    ids::ToolId,
    members::{Developer, Viewer},
    tools::{ToolInput, Version, VersionDetail, VersionKind},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    ApiError, Caller, List, Page,
    auth::access,
    error::ErrorBody,
    tools::{ToolFields, ToolView},
};
use crate::state::AppState;

/// A version of a tool.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionView {
    /// Counted from 1.
    number: i64,
    /// `created`, `changed`, `enabled`, `disabled`, `restored`, `applied` or `first_kept`.
    #[schema(value_type = String)]
    kind: VersionKind,
    /// For a restored one: the version whose definition it has.
    restored_from: Option<i64>,
    /// Whether the tool's own secret changed with it.
    secret_changed: bool,
    /// Milliseconds since the Unix epoch.
    made_at: i64,
    /// The email of who made it.
    made_by: Option<String>,
    /// The API key that they made it with.
    api_key_id: Option<String>,
}

impl From<Version> for VersionView {
    fn from(version: Version) -> Self {
        Self {
            number: version.number,
            kind: version.kind,
            restored_from: version.restored_from,
            secret_changed: version.secret_changed,
            made_at: version.made_at.0,
            made_by: version.made_by,
            api_key_id: version.api_key_id.map(|id| id.to_string()),
        }
    }
}

/// A version with what the tool was then.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionDetailView {
    #[serde(flatten)]
    version: VersionView,
    #[schema(value_type = ToolFields)]
    definition: ToolInput,
}

impl From<VersionDetail> for VersionDetailView {
    fn from(detail: VersionDetail) -> Self {
        Self {
            version: detail.version.into(),
            definition: detail.definition,
        }
    }
}

/// A field in which two versions differ. Of `auth_secret` only that it changed is told.
#[derive(Serialize, ToSchema)]
pub(super) struct FieldChangeView {
    field: String,
    #[schema(value_type = Object)]
    before: Value,
    #[schema(value_type = Object)]
    after: Value,
}

/// The fields in which two versions differ.
#[derive(Serialize, ToSchema)]
pub(super) struct Comparison {
    changes: Vec<FieldChangeView>,
}

/// Lists a tool's versions, newest first; the last 200 are kept.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/tools/{tool_id}/versions", tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<VersionView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id)): Path<(String, String)>,
    page: Page,
) -> Result<Json<List<VersionView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let versions = state
        .services
        .tools
        .versions(&access, &ToolId::from(tool_id))
        .await?;
    let page = page.map(
        versions,
        |version| format!("{:020}", version.number),
        VersionView::from,
    );
    Ok(Json(page))
}

/// Reads a version, with what the tool was then.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/tools/{tool_id}/versions/{number}",
    tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path), ("number" = i64, Path)),
    responses((status = 200, body = VersionDetailView), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id, number)): Path<(String, String, String)>,
) -> Result<Json<VersionDetailView>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let tools = &state.services.tools;
    let detail = tools
        .version(&access, &ToolId::from(tool_id), counted(&number))
        .await?;
    Ok(Json(detail.into()))
}

/// Compares two versions.
#[utoipa::path(get,
    path = "/api/v1/projects/{project_id}/tools/{tool_id}/versions/{number}/changes-since/{other}",
    tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path), ("number" = i64, Path),
        ("other" = i64, Path)),
    responses((status = 200, body = Comparison), (status = 404, body = ErrorBody)))]
pub(super) async fn compare(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id, number, other)): Path<(String, String, String, String)>,
) -> Result<Json<Comparison>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let (tools, id) = (&state.services.tools, ToolId::from(tool_id));
    let changes = tools
        .changes_between(&access, &id, counted(&other), counted(&number))
        .await?;
    let changes = changes.into_iter().map(|change| FieldChangeView {
        field: change.field,
        before: change.before,
        after: change.after,
    });
    Ok(Json(Comparison {
        changes: changes.collect(),
    }))
}

/// Makes the tool be what a version says, as a new version. Whether it is enabled stays as it is.
#[utoipa::path(post,
    path = "/api/v1/projects/{project_id}/tools/{tool_id}/versions/{number}/restore",
    tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path), ("number" = i64, Path)),
    responses((status = 200, body = ToolView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(super) async fn restore(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id, number)): Path<(String, String, String)>,
) -> Result<Json<ToolView>, ApiError> {
    let access = access::<Developer>(&state, &actor, project_id).await?;
    let tools = &state.services.tools;
    let tool = tools
        .restore(&access, &ToolId::from(tool_id), counted(&number))
        .await?;
    Ok(Json(tool.into()))
}

/// A number that is none names no version.
fn counted(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}
