//! The MCP endpoint.

use super::{ConfigError, Sources};
use crate::mcp::Compat;

#[derive(Debug, Clone, Copy)]
pub struct McpConfig {
    /// `TENGINE_MCP_COMPAT`
    pub compat: Compat,
}

impl McpConfig {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let compat = sources.parsed(
            "mcp_compat",
            |text| match text {
                "on" => Ok(Compat::On),
                "off" => Ok(Compat::Off),
                _ => Err("use on or off".to_owned()),
            },
            || Compat::On,
        )?;
        Ok(Self { compat })
    }
}
