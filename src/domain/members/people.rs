//! Who the members are.

use super::{Access, Members, Role, Viewer, store};
use crate::{Result, clock::Timestamp, ids::UserId};

/// A person in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub user_id: UserId,
    pub email: String,
    pub role: Role,
    pub joined_at: Timestamp,
    /// Whether their account is: one that is disabled may do nothing.
    pub is_enabled: bool,
    /// `None` for who asks with a role below admin.
    pub has_second_factor: Option<bool>,
    /// When a connection of theirs to the project was last used, to the minute; `None` too for who asks
    /// with a role below admin.
    pub last_used_at: Option<Timestamp>,
}

impl Members {
    /// The members of a project, who came first first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, access: &Access<Viewer>) -> Result<Vec<Member>> {
        let mut members = store::list(&self.core.db, access.project_id()).await?;
        if access.role() < Role::Admin {
            for member in &mut members {
                member.has_second_factor = None;
                member.last_used_at = None;
            }
        }
        Ok(members)
    }

    /// Whether the project is open only to accounts with a second factor.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn requires_second_factor(&self, access: &Access<Viewer>) -> Result<bool> {
        Ok(store::requires_second_factor(&self.core.db, access.project_id()).await?)
    }
}
