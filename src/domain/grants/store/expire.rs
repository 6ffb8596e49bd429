//! The SQL that deletes what has ended, a batch at a time.

use crate::{
    clock::Timestamp,
    db::{DbError, Tx, execute},
};

#[derive(Debug, Clone, Copy)]
pub(in crate::grants) enum Expired {
    Codes,
    RefreshTokens,
}

pub(in crate::grants) async fn expire(
    tx: &mut Tx,
    what: Expired,
    before: Timestamp,
    batch: i64,
) -> Result<u64, DbError> {
    const CODES: &str = "DELETE FROM authorization_codes WHERE hash IN \
         (SELECT hash FROM authorization_codes WHERE expires_at < $1 LIMIT $2)";
    const REFRESH_TOKENS: &str = "DELETE FROM refresh_tokens WHERE hash IN \
         (SELECT hash FROM refresh_tokens WHERE expires_at < $1 LIMIT $2)";
    let sql = match what {
        Expired::Codes => CODES,
        Expired::RefreshTokens => REFRESH_TOKENS,
    };
    execute!(tx, sqlx::query(sql).bind(before).bind(batch))
}

/// Forgets the text of refresh tokens that may not be given out again.
pub(in crate::grants) async fn forget_sealed(
    tx: &mut Tx,
    before: Timestamp,
    batch: i64,
) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE refresh_tokens SET sealed = NULL WHERE hash IN \
         (SELECT hash FROM refresh_tokens WHERE sealed IS NOT NULL AND created_at < $1 LIMIT $2)";
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}
