//! The list of a project's tools, as people look through it.

use super::{HttpMethod, Made, Tool, Tools, VersionKind, store};
use crate::{
    Error, Result,
    clock::Timestamp,
    ids::ToolId,
    listing::{Listed, Words},
    members::{Access, Developer, Viewer},
    text_enum,
};

/// What a row of the list shows of a tool: not its schemas, which are by far the most of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolSummary {
    pub id: ToolId,
    pub name: String,
    pub title: String,
    pub http_method: HttpMethod,
    pub base_url: String,
    pub endpoint_path: String,
    pub is_read_only: bool,
    pub is_enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a tool is called, and whether clients have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolName {
    pub id: ToolId,
    pub name: String,
    pub is_enabled: bool,
}

/// Which tools to list; all, where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolFilter {
    /// Each stands in the name, the title, the method or the address.
    pub words: Words,
    pub is_enabled: Option<bool>,
}

text_enum! {
    /// What comes first.
    pub enum ToolOrder {
        Name = "name",
        Newest = "newest",
        /// Last changed.
        Changed = "changed",
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolList {
    pub list: Listed<ToolSummary>,
    /// How many of those that were found are enabled.
    pub enabled: usize,
}

impl Tools {
    /// A page of the tools that a filter lets through.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn found(
        &self,
        access: &Access<Viewer>,
        filter: &ToolFilter,
        order: ToolOrder,
        page: usize,
    ) -> Result<ToolList> {
        store::list::found(&self.core.db, access.project_id(), filter, order, page).await
    }

    /// How many tools are enabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_enabled(&self, access: &Access<Viewer>) -> Result<usize> {
        store::list::count_enabled(&self.core.db, access.project_id()).await
    }

    /// The names of all tools, in order.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn names(&self, access: &Access<Viewer>) -> Result<Vec<ToolName>> {
        store::list::names(&self.core.db, access.project_id()).await
    }

    /// Enables or disables every tool that a filter lets through, all of them or none, if there are as
    /// many as whoever asks was told. Answers with how many it changed.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `found`, where there are more or fewer.
    pub async fn set_found_enabled(
        &self,
        access: &Access<Developer>,
        filter: &ToolFilter,
        found: usize,
        is_enabled: bool,
    ) -> Result<usize> {
        let mut tx = self.core.db.begin().await?;
        let all = store::all_locked(&mut tx, access.project_id()).await?;
        let meant = store::list::ids_found(&mut tx, access.project_id(), filter).await?;
        if meant.len() != found {
            let message = format!(
                "The search finds {} tools now, not {found}. Look at them, then choose again.",
                meant.len()
            );
            return Err(Error::invalid("found", message));
        }
        let mut changed = 0;
        for old in all {
            if old.is_enabled == is_enabled || meant.binary_search(&old.id).is_err() {
                continue;
            }
            let tool = Tool {
                is_enabled,
                updated_at: self.after(&old),
                ..old.clone()
            };
            let made = Made::by(access.actor(), VersionKind::Changed);
            self.update(&mut tx, &old, tool, made).await?;
            changed += 1;
        }
        tx.commit().await?;
        Ok(changed)
    }
}
