//! Tools, as pages see them.

use domain::tools::Tool;

use crate::api::tools::ToolRow;

impl From<Tool> for ToolRow {
    fn from(tool: Tool) -> Self {
        Self {
            id: tool.id.to_string(),
            method: tool.http_method.to_string(),
            url: format!("{}{}", tool.base_url, tool.endpoint_path),
            is_read_only: tool.annotations.read_only_hint,
            is_enabled: tool.is_enabled,
            name: tool.name,
            title: tool.title,
        }
    }
}
