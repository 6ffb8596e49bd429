//! /api/v1/projects

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    members::{Owner, Viewer},
    projects::Project,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page,
    auth::{access, proof},
    error::ErrorBody,
};
use crate::state::AppState;

/// A project.
#[derive(Serialize, ToSchema)]
pub(super) struct ProjectView {
    id: String,
    name: String,
    /// Milliseconds since the Unix epoch.
    created_at: i64,
}

impl From<Project> for ProjectView {
    fn from(project: Project) -> Self {
        Self {
            id: project.id.to_string(),
            name: project.name,
            created_at: project.created_at.0,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectInput {
    /// Unique among the projects of the person who makes it.
    name: String,
}

/// Lists the projects that the key may read.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ProjectView>), (status = 401, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<ProjectView>>, ApiError> {
    let projects = state.services.projects.list(&actor).await?;
    let page = page.map(
        projects,
        |summary| summary.project.id.to_string(),
        |summary| summary.project.into(),
    );
    Ok(Json(page))
}

/// Makes a project. A key that belongs to a project cannot.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body = ProjectInput,
    responses((status = 201, body = ProjectView), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    ApiJson(input): ApiJson<ProjectInput>,
) -> Result<(StatusCode, Json<ProjectView>), ApiError> {
    let project = state.services.projects.create(&actor, &input.name).await?;
    Ok((StatusCode::CREATED, Json(project.into())))
}

/// Reads a project.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}", tag = "projects",
    params(("project_id" = String, Path)),
    responses((status = 200, body = ProjectView), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
) -> Result<Json<ProjectView>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    Ok(Json(state.services.projects.get(&access).await?.into()))
}

/// Renames a project.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}", tag = "projects",
    params(("project_id" = String, Path)), request_body = ProjectInput,
    responses((status = 200, body = ProjectView), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<ProjectInput>,
) -> Result<Json<ProjectView>, ApiError> {
    let access = access::<Owner>(&state, &actor, project_id).await?;
    Ok(Json(
        state
            .services
            .projects
            .rename(&access, &input.name)
            .await?
            .into(),
    ))
}

/// Deletes a project with its tools, integrations, connections and keys.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}", tag = "projects",
    params(("project_id" = String, Path)),
    responses((status = 204), (status = 404, body = ErrorBody)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Owner>(&state, &actor, project_id).await?;
    let proof = proof(&actor)?;
    state.services.projects.delete(&access, &proof).await?;
    Ok(StatusCode::NO_CONTENT)
}
