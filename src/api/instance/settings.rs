//! /api/v1/instance/settings

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use domain::{
    accounts::SignUpPolicy,
    instance::{SettingName, Settings, SettingsChange},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        ApiError, ApiJson, Caller,
        auth::{instance_owner, proof},
        error::ErrorBody,
        words::SignUpPolicyName,
    },
    state::AppState,
};

/// What holds for everyone on the instance.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct SettingsView {
    /// Who may make an account: `first` (nobody more), `open` or `invite`.
    #[schema(value_type = SignUpPolicyName)]
    sign_up: SignUpPolicy,
    /// The mail domains that new accounts may have; empty: any.
    sign_up_domains: Vec<String>,
    /// Whether projects are open only to accounts with a second factor.
    require_second_factor: bool,
    /// Whether clients may register themselves (RFC 7591).
    dynamic_registration: bool,
    /// Whether clients may be described by a document at their id.
    client_metadata_documents: bool,
    /// Settings that cannot be changed here, each with the variable that sets it where the server is
    /// started.
    fixed: BTreeMap<&'static str, &'static str>,
}

/// The settings to change; what is left out stays. For the document; the domain's `SettingsChange` is
/// what is read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(in crate::api) struct SettingsFields {
    /// `first`, `open` or `invite`.
    sign_up: Option<SignUpPolicyName>,
    /// At most 100.
    sign_up_domains: Option<Vec<String>>,
    require_second_factor: Option<bool>,
    dynamic_registration: Option<bool>,
    client_metadata_documents: Option<bool>,
}

fn view(state: &AppState, settings: Settings) -> Json<SettingsView> {
    let fixed = state.services.instance.fixed();
    let variable = |name: &SettingName| Some((name.as_str(), fixed.variable(*name)?));
    Json(SettingsView {
        sign_up: settings.sign_up,
        sign_up_domains: settings.sign_up_domains,
        require_second_factor: settings.require_second_factor,
        dynamic_registration: settings.dynamic_registration,
        client_metadata_documents: settings.client_metadata_documents,
        fixed: SettingName::ALL.iter().filter_map(variable).collect(),
    })
}

/// Reads what the instance's owners decided.
#[utoipa::path(get, path = "/api/v1/instance/settings", tag = "instance",
    responses((status = 200, body = SettingsView), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> Result<Json<SettingsView>, ApiError> {
    instance_owner(&state, &actor).await?;
    let settings = state.services.instance.settings().await?;
    Ok(view(&state, settings))
}

/// Changes settings, all that are named or none. To ask for a second factor takes an account that has
/// one.
#[utoipa::path(patch, path = "/api/v1/instance/settings", tag = "instance",
    request_body = SettingsFields,
    responses((status = 200, body = SettingsView), (status = 403, body = ErrorBody),
        (status = 422, body = ErrorBody)))]
pub(in crate::api) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    ApiJson(change): ApiJson<SettingsChange>,
) -> Result<Json<SettingsView>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let (instance, proof) = (&state.services.instance, proof(&actor)?);
    let settings = instance.change(&owner, change, Some(&proof)).await?;
    Ok(view(&state, settings))
}
