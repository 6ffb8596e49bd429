//! Keys of the REST API: a project's, and those of the reader's account.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    UiError, When,
    lists::{ListQuery, Place},
};

/// A key, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyRow {
    pub id: String,
    pub name: String,
    pub prefix: String,
    pub role: String,
    pub made_by: String,
    /// Whether a key made it.
    pub by_key: bool,
    pub created: When,
    pub last_used: Option<When>,
    /// `None`: it does not end by itself.
    pub expires: Option<When>,
    pub has_expired: bool,
}

/// What the page of them shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyList {
    /// Those of the page.
    pub keys: Vec<ApiKeyRow>,
    pub place: Place,
    /// The roles that a key of the reader's may have, from the lowest.
    pub roles: Vec<String>,
    /// Where the API is: `https://tools.example.com`.
    pub origin: String,
}

/// A key that is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiKey {
    pub name: String,
    pub key: String,
}

impl std::fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewApiKey")
            .field("name", &self.name)
            .field("key", &"redacted")
            .finish()
    }
}

/// Keys whose name, beginning or maker holds every word.
#[server(endpoint = "list_api_keys")]
pub async fn list_api_keys(
    project_id: String,
    #[server(default)] query: ListQuery,
) -> Result<ApiKeyList, UiError> {
    use crate::ssr::{access, api_keys, lists};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let words = lists::words(&query)?;
    let keys = services.api_keys.found(&access, &words, query.page).await?;
    Ok(api_keys::list(&services, keys, access.role()))
}

/// Makes a key of the project, for programs.
#[server(endpoint = "create_api_key")]
pub async fn create_api_key(
    project_id: String,
    name: String,
    role: String,
    /// 0: it does not end by itself.
    expires_in_days: i64,
) -> Result<NewApiKey, UiError> {
    use crate::ssr::{access, api_keys, proof};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let new = api_keys::wish(name, &role, expires_in_days)?;
    let made = services
        .api_keys
        .create(&access, &new, proof().await?.as_ref())
        .await?;
    Ok(api_keys::shown(made))
}

#[server(endpoint = "revoke_api_key")]
pub async fn revoke_api_key(project_id: String, key_id: String) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    services.api_keys.revoke(&access, &key_id.into()).await?;
    Ok(())
}

#[server(endpoint = "list_own_api_keys")]
pub async fn list_own_api_keys(#[server(default)] query: ListQuery) -> Result<ApiKeyList, UiError> {
    use crate::ssr::{actor, api_keys, lists, services};
    use domain::members::Role;
    let actor = actor().await?;
    let services = services();
    let words = lists::words(&query)?;
    let keys = services
        .api_keys
        .found_own(&actor, &words, query.page)
        .await?;
    Ok(api_keys::list(&services, keys, Role::Owner))
}

/// Makes a key of the reader's account, for all of their projects.
#[server(endpoint = "create_own_api_key")]
pub async fn create_own_api_key(
    name: String,
    role: String,
    expires_in_days: i64,
) -> Result<NewApiKey, UiError> {
    use crate::ssr::{actor, api_keys, client_address, proof, services};
    let actor = actor().await?;
    let new = api_keys::wish(name, &role, expires_in_days)?;
    let proof = proof().await?;
    let made = services()
        .api_keys
        .create_own(&actor, &new, proof.as_ref(), client_address())
        .await?;
    Ok(api_keys::shown(made))
}

#[server(endpoint = "revoke_own_api_key")]
pub async fn revoke_own_api_key(key_id: String) -> Result<(), UiError> {
    use crate::ssr::{actor, services};
    let actor = actor().await?;
    services()
        .api_keys
        .revoke_own(&actor, &key_id.into())
        .await?;
    Ok(())
}
