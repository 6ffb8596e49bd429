//! Tools as lists that choose among them show them: without what they are described by and called with.

use std::collections::HashSet;

use super::{Tools, store};
use crate::{
    Result,
    ids::ToolId,
    integrations::Integration,
    members::{Access, Viewer},
};

/// A tool by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolOutline {
    pub id: ToolId,
    pub name: String,
    pub title: String,
    /// What its annotation says.
    pub is_read_only: bool,
    pub is_enabled: bool,
}

/// How many tools a project has, and an integration of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToolCounts {
    pub all: usize,
    pub enabled: usize,
    pub offered: usize,
    /// What a client finds: offered and enabled.
    pub callable: usize,
}

impl Tools {
    /// The project's tools, by name in byte order.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn outlines(&self, access: &Access<Viewer>) -> Result<Vec<ToolOutline>> {
        store::outlines::of_project(&self.core.db, access.project_id()).await
    }

    /// How many tools the project has, and how many of them an integration offers.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) for an integration of another project.
    pub async fn counts(
        &self,
        access: &Access<Viewer>,
        integration: &Integration,
    ) -> Result<ToolCounts> {
        integration.check_project(access)?;
        let (db, project) = (&self.core.db, access.project_id());
        let Some(ids) = &integration.tool_ids else {
            let (all, enabled) = store::outlines::count(db, project).await?;
            return Ok(ToolCounts {
                all,
                enabled,
                offered: all,
                callable: enabled,
            });
        };
        let ids: HashSet<&ToolId> = ids.iter().collect();
        let mut counts = ToolCounts::default();
        for (id, is_enabled) in store::outlines::states(db, project).await? {
            let (is_offered, is_enabled) = (ids.contains(&id), usize::from(is_enabled));
            counts.all += 1;
            counts.enabled += is_enabled;
            counts.offered += usize::from(is_offered);
            counts.callable += usize::from(is_offered) * is_enabled;
        }
        Ok(counts)
    }
}
