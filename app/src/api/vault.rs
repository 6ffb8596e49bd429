//! The project's vault: named secrets, of which no value is ever shown.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    UiError, When,
    lists::{ListQuery, Place},
};

/// The vault's secrets, and how the reader stands with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultList {
    /// Those of the page.
    pub secrets: Vec<VaultRow>,
    pub place: Place,
    pub may_edit: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultRow {
    pub id: String,
    pub name: String,
    /// Where it may be sent.
    pub origins: Vec<String>,
    /// How it is sent, in words.
    pub sent_as: String,
    pub is_client: bool,
    /// How the reader's own account stands, where people connect theirs.
    pub account: Option<Account>,
    /// How many tools use it.
    pub tools: usize,
    pub updated: When,
    pub updated_by: Option<String>,
}

/// The reader's own account at another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Account {
    NotConnected,
    Connected,
    Ended,
}

/// A secret as its form shows it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VaultForm {
    pub name: String,
    /// One a line.
    pub origins: String,
    /// Write-only: empty keeps the one that is stored.
    pub value: String,
    /// How it is sent, by the name of an auth_strategy, or `oauth2_client`.
    pub kind: String,
    pub auth_header: String,
    pub auth_parameter: String,
    pub auth_username: String,
    pub client_id: String,
    pub token_url: String,
    pub authorization_url: String,
    /// With spaces between.
    pub scopes: String,
    pub audience: String,
    pub client_auth: String,
}

impl std::fmt::Debug for VaultForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VaultForm")
            .field("name", &self.name)
            .field("value", &"redacted")
            .finish_non_exhaustive()
    }
}

/// A secret in its form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultPage {
    pub form: VaultForm,
    /// Where another server has to send people back to, for its settings.
    pub redirect_uri: Option<String>,
    pub used_by: Vec<String>,
    pub may_edit: bool,
}

/// Secrets whose name or origins hold every word.
#[server(endpoint = "list_vault")]
pub async fn list_vault(
    project_id: String,
    #[server(default)] query: ListQuery,
) -> Result<VaultList, UiError> {
    use crate::ssr::{access, lists, vault};
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let words = lists::words(&query)?;
    let found = services.vault.found(&access, &words, query.page).await?;
    let connections = services.upstream.connections(&access).await?;
    let now = services.core.now();
    let (secrets, place) = lists::shown(found, |one| vault::row(one, &connections, now));
    Ok(VaultList {
        secrets,
        place,
        may_edit: access.role() >= Role::Admin,
    })
}

/// The form of a secret, or an empty one for another (`secret_id` is `new`).
#[server(endpoint = "load_vault_secret")]
pub async fn load_vault_secret(
    project_id: String,
    secret_id: String,
) -> Result<VaultPage, UiError> {
    use crate::ssr::{access, vault};
    use domain::{
        ids::VaultSecretId,
        members::{Role, Viewer},
    };
    let (services, access) = access::<Viewer>(project_id).await?;
    let may_edit = access.role() >= Role::Admin;
    if secret_id == "new" {
        let (form, redirect_uri, used_by) = (vault::empty(), None, Vec::new());
        return Ok(VaultPage {
            form,
            redirect_uri,
            used_by,
            may_edit,
        });
    }
    let id = VaultSecretId::from(secret_id);
    let entry = services.vault.get(&access, &id).await?;
    let is_client = entry.secret.oauth2.is_some();
    Ok(VaultPage {
        form: vault::shown(&entry.secret),
        redirect_uri: is_client.then(|| services.upstream.callback_url(&id)),
        used_by: entry.used_by,
        may_edit,
    })
}

/// Keeps a secret (`secret_id` is `new`) or replaces one, then goes back to the list; a new client
/// stays, to show where the other server has to send people back to.
#[server(endpoint = "save_vault_secret")]
pub async fn save_vault_secret(
    project_id: String,
    secret_id: String,
    form: VaultForm,
) -> Result<(), UiError> {
    use crate::ssr::{access, proof, vault};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let input = vault::read(form)?;
    let base = format!("/projects/{}/vault", access.project_id());
    if secret_id == "new" {
        let made = services.vault.create(&access, &input).await?;
        let needs_redirect = made
            .oauth2
            .is_some_and(|client| client.authorization_url.is_some());
        if needs_redirect {
            leptos_axum::redirect(&format!("{base}/{}", made.id));
            return Ok(());
        }
    } else {
        services
            .vault
            .replace(&access, &secret_id.into(), &input, proof().await?.as_ref())
            .await?;
    }
    leptos_axum::redirect(&base);
    Ok(())
}

#[server(endpoint = "delete_vault_secret")]
pub async fn delete_vault_secret(project_id: String, secret_id: String) -> Result<(), UiError> {
    use crate::ssr::fresh_access;
    use domain::members::Admin;
    let (services, access, fresh) = fresh_access::<Admin>(project_id).await?;
    let vault = &services.vault;
    vault
        .delete(&access, &secret_id.into(), Some(&fresh))
        .await?;
    leptos_axum::redirect(&format!("/projects/{}/vault", access.project_id()));
    Ok(())
}
