//! Projects, as pages see them.

use domain::projects::ProjectSummary;

use crate::api::projects::ProjectRow;

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
