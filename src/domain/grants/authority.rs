//! What the bearer check remembers, so that it does not ask the database at each request, and what
//! makes it forget: every change of authority, before whoever made the change is answered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quick_cache::sync::Cache;

use super::{access_token::Claims, standing::Standing};
use crate::{
    Core,
    changes::{Change, ChangeKind},
    ids::GrantId,
};

const MOST_TOKENS: usize = 50_000;
const MOST_STANDINGS: usize = 20_000;

/// The SHA-256 of a token.
pub(super) type TokenHash = [u8; 32];

/// Verified tokens and the standing of their grants. Bounded: what is not in use makes room.
pub(super) struct Authority {
    core: Core,
    tokens: Cache<TokenHash, Arc<Claims>>,
    standings: Cache<GrantId, Arc<Standing>>,
    /// Counts changes: what was looked up across one is used once and not remembered.
    changes: Mutex<u64>,
}

/// The moment at which something began to be looked up.
#[derive(Clone, Copy)]
pub(super) struct Since(u64);

impl Authority {
    pub(super) fn new(core: &Core) -> Arc<Self> {
        let authority = Arc::new(Self {
            core: core.clone(),
            tokens: Cache::new(MOST_TOKENS),
            standings: Cache::new(MOST_STANDINGS),
            changes: Mutex::default(),
        });
        let listening = Arc::downgrade(&authority);
        core.db.feed().on_change(move |change| {
            if let Some(authority) = listening.upgrade() {
                authority.forget(change);
            }
        });
        authority
    }

    /// The claims of a token that was verified before. Whether it has expired is not looked at.
    pub(super) fn token(&self, hash: &TokenHash) -> Option<Arc<Claims>> {
        self.is_current().then(|| self.tokens.get(hash)).flatten()
    }

    pub(super) fn standing(&self, grant: &GrantId) -> Option<Arc<Standing>> {
        self.is_current()
            .then(|| self.standings.get(grant))
            .flatten()
    }

    pub(super) fn now(&self) -> Since {
        Since(*self.changes())
    }

    pub(super) fn keep_token(&self, since: Since, hash: TokenHash, claims: &Arc<Claims>) {
        let changes = self.changes();
        if *changes == since.0 {
            self.tokens.insert(hash, claims.clone());
        }
    }

    pub(super) fn keep_standing(&self, since: Since, standing: &Arc<Standing>) {
        let changes = self.changes();
        if *changes == since.0 {
            self.standings
                .insert(standing.grant.id.clone(), standing.clone());
        }
    }

    fn is_current(&self) -> bool {
        self.core.db.feed().is_current()
    }

    fn changes(&self) -> MutexGuard<'_, u64> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, change: &Change) {
        *self.changes() += 1;
        let Change::Of(kind, subject) = change else {
            self.tokens.clear();
            self.standings.clear();
            return;
        };
        let is = |id: &str| id == &**subject;
        match kind {
            ChangeKind::Grant => {
                self.standings.remove(&GrantId::from(&**subject));
            }
            ChangeKind::Integration => {
                self.forget_where(|standing| is(standing.integration.id.as_str()));
            }
            ChangeKind::Project => {
                self.forget_where(|standing| is(standing.project.id.as_str()));
            }
            ChangeKind::Account | ChangeKind::Member => {
                self.forget_where(|standing| {
                    standing.grant.user_id.iter().any(|id| is(id.as_str()))
                });
            }
            ChangeKind::SigningKey => self.tokens.clear(),
            // Of these nothing is remembered here.
            ChangeKind::ApiKey | ChangeKind::Client | ChangeKind::Tools => {}
        }
    }

    fn forget_where(&self, is_meant: impl Fn(&Standing) -> bool) {
        self.standings.retain(|_, standing| !is_meant(standing));
    }
}
