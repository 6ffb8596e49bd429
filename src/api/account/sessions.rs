//! /api/v1/account/sessions

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    ids::SessionId,
    members::Role,
    sessions::{SecondFactor, Session, SessionEnd, SignInMethod},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{ApiError, Caller, List, Page, error::ErrorBody},
    state::AppState,
};

/// A browser that the account is signed in with.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct SessionView {
    id: String,
    /// `password`, `passkey`, `provider`, `recovery` or `sign_up`.
    #[schema(value_type = String)]
    method: SignInMethod,
    provider_id: Option<String>,
    /// What was shown besides: `totp`, `passkey` or `recovery_code`.
    #[schema(value_type = Option<String>)]
    second_factor: Option<SecondFactor>,
    address: String,
    user_agent: String,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    /// To the minute.
    last_used_at: i64,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        Self {
            id: session.id.to_string(),
            method: session.method,
            provider_id: session.provider_id.map(|id| id.to_string()),
            second_factor: session.second_factor,
            address: session.address,
            user_agent: session.user_agent,
            created_at: session.created_at.0,
            last_used_at: session.last_used_at.0,
        }
    }
}

/// How many sessions ended.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct SignedOut {
    pub(in crate::api) ended: u64,
}

/// Lists where the account is signed in, the newest sign-in first. For a key of the account that is admin.
#[utoipa::path(get, path = "/api/v1/account/sessions", tag = "account",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<SessionView>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<SessionView>>, ApiError> {
    let user = actor.own_account(Role::Admin)?;
    let mut sessions = state.services.sessions.list(user).await?;
    // By what stays as it is from page to page, which the last use does not.
    sessions.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(Json(page.of(sessions, |one| one.id.to_string())))
}

/// Signs the account out of one browser. For a key of the account that is admin.
#[utoipa::path(delete, path = "/api/v1/account/sessions/{session_id}", tag = "account",
    params(("session_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(in crate::api) async fn end(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(session_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = SessionId::from(session_id);
    let sessions = &state.services.sessions;
    sessions
        .end(&actor, &id, SessionEnd::EndedElsewhere)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs the account out everywhere. Its keys go on. For a key of the account that is admin.
#[utoipa::path(delete, path = "/api/v1/account/sessions", tag = "account",
    responses((status = 200, body = SignedOut), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn end_all(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> Result<Json<SignedOut>, ApiError> {
    let ended = state.services.sessions.end_all(&actor).await?;
    Ok(Json(SignedOut { ended }))
}
