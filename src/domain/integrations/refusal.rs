//! What last kept a client from an integration, and still would: for whoever can mend it.

use super::{Integration, Integrations, redirect_uri, store};
use crate::{
    Result,
    clock::Timestamp,
    events::{self, Cause, Event, EventKind},
    grants::{self, EmptyList},
    ids::IntegrationId,
    members::{Access, Viewer},
};

/// A refusal that nothing has mended since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub at: Timestamp,
    pub why: RefusalCause,
}

/// Why, with the facts that mending it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalCause {
    /// The client showed a secret that a rotation ended.
    RotatedSecret {
        /// What the secret begins with.
        prefix: Option<String>,
        rotated: Option<Rotation>,
    },
    /// The client showed a secret that never was this integration's.
    WrongSecret {
        /// It is the secret of another integration.
        is_anothers: bool,
    },
    /// Somebody tried to connect while the integration was off, and it still is.
    Inactive,
    UnknownRedirectUri {
        redirect_uri: String,
        /// It is one of a client that many people use; of any other, anybody may have sent it.
        is_of_known_client: bool,
    },
    /// A connection listed its tools and got none, since none that the integration offers is enabled.
    NoToolEnabled,
    /// A connection listed its tools and got none: there are some, and what was approved excludes them.
    GrantExcludesAll { client_name: String },
    /// What only its sentence says: [`Cause::sentence`].
    Other(Cause),
}

/// When a secret was replaced, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    pub at: Timestamp,
    /// Their email, where the account is still there.
    pub by: Option<String>,
}

/// Events that are looked through.
const NEWEST: i64 = 100;
/// What is older than this and did not happen again is nobody's question any more.
const DAYS: i64 = 30;

impl Integrations {
    /// The last refusal that is not moot: nothing of its kind went well since, and what was wrong is
    /// still so.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) where the project has no such integration.
    pub async fn last_refusal(
        &self,
        access: &Access<Viewer>,
        id: &IntegrationId,
    ) -> Result<Option<Refusal>> {
        let integration = self.get(access, id).await?;
        let seen = events::newest(&self.core, id, NEWEST).await?;
        let since = self.core.now().plus_seconds(-DAYS * 86_400);
        let refused = seen
            .iter()
            .enumerate()
            .filter(|(_, event)| event.at >= since)
            .find(|(place, event)| still_holds(event, &seen[..*place], &integration));
        let refused = match refused {
            Some((_, event)) => Some(self.told(event, &integration).await?),
            None => None,
        };
        let empty = self.empty_list(&integration).await?;
        Ok(match (refused, empty) {
            (Some(refused), Some(empty)) if empty.at > refused.at => Some(empty),
            (refused, empty) => refused.or(empty),
        })
    }

    async fn told(&self, event: &Event, integration: &Integration) -> Result<Refusal> {
        let why = match event.cause {
            Some(Cause::RotatedSecret) => {
                let prefix = shown_secret(event);
                let rotated = match &prefix {
                    Some(prefix) => {
                        store::rotation_after(&self.core.db, &integration.id, prefix).await?
                    }
                    None => None,
                };
                RefusalCause::RotatedSecret { prefix, rotated }
            }
            Some(Cause::WrongSecret) => RefusalCause::WrongSecret {
                is_anothers: shown_secret(event).is_some(),
            },
            Some(Cause::Inactive) => RefusalCause::Inactive,
            Some(Cause::UnknownRedirectUri) => {
                let redirect_uri = event.detail.clone().unwrap_or_default();
                RefusalCause::UnknownRedirectUri {
                    is_of_known_client: redirect_uri::is_of_known_client(&redirect_uri),
                    redirect_uri,
                }
            }
            cause => RefusalCause::Other(cause.unwrap_or(Cause::Broken)),
        };
        Ok(Refusal { at: event.at, why })
    }

    /// That a connection found nothing is no event: what it fetched last says so.
    async fn empty_list(&self, integration: &Integration) -> Result<Option<Refusal>> {
        let found = grants::empty_list(&self.core, integration).await?;
        Ok(found.map(
            |EmptyList {
                 at,
                 client_name,
                 is_any_enabled,
             }| Refusal {
                at,
                why: if is_any_enabled {
                    RefusalCause::GrantExcludesAll { client_name }
                } else {
                    RefusalCause::NoToolEnabled
                },
            },
        ))
    }
}

/// Whether an event is a refusal that somebody of the project can mend, and that nothing has mended:
/// `since` is what happened after it.
fn still_holds(event: &Event, since: &[Event], integration: &Integration) -> bool {
    let Some(cause) = event.cause else {
        return false;
    };
    let is_moot = |is_success: &dyn Fn(&Event) -> bool| {
        since
            .iter()
            .any(|later| later.cause.is_none() && is_success(later))
    };
    match cause {
        // At the token endpoint: the same client got tokens.
        Cause::RotatedSecret
        | Cause::WrongSecret
        | Cause::SecretMissing
        | Cause::PublicClient
        | Cause::RefreshReplayed
        | Cause::RefreshReplayedLate => !is_moot(&|later| {
            matches!(
                later.kind,
                EventKind::Token | EventKind::Refresh | EventKind::RefreshReplay
            ) && is_same_client(event, later)
        }),
        Cause::UnknownRedirectUri => {
            let uri = event.detail.as_deref().unwrap_or_default();
            let known = &integration.redirect_uris;
            !known.iter().any(|known| redirect_uri::matches(known, uri))
                && !is_moot(&|later| later.kind == EventKind::CodeIssued)
        }
        Cause::Inactive => !integration.is_active,
        Cause::NotSelfRegistered => !integration.self_registered,
        Cause::NotAllowed => !integration.client_credentials,
        Cause::WrongResource | Cause::PkceMissing => {
            !is_moot(&|later| later.kind == EventKind::CodeIssued)
        }
        Cause::NotMember | Cause::SecondFactorNeeded => !is_moot(&|later| {
            matches!(later.kind, EventKind::CodeIssued | EventKind::Refresh)
                && later.trail.user_id == event.trail.user_id
        }),
        // What people decided, what passes by itself, and what only the client can mend.
        _ => false,
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

/// What the secret that was shown begins with, where it is one of ours: as the detail of a refused
/// client has it, `secret tng_cs_…`.
fn shown_secret(event: &Event) -> Option<String> {
    let detail = event.detail.as_deref()?.strip_prefix("secret ")?;
    Some(detail.trim_end_matches('…').to_owned())
}
