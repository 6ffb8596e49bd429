//! Projects, as pages see them.

use domain::{
    Services,
    members::{Access, Role, Viewer},
    projects::ProjectSummary,
};

use crate::api::{
    UiError,
    projects::{ProjectEnd, ProjectRow},
};

impl From<ProjectSummary> for ProjectRow {
    fn from(summary: ProjectSummary) -> Self {
        Self {
            id: summary.project.id.to_string(),
            name: summary.project.name,
            role: summary.role.to_string(),
            tools: summary.tools,
            enabled_tools: summary.enabled_tools,
            integrations: summary.integrations,
        }
    }
}

pub(crate) async fn end(
    services: &Services,
    access: &Access<Viewer>,
) -> Result<ProjectEnd, UiError> {
    let set_up = services.projects.set_up(access).await?;
    let is_owner = access.role() == Role::Owner;
    // Only they hand the project on, or are kept from leaving it.
    let others = match is_owner {
        true => services.members.list(access).await?,
        false => Vec::new(),
    };
    let others = others
        .into_iter()
        .filter(|member| member.is_enabled && member.user_id != *access.user_id());
    let others: Vec<_> = others.collect();
    let members = &services.members;
    Ok(ProjectEnd {
        name: services.projects.get(access).await?.name,
        tools: set_up.tools,
        integrations: set_up.integrations,
        is_owner,
        is_last_owner: is_owner && others.iter().all(|other| other.role != Role::Owner),
        heirs: others
            .into_iter()
            .map(|other| (other.user_id.to_string(), other.email))
            .collect(),
        my_id: access.user_id().to_string(),
        requires_second_factor: members.requires_second_factor(access).await?,
        sees_log: access.role() >= Role::Admin,
    })
}
