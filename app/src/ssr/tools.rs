//! Tools, as pages see them.

use domain::{
    Result,
    clock::Timestamp,
    tools::{ToolFilter, ToolList as Found, ToolOrder, ToolSummary},
};

use super::{lists, when::when};
use crate::api::{
    lists::ListQuery,
    tools::{ToolList, ToolRow},
};

pub(crate) fn filter(query: &ListQuery) -> Result<ToolFilter> {
    Ok(ToolFilter {
        words: lists::words(query)?,
        is_enabled: lists::state(query, "enabled", "disabled")?,
    })
}

pub(crate) fn order(query: &ListQuery) -> Result<ToolOrder> {
    lists::order(query, ToolOrder::Name)
}

pub(crate) fn list(found: Found, order: ToolOrder, may_edit: bool, now: Timestamp) -> ToolList {
    let (tools, place) = lists::shown(found.list, |tool| row(tool, order, now));
    ToolList {
        tools,
        place,
        enabled: found.enabled,
        lint: None,
        may_edit,
    }
}

fn row(tool: ToolSummary, order: ToolOrder, now: Timestamp) -> ToolRow {
    let at = match order {
        ToolOrder::Name => None,
        ToolOrder::Newest => Some(("made", tool.created_at)),
        ToolOrder::Changed => Some(("changed", tool.updated_at)),
    };
    ToolRow {
        id: tool.id.to_string(),
        method: tool.http_method.to_string(),
        url: format!("{}{}", tool.base_url, tool.endpoint_path),
        is_read_only: tool.is_read_only,
        is_enabled: tool.is_enabled,
        name: tool.name,
        title: tool.title,
        at: at.map(|(what, at)| (what.to_owned(), when(at, now))),
    }
}
