//! The names that a list of calls is read and filtered by: calls hold ids.

use super::{Calls, store};
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
