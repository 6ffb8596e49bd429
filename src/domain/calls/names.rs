//! The names that a list of calls is read and filtered by: calls hold ids.

use std::collections::HashSet;

use super::{Call, Calls, store};
use crate::{
    Result,
    ids::{IntegrationId, ToolId, UserId},
    members::{Access, Viewer},
};

/// What a project's calls may be of, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub integrations: Vec<(IntegrationId, String)>,
    /// The members; their addresses.
    pub people: Vec<(UserId, String)>,
    /// The first of them.
    pub tools: Vec<(ToolId, String)>,
}

impl Names {
    #[must_use]
    pub fn integration(&self, id: &IntegrationId) -> Option<&str> {
        let known = self.integrations.iter().find(|(known, _)| known == id);
        known.map(|(_, name)| name.as_str())
    }

    #[must_use]
    pub fn person(&self, id: &UserId) -> Option<&str> {
        let known = self.people.iter().find(|(known, _)| known == id);
        known.map(|(_, email)| email.as_str())
    }
}

/// Of each kind. More are no help to whoever looks for one: a tool is found by its name, and the others
/// by a link to their calls.
const MOST: i64 = 500;

impl Calls {
    /// # Errors
    /// Where the database fails.
    pub async fn names(&self, access: &Access<Viewer>) -> Result<Names> {
        let (db, project) = (&self.core.db, access.project_id());
        Ok(Names {
            integrations: store::integration_names(db, project, MOST).await?,
            people: store::people_names(db, project, MOST).await?,
            tools: store::tool_names(db, project, MOST).await?,
        })
    }

    /// The names that these calls are read by, as far as the project has them still.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn names_of(&self, access: &Access<Viewer>, calls: &[Call]) -> Result<Names> {
        let mut names = Names::default();
        self.complete(access, calls, &mut names).await?;
        Ok(names)
    }

    /// Adds to names those of calls that are not among them: of a large project there are more than
    /// [`Calls::names`] has. What is gone stays unknown.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn complete(
        &self,
        access: &Access<Viewer>,
        calls: &[Call],
        names: &mut Names,
    ) -> Result<()> {
        let (db, project) = (&self.core.db, access.project_id());
        let (mut integrations, mut people) = (HashSet::new(), HashSet::new());
        for call in calls {
            if let Some(id) = &call.integration_id
                && names.integration(id).is_none()
                && integrations.insert(id)
            {
                names
                    .integrations
                    .extend(store::integration_name(db, project, id).await?);
            }
            if let Some(id) = &call.user_id
                && names.person(id).is_none()
                && people.insert(id)
            {
                names
                    .people
                    .extend(store::person_name(db, project, id).await?);
            }
        }
        Ok(())
    }

    /// The tool of this name or id, with its name; `None` where the project has no such tool now.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tool(
        &self,
        access: &Access<Viewer>,
        name_or_id: &str,
    ) -> Result<Option<(ToolId, String)>> {
        Ok(store::tool(&self.core.db, access.project_id(), name_or_id).await?)
    }
}
