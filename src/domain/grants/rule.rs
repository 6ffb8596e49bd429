//! Which tools a grant covers.

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, ids::ToolId, tools::Tool};

/// Which of the integration's tools a connection may use. `All` and `ReadOnly` are evaluated at each
/// request, so they include tools that are added later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolRule {
    All,
    ReadOnly,
    Selected(Vec<ToolId>),
}

impl ToolRule {
    /// Whether it covers a tool, for somebody who decided at `consented_at`: one that wrote then and
    /// calls itself read-only since waits for the next consent.
    #[must_use]
    pub fn covers(&self, tool: &Tool, consented_at: Timestamp) -> bool {
        match self {
            Self::All => true,
            Self::ReadOnly => tool
                .read_only_since
                .is_some_and(|since| since <= consented_at || since == tool.created_at),
            Self::Selected(ids) => ids.contains(&tool.id),
        }
    }

    /// The word that a request for it is written with.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::ReadOnly => "read_only",
            Self::Selected(_) => "selected",
        }
    }
}
