//! What Claude would stumble over in tools, and what they cost it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::UiError;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRow {
    pub severity: FindingSeverity,
    pub field: String,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FindingSeverity {
    Error,
    Warning,
    Hint,
}

/// A tool's findings and its cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolLint {
    pub findings: Vec<FindingRow>,
    /// Estimated.
    pub tokens: u64,
    pub tokenizer: String,
}

/// A project's: what is to be mended in how many tools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectLint {
    /// By the tools' names: how many errors and warnings, and the estimated tokens.
    pub tools: Vec<(String, usize, u64)>,
    /// What concerns all of them.
    pub findings: Vec<FindingRow>,
    pub tokens: u64,
    pub tokenizer: String,
}

#[server(endpoint = "lint_tool")]
pub async fn lint_tool(project_id: String, tool_id: String) -> Result<ToolLint, UiError> {
    use crate::ssr::{access, lint};
    use domain::{ids::ToolId, members::Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let id = ToolId::from(tool_id);
    let tool = services.tools.get(&access, &id).await?;
    let tools = services.tools.list(&access).await?;
    Ok(lint::of_tool(&services.lints.of_tool(tool, tools).await))
}

#[server(endpoint = "lint_project")]
pub async fn lint_project(project_id: String) -> Result<ProjectLint, UiError> {
    use crate::ssr::{access, lint};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    let report = services.lints.of_project(&access).await?;
    Ok(lint::of_project(&report))
}
