//! Integrations: the list, the page of one, and its end.

pub mod approval;
pub mod connecting;
pub mod create;
pub mod secrets;
pub mod settings;
pub mod tools;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    UiError, When,
    connections::Connection,
    lists::{ListQuery, Place},
};
use connecting::{ConnectStep, Refused};
use secrets::SecretRow;

/// A project's integrations, and whether the reader may manage them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationList {
    /// Those of the page.
    pub integrations: Vec<IntegrationRow>,
    pub place: Place,
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
    /// Those that are live.
    pub connections: usize,
    pub created: When,
    /// A connection or a secret of it.
    pub last_used: Option<When>,
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
    /// Clients that registered themselves may connect.
    pub self_registered: bool,
    /// Its client may get tokens with its own credentials.
    pub client_credentials: bool,
    /// This instance has every kind of self-registration switched off.
    pub is_self_registration_off: bool,
    pub redirect_uris: Vec<String>,
    pub created: When,
    /// Newest first, at most two.
    pub secrets: Vec<SecretRow>,
    /// Those that are live, newest first.
    pub connections: Vec<Connection>,
    /// How long an access token works: `an hour`.
    pub token_lifetime: String,
    /// It offers every tool of the project, those that are added later included.
    pub offers_all: bool,
    pub tools: ToolNumbers,
    /// `{public}/mcp/`
    pub server_url: String,
    /// `{public}/mcp/{slug}/`
    pub own_server_url: String,
    /// Only this machine reaches the public URL.
    pub is_loopback: bool,
    pub may_manage: bool,
    /// How far a client has come, in the order of the steps.
    pub connect_steps: Vec<ConnectStep>,
    /// What keeps clients out, the weightiest first; one of each kind.
    pub refusals: Vec<Refused>,
}

/// How many tools a project has, and an integration of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolNumbers {
    pub all: usize,
    pub enabled: usize,
    pub offered: usize,
    /// What a client finds: offered and enabled.
    pub callable: usize,
}

/// Integrations whose name holds every word; `state`: `active` or `inactive`; `sort`: `newest`, `name` or
/// `used`.
#[server(endpoint = "list_integrations")]
pub async fn list_integrations(
    project_id: String,
    #[server(default)] query: ListQuery,
) -> Result<IntegrationList, UiError> {
    use crate::ssr::{access, integrations, lists};
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let (filter, order) = (integrations::filter(&query)?, integrations::order(&query)?);
    let found = services
        .integrations
        .found(&access, &filter, order, query.page);
    let now = services.core.now();
    let (integrations, place) = lists::shown(found.await?, |one| integrations::row(one, now));
    Ok(IntegrationList {
        integrations,
        place,
        enabled_tools: services.tools.count_enabled(&access).await?,
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

/// Ends an integration for good; its name, typed by hand, says that it is meant.
#[server(endpoint = "delete_integration")]
pub async fn delete_integration(
    project_id: String,
    integration_id: String,
    confirm_name: String,
) -> Result<(), UiError> {
    use crate::ssr::fresh_access;
    use domain::{ids::IntegrationId, members::Admin};
    let (services, access, fresh) = fresh_access::<Admin>(project_id).await?;
    let id = IntegrationId::from(integration_id);
    let integration = services.integrations.get(&access.as_viewer(), &id).await?;
    if confirm_name.trim() != integration.name {
        return Err(domain::Error::invalid(
            "confirm_name",
            format!("Type the integration's name: {}", integration.name),
        )
        .into());
    }
    services.integrations.delete(&access, &id, &fresh).await?;
    leptos_axum::redirect(&format!("/projects/{}/integrations", access.project_id()));
    Ok(())
}
