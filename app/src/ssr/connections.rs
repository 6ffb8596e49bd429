//! Connections, as pages see them.

use domain::{
    clients::Registration,
    clock::Timestamp,
    grants::{self, ApprovedBy, ToolRule},
    integrations::redirect_uri,
};

use super::when::when;
use crate::{
    api::connections::{ConnectedBy, Connection},
    counted::counted,
};

pub(crate) fn shown(connection: grants::Connection, now: Timestamp) -> Connection {
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
