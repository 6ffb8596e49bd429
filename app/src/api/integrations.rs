//! Integrations: the list, the page of one, and the secret that is shown once.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::{UiError, When};

/// A project's integrations, and whether the reader may manage them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationList {
    pub integrations: Vec<IntegrationRow>,
    pub enabled_tools: usize,
    pub may_manage: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationRow {
    pub id: String,
    pub name: String,
    pub client_id: String,
    pub is_public: bool,
    pub is_active: bool,
    pub created: When,
}

/// All that the page of one integration shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationDetails {
    pub id: String,
    pub name: String,
    pub client_id: String,
    /// A public client: it has no secret.
    pub is_public: bool,
    /// The secret alone authorizes, with no sign-in.
    pub is_automatic: bool,
    pub is_active: bool,
    pub redirect_uris: Vec<String>,
    pub created: When,
    pub secrets: Vec<SecretRow>,
    pub enabled_tools: usize,
    /// `{public}/mcp/`
    pub server_url: String,
    /// `{public}/mcp/{slug}/`
    pub own_server_url: String,
    /// Only this machine reaches the public URL.
    pub is_loopback: bool,
    pub may_manage: bool,
}

/// A live secret, by its prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRow {
    pub id: String,
    pub prefix: String,
    pub created: When,
    pub last_used: Option<When>,
}

/// What is shown once, after creating an integration or rotating its secret. It lives in the
/// memory of the page that asked for it and nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    pub integration_id: String,
    pub name: String,
    pub client_id: String,
    /// A public client has none.
    pub client_secret: Option<String>,
    pub server_url: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &"redacted")
            .finish_non_exhaustive()
    }
}

#[server(endpoint = "list_integrations")]
pub async fn list_integrations(project_id: String) -> Result<IntegrationList, UiError> {
    use crate::ssr::{access, integrations::row};
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let now = services.core.now();
    let integrations = services.integrations.list(&access).await?;
    let tools = services.tools.list(&access).await?;
    Ok(IntegrationList {
        integrations: integrations.into_iter().map(|one| row(one, now)).collect(),
        enabled_tools: tools.iter().filter(|tool| tool.is_enabled).count(),
        may_manage: access.role() >= Role::Admin,
    })
}

#[server(endpoint = "load_integration")]
pub async fn load_integration(
    project_id: String,
    integration_id: String,
) -> Result<IntegrationDetails, UiError> {
    use crate::ssr::{access, integrations::details};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    details(&services, &access, &integration_id.into()).await
}

/// Makes an integration. In and out as JSON: without wasm nobody could be shown the secret, so
/// this one is no plain form.
#[server(endpoint = "create_integration", input = Json)]
pub async fn create_integration(
    project_id: String,
    name: String,
    is_public: bool,
    is_automatic: bool,
) -> Result<Credentials, UiError> {
    use crate::ssr::{access, integrations::credentials};
    use domain::{
        integrations::{Approval, ClientKind, NewIntegration},
        members::Admin,
    };
    let (services, access) = access::<Admin>(project_id).await?;
    let new = NewIntegration {
        name,
        client_kind: if is_public {
            ClientKind::Public
        } else {
            ClientKind::Secret
        },
        approval: if is_automatic {
            Approval::Automatic
        } else {
            Approval::Ask
        },
        redirect_uris: None,
    };
    let (integration, secret) = services.integrations.create(&access, &new).await?;
    Ok(credentials(&services, integration, secret.as_ref()))
}

/// Ends the secret and shows the new one, once.
#[server(endpoint = "rotate_secret", input = Json)]
pub async fn rotate_secret(
    project_id: String,
    integration_id: String,
) -> Result<Credentials, UiError> {
    use crate::ssr::{access, integrations::credentials};
    use domain::{ids::IntegrationId, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let id = IntegrationId::from(integration_id);
    let (integration, secret) = services.integrations.rotate_secret(&access, &id).await?;
    Ok(credentials(&services, integration, Some(&secret)))
}

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
        .update(&access, &integration_id.into(), &change)
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
        .update(&access, &integration_id.into(), &change)
        .await?;
    Ok(())
}

/// Ends an integration for good; its name, typed by hand, says that it is meant.
#[server(endpoint = "delete_integration")]
pub async fn delete_integration(
    project_id: String,
    integration_id: String,
    confirm_name: String,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::{ids::IntegrationId, members::Admin};
    let (services, access) = access::<Admin>(project_id).await?;
    let id = IntegrationId::from(integration_id);
    let integration = services.integrations.get(&access.as_viewer(), &id).await?;
    if confirm_name.trim() != integration.name {
        return Err(domain::Error::invalid(
            "confirm_name",
            format!("Type the integration's name: {}", integration.name),
        )
        .into());
    }
    services.integrations.delete(&access, &id).await?;
    leptos_axum::redirect(&format!("/projects/{}/integrations", access.project_id()));
    Ok(())
}
