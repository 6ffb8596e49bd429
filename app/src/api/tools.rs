//! Tools: the list, the form, the switch.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    UiError, When,
    lint::ProjectLint,
    lists::{ListQuery, Place},
};

/// Some of a project's tools, and whether the reader may change them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolList {
    /// Those of the page.
    pub tools: Vec<ToolRow>,
    pub place: Place,
    /// How many of those that were found are enabled.
    pub enabled: usize,
    /// What the lint says of all tools, where it has looked at them since they changed.
    pub lint: Option<ProjectLint>,
    pub may_edit: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolRow {
    pub id: String,
    pub name: String,
    pub title: String,
    pub method: String,
    /// Base URL and path.
    pub url: String,
    pub is_read_only: bool,
    pub is_enabled: bool,
    /// What the list is in the order of, where that is a time: `made` or `changed`, and when.
    pub at: Option<(String, When)>,
}

/// A tool as its form shows it: every field a text or a tick, so that a half-right form comes back
/// with sentences and not with a refusal.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToolForm {
    pub name: String,
    pub title: String,
    pub description: String,
    pub base_url: String,
    pub http_method: String,
    pub endpoint_path: String,
    /// JSON.
    pub input_schema: String,
    /// JSON, or empty.
    pub output_schema: String,
    /// A header a line: `Name: value`.
    pub headers_template: String,
    /// A parameter a line: `name=value`.
    pub query_template: String,
    /// JSON, or empty.
    pub body_template: String,
    pub auth_strategy: String,
    /// For the strategies that need a name besides the secret.
    pub auth_header: String,
    pub auth_parameter: String,
    pub auth_username: String,
    /// Write-only: empty keeps the one that is stored.
    pub auth_secret: String,
    /// In its place, the name of one in the vault, or empty.
    pub auth_secret_name: String,
    pub require_member: bool,
    pub inject_member_identity: bool,
    /// `auto`, `yes` or `no`; so are the other hints.
    pub read_only_hint: String,
    pub destructive_hint: String,
    pub idempotent_hint: String,
    pub open_world_hint: String,
    /// A JSON list, or empty.
    pub icons: String,
    pub timeout_ms: String,
    pub max_response_bytes: String,
    /// Empty: any number.
    pub max_concurrency: String,
    pub max_retries: String,
    pub is_enabled: bool,
}

impl std::fmt::Debug for ToolForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ToolForm")
            .field("name", &self.name)
            .field("auth_secret", &"redacted")
            .finish_non_exhaustive()
    }
}

/// A tool in its form, and what the reader may do with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolPage {
    pub form: ToolForm,
    pub has_secret: bool,
    /// The names of the vault's secrets.
    pub vault: Vec<String>,
    pub may_edit: bool,
}

/// Tools whose name, title, method or address holds every word; `state`: `enabled` or `disabled`; `sort`:
/// `name`, `newest` or `changed`.
#[server(endpoint = "list_tools")]
pub async fn list_tools(
    project_id: String,
    #[server(default)] query: ListQuery,
) -> Result<ToolList, UiError> {
    use crate::ssr::{access, lint, tools};
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let (filter, order) = (tools::filter(&query)?, tools::order(&query)?);
    let found = services.tools.found(&access, &filter, order, query.page);
    let may_edit = access.role() >= Role::Developer;
    let now = services.core.now();
    let known = services.lints.known(&access);
    Ok(ToolList {
        lint: known.map(|report| lint::of_project(&report)),
        ..tools::list(found.await?, order, may_edit, now)
    })
}

/// The form of a tool, or an empty one to register another (`tool_id` is `new`).
#[server(endpoint = "load_tool")]
pub async fn load_tool(project_id: String, tool_id: String) -> Result<ToolPage, UiError> {
    use crate::ssr::{access, tool_form};
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let may_edit = access.role() >= Role::Developer;
    let vault = services.vault.list(&access).await?;
    let vault = vault.into_iter().map(|entry| entry.secret.name).collect();
    if tool_id == "new" {
        return Ok(ToolPage {
            form: tool_form::empty(),
            has_secret: false,
            vault,
            may_edit,
        });
    }
    let tool = services.tools.get(&access, &tool_id.into()).await?;
    Ok(ToolPage {
        form: tool_form::shown(&tool)?,
        has_secret: matches!(tool.auth_secret, Some(domain::tools::ToolSecret::Own(_))),
        vault,
        may_edit,
    })
}

/// Registers a tool (`tool_id` is `new`) or replaces one, then goes back to the list.
#[server(endpoint = "save_tool")]
pub async fn save_tool(project_id: String, tool_id: String, form: ToolForm) -> Result<(), UiError> {
    use crate::ssr::{access, tool_form};
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    let input = tool_form::read(form)?;
    if tool_id == "new" {
        services.tools.create(&access, &input).await?;
    } else {
        services
            .tools
            .replace(&access, &tool_id.into(), &input)
            .await?;
    }
    leptos_axum::redirect(&format!("/projects/{}/tools", access.project_id()));
    Ok(())
}

/// Enables or disables a tool; answers with the state it has now.
#[server(endpoint = "set_tool_enabled")]
pub async fn set_tool_enabled(
    project_id: String,
    tool_id: String,
    is_enabled: bool,
) -> Result<bool, UiError> {
    use crate::ssr::access;
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    let tool = services
        .tools
        .set_enabled(&access, &tool_id.into(), is_enabled)
        .await?;
    Ok(tool.is_enabled)
}

/// The same for several at once; answers with how many changed.
#[server(endpoint = "set_tools_enabled")]
pub async fn set_tools_enabled(
    project_id: String,
    #[server(default)] tool_ids: Vec<String>,
    is_enabled: bool,
) -> Result<usize, UiError> {
    use crate::ssr::access;
    use domain::{Error, ids::ToolId, members::Developer};
    let (services, access) = access::<Developer>(project_id).await?;
    if tool_ids.is_empty() {
        return Err(Error::invalid("tool_ids", "Tick the tools first.").into());
    }
    let ids: Vec<ToolId> = tool_ids.into_iter().map(Into::into).collect();
    Ok(services
        .tools
        .set_all_enabled(&access, &ids, is_enabled)
        .await?)
}

/// The same for all that a search finds, on whatever page of it; `found` is how many that were when it
/// was shown. Answers with how many changed.
#[server(endpoint = "set_found_tools_enabled")]
pub async fn set_found_tools_enabled(
    project_id: String,
    #[server(default)] text: String,
    #[server(default)] state: String,
    found: usize,
    is_enabled: bool,
) -> Result<usize, UiError> {
    use crate::ssr::{access, tools};
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    let query = ListQuery {
        text,
        state,
        ..ListQuery::default()
    };
    let filter = tools::filter(&query)?;
    Ok(services
        .tools
        .set_found_enabled(&access, &filter, found, is_enabled)
        .await?)
}

#[server(endpoint = "delete_tool")]
pub async fn delete_tool(project_id: String, tool_id: String) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    services.tools.delete(&access, &tool_id.into()).await?;
    leptos_axum::redirect(&format!("/projects/{}/tools", access.project_id()));
    Ok(())
}

/// Adds the sample tools; answers with how many are new.
#[server(endpoint = "add_sample_tools")]
pub async fn add_sample_tools(project_id: String) -> Result<usize, UiError> {
    use crate::ssr::access;
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    Ok(services.tools.add_samples(&access).await?.created.len())
}
