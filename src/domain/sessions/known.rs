//! Sessions as this process knows them, until something of them changes.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{NOTE_SECONDS, SignedIn, store};
use crate::{
    Result,
    changes::{Change, ChangeKind, Feed, Remembered, heard_by},
    clock::Timestamp,
    db::Db,
    ids::SessionId,
};

const MOST: usize = 20_000;

/// A live session, and when its use was last noted.
pub(super) struct KnownSession {
    pub(super) signed_in: SignedIn,
    noted_at: AtomicI64,
}

impl KnownSession {
    pub(super) fn last_used_at(&self) -> Timestamp {
        Timestamp(self.noted_at.load(Ordering::Relaxed))
    }

    /// Whether the use at `now` is to be noted. Of many requests at once, one is told so.
    pub(super) fn notes_use(&self, now: Timestamp) -> bool {
        let last = self.noted_at.load(Ordering::Relaxed);
        Timestamp(last).plus_seconds(NOTE_SECONDS) <= now
            && self
                .noted_at
                .compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

pub(super) struct Known(Remembered<SessionId, Arc<KnownSession>>);

impl Known {
    pub(super) fn new(feed: &Feed) -> Arc<Self> {
        let known = Arc::new(Self(Remembered::new(feed, MOST)));
        heard_by(feed, &known, |known, change| match change {
            Change::Of(ChangeKind::Session, id) => known.0.forget(&SessionId::from(&**id)),
            Change::Of(ChangeKind::Account, id) => known
                .0
                .forget_where(|session| session.signed_in.account.id.as_str() == &**id),
            Change::Of(ChangeKind::Provider, id) => known.0.forget_where(|known| {
                let provider = known.signed_in.session.provider_id.as_ref();
                provider.is_some_and(|provider| provider.as_str() == &**id)
            }),
            Change::Anything => known.0.forget_all(),
            Change::Of(..) => {}
        });
        known
    }

    pub(super) async fn get(&self, db: &Db, id: &SessionId) -> Result<Option<Arc<KnownSession>>> {
        if let Some(known) = self.0.get(id) {
            return Ok(Some(known));
        }
        let since = self.0.since();
        let Some(signed_in) = store::live(db, id).await? else {
            return Ok(None);
        };
        let session = Arc::new(KnownSession {
            noted_at: AtomicI64::new(signed_in.session.last_used_at.0),
            signed_in,
        });
        self.0.keep(since, id.clone(), session.clone());
        Ok(Some(session))
    }
}
