//! Keeping the database small: what has ended is deleted in the background, in bounded batches, so
//! that no request waits long behind it.

use crate::{Services, changes, db::DbError};

/// Rows of a kind in one transaction.
const BATCH: i64 = 500;
/// Batches in one go; what is left waits for the next.
const MOST_BATCHES: usize = 20;

impl Services {
    /// Deletes what has ended. Tells how many rows went.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn expire(&self) -> Result<u64, DbError> {
        self.events.settle().await;
        self.core.db.checkpoint_log().await;
        let mut gone = 0;
        for _ in 0..MOST_BATCHES {
            let now = self.core.now();
            let rows = self.grants.expire(now, BATCH).await?
                + self.clients.expire(now, BATCH).await?
                + self.events.expire(now, BATCH).await?
                + self.calls.expire(now, BATCH).await?
                + self.execute.expire(now, BATCH).await?
                + self.idempotency.expire(now, BATCH).await?
                + self.sessions.expire(now, BATCH).await?
                + self.recovery.expire(now, BATCH).await?
                + self.audit.expire(now, BATCH).await?
                + self.invitations.expire(now, BATCH).await?
                + self.expire_changes().await?;
            gone += rows;
            if rows < BATCH.unsigned_abs() {
                break;
            }
        }
        Ok(gone)
    }

    async fn expire_changes(&self) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let rows = changes::expire(&mut tx, self.core.now(), BATCH).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Hears of what other processes change in the database, for as long as it runs.
    pub async fn follow_changes(&self) {
        changes::follow(&self.core).await;
    }
}
