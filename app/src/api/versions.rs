//! A tool's history.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, When};

/// A tool's versions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub name: String,
    pub versions: Vec<VersionRow>,
    pub may_edit: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    pub number: i64,
    /// `Changed by ada@example.com, with the API key “CI”`
    pub what: String,
    pub when: When,
}

/// A field in which two versions differ, each side as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDifference {
    pub field: String,
    pub before: String,
    pub after: String,
}

#[server(endpoint = "load_history")]
pub async fn load_history(project_id: String, tool_id: String) -> Result<History, UiError> {
    use crate::ssr::{access, versions};
    use domain::{
        ids::ToolId,
        members::{Role, Viewer},
    };
    let (services, access) = access::<Viewer>(project_id).await?;
    let id = ToolId::from(tool_id);
    let tool = services.tools.get(&access, &id).await?;
    let kept = services.tools.versions(&access, &id).await?;
    let now = services.core.now();
    Ok(History {
        name: tool.name,
        versions: kept
            .into_iter()
            .map(|version| versions::row(version, now))
            .collect(),
        may_edit: access.role() >= Role::Developer,
    })
}

/// What a version changed: it and the one before.
#[server(endpoint = "load_changes")]
pub async fn load_changes(
    project_id: String,
    tool_id: String,
    from: i64,
    to: i64,
) -> Result<Vec<FieldDifference>, UiError> {
    use crate::ssr::{access, versions};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    let id = tool_id.into();
    let changes = services
        .tools
        .changes_between(&access, &id, from, to)
        .await?;
    Ok(changes.into_iter().map(versions::difference).collect())
}

/// Makes the tool be what a version says.
#[server(endpoint = "restore_version")]
pub async fn restore_version(
    project_id: String,
    tool_id: String,
    number: i64,
) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    services
        .tools
        .restore(&access, &tool_id.into(), number)
        .await?;
    Ok(())
}
