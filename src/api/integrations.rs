//! /api/v1/projects/{project_id}/integrations

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
};
use domain::{
    crypto::BearerSecret,
    ids::{IntegrationId, ToolId},
    integrations::{Approval, ClientKind, Integration, IntegrationChange, NewIntegration},
    members::{Admin, Viewer},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page,
    auth::{access, proof},
    error::ErrorBody,
};
use crate::state::AppState;

/// An integration.
#[derive(Serialize, ToSchema)]
pub(super) struct IntegrationView {
    id: String,
    project_id: String,
    name: String,
    client_id: String,
    #[schema(value_type = String)]
    client_kind: ClientKind,
    /// The URL that all integrations share.
    server_url: String,
    /// This integration's own.
    integration_url: String,
    redirect_uris: Vec<String>,
    #[schema(value_type = String)]
    approval: Approval,
    is_active: bool,
    /// Whether clients that register themselves may connect.
    self_registered: bool,
    /// Whether the client may get tokens with its own credentials.
    client_credentials: bool,
    /// The tools that it offers; null: all of the project.
    tool_ids: Option<Vec<String>>,
    /// Milliseconds since the Unix epoch.
    created_at: i64,
}

/// An integration with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct IntegrationWithSecret {
    #[serde(flatten)]
    integration: IntegrationView,
    client_secret: Option<String>,
}

fn view(state: &AppState, integration: Integration) -> IntegrationView {
    let public_url = &state.services.core.public_url;
    IntegrationView {
        server_url: public_url.server_url(),
        integration_url: public_url.integration_url(&integration.slug),
        id: integration.id.to_string(),
        project_id: integration.project_id.to_string(),
        name: integration.name,
        client_id: integration.client_id,
        client_kind: integration.client_kind,
        redirect_uris: integration.redirect_uris,
        approval: integration.approval,
        is_active: integration.is_active,
        self_registered: integration.self_registered,
        client_credentials: integration.client_credentials,
        tool_ids: integration
            .tool_ids
            .map(|ids| ids.iter().map(ToString::to_string).collect()),
        created_at: integration.created_at.0,
    }
}

const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

pub(super) type SecretResponse = (
    StatusCode,
    [(HeaderName, &'static str); 1],
    Json<IntegrationWithSecret>,
);

pub(super) fn with_secret(
    state: &AppState,
    status: StatusCode,
    integration: Integration,
    secret: Option<&BearerSecret>,
) -> SecretResponse {
    let body = IntegrationWithSecret {
        integration: view(state, integration),
        client_secret: secret.map(|secret| secret.reveal().to_owned()),
    };
    (status, NO_STORE, Json(body))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IntegrationInput {
    name: String,
    /// `secret` or `public`; fixed at creation.
    #[serde(default = "secret")]
    #[schema(value_type = String)]
    client_kind: ClientKind,
    /// `ask` or `automatic`.
    #[serde(default = "ask")]
    #[schema(value_type = String)]
    approval: Approval,
    /// Left out: those of the common clients.
    redirect_uris: Option<Vec<String>>,
}

const fn secret() -> ClientKind {
    ClientKind::Secret
}
const fn ask() -> Approval {
    Approval::Ask
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IntegrationPatch {
    name: Option<String>,
    redirect_uris: Option<Vec<String>>,
    #[schema(value_type = Option<String>)]
    approval: Option<Approval>,
    is_active: Option<bool>,
    self_registered: Option<bool>,
    client_credentials: Option<bool>,
    /// A list of the project's tools, or null for all of them.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Vec<String>>)]
    tool_ids: Option<Option<Vec<String>>>,
}

/// Tells `null` from a field that was left out.
fn nullable<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Vec<String>>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Lists the project's integrations, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/integrations", tag = "integrations",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<IntegrationView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page,
) -> Result<Json<List<IntegrationView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let integrations = state.services.integrations.list(&access).await?;
    let page = page.map(
        integrations,
        |integration| integration.id.to_string(),
        |integration| view(&state, integration),
    );
    Ok(Json(page))
}

/// Makes an integration; its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/integrations", tag = "integrations",
    params(("project_id" = String, Path)), request_body = IntegrationInput,
    responses((status = 201, body = IntegrationWithSecret), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<IntegrationInput>,
) -> Result<SecretResponse, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let new = NewIntegration {
        name: input.name,
        client_kind: input.client_kind,
        approval: input.approval,
        redirect_uris: input.redirect_uris,
    };
    let (integration, secret) = state
        .services
        .integrations
        .create(&access, &new, Some(&proof(&actor)?))
        .await?;
    Ok(with_secret(
        &state,
        StatusCode::CREATED,
        integration,
        secret.as_ref(),
    ))
}

/// Reads an integration.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/integrations/{integration_id}",
    tag = "integrations",
    params(("project_id" = String, Path), ("integration_id" = String, Path)),
    responses((status = 200, body = IntegrationView), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id)): Path<(String, String)>,
) -> Result<Json<IntegrationView>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let id = IntegrationId::from(integration_id);
    let integration = state.services.integrations.get(&access, &id).await?;
    Ok(Json(view(&state, integration)))
}

/// Changes an integration; what is left out stays as it is. Leaving `automatic` or
/// `client_credentials` ends the connections that rest on it.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}/integrations/{integration_id}",
    tag = "integrations",
    params(("project_id" = String, Path), ("integration_id" = String, Path)),
    request_body = IntegrationPatch,
    responses((status = 200, body = IntegrationView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id)): Path<(String, String)>,
    ApiJson(patch): ApiJson<IntegrationPatch>,
) -> Result<Json<IntegrationView>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let change = IntegrationChange {
        name: patch.name,
        redirect_uris: patch.redirect_uris,
        approval: patch.approval,
        is_active: patch.is_active,
        self_registered: patch.self_registered,
        added_redirect_uri: None,
        client_credentials: patch.client_credentials,
        tool_ids: patch
            .tool_ids
            .map(|ids| ids.map(|ids| ids.into_iter().map(ToolId::from).collect())),
        ticked_tools: None,
    };
    let id = IntegrationId::from(integration_id);
    let integration = state
        .services
        .integrations
        .update(&access, &id, &change, Some(&proof(&actor)?))
        .await?;
    Ok(Json(view(&state, integration)))
}

/// Deletes an integration with its secrets and connections.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}/integrations/{integration_id}",
    tag = "integrations",
    params(("project_id" = String, Path), ("integration_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, integration_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    state
        .services
        .integrations
        .delete(
            &access,
            &IntegrationId::from(integration_id),
            &proof(&actor)?,
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
