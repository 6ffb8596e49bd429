//! /api/v1/projects/{project_id}/call-details

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    calls::KeepDetails,
    members::{Admin, Viewer},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiError, ApiJson, Caller, auth::access, error::ErrorBody, words::Keep};
use crate::state::AppState;

/// What a project keeps of its calls beside their rows.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallDetails {
    /// Of which calls arguments, request and answer are kept, with secrets taken out.
    #[schema(value_type = Keep)]
    keep: KeepDetails,
}

/// Tells what the project keeps of its calls.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/call-details", tag = "calls",
    params(("project_id" = String, Path)),
    responses((status = 200, body = CallDetails), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
) -> Result<Json<CallDetails>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let keep = state.services.calls.kept_details(&access).await?;
    Ok(Json(CallDetails { keep }))
}

/// Says what the project keeps of its calls from now on. What is there and would not be kept any more is
/// deleted.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}/call-details", tag = "calls",
    params(("project_id" = String, Path)), request_body = CallDetails,
    responses((status = 200, body = CallDetails), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<CallDetails>,
) -> Result<Json<CallDetails>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let calls = &state.services.calls;
    calls.keep_details(&access, input.keep).await?;
    Ok(Json(input))
}
