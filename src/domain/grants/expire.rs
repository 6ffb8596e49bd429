//! Deleting what nothing asks for any more, a batch at a time.

use super::{Grants, store};
use crate::{clock::Timestamp, db::DbError};

/// Seconds that a code is kept after its end: a second use of it is told from an unknown one.
const CODE_KEPT_SECONDS: i64 = 3_600;
/// Seconds that a refresh token is kept after its end, so that its owner is told that it expired.
const REFRESH_KEPT_SECONDS: i64 = 30 * 86_400;

impl Grants {
    /// Deletes a batch of each kind. Tells how many rows went.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let codes = now.plus_seconds(-CODE_KEPT_SECONDS);
        let refresh_tokens = now.plus_seconds(-REFRESH_KEPT_SECONDS);
        let sealed = now.plus_seconds(-self.core.lifetimes.race(false));
        let mut gone = 0;
        // A transaction each: none of them keeps a request waiting for long.
        for (what, before) in [
            (store::Expired::Codes, codes),
            (store::Expired::RefreshTokens, refresh_tokens),
        ] {
            let mut tx = self.core.db.begin().await?;
            gone += store::expire(&mut tx, what, before, batch).await?;
            tx.commit().await?;
        }
        let mut tx = self.core.db.begin().await?;
        gone += store::forget_sealed(&mut tx, sealed, batch).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
