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
    pub tools: usize,
    pub enabled_tools: usize,
    pub integrations: usize,
    /// A client has used an integration's secret, is connected without one, or called a tool.
    pub has_connected: bool,
    pub has_called: bool,
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
    let tools = services.tools.list(&access).await?;
    let integrations = services.integrations.list(&access).await?;
    let has_called = !services.calls.recent(&access, 1).await?.is_empty();
    let mut has_connected = has_called;
    // The newest are enough: who connected an older one has been through this list before.
    for integration in integrations.iter().take(10) {
        if has_connected {
            break;
        }
        let secrets = services
            .integrations
            .secrets(&access, &integration.id)
            .await?;
        // A client that registered itself uses no secret.
        let connections = services.grants.connections(&access, &integration.id);
        has_connected = secrets.iter().any(|secret| secret.last_used_at.is_some())
            || !connections.await?.is_empty();
    }
    Ok(Checklist {
        project_id: access.project_id().to_string(),
        tools: tools.len(),
        enabled_tools: tools.iter().filter(|tool| tool.is_enabled).count(),
        integrations: integrations.len(),
        has_connected,
        has_called,
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

/// What a project's end takes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectEnd {
    pub name: String,
    pub tools: usize,
    pub integrations: usize,
    /// Whether the reader may do it.
    pub is_owner: bool,
}

#[server(endpoint = "load_project_end")]
pub async fn load_project_end(project_id: String) -> Result<ProjectEnd, UiError> {
    use crate::ssr::access;
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    Ok(ProjectEnd {
        name: services.projects.get(&access).await?.name,
        tools: services.tools.list(&access).await?.len(),
        integrations: services.integrations.list(&access).await?.len(),
        is_owner: access.role() == Role::Owner,
    })
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
