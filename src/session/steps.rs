//! Signing in as a step on the way to a connection, for the record of events.

use domain::{
    Error,
    events::{Cause, EventKind, NewEvent, Trail, attempt_of},
    ids::UserId,
};

use crate::{
    middleware::Visitor,
    oauth::{Parameters, record},
    state::AppState,
};

/// The person signed in.
pub async fn done(state: &AppState, visitor: &Visitor, next: Option<&str>, user: &UserId) {
    if let Some(trail) = trail(state, next, Some(user)).await {
        record::event(state, visitor, NewEvent::ok(EventKind::SignIn, trail)).await;
    }
}

/// They did not.
pub async fn refused(state: &AppState, visitor: &Visitor, next: Option<&str>, error: &Error) {
    let Some(trail) = trail(state, next, None).await else {
        return;
    };
    let event = match error {
        // Without its integration, so that many of them are counted and not stored.
        Error::Throttled { .. } => {
            NewEvent::refused(EventKind::SignIn, Trail::default(), Cause::Throttled)
        }
        _ => NewEvent::refused(EventKind::SignIn, trail, Cause::WrongCredentials),
    };
    record::event(state, visitor, event).await;
}

async fn trail(state: &AppState, next: Option<&str>, user: Option<&UserId>) -> Option<Trail> {
    let (_, query) = next
        .filter(|next| is_authorize(next))
        .and_then(|next| next.split_once('?'))?;
    let parameters = Parameters::parse(query.as_bytes(), "").ok()?;
    let client_id = parameters.get("client_id").unwrap_or_default();
    let integration = state.services.integrations.by_client_id(client_id).await;
    Some(Trail {
        integration_id: integration.ok().flatten().map(|one| one.id),
        user_id: user.cloned(),
        attempt: parameters.get("code_challenge").map(attempt_of),
        ..Trail::of_client_id(Some(client_id))
    })
}

/// Whether a place to go to afterwards is the authorization endpoint.
pub fn is_authorize(next: &str) -> bool {
    ["/api/v1/mcp-oauth/authorize?", "/authorize?"]
        .iter()
        .any(|path| next.starts_with(path))
}
