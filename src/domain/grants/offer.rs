//! The tools that a connection has: enabled, of its project, offered by its integration, and covered
//! by its grant.

use std::sync::{
    Arc, OnceLock, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Bearer, Grants, standing::Standing};
use crate::{
    Result,
    crypto::{Sha256, base64url},
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
            let mut hash = Sha256::default();
            for tool in &self.tools {
                let shown = Shown {
                    name: &tool.name,
                    title: &tool.title,
                    description: &tool.description,
                    input: &tool.input_schema,
                    output: &tool.output_schema,
                    annotations: tool.annotations,
                    icons: &tool.icons,
                };
                serde_json::to_writer(&mut hash, &shown).expect("a tool is JSON");
            }
            base64url(&hash.finish()[..16])
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
        let current = known.upgrade();
        if let Some(offer) = current.filter(|offer| offer.toolset_version == toolset.version) {
            return offer;
        }
        let offer = toolset.offer(&self.coverage.places(toolset));
        *known = Arc::downgrade(&offer);
        offer
    }
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
        Ok(tool.filter(|tool| bearer.standing.coverage.covers(tool)))
    }
}
