//! Integrations, as pages see them.

use domain::{
    Error, Services,
    clock::Timestamp,
    crypto::BearerSecret,
    ids::{IntegrationId, ToolId},
    integrations::{
        Approval, ClientKind, Integration, IntegrationFilter, IntegrationOrder, IntegrationSummary,
        SecretInfo,
    },
    members::{Access, Role, Viewer},
    tools::Tool,
};

use super::{
    connecting::{last_refusal, steps},
    connections::shown,
    lists,
    when::{deadline, lifetime, when},
};
use crate::api::{
    UiError,
    integrations::{
        IntegrationDetails, IntegrationRow, OfferedTool, create::Credentials, secrets::SecretRow,
    },
    lists::ListQuery,
};

pub(crate) fn filter(query: &ListQuery) -> Result<IntegrationFilter, Error> {
    Ok(IntegrationFilter {
        words: lists::words(query)?,
        is_active: lists::state(query, "active", "inactive")?,
    })
}

pub(crate) fn order(query: &ListQuery) -> Result<IntegrationOrder, Error> {
    lists::order(query, IntegrationOrder::Newest)
}

pub(crate) fn row(integration: IntegrationSummary, now: Timestamp) -> IntegrationRow {
    IntegrationRow {
        id: integration.id.to_string(),
        name: integration.name,
        client_id: integration.client_id,
        is_public: integration.client_kind == ClientKind::Public,
        is_active: integration.is_active,
        connections: usize::try_from(integration.connections).unwrap_or_default(),
        created: when(integration.created_at, now),
        last_used: integration.last_used_at.map(|at| when(at, now)),
    }
}

fn secret_row(secret: SecretInfo, now: Timestamp) -> SecretRow {
    SecretRow {
        id: secret.id.to_string(),
        prefix: secret.prefix,
        created_by: secret.created_by,
        created: when(secret.created_at, now),
        last_used: secret.last_used_at.map(|at| when(at, now)),
        ends: secret.ends_at.map(|at| deadline(at, now)),
    }
}

fn offered_tool(tool: Tool, integration: &Integration) -> OfferedTool {
    OfferedTool {
        is_offered: integration.offers(&tool.id),
        id: tool.id.to_string(),
        name: tool.name,
        title: tool.title,
        is_read_only: tool.annotations.read_only_hint,
        is_enabled: tool.is_enabled,
    }
}

/// All that the page of one integration shows.
pub(crate) async fn details(
    services: &Services,
    access: &Access<Viewer>,
    id: &IntegrationId,
) -> Result<IntegrationDetails, UiError> {
    let now = services.core.now();
    let public = &services.core.public_url;
    let registration = services.core.settings().await?.self_registration();
    let integration = services.integrations.get(access, id).await?;
    let secrets = services.integrations.secrets(access, id).await?;
    let connections = services.grants.connections(access, id).await?;
    let tools = services.tools.list(access).await?;
    let approves_itself = integration.approval == Approval::Automatic;
    Ok(IntegrationDetails {
        connect_steps: steps(services, access, id, approves_itself).await?,
        last_refusal: last_refusal(services, access, id).await?,
        id: integration.id.to_string(),
        own_server_url: public.integration_url(&integration.slug),
        is_public: integration.client_kind == ClientKind::Public,
        is_automatic: approves_itself,
        is_active: integration.is_active,
        self_registered: integration.self_registered,
        client_credentials: integration.client_credentials,
        is_self_registration_off: !registration.dynamic && !registration.metadata_documents,
        created: when(integration.created_at, now),
        secrets: secrets
            .into_iter()
            .map(|secret| secret_row(secret, now))
            .collect(),
        connections: connections.into_iter().map(|one| shown(one, now)).collect(),
        token_lifetime: lifetime(services.core.lifetimes.access_token),
        offers_all: integration.tool_ids.is_none(),
        tools: tools
            .into_iter()
            .map(|tool| offered_tool(tool, &integration))
            .collect(),
        name: integration.name,
        client_id: integration.client_id,
        redirect_uris: integration.redirect_uris,
        server_url: public.server_url(),
        is_loopback: public.is_loopback(),
        may_manage: access.role() >= Role::Admin,
    })
}

/// What the form of offered tools means; `None`: all.
pub(crate) fn offered(offer: &str, ticked: Vec<String>) -> Result<Option<Vec<ToolId>>, Error> {
    match offer {
        "all" => Ok(None),
        // Nobody means it: an integration that offers nothing answers nothing.
        "selected" if ticked.is_empty() => Err(Error::invalid(
            "tool_ids",
            "Tick at least one tool. To offer none, deactivate the integration.",
        )),
        "selected" => Ok(Some(ticked.into_iter().map(Into::into).collect())),
        _ => Err(Error::invalid(
            "offer",
            "Choose all tools, or those that you tick.",
        )),
    }
}

/// What is shown once.
pub(crate) fn credentials(
    services: &Services,
    integration: Integration,
    secret: Option<&BearerSecret>,
) -> Credentials {
    never_stored();
    Credentials {
        integration_id: integration.id.to_string(),
        name: integration.name,
        client_id: integration.client_id,
        client_secret: secret.map(|secret| secret.reveal().to_owned()),
        server_url: services.core.public_url.server_url(),
    }
}

/// No cache between here and the page keeps the answer.
fn never_stored() {
    use axum::http::{HeaderValue, header::CACHE_CONTROL};
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
