//! /api/v1/projects/{project_id}/integrations/{integration_id}/secrets

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    ids::{IntegrationId, SecretId},
    integrations::{Overlap, SecretInfo},
    members::{Admin, Viewer},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ApiError, Caller, List, Page,
    auth::{access, proof},
    error::ErrorBody,
    integrations::{IntegrationWithSecret, SecretResponse, with_secret},
    json::OptionalApiJson,
};
use crate::state::AppState;

/// A live secret, as far as it can be shown.
#[derive(Serialize, ToSchema)]
pub(super) struct SecretView {
    id: String,
    prefix: String,
    /// The email of who created it.
    created_by: Option<String>,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    /// When it stops working; null: not by itself.
    ends_at: Option<i64>,
    /// To the minute.
    last_used_at: Option<i64>,
}

impl From<SecretInfo> for SecretView {
    fn from(secret: SecretInfo) -> Self {
        Self {
            id: secret.id.to_string(),
            prefix: secret.prefix,
            created_by: secret.created_by,
            created_at: secret.created_at.0,
            ends_at: secret.ends_at.map(|at| at.0),
            last_used_at: secret.last_used_at.map(|at| at.0),
        }
    }
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RotationInput {
    /// How long the old secret still works: 0 (the default), 3600, 86400 or 604800 seconds.
    #[serde(default)]
    overlap_seconds: i64,
}

/// Lists the live secrets of an integration, by their prefixes: two at most, the newest first.
#[utoipa::path(get,
    path = "/api/v1/projects/{project_id}/integrations/{integration_id}/secrets",
    tag = "integrations",
    params(("project_id" = String, Path), ("integration_id" = String, Path),
        ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<SecretView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id)): Path<(String, String)>,
    page: Page,
) -> Result<Json<List<SecretView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let id = IntegrationId::from(integration_id);
    let secrets = state.services.integrations.secrets(&access, &id).await?;
    let page = page.map(secrets, |secret| secret.id.to_string(), SecretView::from);
    Ok(Json(page))
}

/// Gives the integration a new secret, shown this once. The old one stops working at once, or after
/// the overlap; never more than two are live.
#[utoipa::path(post,
    path = "/api/v1/projects/{project_id}/integrations/{integration_id}/rotate-secret",
    tag = "integrations",
    params(("project_id" = String, Path), ("integration_id" = String, Path)),
    request_body(content = Option<RotationInput>),
    responses((status = 200, body = IntegrationWithSecret), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn rotate(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id)): Path<(String, String)>,
    OptionalApiJson(input): OptionalApiJson<RotationInput>,
) -> Result<SecretResponse, ApiError> {
    let overlap = Overlap::from_seconds(input.overlap_seconds)?;
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let id = IntegrationId::from(integration_id);
    let integrations = &state.services.integrations;
    let (integration, secret) = integrations
        .rotate_secret(&access, &id, overlap, &proof(&actor)?)
        .await?;
    Ok(with_secret(
        &state,
        StatusCode::OK,
        integration,
        Some(&secret),
    ))
}

/// Ends one of two live secrets now. The only one that works cannot be ended: rotate it.
#[utoipa::path(delete,
    path = "/api/v1/projects/{project_id}/integrations/{integration_id}/secrets/{secret_id}",
    tag = "integrations",
    params(("project_id" = String, Path), ("integration_id" = String, Path),
        ("secret_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(super) async fn end(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id, secret_id)): Path<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    state
        .services
        .integrations
        .end_secret(
            &access,
            &IntegrationId::from(integration_id),
            &SecretId::from(secret_id),
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
