//! Tools, as pages see them.

use domain::tools::Tool;

use crate::api::tools::{ROWS, ToolFilter, ToolList, ToolRow};

/// The page of those that a filter lets through.
pub(crate) fn found(tools: Vec<Tool>, filter: &ToolFilter, may_edit: bool) -> ToolList {
    let total = tools.len();
    let text = filter.text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let found: Vec<Tool> = tools
        .into_iter()
        .filter(|tool| match filter.state.as_str() {
            "enabled" => tool.is_enabled,
            "disabled" => !tool.is_enabled,
            _ => true,
        })
        .filter(|tool| has_all(tool, &words))
        .collect();
    let number = found.len();
    let page = filter.page.clamp(1, number.div_ceil(ROWS).max(1));
    let shown = found.into_iter().skip((page - 1) * ROWS).take(ROWS);
    ToolList {
        tools: shown.map(Into::into).collect(),
        found: number,
        total,
        page,
        may_edit,
    }
}

fn has_all(tool: &Tool, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = format!(
        "{} {} {} {}{}",
        tool.name, tool.title, tool.http_method, tool.base_url, tool.endpoint_path
    );
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

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
