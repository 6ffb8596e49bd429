//! What of an account is its person's own, beyond any project, and which keys may stand for them there.

use super::Actor;
use crate::{Error, Result, ids::UserId, members::Role};

impl Actor {
    /// The account that is asked about itself: by its person, or by a key of it that is at least
    /// `least`. A key of a project is for that project.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for every other key.
    pub fn own_account(&self, least: Role) -> Result<&UserId> {
        match self {
            Self::Person { user_id } => Ok(user_id),
            Self::ApiKey {
                project_id: Some(_),
                ..
            } => Err(Error::Forbidden(
                "This needs a key of the account; this one belongs to one project.".to_owned(),
            )),
            Self::ApiKey { role, .. } if *role < least => Err(Error::Forbidden(format!(
                "This needs a key of the account with the role {least}; this one is a {role} at most."
            ))),
            Self::ApiKey { user_id, .. } => Ok(user_id),
        }
    }
}
