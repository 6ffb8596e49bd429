//! /api/v1/account/connections

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{ids::GrantId, members::Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{ApiError, Caller, List, Page, connections::ConnectionView, error::ErrorBody},
    middleware::Visitor,
    state::AppState,
};

/// A live connection of the account's own, and what it is to.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct OwnConnection {
    #[serde(flatten)]
    connection: ConnectionView,
    project_name: String,
    integration_name: String,
}

/// Lists the apps that the account connected, in every project, newest first. For a key of the account
/// that is admin.
#[utoipa::path(get, path = "/api/v1/account/connections", tag = "account",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<OwnConnection>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<OwnConnection>>, ApiError> {
    actor.own_account(Role::Admin)?;
    let connections = state.services.grants.connected_apps(&actor).await?;
    let page = page.map(
        connections,
        |connection| connection.grant.id.to_string(),
        |connection| OwnConnection {
            project_name: connection.project_name.clone(),
            integration_name: connection.integration_name.clone(),
            connection: connection.into(),
        },
    );
    Ok(Json(page))
}

/// Ends a connection of the account's own, from the next request on. For a key of the account that is
/// admin.
#[utoipa::path(delete, path = "/api/v1/account/connections/{connection_id}", tag = "account",
    params(("connection_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(in crate::api) async fn end(
    State(state): State<AppState>,
    Caller(actor): Caller,
    visitor: Visitor,
    Path(connection_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    actor.own_account(Role::Admin)?;
    let id = GrantId::from(connection_id);
    let grants = &state.services.grants;
    grants
        .end_own_connection(&actor, &id, &visitor.visit)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
