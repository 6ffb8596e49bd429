//! An integration for tests of the page's parts.

use crate::api::{
    When,
    connections::{ConnectedBy, Connection},
    integrations::{IntegrationDetails, ToolNumbers, secrets::SecretRow},
};

fn when() -> When {
    When {
        iso: "2026-11-20T10:00:00Z".to_owned(),
        relative: "3 min ago".to_owned(),
    }
}

pub(super) fn details() -> IntegrationDetails {
    IntegrationDetails {
        id: "int_1".to_owned(),
        name: "Claude Desktop".to_owned(),
        client_id: "tng_ci_1".to_owned(),
        is_public: false,
        is_automatic: false,
        is_active: true,
        self_registered: false,
        client_credentials: false,
        is_self_registration_off: false,
        redirect_uris: Vec::new(),
        created: when(),
        secrets: vec![secret("tng_cs_new")],
        connections: Vec::new(),
        token_lifetime: "an hour".to_owned(),
        offers_all: true,
        tools: ToolNumbers::default(),
        server_url: "https://tools.example.com/mcp/".to_owned(),
        own_server_url: "https://tools.example.com/mcp/claude-1/".to_owned(),
        is_loopback: false,
        may_manage: true,
        connect_steps: Vec::new(),
        refusals: Vec::new(),
    }
}

pub(super) fn secret(prefix: &str) -> SecretRow {
    SecretRow {
        id: format!("sec_{prefix}"),
        prefix: prefix.to_owned(),
        created_by: Some("ada@example.com".to_owned()),
        created: when(),
        last_used: None,
        ends: None,
    }
}

pub(super) fn connection(id: &str, uses_secret: bool) -> Connection {
    Connection {
        id: format!("grt_{id}"),
        client: "Claude".to_owned(),
        known_by: "uses the integration's Client ID".to_owned(),
        sent_to: Some("claude.ai".to_owned()),
        uses_secret,
        by: ConnectedBy::Person("ada@example.com".to_owned()),
        tools: "All tools".to_owned(),
        project: "CRM".to_owned(),
        integration: "Claude Desktop".to_owned(),
        since: when(),
        last_used: None,
        changed: None,
        list: None,
    }
}
