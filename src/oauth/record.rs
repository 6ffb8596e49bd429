//! Writing down what happened, with who it was.

use domain::events::{EventKind, NewEvent};

use super::error::OAuthError;
use crate::{middleware::Visitor, state::AppState};

pub async fn event(state: &AppState, visitor: &Visitor, event: NewEvent) {
    state.services.events.record(&visitor.visit, event).await;
}

/// A refusal, and the end of a connection that came with it.
pub async fn refused(state: &AppState, visitor: &Visitor, kind: EventKind, error: &OAuthError) {
    let mut refused = NewEvent::refused(kind, (*error.trail).clone(), error.cause);
    refused.detail.clone_from(&error.detail);
    event(state, visitor, refused).await;
    if let Some(reason) = error.ended {
        let ended = NewEvent::ok(EventKind::GrantEnded, (*error.trail).clone());
        event(state, visitor, ended.with_detail(reason.as_str())).await;
    }
}

/// The same, and it counts against the client at this address. Answers with the error to send.
pub async fn failure(
    state: &AppState,
    visitor: &Visitor,
    kind: EventKind,
    client_id: Option<&str>,
    error: OAuthError,
) -> OAuthError {
    let now = state.services.core.now();
    let counted = state
        .limits
        .failed(client_id.unwrap_or_default(), visitor.address, now);
    match counted {
        Err(throttled) => {
            let throttled = OAuthError::of_domain(&throttled);
            refused(state, visitor, kind, &throttled).await;
            throttled
        }
        Ok(()) => {
            refused(state, visitor, kind, &error).await;
            error
        }
    }
}
