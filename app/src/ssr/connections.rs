//! Connections, as pages see them.

use domain::{
    clients::Registration,
    clock::Timestamp,
    grants::{self, ApprovedBy, ChangedTools, ToolRule},
    integrations::redirect_uri,
};

use super::when::when;
use crate::{
    api::connections::{ConnectedBy, Connection, FetchedList},
    counted::counted,
};

pub(crate) fn shown(connection: grants::Connection, now: Timestamp) -> Connection {
    let list = fetched(&connection, now);
    let changed = changed(&connection.changed_tools());
    let grant = connection.grant;
    Connection {
        id: grant.id.to_string(),
        known_by: known_by(grant.registration, &grant.client_id),
        client: grant.client_name,
        sent_to: grant.redirect_uri.as_deref().map(redirect_uri::shown_host),
        uses_secret: grant.registration == Registration::Integration,
        by: match grant.approved_by {
            ApprovedBy::Person => ConnectedBy::Person(
                connection
                    .user_email
                    .unwrap_or_else(|| "a member".to_owned()),
            ),
            ApprovedBy::Automatic => ConnectedBy::Automatic,
            ApprovedBy::ClientCredentials => ConnectedBy::ClientCredentials,
        },
        tools: tools(&grant.tool_rule),
        project: connection.project_name,
        integration: connection.integration_name,
        since: when(grant.created_at, now),
        last_used: grant.last_used_at.map(|at| when(at, now)),
        changed,
        list,
    }
}

fn changed(changed: &ChangedTools) -> Option<String> {
    const SHOWN: usize = 5;
    if changed.count == 0 {
        return None;
    }
    let names: Vec<&str> = changed
        .named
        .iter()
        .take(SHOWN)
        .map(|(name, _)| name.as_str())
        .collect();
    let mut text = format!(
        "{} since it was approved: {}",
        counted(
            changed.count,
            "tool is new or changed",
            "tools are new or changed"
        ),
        names.join(", ")
    );
    if changed.count > names.len() {
        text.push_str(&format!(" and {} more", changed.count - names.len()));
    }
    Some(text)
}

fn fetched(connection: &grants::Connection, now: Timestamp) -> Option<FetchedList> {
    let list = connection.grant.last_list.as_ref()?;
    let is_old = !connection.has_current_list()?;
    let all = connection.offer.tools().len();
    let has = usize::try_from(list.tools).unwrap_or_default();
    Some(FetchedList {
        tools: has_of(has, all, is_old),
        is_old,
        at: when(list.at, now),
    })
}

fn has_of(has: usize, all: usize, is_old: bool) -> String {
    match (has, is_old) {
        (0, false) => "no tools".to_owned(),
        (1, false) => "the one tool".to_owned(),
        (_, false) => format!("all {all} tools"),
        (_, true) if has <= all => format!("{has} of {}", counted(all, "tool", "tools")),
        (_, true) => format!("{has} tools, of a list that is shorter now"),
    }
}

fn known_by(registration: Registration, client_id: &str) -> String {
    match registration {
        Registration::Integration => "uses the integration's Client ID".to_owned(),
        Registration::Dynamic => "registered itself".to_owned(),
        Registration::MetadataDocument => {
            let host = redirect_uri::shown_host(client_id);
            format!("described by its document at {host}")
        }
    }
}

fn tools(rule: &ToolRule) -> String {
    match rule {
        ToolRule::All => "All tools".to_owned(),
        ToolRule::ReadOnly => "Read-only tools".to_owned(),
        ToolRule::Selected(ids) => counted(ids.len(), "selected tool", "selected tools"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_has_of_what_it_could_have() {
        assert_eq!(has_of(22, 22, false), "all 22 tools");
        assert_eq!(has_of(1, 1, false), "the one tool");
        assert_eq!(has_of(0, 0, false), "no tools");
        assert_eq!(has_of(17, 22, true), "17 of 22 tools");
        assert_eq!(has_of(2, 1, true), "2 tools, of a list that is shorter now");
    }

    #[test]
    fn which_tools_and_which_client() {
        assert_eq!(
            tools(&ToolRule::Selected(vec!["tool_1".into()])),
            "1 selected tool"
        );
        assert_eq!(tools(&ToolRule::Selected(Vec::new())), "0 selected tools");
        let document = "https://chatgpt.com/oauth/client.json";
        assert_eq!(
            known_by(Registration::MetadataDocument, document),
            "described by its document at chatgpt.com"
        );
    }
}
