//! Which tools an integration offers: a page of them, and choosing them by it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::{
    UiError,
    lists::{ListQuery, Place},
};

/// A page of the project's tools, for an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedTools {
    /// The integration's.
    pub name: String,
    /// It offers every tool of the project, those that are added later included.
    pub offers_all: bool,
    pub may_manage: bool,
    /// How many, whatever is asked for.
    pub offered: usize,
    /// In the list of all the project's tools.
    pub place: Place,
    pub tools: Vec<OfferedTool>,
}

/// A tool of the project, and whether an integration offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedTool {
    pub id: String,
    pub name: String,
    pub title: String,
    pub is_read_only: bool,
    pub is_enabled: bool,
    pub is_offered: bool,
}

/// Tools whose name or title holds every word; `state`: `offered` or `left-out`.
#[server(endpoint = "list_offered_tools")]
pub async fn list_offered_tools(
    project_id: String,
    integration_id: String,
    #[server(default)] query: ListQuery,
) -> Result<OfferedTools, UiError> {
    use crate::ssr::{access, offered_tools};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    offered_tools::page(&services, &access, &integration_id.into(), &query).await
}

/// Chooses the tools that an integration offers. `offer` is `all` or `selected`. For the second the ticks
/// count, of those that were shown: what is on other pages of the list stays as it is.
#[server(endpoint = "set_offered_tools")]
pub async fn set_offered_tools(
    project_id: String,
    integration_id: String,
    offer: String,
    #[server(default)] shown: Vec<String>,
    #[server(default)] tool_ids: Vec<String>,
    /// Where to go on: another page of the same list.
    #[server(default)]
    next: String,
) -> Result<(), UiError> {
    use crate::ssr::{access, offered_tools};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let list = offered_tools::path(access.project_id().as_str(), &integration_id);
    let change = offered_tools::change(&offer, shown, tool_ids)?;
    services
        .integrations
        .update(&access, &integration_id.into(), &change, None)
        .await?;
    let is_of_list = next
        .strip_prefix(&list)
        .is_some_and(|rest| rest.starts_with('?'));
    // What else could be no header.
    if is_of_list && next.bytes().all(|byte| byte.is_ascii_graphic()) {
        leptos_axum::redirect(&next);
    }
    Ok(())
}
