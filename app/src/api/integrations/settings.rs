//! Switching an integration on and off, and where its clients may be sent back to.

use leptos::prelude::*;

use crate::api::UiError;

#[server(endpoint = "set_integration_active")]
pub async fn set_integration_active(
    project_id: String,
    integration_id: String,
    is_active: bool,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::{integrations::IntegrationChange, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let change = IntegrationChange {
        is_active: Some(is_active),
        ..IntegrationChange::default()
    };
    services
        .integrations
        .update(&access, &integration_id.into(), &change, None)
        .await?;
    Ok(())
}

/// Replaces the redirect URIs by those of a text, one a line.
#[server(endpoint = "set_redirect_uris")]
pub async fn set_redirect_uris(
    project_id: String,
    integration_id: String,
    redirect_uris: String,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::{integrations::IntegrationChange, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let uris = redirect_uris
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let change = IntegrationChange {
        redirect_uris: Some(uris.map(str::to_owned).collect()),
        ..IntegrationChange::default()
    };
    services
        .integrations
        .update(&access, &integration_id.into(), &change, None)
        .await?;
    Ok(())
}

/// Adds one redirect URI to those that there are.
#[server(endpoint = "add_redirect_uri")]
pub async fn add_redirect_uri(
    project_id: String,
    integration_id: String,
    #[server(default)] redirect_uri: String,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::{integrations::IntegrationChange, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let change = IntegrationChange {
        added_redirect_uri: Some(redirect_uri.trim().to_owned()),
        ..IntegrationChange::default()
    };
    services
        .integrations
        .update(&access, &integration_id.into(), &change, None)
        .await?;
    Ok(())
}
