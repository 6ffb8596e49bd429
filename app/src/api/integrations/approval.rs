//! Who may connect to an integration. What makes the secret alone enough takes a fresh
//! proof of who asks.

use leptos::prelude::*;

use crate::api::UiError;

/// Has the integration approve by itself, or a member approve again.
#[server(endpoint = "set_approval")]
pub async fn set_approval(
    project_id: String,
    integration_id: String,
    #[server(default)] is_automatic: bool,
) -> Result<(), UiError> {
    use crate::ssr::{access, proof};
    use domain::{
        integrations::{Approval, IntegrationChange},
        members::Admin,
    };
    let (services, access) = access::<Admin>(project_id).await?;
    let approval = match is_automatic {
        true => Approval::Automatic,
        false => Approval::Ask,
    };
    let change = IntegrationChange {
        approval: Some(approval),
        ..IntegrationChange::default()
    };
    let fresh = proof().await?;
    services
        .integrations
        .update(&access, &integration_id.into(), &change, fresh.as_ref())
        .await?;
    Ok(())
}

/// Whether the integration's client may get tokens with its own credentials.
#[server(endpoint = "set_client_credentials")]
pub async fn set_client_credentials(
    project_id: String,
    integration_id: String,
    #[server(default)] is_on: bool,
) -> Result<(), UiError> {
    use crate::ssr::{access, proof};
    use domain::{integrations::IntegrationChange, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let change = IntegrationChange {
        client_credentials: Some(is_on),
        ..IntegrationChange::default()
    };
    let fresh = proof().await?;
    services
        .integrations
        .update(&access, &integration_id.into(), &change, fresh.as_ref())
        .await?;
    Ok(())
}

/// Whether clients that registered themselves may connect.
#[server(endpoint = "set_self_registered")]
pub async fn set_self_registered(
    project_id: String,
    integration_id: String,
    #[server(default)] is_on: bool,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::{integrations::IntegrationChange, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let change = IntegrationChange {
        self_registered: Some(is_on),
        ..IntegrationChange::default()
    };
    services
        .integrations
        .update(&access, &integration_id.into(), &change, None)
        .await?;
    Ok(())
}
