//! /api/v1/account/export and /api/v1/account/audit: what is stored of the account's person.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
};
use domain::{audit, ids::AuditId, members::Role};
use serde_json::Value;

use crate::{
    api::{ApiError, Caller, List, Page, audit::AuditView, error::ErrorBody},
    state::AppState,
};

/// All that is stored about the account's person, as one document without secrets; a list in it has the
/// newest 10,000. For a key of the account that is owner.
#[utoipa::path(get, path = "/api/v1/account/export", tag = "account",
    responses((status = 200, body = Object), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn export(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> Result<([(HeaderName, &'static str); 1], Json<Value>), ApiError> {
    let export = state.services.accounts.export(&actor).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(export)))
}

/// Lists what was done to the account, and by it, newest first. For a key of the account that is admin.
#[utoipa::path(get, path = "/api/v1/account/audit", tag = "account",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<AuditView>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn audit(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<AuditView>>, ApiError> {
    let user = actor.own_account(Role::Admin)?;
    let part = audit::Page {
        limit: page.wanted(),
        before: page.after().map(AuditId::from),
    };
    let rows = state.services.audit.of_account(user, &part).await?;
    Ok(Json(page.of_read(
        rows,
        |row| row.id.to_string(),
        AuditView::from,
    )))
}
