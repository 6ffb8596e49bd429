//! The tools that an integration offers, as their page sees them.

use std::collections::HashSet;

use domain::{
    Error, Services,
    ids::{IntegrationId, ToolId},
    integrations::{IntegrationChange, TickedTools},
    listing::ROWS,
    members::{Access, Role, Viewer},
    tools::ToolOutline,
};

use super::lists;
use crate::api::{
    UiError,
    integrations::tools::{OfferedTool, OfferedTools},
    lists::{ListQuery, Place},
};

pub(crate) fn path(project_id: &str, integration_id: &str) -> String {
    format!("/projects/{project_id}/integrations/{integration_id}/tools")
}

pub(crate) async fn page(
    services: &Services,
    access: &Access<Viewer>,
    id: &IntegrationId,
    query: &ListQuery,
) -> Result<OfferedTools, UiError> {
    let words = lists::words(query)?;
    let wanted = lists::state(query, "offered", "left-out")?;
    let integration = services.integrations.get(access, id).await?;
    let tools = services.tools.outlines(access).await?;
    let chosen: Option<HashSet<&ToolId>> = integration
        .tool_ids
        .as_ref()
        .map(|ids| ids.iter().collect());
    let is_offered = |tool: &ToolOutline| chosen.as_ref().is_none_or(|ids| ids.contains(&tool.id));
    let offered = tools.iter().filter(|tool| is_offered(tool)).count();
    let found: Vec<&ToolOutline> = tools
        .iter()
        .filter(|tool| wanted.is_none_or(|wanted| is_offered(tool) == wanted))
        .filter(|tool| words.are_in(&format!("{}\n{}", tool.name, tool.title)))
        .collect();
    let last = found.len().div_ceil(ROWS).max(1);
    let page = query.page.clamp(1, last);
    let shown = found.iter().skip((page - 1) * ROWS).take(ROWS);
    Ok(OfferedTools {
        offers_all: integration.tool_ids.is_none(),
        may_manage: access.role() >= Role::Admin,
        offered,
        place: Place {
            page,
            rows: ROWS,
            found: found.len(),
            total: tools.len(),
        },
        tools: shown
            .map(|tool| OfferedTool {
                id: tool.id.to_string(),
                name: tool.name.clone(),
                title: tool.title.clone(),
                is_read_only: tool.is_read_only,
                is_enabled: tool.is_enabled,
                is_offered: is_offered(tool),
            })
            .collect(),
        name: integration.name.clone(),
    })
}

/// What the form means.
pub(crate) fn change(
    offer: &str,
    shown: Vec<String>,
    ticked: Vec<String>,
) -> Result<IntegrationChange, Error> {
    let ids = |texts: Vec<String>| texts.into_iter().map(ToolId::from).collect();
    match offer {
        "all" => Ok(IntegrationChange {
            tool_ids: Some(None),
            ..IntegrationChange::default()
        }),
        "selected" => Ok(IntegrationChange {
            ticked_tools: Some(TickedTools {
                shown: ids(shown),
                ticked: ids(ticked),
            }),
            ..IntegrationChange::default()
        }),
        _ => Err(Error::invalid(
            "offer",
            "Choose all tools, or those that you tick.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_that_is_none_is_refused() {
        assert!(change("", Vec::new(), Vec::new()).is_err());
        assert_eq!(
            change("all", Vec::new(), vec!["tool_1".to_owned()])
                .unwrap()
                .tool_ids,
            Some(None)
        );
    }
}
