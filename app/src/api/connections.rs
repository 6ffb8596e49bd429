//! Live connections: who connected which client to what, and ending them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, When};

/// What a connection rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectedBy {
    /// A member who approved it, by their email.
    Person(String),
    /// The integration approved by itself.
    Automatic,
    /// The client's own credentials.
    ClientCredentials,
}

/// A live connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub id: String,
    /// What the client called itself.
    pub client: String,
    /// How it came to be known, after its name: `registered itself`.
    pub known_by: String,
    /// The host that it was sent back to, which its name cannot fake.
    pub sent_to: Option<String>,
    /// It proves itself with the integration's secret.
    pub uses_secret: bool,
    pub by: ConnectedBy,
    /// `3 selected tools`
    pub tools: String,
    pub project: String,
    pub integration: String,
    pub since: When,
    pub last_used: Option<When>,
    /// What of its tools is not as it was approved: `2 tools changed since: a, b`.
    pub changed: Option<String>,
    /// The list of tools that the client fetched last.
    pub list: Option<FetchedList>,
}

/// A list of tools that a client fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchedList {
    /// `all 22 tools`, or `17 of 22 tools`
    pub tools: String,
    /// The list has changed since.
    pub is_old: bool,
    pub at: When,
}

/// Ends one connection of an integration.
#[server(endpoint = "end_connection")]
pub async fn end_connection(
    project_id: String,
    integration_id: String,
    grant_id: String,
) -> Result<(), UiError> {
    use crate::ssr::{access, visit};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    services
        .grants
        .end_connection(&access, &integration_id.into(), &grant_id.into(), &visit())
        .await?;
    Ok(())
}

/// Ends every connection of an integration; answers with how many there were.
#[server(endpoint = "disconnect_everything")]
pub async fn disconnect_everything(
    project_id: String,
    integration_id: String,
) -> Result<u64, UiError> {
    use crate::ssr::{access, visit};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let integration = integration_id.into();
    Ok(services
        .grants
        .disconnect_everything(&access, &integration, &visit())
        .await?)
}

/// The caller's own connections, in every project.
#[server(endpoint = "list_connected_apps")]
pub async fn list_connected_apps() -> Result<Vec<Connection>, UiError> {
    use crate::ssr::{actor, connections::shown, services};
    let actor = actor().await?;
    let services = services();
    let now = services.core.now();
    let connections = services.grants.connected_apps(&actor).await?;
    Ok(connections.into_iter().map(|one| shown(one, now)).collect())
}

/// Ends one of the caller's own connections.
#[server(endpoint = "end_own_connection")]
pub async fn end_own_connection(grant_id: String) -> Result<(), UiError> {
    use crate::ssr::{actor, services, visit};
    let actor = actor().await?;
    services()
        .grants
        .end_own_connection(&actor, &grant_id.into(), &visit())
        .await?;
    Ok(())
}
