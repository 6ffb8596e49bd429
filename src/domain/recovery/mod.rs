//! Ways back into an account for who forgot or lost what they sign in with: a link by mail, a link
//! from an owner or from whoever holds the server, or a recovery code. None of them signs anybody
//! in; each ends all sessions and leaves a row in the audit log.

mod ask;
mod by_code;
pub(crate) mod link;
mod reset;
mod store;

use std::sync::Arc;

use crate::{
    Core,
    accounts::{Accounts, Throttle},
    clock::Timestamp,
    crypto::BearerSecret,
    db::DbError,
};

pub use ask::LIFE_BY_HAND;
pub use link::{LinkKind, LinkMaker, PREFIX, ShownLink};

/// The room's service.
#[derive(Clone)]
pub struct Recovery {
    core: Core,
    /// Shared with signing in: guessing codes is guessing too.
    throttle: Arc<Throttle>,
}

impl Recovery {
    pub(crate) fn new(core: Core, accounts: &Accounts) -> Self {
        let throttle = accounts.throttle();
        Self { core, throttle }
    }

    /// The address of the page at which a link is used.
    #[must_use]
    pub fn url(&self, token: &BearerSecret) -> String {
        link::url(&self.core, LinkKind::Reset, token)
    }

    /// Deletes links whose time has been over for a day, a batch at a time.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let rows = store::expire(&mut tx, now.plus_seconds(-86_400), batch).await?;
        tx.commit().await?;
        Ok(rows)
    }
}
