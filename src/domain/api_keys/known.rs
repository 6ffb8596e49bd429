//! Keys as this process knows them, until something of them changes.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{ApiKey, store};
use crate::{
    Result,
    changes::{Change, ChangeKind, Feed, Remembered, heard_by},
    clock::Timestamp,
    db::Db,
};

const MOST: usize = 10_000;

/// Seconds between two notes of a key's use.
const NOTE_SECONDS: i64 = 60;

/// A key that was not revoked, of an enabled account. It may have expired.
pub(super) struct KnownKey {
    pub(super) key: ApiKey,
    /// When its use was noted; milliseconds since the Unix epoch.
    noted_at: AtomicI64,
}

impl KnownKey {
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

/// By the SHA-256 of the secret. What is no key is not remembered: strangers would fill the memory.
pub(super) struct Known(Remembered<[u8; 32], Arc<KnownKey>>);

impl Known {
    pub(super) fn new(feed: &Feed) -> Arc<Self> {
        let known = Arc::new(Self(Remembered::new(feed, MOST)));
        heard_by(feed, &known, |known, change| match change {
            Change::Of(ChangeKind::ApiKey, id) => {
                known.0.forget_where(|one| one.key.id.as_str() == &**id);
            }
            Change::Of(ChangeKind::Account, id) => {
                known
                    .0
                    .forget_where(|one| one.key.user_id.as_str() == &**id);
            }
            // It takes its keys with it.
            Change::Of(ChangeKind::Project, id) => known.0.forget_where(|one| {
                let project = one.key.project_id.as_ref();
                project.is_some_and(|project| project.as_str() == &**id)
            }),
            Change::Anything => known.0.forget_all(),
            Change::Of(..) => {}
        });
        known
    }

    pub(super) async fn get(&self, db: &Db, hash: [u8; 32]) -> Result<Option<Arc<KnownKey>>> {
        if let Some(known) = self.0.get(&hash) {
            return Ok(Some(known));
        }
        let since = self.0.since();
        let Some(key) = store::live(db, &hash).await? else {
            return Ok(None);
        };
        let known = Arc::new(KnownKey {
            noted_at: AtomicI64::new(key.last_used_at.map_or(0, |at| at.0)),
            key,
        });
        self.0.keep(since, hash, known.clone());
        Ok(Some(known))
    }
}
