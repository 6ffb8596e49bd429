//! Projects: the list, making one, and what the frame and the overview of one show.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::UiError;

/// A project in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectRow {
    pub id: String,
    pub name: String,
    pub role: String,
    pub tools: i64,
    pub enabled_tools: i64,
    pub integrations: i64,
}

/// What the frame around a project's pages shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectFrame {
    pub id: String,
    pub name: String,
    pub role: String,
}

/// How far a project is on its way to the first call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub project_id: String,
    pub tools: i64,
    pub enabled_tools: i64,
    pub integrations: i64,
    pub newest_integration: Option<String>,
    /// A client got a token, or authenticated with an integration's secret.
    pub has_connected: bool,
    /// A client called a tool; what people and programs try counts for nothing.
    pub has_called: bool,
}

impl Checklist {
    /// Whether there is nothing left to do.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.tools > 0
            && self.enabled_tools > 0
            && self.integrations > 0
            && self.has_connected
            && self.has_called
    }
}

#[server(endpoint = "list_projects")]
pub async fn list_projects() -> Result<Vec<ProjectRow>, UiError> {
    use crate::ssr::{actor, services};
    let actor = actor().await?;
    let projects = services().projects.list(&actor).await?;
    Ok(projects.into_iter().map(Into::into).collect())
}

/// Makes a project and goes to it.
#[server(endpoint = "create_project")]
pub async fn create_project(name: String) -> Result<(), UiError> {
    use crate::ssr::{actor, services};
    let actor = actor().await?;
    let project = services().projects.create(&actor, &name).await?;
    leptos_axum::redirect(&format!("/projects/{}", project.id));
    Ok(())
}

#[server(endpoint = "load_project")]
pub async fn load_project(project_id: String) -> Result<ProjectFrame, UiError> {
    use crate::ssr::access;
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    let project = services.projects.get(&access).await?;
    Ok(ProjectFrame {
        id: project.id.to_string(),
        name: project.name,
        role: access.role().to_string(),
    })
}

#[server(endpoint = "load_checklist")]
pub async fn load_checklist(project_id: String) -> Result<Checklist, UiError> {
    use crate::ssr::access;
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    let set_up = services.projects.set_up(&access).await?;
    Ok(Checklist {
        project_id: access.project_id().to_string(),
        tools: set_up.tools,
        enabled_tools: set_up.enabled_tools,
        integrations: set_up.integrations,
        newest_integration: set_up.newest_integration.map(|id| id.to_string()),
        has_connected: set_up.has_connected,
        has_called: set_up.has_called,
    })
}

#[server(endpoint = "rename_project")]
pub async fn rename_project(project_id: String, name: String) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::members::Owner;
    let (services, access) = access::<Owner>(project_id).await?;
    services.projects.rename(&access, &name).await?;
    Ok(())
}

/// What a project's settings say of whose it is, and what its end takes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectEnd {
    pub name: String,
    pub tools: i64,
    pub integrations: i64,
    /// Whether the reader may end it.
    pub is_owner: bool,
    /// Whether there is no other owner who can sign in.
    pub is_last_owner: bool,
    /// Ids and emails of those that an owner may make the owner.
    pub heirs: Vec<(String, String)>,
    pub my_id: String,
    pub requires_second_factor: bool,
    /// Whether the reader may see what was done to it.
    pub sees_log: bool,
}

#[server(endpoint = "load_project_end")]
pub async fn load_project_end(project_id: String) -> Result<ProjectEnd, UiError> {
    use crate::ssr::{access, projects};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    projects::end(&services, &access).await
}

/// Ends a project with all that is in it.
#[server(endpoint = "delete_project")]
pub async fn delete_project(project_id: String, confirm_name: String) -> Result<(), UiError> {
    use crate::ssr::fresh_access;
    use domain::members::Owner;
    let (services, access, fresh) = fresh_access::<Owner>(project_id).await?;
    let project = services.projects.get(&access.as_viewer()).await?;
    if confirm_name.trim() != project.name {
        return Err(domain::Error::invalid(
            "confirm_name",
            format!("Type the project's name: {}", project.name),
        )
        .into());
    }
    services.projects.delete(&access, &fresh).await?;
    leptos_axum::redirect("/projects");
    Ok(())
}
