//! The list of a project's integrations, as people look through it.

use super::{ClientKind, Integrations, store};
use crate::{
    Result,
    clock::Timestamp,
    ids::IntegrationId,
    listing::{Listed, Words},
    members::{Access, Viewer},
    text_enum,
};

/// An integration, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrationSummary {
    pub id: IntegrationId,
    pub name: String,
    pub client_id: String,
    pub client_kind: ClientKind,
    pub is_active: bool,
    pub created_at: Timestamp,
    /// Those that are live.
    pub connections: i64,
    /// When a connection or a secret of it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Which integrations to list; all, where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntegrationFilter {
    /// Each stands in the name.
    pub words: Words,
    pub is_active: Option<bool>,
}

text_enum! {
    /// What comes first.
    pub enum IntegrationOrder {
        Newest = "newest",
        Name = "name",
        /// Last used; those that never were come last.
        Used = "used",
    }
}

impl Integrations {
    /// A page of the integrations that a filter lets through.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn found(
        &self,
        access: &Access<Viewer>,
        filter: &IntegrationFilter,
        order: IntegrationOrder,
        page: usize,
    ) -> Result<Listed<IntegrationSummary>> {
        let now = self.core.now();
        store::list::found(
            &self.core.db,
            access.project_id(),
            filter,
            (order, page),
            now,
        )
        .await
    }
}
