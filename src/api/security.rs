//! /api/v1/projects/{project_id}/security

use axum::{
    Json,
    extract::{Path, State},
};
use domain::members::{Owner, Viewer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller,
    auth::{access, proof},
    error::ErrorBody,
};
use crate::state::AppState;

/// What a project asks of its members.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectSecurity {
    /// Whether the project is open only to accounts with a passkey or an authenticator app.
    require_second_factor: bool,
}

/// Tells what the project asks of its members.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/security", tag = "members",
    params(("project_id" = String, Path)),
    responses((status = 200, body = ProjectSecurity), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
) -> Result<Json<ProjectSecurity>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let asks = state.services.members.requires_second_factor(&access);
    Ok(Json(ProjectSecurity {
        require_second_factor: asks.await?,
    }))
}

/// Opens the project to accounts with a second factor only, or to all of its members. Keys of an account
/// that has none stop working there; whoever made this key needs one to switch it on.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}/security", tag = "members",
    params(("project_id" = String, Path)), request_body = ProjectSecurity,
    responses((status = 200, body = ProjectSecurity), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<ProjectSecurity>,
) -> Result<Json<ProjectSecurity>, ApiError> {
    let access = access::<Owner>(&state, &actor, project_id).await?;
    let (is_on, proof) = (input.require_second_factor, proof(&actor)?);
    let members = &state.services.members;
    members
        .require_second_factor(&access, is_on, Some(&proof))
        .await?;
    Ok(Json(input))
}
