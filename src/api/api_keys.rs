//! /api/v1/projects/{project_id}/api-keys

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
};
use domain::{
    api_keys::{ApiKey, ListedKey, NewApiKey},
    crypto::BearerSecret,
    ids::ApiKeyId,
    members::{Admin, Role, Viewer},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page, auth::access, error::ErrorBody, words::RoleName,
};
use crate::state::AppState;

/// A key of this API, as far as it can be shown.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKeyView {
    id: String,
    /// Null: it is its account's, for all of its projects.
    project_id: Option<String>,
    name: String,
    /// What it may do at most: `viewer`, `developer`, `admin` or `owner`. It never does more than who
    /// made it.
    #[schema(value_type = RoleName)]
    role: Role,
    /// What the key begins with.
    prefix: String,
    /// The key that made it, with which it ends.
    made_by_key_id: Option<String>,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    /// When it stops working; null: not by itself.
    expires_at: Option<i64>,
    /// To the minute.
    last_used_at: Option<i64>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            project_id: key.project_id.map(|id| id.to_string()),
            name: key.name,
            role: key.role,
            prefix: key.prefix,
            made_by_key_id: key.made_by_key.map(|id| id.to_string()),
            created_at: key.created_at.0,
            expires_at: key.expires_at.map(|at| at.0),
            last_used_at: key.last_used_at.map(|at| at.0),
        }
    }
}

/// A key in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedApiKey {
    #[serde(flatten)]
    key: ApiKeyView,
    /// The email of who made it.
    made_by: String,
}

impl From<ListedKey> for ListedApiKey {
    fn from(listed: ListedKey) -> Self {
        Self {
            key: listed.key.into(),
            made_by: listed.made_by,
        }
    }
}

/// A key with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKeyWithSecret {
    #[serde(flatten)]
    key: ApiKeyView,
    /// Sent as `Authorization: Bearer …`.
    api_key: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiKeyInput {
    /// For people; 1 to 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// What it may do at most: `viewer`, `developer`, `admin` or `owner`, and no more than who makes
    /// it.
    #[schema(value_type = RoleName)]
    role: Role,
    /// 1 to 366; left out or null: no end of its own. A key that a key makes ends with it in any case.
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: Option<i64>,
}

impl From<ApiKeyInput> for NewApiKey {
    fn from(input: ApiKeyInput) -> Self {
        Self {
            name: input.name,
            role: input.role,
            expires_in_days: input.expires_in_days,
        }
    }
}

pub(super) type MadeKey = (
    StatusCode,
    [(HeaderName, &'static str); 1],
    Json<ApiKeyWithSecret>,
);

pub(super) fn made((key, secret): (ApiKey, BearerSecret)) -> MadeKey {
    let body = ApiKeyWithSecret {
        key: key.into(),
        api_key: secret.reveal().to_owned(),
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (StatusCode::CREATED, no_store, Json(body))
}

/// Lists the project's keys, newest first, without the secrets; those that have expired for 30 days.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/api-keys", tag = "api keys",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ListedApiKey>), (status = 403, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page,
) -> Result<Json<List<ListedApiKey>>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let keys = state.services.api_keys.list(&access).await?;
    Ok(Json(page.of(keys, |listed| listed.key.id.to_string())))
}

/// Makes a key of the project; its secret is in this answer and nowhere else. It ends with the key
/// that makes it, and can do no more than that.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/api-keys", tag = "api keys",
    params(("project_id" = String, Path)), request_body = ApiKeyInput,
    responses((status = 201, body = ApiKeyWithSecret), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<ApiKeyInput>,
) -> Result<MadeKey, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let keys = &state.services.api_keys;
    Ok(made(keys.create(&access, &input.into(), None).await?))
}

/// Ends a key of the project, from the next request on, with every key and open invitation that was made
/// with it. A key may end itself whatever its role.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}/api-keys/{key_id}", tag = "api keys",
    params(("project_id" = String, Path), ("key_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, key_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let id = ApiKeyId::from(key_id);
    state.services.api_keys.revoke(&access, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
