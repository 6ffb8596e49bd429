//! /api/v1/instance/providers

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    Error,
    ids::ProviderId,
    providers::{ProviderEntry, ProviderInput, ProviderKind},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    api::{
        ApiError, ApiJson, Caller, List, Page,
        account::sessions::SignedOut,
        auth::{instance_owner, proof},
        error::ErrorBody,
        json::{parsed, patched},
        list::{Filters, Parameters},
        words::ProviderKindName,
    },
    state::AppState,
};

/// What of a provider can be changed, without its secret.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ProviderSettings {
    /// `oidc`, `google` or `github`; stays as it was made.
    #[schema(value_type = ProviderKindName)]
    kind: ProviderKind,
    /// What the button on the sign-in page says; unique.
    name: String,
    /// The issuer of OpenID Connect, or where GitHub is; stays as it was made.
    issuer: String,
    client_id: String,
    /// Mail domains that people may have who come this way; empty: any.
    allowed_domains: Vec<String>,
    /// Whether who comes for the first time gets an account, whatever the sign-up policy says.
    may_sign_up: bool,
    is_enabled: bool,
}

/// A provider that people sign in with.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ProviderView {
    id: String,
    #[serde(flatten)]
    settings: ProviderSettings,
    has_secret: bool,
    /// What has to be registered at the provider.
    redirect_uri: String,
    /// Accounts that are linked to it.
    accounts: i64,
    /// Those of them that have no other way in.
    only_way_in: i64,
    /// Browsers that are signed in by it; they are signed out where it is switched off or deleted.
    sessions: i64,
    /// Milliseconds since the Unix epoch.
    created_at: i64,
    updated_at: i64,
}

impl From<ProviderEntry> for ProviderView {
    fn from(entry: ProviderEntry) -> Self {
        let provider = entry.provider;
        Self {
            id: provider.id.to_string(),
            has_secret: provider.has_secret(),
            redirect_uri: entry.redirect_uri,
            accounts: entry.accounts,
            only_way_in: entry.only_way_in,
            sessions: entry.sessions,
            created_at: provider.created_at.0,
            updated_at: provider.updated_at.0,
            settings: ProviderSettings {
                kind: provider.kind,
                name: provider.name,
                issuer: provider.issuer,
                client_id: provider.client_id,
                allowed_domains: provider.allowed_domains,
                may_sign_up: provider.may_sign_up,
                is_enabled: provider.is_enabled,
            },
        }
    }
}

/// A provider that was changed.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ChangedProvider {
    #[serde(flatten)]
    provider: ProviderView,
    /// Browsers that were signed out because it was switched off.
    sessions_ended: i64,
}

/// The fields of a provider, for the document; the domain's `ProviderInput` is what is read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(in crate::api) struct ProviderFields {
    /// `oidc`, `google` or `github`.
    kind: ProviderKindName,
    /// What the button on the sign-in page says; unique.
    name: String,
    /// The issuer of an `oidc` provider, or the address of a GitHub Enterprise.
    issuer: Option<String>,
    client_id: String,
    /// Write-only. Left out, the stored one stays; empty, there is none.
    client_secret: Option<String>,
    /// Mail domains that people may have who come this way; left out: any.
    allowed_domains: Option<Vec<String>>,
    /// Whether who comes for the first time gets an account, whatever the sign-up policy says.
    may_sign_up: Option<bool>,
    is_enabled: Option<bool>,
}

/// Of deleting one.
#[derive(Default)]
pub(in crate::api) struct Stranding(bool);

impl Filters for Stranding {
    const NAMES: &'static [&'static str] = &["strand_accounts"];

    fn take(&mut self, _name: &str, value: &str) -> Result<(), String> {
        let value = value.parse();
        self.0 = value.map_err(|_| "Use true or false.".to_owned())?;
        Ok(())
    }
}

/// Lists the providers that people sign in with, the oldest first, without their secrets.
#[utoipa::path(get, path = "/api/v1/instance/providers", tag = "instance",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ProviderView>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<ProviderView>>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let entries = state.services.providers.list(&owner).await?;
    Ok(Json(page.of(entries, |entry| {
        let provider = &entry.provider;
        format!("{:020} {}", provider.created_at.0, provider.id)
    })))
}

/// Adds a provider. One of OpenID is asked for its documents at once: what cannot be used is refused with
/// what is wrong with it.
#[utoipa::path(post, path = "/api/v1/instance/providers", tag = "instance",
    request_body = ProviderFields,
    responses((status = 201, body = ProviderView), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(in crate::api) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    ApiJson(input): ApiJson<ProviderInput>,
) -> Result<(StatusCode, Json<ProviderView>), ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let providers = &state.services.providers;
    let made = providers.create(&owner, &proof(&actor)?, &input).await?;
    let entry = providers.get(&owner, &made.id).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

/// Reads a provider, without its secret.
#[utoipa::path(get, path = "/api/v1/instance/providers/{provider_id}", tag = "instance",
    params(("provider_id" = String, Path)),
    responses((status = 200, body = ProviderView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(in crate::api) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(provider_id): Path<String>,
) -> Result<Json<ProviderView>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let id = ProviderId::from(provider_id);
    let entry = state.services.providers.get(&owner, &id).await?;
    Ok(Json(entry.into()))
}

/// Changes fields of a provider: a JSON Merge Patch (RFC 7396) on its top level. Kind and issuer stay as
/// they were made. To switch it off signs the browsers out that came by it.
#[utoipa::path(patch, path = "/api/v1/instance/providers/{provider_id}", tag = "instance",
    params(("provider_id" = String, Path)), request_body = ProviderFields,
    responses((status = 200, body = ChangedProvider), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Another provider has this name."),
        (status = 422, body = ErrorBody)))]
pub(in crate::api) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(provider_id): Path<String>,
    ApiJson(patch): ApiJson<Map<String, Value>>,
) -> Result<Json<ChangedProvider>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let providers = &state.services.providers;
    let id = ProviderId::from(provider_id);
    let stored = ProviderView::from(providers.get(&owner, &id).await?).settings;
    let input: ProviderInput =
        parsed(patched(&stored, patch)).map_err(|error| Error::Invalid(vec![error]))?;
    let proof = proof(&actor)?;
    let replaced = providers.replace(&owner, &proof, &id, &input).await?;
    Ok(Json(ChangedProvider {
        provider: providers.get(&owner, &id).await?.into(),
        sessions_ended: replaced.sessions_ended,
    }))
}

/// Deletes a provider and what links accounts to it, and signs the browsers out that came by it. Where accounts have no other way in, only if
/// `strand_accounts` says so: their people can still recover them.
#[utoipa::path(delete, path = "/api/v1/instance/providers/{provider_id}", tag = "instance",
    params(("provider_id" = String, Path),
        ("strand_accounts" = Option<bool>, Query, description = "`true`: also where accounts have no other way in")),
    responses((status = 200, body = SignedOut), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "Accounts have no other way in; the message says how many.")))]
pub(in crate::api) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(provider_id): Path<String>,
    Parameters(Stranding(strand_accounts)): Parameters<Stranding>,
) -> Result<Json<SignedOut>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let id = ProviderId::from(provider_id);
    let providers = &state.services.providers;
    let ended = providers
        .delete(&owner, &proof(&actor)?, &id, strand_accounts)
        .await?;
    let ended = ended.unsigned_abs();
    Ok(Json(SignedOut { ended }))
}
