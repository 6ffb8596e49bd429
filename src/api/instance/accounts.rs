//! /api/v1/instance/accounts

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
};
use domain::{
    Error,
    accounts::{AccountFilter, AccountRow},
    ids::UserId,
    recovery::LIFE_BY_HAND,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{
        ApiError, ApiJson, Caller, List, Page,
        account::sessions::SignedOut,
        auth::{instance_owner, proof},
        error::ErrorBody,
        json::OptionalApiJson,
        list::Filters,
    },
    state::AppState,
};

/// An account, as an owner of the instance sees it.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct InstanceAccount {
    id: String,
    email: String,
    is_verified: bool,
    is_disabled: bool,
    is_instance_owner: bool,
    has_password: bool,
    has_second_factor: bool,
    /// Projects that they are a member of.
    projects: i64,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    /// When a session of theirs was last used, as long as that is known.
    last_used_at: Option<i64>,
}

impl From<AccountRow> for InstanceAccount {
    fn from(row: AccountRow) -> Self {
        let account = row.account;
        Self {
            id: account.id.to_string(),
            email: account.email,
            is_verified: account.email_verified_at.is_some(),
            is_disabled: account.disabled_at.is_some(),
            is_instance_owner: account.is_instance_owner,
            has_password: row.has_password,
            has_second_factor: row.has_second_factor,
            projects: row.projects,
            created_at: account.created_at.0,
            last_used_at: row.last_used_at.map(|at| at.0),
        }
    }
}

#[derive(Default)]
pub(in crate::api) struct AccountFilters(Option<String>);

impl Filters for AccountFilters {
    const NAMES: &'static [&'static str] = &["text"];

    fn take(&mut self, _name: &str, value: &str) -> Result<(), String> {
        self.0 = Some(value.to_owned());
        Ok(())
    }
}

/// One of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct AccountChange {
    /// Suspends the account, or enables it again with the connections and keys that it had.
    is_disabled: Option<bool>,
    is_instance_owner: Option<bool>,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ResetLinkInput {
    /// Takes the second factor of the account away, too.
    #[serde(default)]
    removes_second_factor: bool,
}

/// A link by which whoever opens it sets a new password; it is shown this once.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ResetLink {
    url: String,
    /// Milliseconds since the Unix epoch.
    expires_at: i64,
}

/// Lists the accounts of the instance, newest first.
#[utoipa::path(get, path = "/api/v1/instance/accounts", tag = "instance",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query),
        ("text" = Option<String>, Query, description = "Only those whose email holds this; at most 254 characters")),
    responses((status = 200, body = List<InstanceAccount>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page<AccountFilters>,
) -> Result<Json<List<InstanceAccount>>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let filter = AccountFilter {
        text: page.filters.0.clone(),
        limit: Some(page.wanted()),
        before: page.after().map(UserId::from),
    };
    let rows = state.services.accounts.list(&owner, &filter).await?;
    Ok(Json(page.of_read(
        rows,
        |row| row.account.id.to_string(),
        InstanceAccount::from,
    )))
}

/// Reads an account.
#[utoipa::path(get, path = "/api/v1/instance/accounts/{user_id}", tag = "instance",
    params(("user_id" = String, Path)),
    responses((status = 200, body = InstanceAccount), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(in crate::api) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(user_id): Path<String>,
) -> Result<Json<InstanceAccount>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let accounts = &state.services.accounts;
    let row = accounts.listed(&owner, &UserId::from(user_id)).await?;
    Ok(Json(row.into()))
}

/// Disables an account or enables it again, or makes it an owner of the instance or none: one of them at
/// a time. Nobody disables their own, and the last owner stays one.
#[utoipa::path(patch, path = "/api/v1/instance/accounts/{user_id}", tag = "instance",
    params(("user_id" = String, Path)), request_body = AccountChange,
    responses((status = 200, body = InstanceAccount), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "It is the key's own account, or the instance's last owner."),
        (status = 422, body = ErrorBody)))]
pub(in crate::api) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(user_id): Path<String>,
    ApiJson(change): ApiJson<AccountChange>,
) -> Result<Json<InstanceAccount>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let user = UserId::from(user_id);
    let accounts = &state.services.accounts;
    match (change.is_disabled, change.is_instance_owner) {
        // Each is a transaction of its own: of two, one could fail.
        (Some(_), Some(_)) | (None, None) => {
            let message = "Send is_disabled or is_instance_owner, one of the two.";
            return Err(Error::invalid("", message).into());
        }
        (Some(true), None) => {
            accounts.disable(&owner, &user).await?;
        }
        (Some(false), None) => {
            let proof = proof(&actor)?;
            accounts.enable(&owner, &user, Some(&proof)).await?;
        }
        (None, Some(is_owner)) => {
            let proof = proof(&actor)?;
            accounts
                .set_instance_owner(&owner, &user, is_owner, Some(&proof))
                .await?;
        }
    }
    // Whoever made themselves no owner is still told what they did.
    Ok(Json(accounts.listed(&owner, &user).await?.into()))
}

/// Signs an account out everywhere. Its connections and keys go on.
#[utoipa::path(post, path = "/api/v1/instance/accounts/{user_id}/sign-out", tag = "instance",
    params(("user_id" = String, Path)),
    responses((status = 200, body = SignedOut), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(in crate::api) async fn sign_out(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(user_id): Path<String>,
) -> Result<Json<SignedOut>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let (accounts, user) = (&state.services.accounts, UserId::from(user_id));
    let ended = accounts.sign_out_everywhere(&owner, &user).await?;
    Ok(Json(SignedOut { ended }))
}

/// Makes a link by which the account's person sets a new password; it works once, for a day, and is in
/// this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/instance/accounts/{user_id}/reset-link", tag = "instance",
    params(("user_id" = String, Path)), request_body(content = Option<ResetLinkInput>),
    responses((status = 201, body = ResetLink),
        (status = 403, body = ErrorBody, description = "The key may not do this, or the account is disabled."),
        (status = 404, body = ErrorBody)))]
pub(in crate::api) async fn reset_link(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(user_id): Path<String>,
    OptionalApiJson(input): OptionalApiJson<ResetLinkInput>,
) -> Result<(StatusCode, [(HeaderName, &'static str); 1], Json<ResetLink>), ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let services = &state.services;
    let (proof, user) = (proof(&actor)?, UserId::from(user_id));
    let token = services
        .recovery
        .by_owner(&owner, &proof, &user, input.removes_second_factor)
        .await?;
    let body = ResetLink {
        url: services.recovery.url(&token),
        expires_at: services.core.now().plus_seconds(LIFE_BY_HAND).0,
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, no_store, Json(body)))
}
