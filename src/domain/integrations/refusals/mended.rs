//! Whether what kept a client out would do so still.

use super::super::{Integration, redirect_uri};
use crate::events::{Cause, Event, EventKind};

/// The steps that can mend a refusal.
pub(super) const BY: &[EventKind] = &[
    EventKind::CodeIssued,
    EventKind::Token,
    EventKind::Refresh,
    EventKind::RefreshReplay,
];

/// Whether nothing has mended a refusal: `passed` are steps of these kinds, before it and after it.
pub(super) fn still_holds(event: &Event, passed: &[Event], integration: &Integration) -> bool {
    let Some(cause) = event.cause else {
        return false;
    };
    let is_moot = |is_success: &dyn Fn(&Event) -> bool| {
        passed
            .iter()
            .any(|later| later.id.as_str() > event.id.as_str() && is_success(later))
    };
    match cause {
        // At the token endpoint: the same client got tokens.
        Cause::RotatedSecret
        | Cause::WrongSecret
        | Cause::SecretMissing
        | Cause::PublicClient
        | Cause::RefreshReplayed
        | Cause::RefreshReplayedLate => {
            !is_moot(&|later| got_tokens(later) && is_same_client(event, later))
        }
        Cause::UnknownRedirectUri => {
            let uri = event.detail.as_deref().unwrap_or_default();
            let known = &integration.redirect_uris;
            !known.iter().any(|known| redirect_uri::matches(known, uri)) && !is_moot(&got_in)
        }
        Cause::Inactive => !integration.is_active,
        Cause::NotSelfRegistered => !integration.self_registered,
        Cause::NotAllowed => !integration.client_credentials,
        Cause::WrongResource | Cause::PkceMissing => !is_moot(&got_in),
        Cause::NotMember | Cause::SecondFactorNeeded => !is_moot(&|later| {
            matches!(later.kind, EventKind::CodeIssued | EventKind::Refresh)
                && later.trail.user_id == event.trail.user_id
        }),
        // None that is asked for.
        _ => false,
    }
}

fn got_tokens(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::Token | EventKind::Refresh | EventKind::RefreshReplay
    )
}

/// Of an integration that approves by itself, anybody is given a code: it is somebody's who is signed in, or
/// it was exchanged.
fn got_in(event: &Event) -> bool {
    match event.kind {
        EventKind::CodeIssued => event.trail.user_id.is_some(),
        kind => kind == EventKind::Token,
    }
}

/// Several programs may use one client id, each with what was once pasted into it: that one of them
/// works says nothing of the others.
fn is_same_client(one: &Event, other: &Event) -> bool {
    let product = |event: &Event| {
        let agent = &event.visit.user_agent;
        agent
            .split(['/', ' '])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    one.trail.client_id == other.trail.client_id && product(one) == product(other)
}
