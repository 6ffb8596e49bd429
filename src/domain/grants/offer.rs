//! The tools that a connection has: enabled, of its project, offered by its integration, and covered
//! by its grant.

use std::{
    collections::HashSet,
    sync::{
        Arc, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Bearer, Grant, Grants, ToolRule, standing::Standing};
use crate::{
    Result,
    crypto::{base64url, sha256},
    ids::ToolId,
    integrations::Integration,
    tools::{Annotations, Icon, Tool, toolset::Toolset},
};

/// Some of a project's tools at one moment, by name in byte order. Connections that have the same
/// tools share one.
pub struct Offer {
    /// Different for each one that this process made.
    pub id: u64,
    toolset_version: u64,
    tools: Vec<Arc<Tool>>,
    fingerprint: OnceLock<String>,
}

impl Offer {
    pub(crate) fn new(toolset_version: u64, tools: Vec<Arc<Tool>>) -> Self {
        static IDS: AtomicU64 = AtomicU64::new(1);
        Self {
            id: IDS.fetch_add(1, Ordering::Relaxed),
            toolset_version,
            tools,
            fingerprint: OnceLock::new(),
        }
    }

    #[must_use]
    pub fn tools(&self) -> &[Arc<Tool>] {
        &self.tools
    }

    /// The same for two offers that a client could not tell apart by their lists.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        #[derive(Serialize)]
        struct Shown<'a> {
            name: &'a str,
            title: &'a str,
            description: &'a str,
            input: &'a Map<String, Value>,
            output: &'a Option<Map<String, Value>>,
            annotations: Annotations,
            icons: &'a [Icon],
        }
        self.fingerprint.get_or_init(|| {
            let shown: Vec<_> = self
                .tools
                .iter()
                .map(|tool| Shown {
                    name: &tool.name,
                    title: &tool.title,
                    description: &tool.description,
                    input: &tool.input_schema,
                    output: &tool.output_schema,
                    annotations: tool.annotations,
                    icons: &tool.icons,
                })
                .collect();
            let bytes = serde_json::to_vec(&shown).unwrap_or_default();
            base64url(&sha256(&bytes)[..16])
        })
    }
}

impl Standing {
    fn offer(&self, toolset: &Toolset) -> Arc<Offer> {
        let mut known = self
            .memory
            .offer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some(offer) if offer.toolset_version == toolset.version => offer.clone(),
            _ => {
                let offer = toolset.offer(&places(&self.integration, &self.grant, toolset));
                *known = Some(offer.clone());
                offer
            }
        }
    }
}

/// Which of the project's tools a connection has, by their places.
pub(super) fn places(integration: &Integration, grant: &Grant, toolset: &Toolset) -> Vec<u32> {
    let sets = [
        integration.tool_ids.as_deref(),
        match &grant.tool_rule {
            ToolRule::Selected(ids) => Some(ids.as_slice()),
            ToolRule::All | ToolRule::ReadOnly => None,
        },
    ]
    // A list of thousands is not searched thousands of times.
    .map(|ids| ids.map(|ids| ids.iter().collect::<HashSet<&ToolId>>()));
    let may_have = |tool: &Tool| {
        tool.is_enabled
            && sets.iter().flatten().all(|ids| ids.contains(&tool.id))
            && (matches!(grant.tool_rule, ToolRule::Selected(_))
                || grant.tool_rule.covers(tool, grant.consented_at))
    };
    (0_u32..)
        .zip(toolset.tools())
        .filter(|(_, tool)| may_have(tool))
        .map(|(place, _)| place)
        .collect()
}

impl Grants {
    /// The tools that a connection lists.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn offer(&self, bearer: &Bearer) -> Result<Arc<Offer>> {
        let toolset = self.toolsets.of(&bearer.project().id).await?;
        Ok(bearer.standing.offer(&toolset))
    }

    /// A tool by its name, as a connection may know of it: `None` for one of another project or
    /// outside the grant, as for one that does not exist. It may be disabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tool_of(&self, bearer: &Bearer, name: &str) -> Result<Option<Arc<Tool>>> {
        let toolset = self.toolsets.of(&bearer.project().id).await?;
        let tool = toolset.by_name(name).cloned();
        Ok(tool.filter(|tool| bearer.standing.covers(tool)))
    }
}
