//! The SQL of idempotency keys.

use sqlx::FromRow;

use super::Place;
use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
};

/// Binds the key that every statement here begins with.
macro_rules! at {
    ($sql:expr, $place:expr) => {
        sqlx::query($sql)
            .bind(&$place.grant)
            .bind(&$place.tool)
            .bind(&$place.key_hash[..])
    };
}

/// Takes a key that nobody has used since `since`. Whether it was free.
pub(super) async fn claim(
    db: &Db,
    place: &Place,
    claim: &str,
    arguments_hash: &[u8],
    now: Timestamp,
    since: Timestamp,
) -> Result<bool, DbError> {
    const FORGET: &str = "DELETE FROM idempotency_keys WHERE grant_id = $1 AND tool_id = $2 \
         AND key_hash = $3 AND created_at < $4";
    const CLAIM: &str = "INSERT INTO idempotency_keys \
         (grant_id, tool_id, key_hash, arguments_hash, created_at, claim) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING";
    let mut tx = db.begin().await?;
    execute!(&mut tx, at!(FORGET, place).bind(since))?;
    let claimed = execute!(
        &mut tx,
        at!(CLAIM, place).bind(arguments_hash).bind(now).bind(claim)
    )?;
    tx.commit().await?;
    Ok(claimed == 1)
}

/// Who used a key first.
#[derive(FromRow)]
pub(super) struct First {
    pub(super) arguments_hash: Vec<u8>,
    pub(super) result: Option<Vec<u8>>,
}

pub(super) async fn first(db: &Db, place: &Place) -> Result<Option<First>, DbError> {
    const SQL: &str = "SELECT arguments_hash, result FROM idempotency_keys \
         WHERE grant_id = $1 AND tool_id = $2 AND key_hash = $3";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(&place.grant)
        .bind(&place.tool)
        .bind(&place.key_hash[..])
        .fetch_optional(c)
        .await)
}

/// Keeps the answer of the call that took the key.
pub(super) async fn keep(
    db: &Db,
    place: &Place,
    claim: &str,
    sealed: &[u8],
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE idempotency_keys SET result = $5 \
         WHERE grant_id = $1 AND tool_id = $2 AND key_hash = $3 AND claim = $4";
    let mut tx = db.begin().await?;
    execute!(&mut tx, at!(SQL, place).bind(claim).bind(sealed))?;
    tx.commit().await
}

/// Lets go of a key, if it is this claim that has it.
pub(super) async fn release(db: &Db, place: &Place, claim: &str) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM idempotency_keys \
         WHERE grant_id = $1 AND tool_id = $2 AND key_hash = $3 AND claim = $4";
    let mut tx = db.begin().await?;
    execute!(&mut tx, at!(SQL, place).bind(claim))?;
    tx.commit().await
}

pub(super) async fn expire(tx: &mut Tx, before: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM idempotency_keys WHERE (grant_id, tool_id, key_hash) IN \
         (SELECT grant_id, tool_id, key_hash FROM idempotency_keys WHERE created_at < $1 LIMIT $2)";
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}
