//! Integrations, as pages see them.

use domain::{
    Error, Services,
    clock::Timestamp,
    crypto::BearerSecret,
    ids::IntegrationId,
    integrations::{
        Approval, ClientKind, Integration, IntegrationFilter, IntegrationOrder, IntegrationSummary,
        SecretInfo,
    },
    members::{Access, Role, Viewer},
};

use super::{
    connecting::{refusals, steps},
    connections::shown,
    lists,
    when::{deadline, lifetime, when},
};
use crate::api::{
    UiError,
    integrations::{
        IntegrationDetails, IntegrationRow, ToolNumbers, create::Credentials, secrets::SecretRow,
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
    let secrets = services
        .integrations
        .secrets_of(access, &integration)
        .await?;
    let tools = services.tools.counts(access, &integration).await?;
    let connect_steps = steps(services, access, &integration).await?;
    let refusals = refusals(services, access, &integration).await?;
    let connections = services
        .grants
        .connections_of(access, integration.clone())
        .await?;
    Ok(IntegrationDetails {
        connect_steps,
        refusals,
        id: integration.id.to_string(),
        own_server_url: public.integration_url(&integration.slug),
        is_public: integration.client_kind == ClientKind::Public,
        is_automatic: integration.approval == Approval::Automatic,
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
        tools: ToolNumbers {
            all: tools.all,
            enabled: tools.enabled,
            offered: tools.offered,
            callable: tools.callable,
        },
        name: integration.name,
        client_id: integration.client_id,
        redirect_uris: integration.redirect_uris,
        server_url: public.server_url(),
        is_loopback: public.is_loopback(),
        may_manage: access.role() >= Role::Admin,
    })
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
