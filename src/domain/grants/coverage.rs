//! Which of a project's tools a connection covers: what its integration offers and its grant allows.

use std::collections::HashSet;

use super::{Grant, ToolRule};
use crate::{
    clock::Timestamp,
    ids::ToolId,
    integrations::Integration,
    tools::{Tool, toolset::Toolset},
};

/// What integration and grant say of tools, made to be asked at each call.
pub(super) struct Coverage {
    /// Of the integration and of the grant, where they name tools: lists of thousands are not searched.
    named: [Option<HashSet<ToolId>>; 2],
    rule: ToolRule,
    consented_at: Timestamp,
}

impl Coverage {
    pub(super) fn of(integration: &Integration, grant: &Grant) -> Self {
        let set = |ids: &[ToolId]| ids.iter().cloned().collect();
        let (of_grant, rule) = match &grant.tool_rule {
            // What is named is covered, and more is not asked.
            ToolRule::Selected(ids) => (Some(set(ids)), ToolRule::All),
            rule => (None, rule.clone()),
        };
        Self {
            named: [integration.tool_ids.as_deref().map(set), of_grant],
            rule,
            consented_at: grant.consented_at,
        }
    }

    /// Whether it covers a tool, which may be disabled.
    pub(super) fn covers(&self, tool: &Tool) -> bool {
        let mut named = self.named.iter().flatten();
        named.all(|ids| ids.contains(&tool.id)) && self.rule.covers(tool, self.consented_at)
    }

    /// The enabled tools that it covers, by their places.
    pub(super) fn places(&self, toolset: &Toolset) -> Vec<u32> {
        (0_u32..)
            .zip(toolset.tools())
            .filter(|(_, tool)| tool.is_enabled && self.covers(tool))
            .map(|(place, _)| place)
            .collect()
    }
}
