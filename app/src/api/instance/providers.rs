//! Identity providers, for the instance's owners.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::UiError;

/// A provider, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderRow {
    pub id: String,
    pub name: String,
    /// `OpenID Connect`, `Google`, `GitHub`
    pub kind: String,
    pub issuer: String,
    pub is_enabled: bool,
    pub may_sign_up: bool,
    pub allowed_domains: Vec<String>,
    pub accounts: i64,
    /// Accounts that have no other way in.
    pub only_way_in: i64,
}

/// A provider in its form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderForm {
    /// `oidc`, `google` or `github`
    pub kind: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// Write-only: empty keeps the one that is stored.
    pub client_secret: String,
    /// One a line.
    pub allowed_domains: String,
    pub may_sign_up: bool,
    pub is_enabled: bool,
}

impl std::fmt::Debug for ProviderForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderForm")
            .field("name", &self.name)
            .field("client_secret", &"redacted")
            .finish_non_exhaustive()
    }
}

/// A provider's page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderPage {
    pub form: ProviderForm,
    /// What has to be registered there; it is known once the provider is saved.
    pub redirect_uri: Option<String>,
    pub has_secret: bool,
    pub accounts: i64,
    pub only_way_in: i64,
    /// Browsers that are signed in by it.
    pub sessions: i64,
}

#[server(endpoint = "list_providers")]
pub async fn list_providers() -> Result<Vec<ProviderRow>, UiError> {
    use crate::ssr::{instance_owner, providers};
    let (services, owner) = instance_owner().await?;
    let entries = services.providers.list(&owner).await?;
    Ok(entries.into_iter().map(providers::row).collect())
}

/// A provider, or an empty form for another (`provider_id` is `new`).
#[server(endpoint = "load_provider")]
pub async fn load_provider(provider_id: String) -> Result<ProviderPage, UiError> {
    use crate::ssr::{instance_owner, providers};
    let (services, owner) = instance_owner().await?;
    if provider_id == "new" {
        return Ok(providers::empty());
    }
    let entry = services.providers.get(&owner, &provider_id.into()).await?;
    Ok(providers::page(entry))
}

/// Saves a provider, and goes to it.
#[server(endpoint = "save_provider")]
pub async fn save_provider(provider_id: String, form: ProviderForm) -> Result<(), UiError> {
    use crate::ssr::{fresh_person, instance_owner, providers};
    let (services, owner) = instance_owner().await?;
    let (_, fresh) = fresh_person().await?;
    let input = providers::read(form)?;
    let providers = &services.providers;
    let saved = if provider_id == "new" {
        providers.create(&owner, &fresh, &input).await?
    } else {
        let id = provider_id.into();
        let replaced = providers.replace(&owner, &fresh, &id, &input).await?;
        replaced.provider
    };
    leptos_axum::redirect(&format!("/instance/providers/{}", saved.id));
    Ok(())
}

#[server(endpoint = "delete_provider")]
pub async fn delete_provider(
    provider_id: String,
    #[server(default)] strand_accounts: bool,
) -> Result<(), UiError> {
    use crate::ssr::{fresh_person, instance_owner};
    let (services, owner) = instance_owner().await?;
    let (_, fresh) = fresh_person().await?;
    services
        .providers
        .delete(&owner, &fresh, &provider_id.into(), strand_accounts)
        .await?;
    leptos_axum::redirect("/instance/providers");
    Ok(())
}
