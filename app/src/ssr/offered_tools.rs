//! The tools that an integration offers, as their page sees them.

use std::collections::HashSet;

use domain::{
    Error, Services,
    ids::{IntegrationId, ToolId},
    integrations::{IntegrationChange, TickedTools},
    members::{Access, Role, Viewer},
    tools::ToolOutline,
};

use crate::api::{
    UiError,
    integrations::tools::{OfferedTool, OfferedTools, ROWS, ToolFilter},
};

/// Of what was typed to search by; names and titles are shorter.
const LONGEST: usize = 200;

pub(crate) fn path(project_id: &str, integration_id: &str) -> String {
    format!("/projects/{project_id}/integrations/{integration_id}/tools")
}

pub(crate) async fn page(
    services: &Services,
    access: &Access<Viewer>,
    id: &IntegrationId,
    filter: &ToolFilter,
) -> Result<OfferedTools, UiError> {
    let integration = services.integrations.get(access, id).await?;
    let tools = services.tools.outlines(access).await?;
    let chosen: Option<HashSet<&ToolId>> = integration
        .tool_ids
        .as_ref()
        .map(|ids| ids.iter().collect());
    let is_offered = |tool: &ToolOutline| chosen.as_ref().is_none_or(|ids| ids.contains(&tool.id));
    let all = tools.len();
    let offered = tools.iter().filter(|tool| is_offered(tool)).count();
    let text: String = filter.text.chars().take(LONGEST).collect();
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let found: Vec<&ToolOutline> = tools
        .iter()
        .filter(|tool| match filter.which.as_str() {
            "offered" => is_offered(tool),
            "left-out" => !is_offered(tool),
            _ => true,
        })
        .filter(|tool| has_words(tool, &words))
        .collect();
    let last = found.len().div_ceil(ROWS).max(1);
    let page = filter.page.clamp(1, last);
    let shown = found.iter().skip((page - 1) * ROWS).take(ROWS);
    Ok(OfferedTools {
        offers_all: integration.tool_ids.is_none(),
        may_manage: access.role() >= Role::Admin,
        all,
        offered,
        found: found.len(),
        page,
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

fn has_words(tool: &ToolOutline, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = format!("{}\n{}", tool.name, tool.title).to_lowercase();
    words.iter().all(|word| text.contains(word))
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
    fn a_tool_is_found_by_words_of_name_and_title_in_any_case() {
        let tool = ToolOutline {
            id: "tool_1".into(),
            name: "crm-contacts-get".to_owned(),
            title: "Find a Contact".to_owned(),
            is_read_only: true,
            is_enabled: true,
        };
        let finds = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            has_words(&tool, &words)
        };
        for text in ["", "CRM", "contact find", "crm-contacts", "a"] {
            assert!(finds(text), "{text}");
        }
        for text in ["crm orders", "%", "getfind"] {
            assert!(!finds(text), "{text}");
        }
    }

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
