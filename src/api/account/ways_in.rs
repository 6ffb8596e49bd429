//! /api/v1/account/identities, /passkeys and /second-factors: what opens the account, to look at. To
//! change it takes a person at a browser.

use axum::{Json, extract::State};
use domain::{
    members::Role,
    passkeys::Passkey,
    providers::{Identity, ProviderKind},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{ApiError, Caller, List, Page, error::ErrorBody, words::ProviderKindName},
    state::AppState,
};

/// An account at a provider that signs the account in.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct IdentityView {
    provider_id: String,
    provider_name: String,
    /// `oidc`, `google` or `github`.
    #[schema(value_type = ProviderKindName)]
    kind: ProviderKind,
    /// Whether people come in by the provider at all now.
    is_enabled: bool,
    subject: String,
    /// The address that the provider last told, confirmed or not.
    email: Option<String>,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    last_used_at: Option<i64>,
}

impl From<Identity> for IdentityView {
    fn from(identity: Identity) -> Self {
        Self {
            provider_id: identity.provider_id.to_string(),
            provider_name: identity.provider_name,
            kind: identity.kind,
            is_enabled: identity.is_enabled,
            subject: identity.subject,
            email: identity.email,
            created_at: identity.created_at.0,
            last_used_at: identity.last_used_at.map(|at| at.0),
        }
    }
}

/// A passkey, without its key.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct PasskeyView {
    id: String,
    name: String,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    last_used_at: Option<i64>,
    /// Since when it is not accepted any more, because somebody may have a copy.
    suspended_at: Option<i64>,
}

impl From<Passkey> for PasskeyView {
    fn from(passkey: Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            name: passkey.name,
            created_at: passkey.created_at.0,
            last_used_at: passkey.last_used_at.map(|at| at.0),
            suspended_at: passkey.suspended_at.map(|at| at.0),
        }
    }
}

/// What the account shows besides a password.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct SecondFactorsView {
    /// Whether it has a second factor, of which recovery codes are none.
    has_second_factor: bool,
    /// Since when it has an authenticator app; milliseconds since the Unix epoch.
    authenticator_app_since: Option<i64>,
    /// Passkeys that may be used.
    passkeys: i64,
    /// Recovery codes that are left.
    recovery_codes: i64,
    has_password: bool,
}

/// Lists the accounts at providers that sign the account in, the oldest first. To link or unlink one
/// takes a person at a browser. For a key of the account that is admin.
#[utoipa::path(get, path = "/api/v1/account/identities", tag = "account",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<IdentityView>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn identities(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<IdentityView>>, ApiError> {
    actor.own_account(Role::Admin)?;
    let identities = state.services.providers.identities(&actor).await?;
    let key = |one: &Identity| {
        let Identity {
            provider_id,
            subject,
            ..
        } = one;
        format!("{:020} {provider_id} {subject}", one.created_at.0)
    };
    Ok(Json(page.of(identities, key)))
}

/// Lists the account's passkeys, the oldest first. To add or remove one takes a person at a browser. For
/// a key of the account that is admin.
#[utoipa::path(get, path = "/api/v1/account/passkeys", tag = "account",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<PasskeyView>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn passkeys(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<PasskeyView>>, ApiError> {
    let user = actor.own_account(Role::Admin)?;
    let passkeys = state.services.passkeys.list(user).await?;
    Ok(Json(page.of(passkeys, |one| one.id.to_string())))
}

/// Tells which second factors the account has. To change them takes a person at a browser. For a key of
/// the account that is admin.
#[utoipa::path(get, path = "/api/v1/account/second-factors", tag = "account",
    responses((status = 200, body = SecondFactorsView), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn second_factors(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> Result<Json<SecondFactorsView>, ApiError> {
    let user = actor.own_account(Role::Admin)?;
    let services = &state.services;
    let status = services.second_factors.status(user).await?;
    Ok(Json(SecondFactorsView {
        has_second_factor: status.has_second_factor(),
        authenticator_app_since: status.totp_since.map(|at| at.0),
        passkeys: status.passkeys,
        recovery_codes: status.recovery_codes,
        has_password: services.accounts.has_password(user).await?,
    }))
}
