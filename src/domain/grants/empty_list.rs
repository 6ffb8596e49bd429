//! A connection that looked for tools and found none.

use super::{coverage::Coverage, store};
use crate::{Core, Result, clock::Timestamp, integrations::Integration, tools};

/// A list without tools, which a connection would get again now.
pub(crate) struct EmptyList {
    pub(crate) at: Timestamp,
    pub(crate) client_name: String,
    /// The integration offers an enabled tool: it is the grant that covers none.
    pub(crate) is_any_enabled: bool,
}

/// The list that was fetched last by a connection of an integration, where it was empty and would be.
pub(crate) async fn empty_list(
    core: &Core,
    integration: &Integration,
) -> Result<Option<EmptyList>> {
    let db = &core.db;
    let found = store::live_grant_without_tools(db, &integration.id, core.now()).await?;
    let Some(grant) = found else {
        return Ok(None);
    };
    // Rarely comes so far: on most pages no tool is looked at.
    let tools = tools::store::of_project(db, &integration.project_id).await?;
    let enabled = || tools.iter().filter(|tool| tool.is_enabled);
    let coverage = Coverage::of(integration, &grant);
    if enabled().any(|tool| coverage.covers(tool)) {
        return Ok(None);
    }
    Ok(grant.last_list.map(|list| EmptyList {
        at: list.at,
        client_name: grant.client_name,
        is_any_enabled: enabled().any(|tool| integration.offers(&tool.id)),
    }))
}
