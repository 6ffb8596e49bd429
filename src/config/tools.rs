//! What tools may reach.

use domain::execute::Allowlist;

use super::{ConfigError, Sources};

#[derive(Debug, Clone)]
pub struct ToolsConfig {
    /// `TENGINE_TOOLS_ALLOW`: private hosts (`host[:port]`) and networks that tools may reach. The
    /// instance's own listeners never.
    pub allow: Allowlist,
}

impl ToolsConfig {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        Ok(Self {
            allow: sources.parsed("tools_allow", str::parse, Allowlist::default)?,
        })
    }
}
