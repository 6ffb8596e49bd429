//! /api/v1/account

pub(super) mod connections;
pub(super) mod data;
pub(super) mod sessions;
pub(super) mod ways_in;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{Error, ids::ApiKeyId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page,
    api_keys::{ApiKeyInput, ApiKeyView, ApiKeyWithSecret, ListedApiKey, MadeKey, made},
    error::ErrorBody,
};
use crate::{middleware::Visitor, state::AppState};

/// Who a key speaks for.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountView {
    id: String,
    email: String,
    is_instance_owner: bool,
    /// The key that asks.
    api_key: ApiKeyView,
}

/// Says who the key speaks for, and what it may do.
#[utoipa::path(get, path = "/api/v1/account", tag = "account",
    responses((status = 200, body = AccountView)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> Result<Json<AccountView>, ApiError> {
    let services = &state.services;
    // Either may be gone since the request began.
    let account = services.accounts.enabled(actor.user_id()).await?;
    let account = account.ok_or(Error::WrongCredentials)?;
    let key = services.api_keys.current(&actor).await;
    let key = key.map_err(|error| match error {
        Error::NotFound(_) => Error::WrongCredentials,
        other => other,
    })?;
    Ok(Json(AccountView {
        id: account.id.to_string(),
        email: account.email,
        is_instance_owner: account.is_instance_owner,
        api_key: key.into(),
    }))
}

/// Lists the account's own keys, newest first, without the secrets and without those of projects; those
/// that have expired for 30 days. For a key of the account that is admin.
#[utoipa::path(get, path = "/api/v1/account/api-keys", tag = "account",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ListedApiKey>), (status = 403, body = ErrorBody)))]
pub(super) async fn list_keys(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<ListedApiKey>>, ApiError> {
    let keys = state.services.api_keys.list_own(&actor).await?;
    Ok(Json(page.of(keys, |listed| listed.key.id.to_string())))
}

/// Makes a key of the account, for all of its projects; its secret is in this answer and nowhere else.
/// It ends with the key that makes it, and can do no more than that. For a key of the account that is
/// admin.
#[utoipa::path(post, path = "/api/v1/account/api-keys", tag = "account", request_body = ApiKeyInput,
    responses((status = 201, body = ApiKeyWithSecret), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn create_key(
    State(state): State<AppState>,
    Caller(actor): Caller,
    visitor: Visitor,
    ApiJson(input): ApiJson<ApiKeyInput>,
) -> Result<MadeKey, ApiError> {
    let keys = &state.services.api_keys;
    let new = input.into();
    let key = keys.create_own(&actor, &new, None, visitor.address);
    Ok(made(key.await?))
}

/// Ends a key of the account, or one of a project that this account made, and every key that was made
/// with it. A key may end itself whatever its role.
#[utoipa::path(delete, path = "/api/v1/account/api-keys/{key_id}", tag = "account",
    params(("key_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn delete_key(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(key_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = ApiKeyId::from(key_id);
    state.services.api_keys.revoke_own(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
