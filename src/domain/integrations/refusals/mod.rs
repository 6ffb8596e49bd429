//! What keeps clients from an integration, and still would: for whoever can mend it.

mod kind;
mod mended;
mod store;

use super::{Integration, Integrations, redirect_uri};
use crate::{
    Result,
    clock::Timestamp,
    events::{self, Cause, Event},
    grants::{self, EmptyList},
    ids::IntegrationId,
    members::{Access, Admin, Viewer},
};
pub use kind::RefusalKind;

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

/// Refusals that are looked at of each cause: several programs may meet with the same.
const MOST_REFUSED: i64 = 8;
/// Steps that went well which are looked at of each kind: none of them can be had without a secret or a person.
const MOST_PASSED: i64 = 50;
/// What is older than this and did not happen again is nobody's question any more.
const DAYS: i64 = 30;

impl Integrations {
    /// The refusals that are not moot: nothing of their kind went well since, what was wrong is still so,
    /// and nobody has dismissed them. One of each kind, its newest; first those that took a secret or a
    /// person, which no stranger can bring about, then the others, each the newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) for an integration of another project.
    pub async fn refusals(
        &self,
        access: &Access<Viewer>,
        integration: &Integration,
    ) -> Result<Vec<Refusal>> {
        integration.check_project(access)?;
        let id = &integration.id;
        let refused =
            events::newest_refused(&self.core, id, RefusalKind::CAUSES, MOST_REFUSED).await?;
        let passed = match refused.is_empty() {
            true => Vec::new(),
            false => events::newest_passed(&self.core, id, mended::BY, MOST_PASSED).await?,
        };
        let dismissed = store::dismissed(&self.core.db, id).await?;
        let since = self.core.now().plus_seconds(-DAYS * 86_400);
        let is_shown = |kind: RefusalKind, at: Timestamp| {
            let is_dismissed = dismissed
                .iter()
                .any(|(known, until)| *known == kind.as_str() && at <= *until);
            at >= since && !is_dismissed
        };
        let mut shown: Vec<(RefusalKind, Refusal)> = Vec::new();
        for event in &refused {
            let Some(kind) = RefusalKind::of(event) else {
                continue;
            };
            if !shown.iter().any(|(known, _)| *known == kind)
                && is_shown(kind, event.at)
                && mended::still_holds(event, &passed, integration)
            {
                shown.push((kind, self.told(event, integration).await?));
            }
        }
        if let Some(empty) = self.empty_list(integration).await? {
            let kind = empty.kind();
            if is_shown(kind, empty.at) {
                shown.push((kind, empty));
            }
        }
        shown.sort_by_key(|(kind, refusal)| (kind.is_by_anyone(), -refusal.at.0));
        Ok(shown.into_iter().map(|(_, refusal)| refusal).collect())
    }

    /// Takes a kind of refusal out of the way, up to the one that was seen: a newer one shows again.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub async fn dismiss_refusal(
        &self,
        access: &Access<Admin>,
        id: &IntegrationId,
        kind: RefusalKind,
        seen: Timestamp,
    ) -> Result<()> {
        let now = self.core.now();
        let mut tx = self.core.db.begin().await?;
        Self::locked(&mut tx, access, id).await?;
        // Not what is still to come.
        let until = seen.min(now);
        store::dismiss(&mut tx, id, kind, until, access.user_id(), now).await?;
        self.changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn told(&self, event: &Event, integration: &Integration) -> Result<Refusal> {
        let why = match event.cause {
            Some(Cause::RotatedSecret) => {
                let prefix = shown_secret(event);
                let rotated = match &prefix {
                    Some(prefix) => {
                        super::store::rotation_after(&self.core.db, &integration.id, prefix).await?
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

/// What the secret that was shown begins with, where it is one of ours: as the detail of a refused
/// client has it, `secret tng_cs_…`.
fn shown_secret(event: &Event) -> Option<String> {
    let detail = event.detail.as_deref()?.strip_prefix("secret ")?;
    Some(detail.trim_end_matches('…').to_owned())
}
