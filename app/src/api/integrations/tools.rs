//! Which tools an integration offers: a page of them, and choosing them by it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::UiError;

/// Tools on a page.
pub const ROWS: usize = 50;

/// Which tools to list. Everything may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToolFilter {
    /// Words that are all in its name or title, in any case.
    pub text: String,
    /// `offered`, `left-out`, or empty for both.
    pub which: String,
    /// From 1 on.
    pub page: usize,
}

/// A page of the project's tools, for an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedTools {
    /// The integration's.
    pub name: String,
    /// It offers every tool of the project, those that are added later included.
    pub offers_all: bool,
    pub may_manage: bool,
    /// The project's, whatever is asked for.
    pub all: usize,
    pub offered: usize,
    /// How many the filter lets through.
    pub found: usize,
    /// The page that this is; the last one where there are not so many.
    pub page: usize,
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

#[server(endpoint = "list_offered_tools")]
pub async fn list_offered_tools(
    project_id: String,
    integration_id: String,
    #[server(default)] filter: ToolFilter,
) -> Result<OfferedTools, UiError> {
    use crate::ssr::{access, offered_tools};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    offered_tools::page(&services, &access, &integration_id.into(), &filter).await
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
    if next
        .strip_prefix(&list)
        .is_some_and(|rest| rest.starts_with('?'))
    {
        leptos_axum::redirect(&next);
    }
    Ok(())
}
