//! Keeping the database small: what has ended is deleted in the background, in bounded batches, so
//! that no request waits long behind it.

use crate::{Services, db::DbError};

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
        let mut gone = 0;
        for _ in 0..MOST_BATCHES {
            let now = self.core.now();
            let rows = self.grants.expire(now, BATCH).await?
                + self.clients.expire(now, BATCH).await?
                + self.events.expire(now, BATCH).await?;
            gone += rows;
            if rows < BATCH.unsigned_abs() {
                break;
            }
        }
        Ok(gone)
    }
}
