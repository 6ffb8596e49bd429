//! /api/v1/projects/{project_id}/vault

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    ids::VaultSecretId,
    members::{Admin, Viewer},
    tools::{AuthConfig, AuthStrategy},
    vault::{OAuthClient, VaultEntry, VaultSecretInput},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page,
    auth::{access, proof},
    error::ErrorBody,
    json::{parsed, patched},
};
use crate::state::AppState;

/// A secret, as far as it can be shown: its value never is.
#[derive(Serialize, ToSchema)]
pub(super) struct VaultSecretView {
    id: String,
    name: String,
    /// Where it may be sent.
    origins: Vec<String>,
    /// How tools send it.
    #[schema(value_type = String)]
    auth_strategy: AuthStrategy,
    #[schema(value_type = Object)]
    auth_config: AuthConfig,
    #[schema(value_type = Option<VaultClient>)]
    oauth2: Option<OAuthClient>,
    /// The names of the tools that use it.
    used_by: Vec<String>,
    /// Milliseconds since the Unix epoch.
    created_at: i64,
    updated_at: i64,
    /// The email of who changed it last.
    updated_by: Option<String>,
}

impl From<VaultEntry> for VaultSecretView {
    fn from(entry: VaultEntry) -> Self {
        let secret = entry.secret;
        Self {
            id: secret.id.to_string(),
            name: secret.name,
            origins: secret.origins,
            auth_strategy: secret.auth_strategy,
            auth_config: secret.auth_config,
            oauth2: secret.oauth2,
            used_by: entry.used_by,
            created_at: secret.created_at.0,
            updated_at: secret.updated_at.0,
            updated_by: entry.updated_by,
        }
    }
}

/// The fields of a secret, for the document; the domain's `VaultSecretInput` is what is read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct VaultSecretFields {
    /// What tools call it by, in `auth_secret_name`: a letter, and then up to 63 of a-z A-Z 0-9 _
    /// and -.
    name: String,
    /// Where it may be sent, like `https://api.example.com`; tools with another base_url cannot use
    /// it.
    origins: Vec<String>,
    /// Write-only. Left out, the stored one stays as long as it would go no further than before.
    value: Option<String>,
    /// How tools send it, which is not theirs to choose: as a tool's own. Left out for the secret of
    /// an OAuth 2 client.
    auth_strategy: Option<String>,
    #[schema(value_type = Option<Object>)]
    auth_config: Option<Value>,
    /// For the secret of an OAuth 2 client.
    oauth2: Option<VaultClient>,
}

/// An OAuth 2 client of the project's at another server.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct VaultClient {
    client_id: String,
    token_url: String,
    /// Only for tools that act for a person, who gives leave there.
    authorization_url: Option<String>,
    scopes: Option<Vec<String>>,
    audience: Option<String>,
    /// `basic` (the default), `post`, or `none` for a client without a secret.
    client_auth: Option<String>,
}

/// Lists the secrets of the project's vault by name, without their values.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/vault", tag = "vault",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<VaultSecretView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page,
) -> Result<Json<List<VaultSecretView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let entries = state.services.vault.list(&access).await?;
    Ok(Json(page.of(entries, |entry| entry.secret.name.clone())))
}

/// Keeps a secret for the project's tools.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/vault", tag = "vault",
    params(("project_id" = String, Path)), request_body = VaultSecretFields,
    responses((status = 201, body = VaultSecretView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<VaultSecretInput>,
) -> Result<(StatusCode, Json<VaultSecretView>), ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let vault = &state.services.vault;
    let made = vault.create(&access, &input).await?;
    let entry = vault.get(&access.as_viewer(), &made.id).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

/// Reads a secret, without its value.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/vault/{secret_id}", tag = "vault",
    params(("project_id" = String, Path), ("secret_id" = String, Path)),
    responses((status = 200, body = VaultSecretView), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, secret_id)): Path<(String, String)>,
) -> Result<Json<VaultSecretView>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let id = VaultSecretId::from(secret_id);
    Ok(Json(state.services.vault.get(&access, &id).await?.into()))
}

/// Changes fields of a secret: a JSON Merge Patch (RFC 7396) on its top level. The tools that use it
/// have the new one from their next call on.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}/vault/{secret_id}", tag = "vault",
    params(("project_id" = String, Path), ("secret_id" = String, Path)),
    request_body = VaultSecretFields,
    responses((status = 200, body = VaultSecretView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, secret_id)): Path<(String, String)>,
    ApiJson(patch): ApiJson<Map<String, Value>>,
) -> Result<Json<VaultSecretView>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let vault = &state.services.vault;
    let id = VaultSecretId::from(secret_id);
    let change = |input: VaultSecretInput| {
        parsed(patched(&input, patch)).map_err(|error| domain::Error::Invalid(vec![error]))
    };
    let proof = proof(&actor)?;
    vault.patch(&access, &id, change, Some(&proof)).await?;
    Ok(Json(vault.get(&access.as_viewer(), &id).await?.into()))
}

/// Deletes a secret that no tool uses.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}/vault/{secret_id}", tag = "vault",
    params(("project_id" = String, Path), ("secret_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, secret_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    state
        .services
        .vault
        .delete(
            &access,
            &VaultSecretId::from(secret_id),
            Some(&proof(&actor)?),
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
