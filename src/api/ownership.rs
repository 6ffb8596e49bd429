//! /api/v1/projects/{project_id}/transfer

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::{ids::UserId, members::Owner};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller,
    auth::{access, proof},
    error::ErrorBody,
};
use crate::state::AppState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferInput {
    /// A member whose account is enabled.
    user_id: String,
}

/// Makes another member an owner in the place of whoever made the key, who stays as an admin.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/transfer", tag = "members",
    params(("project_id" = String, Path)), request_body = TransferInput,
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(super) async fn transfer(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<TransferInput>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Owner>(&state, &actor, project_id).await?;
    let members = &state.services.members;
    let (user, proof) = (UserId::from(input.user_id), proof(&actor)?);
    members.transfer(&access, &user, Some(&proof)).await?;
    Ok(StatusCode::NO_CONTENT)
}
