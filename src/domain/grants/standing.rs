//! A grant and all that it rests on, looked up once and remembered until something of it changes.

use std::sync::{
    Arc, Mutex, PoisonError, Weak,
    atomic::{AtomicI64, Ordering},
};

use super::{ApprovedBy, BearerError, Grant, Grants, Offer, coverage::Coverage, store};
use crate::{
    accounts,
    clock::Timestamp,
    execute::Member,
    ids::GrantId,
    integrations::{self, Approval, Integration},
    members,
    projects::{self, Project},
};

/// What a connection may do, at the moment it was looked up.
pub(super) struct Standing {
    pub(super) grant: Grant,
    pub(super) integration: Integration,
    pub(super) project: Project,
    pub(super) member: Option<Member>,
    pub(super) coverage: Coverage,
    pub(super) memory: Memory,
}

/// What is known of it beyond what was looked up.
#[derive(Default)]
pub(super) struct Memory {
    /// The tools that it has, of the newest version that was asked for. They are kept by the project's
    /// tools, and gone with them.
    pub(super) offer: Mutex<Weak<Offer>>,
    /// When its use was noted; milliseconds since the Unix epoch.
    used_at: AtomicI64,
    /// When it was noted that it fetched its list, which, and how much of it.
    listed: Mutex<Option<(u64, usize, Timestamp)>>,
}

/// Seconds between two notes of the same thing: they are for people to read.
const NOTE_SECONDS: i64 = 60;

impl Memory {
    fn of(grant: &Grant) -> Self {
        Self {
            used_at: AtomicI64::new(grant.last_used_at.map_or(0, |at| at.0)),
            ..Self::default()
        }
    }

    /// Whether the use at `now` is to be noted. Of many requests at once, one is told so.
    pub(super) fn notes_use(&self, now: Timestamp) -> bool {
        let last = self.used_at.load(Ordering::Relaxed);
        Timestamp(last).plus_seconds(NOTE_SECONDS) <= now
            && self
                .used_at
                .compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// Whether it is to be noted that so many tools of this offer's list were fetched at `now`.
    pub(super) fn notes_list(&self, offer: u64, tools: usize, now: Timestamp) -> bool {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        // A client that pages has more with each page.
        let is_noted = listed.is_some_and(|(known, fetched, at)| {
            known == offer && tools <= fetched && now < at.plus_seconds(NOTE_SECONDS)
        });
        if !is_noted {
            *listed = Some((offer, tools, now));
        }
        !is_noted
    }
}

impl Grants {
    /// # Errors
    /// [`BearerError::InvalidToken`] where the grant, or something that it rests on, has ended.
    pub(super) async fn standing(&self, id: &GrantId) -> Result<Arc<Standing>, BearerError> {
        let standings = &self.authority.standings;
        if let Some(known) = standings.get(id) {
            return Ok(known);
        }
        let since = standings.since();
        let standing = Arc::new(Box::pin(self.look_up(id)).await?);
        standings.keep(since, id.clone(), standing.clone());
        Ok(standing)
    }

    async fn look_up(&self, id: &GrantId) -> Result<Standing, BearerError> {
        let db = &self.core.db;
        let ended = || BearerError::InvalidToken("The connection was ended".to_owned());
        let grant = store::grant_by_id(db, id)
            .await?
            .filter(|grant| grant.ended_at.is_none())
            .ok_or_else(ended)?;
        let integration = integrations::store::by_id(db, &grant.integration_id)
            .await?
            .ok_or_else(ended)?;
        let member = match (grant.approved_by, &grant.user_id) {
            // Nobody approved: it holds as long as the integration approves in this way.
            (ApprovedBy::Automatic, None) if integration.approval == Approval::Automatic => None,
            (ApprovedBy::ClientCredentials, None) if integration.client_credentials => None,
            (ApprovedBy::Automatic | ApprovedBy::ClientCredentials, _)
            | (ApprovedBy::Person, None) => return Err(ended()),
            (ApprovedBy::Person, Some(user)) => {
                let role = members::store::role(db, &integration.project_id, user).await?;
                let account = accounts::by_id(db, user).await?;
                match (role, account) {
                    (Some(role), Some(account)) => Some(Member {
                        id: account.id,
                        email: account.email,
                        role,
                    }),
                    _ => {
                        return Err(BearerError::InvalidToken(
                            "The person who connected is no longer a member of the project"
                                .to_owned(),
                        ));
                    }
                }
            }
        };
        let project = projects::store::by_id(db, &integration.project_id)
            .await?
            .ok_or_else(ended)?;
        Ok(Standing {
            memory: Memory::of(&grant),
            coverage: Coverage::of(&integration, &grant),
            grant,
            integration,
            project,
            member,
        })
    }
}
