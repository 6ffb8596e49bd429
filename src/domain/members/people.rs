//! Who the members are.

use super::{Access, Members, Role, Viewer, store};
use crate::{
    Error, Result,
    clock::Timestamp,
    ids::UserId,
    listing::{Listed, Words},
};

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

impl Member {
    fn seen_by(mut self, access: &Access<Viewer>) -> Self {
        if access.role() < Role::Admin {
            self.has_second_factor = None;
            self.last_used_at = None;
        }
        self
    }
}

impl Members {
    /// The members of a project, who came first first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, access: &Access<Viewer>) -> Result<Vec<Member>> {
        let members = store::list(&self.core.db, access.project_id()).await?;
        let seen = members.into_iter().map(|member| member.seen_by(access));
        Ok(seen.collect())
    }

    /// A page of those whose email or role holds every word, in the same order.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn found(
        &self,
        access: &Access<Viewer>,
        words: &Words,
        page: usize,
    ) -> Result<Listed<Member>> {
        let found = store::found(&self.core.db, access.project_id(), words, page).await?;
        Ok(found.map(|member| member.seen_by(access)))
    }

    /// # Errors
    /// [`Error::NotFound`] for who is no member.
    pub async fn get(&self, access: &Access<Viewer>, user: &UserId) -> Result<Member> {
        let member = store::member(&self.core.db, access.project_id(), user).await?;
        Ok(member.ok_or(Error::NotFound("member"))?.seen_by(access))
    }

    /// Whether the project is open only to accounts with a second factor.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn requires_second_factor(&self, access: &Access<Viewer>) -> Result<bool> {
        Ok(store::requires_second_factor(&self.core.db, access.project_id()).await?)
    }
}
