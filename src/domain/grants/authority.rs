//! What the bearer check remembers, so that it does not ask the database at each request, and what
//! makes it forget: every change of authority, before whoever made the change is answered.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::{access_token::Claims, standing::Standing};
use crate::{
    Core,
    changes::{Change, ChangeKind, Remembered, heard_by},
    ids::GrantId,
};

const MOST_TOKENS: usize = 50_000;
const MOST_STANDINGS: usize = 20_000;

/// Verified tokens and the standing of their grants.
pub(super) struct Authority {
    /// By the token itself: to hash it beyond guessing would cost as much as the rest of a request.
    pub(super) tokens: Remembered<Box<str>, Arc<Claims>>,
    pub(super) standings: Remembered<GrantId, Arc<Standing>>,
    /// How often the signing keys may have changed.
    keys: AtomicU64,
}

impl Authority {
    pub(super) fn new(core: &Core) -> Arc<Self> {
        let feed = core.db.feed();
        let authority = Arc::new(Self {
            tokens: Remembered::new(feed, MOST_TOKENS),
            standings: Remembered::new(feed, MOST_STANDINGS),
            keys: AtomicU64::new(0),
        });
        heard_by(feed, &authority, Self::hear);
        authority
    }

    /// A number that is another one after each change of the signing keys.
    pub(super) fn keys(&self) -> u64 {
        self.keys.load(Ordering::Acquire)
    }

    fn forget_tokens(&self) {
        self.keys.fetch_add(1, Ordering::AcqRel);
        self.tokens.forget_all();
    }

    fn hear(&self, change: &Change) {
        let Change::Of(kind, subject) = change else {
            self.forget_tokens();
            self.standings.forget_all();
            return;
        };
        let is = |id: &str| id == &**subject;
        match kind {
            ChangeKind::Grant => self.standings.forget(&GrantId::from(&**subject)),
            ChangeKind::Integration => self
                .standings
                .forget_where(|standing| is(standing.integration.id.as_str())),
            ChangeKind::Project => self
                .standings
                .forget_where(|standing| is(standing.project.id.as_str())),
            ChangeKind::Account | ChangeKind::Member => self
                .standings
                .forget_where(|standing| standing.grant.user_id.iter().any(|id| is(id.as_str()))),
            ChangeKind::SigningKey => self.forget_tokens(),
            // Of these nothing is remembered here.
            ChangeKind::ApiKey
            | ChangeKind::Client
            | ChangeKind::Tools
            | ChangeKind::MasterKey
            | ChangeKind::Provider
            | ChangeKind::Session
            | ChangeKind::Setting => {}
        }
    }
}
