//! The SQL of requests that may be sent again.

use sqlx::FromRow;

use super::{MOST_REQUESTS, Turn};
use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
};

/// What became of the wish for a key.
pub(super) enum Claimed {
    Taken,
    InUse,
    /// It would be one more than an actor may have.
    TooMany,
}

/// Takes a key that nobody has used since `since`.
pub(super) async fn claim(
    db: &Db,
    turn: &Turn,
    request_hash: &[u8],
    now: Timestamp,
    since: Timestamp,
) -> Result<Claimed, DbError> {
    const FORGET: &str = "DELETE FROM idempotent_requests WHERE hash = $1 AND created_at < $2";
    const CLAIM: &str = "INSERT INTO idempotent_requests \
         (hash, request_hash, claim, created_at, owner) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING";
    // Of many at once a few may be too many.
    const COUNT: &str =
        "SELECT COUNT(*) FROM idempotent_requests WHERE owner = $1 AND created_at >= $2";
    let mut tx = db.begin().await?;
    execute!(
        &mut tx,
        sqlx::query(FORGET).bind(&turn.hash[..]).bind(since)
    )?;
    let claimed = execute!(
        &mut tx,
        sqlx::query(CLAIM)
            .bind(&turn.hash[..])
            .bind(request_hash)
            .bind(&turn.claim)
            .bind(now)
            .bind(&turn.owner)
    )?;
    if claimed == 0 {
        tx.commit().await?;
        return Ok(Claimed::InUse);
    }
    // After it was taken: who asks again is answered, however many there are.
    let count: i64 = write!(&mut tx, |c| sqlx::query_scalar(COUNT)
        .bind(&turn.owner)
        .bind(since)
        .fetch_one(c)
        .await)?;
    if count > MOST_REQUESTS {
        return Ok(Claimed::TooMany);
    }
    tx.commit().await?;
    Ok(Claimed::Taken)
}

/// Bytes of the answers that are kept for an actor, as they are stored.
pub(super) async fn bytes_of(db: &Db, owner: &str) -> Result<i64, DbError> {
    const SQL: &str = "SELECT CAST(COALESCE(SUM(LENGTH(answer)), 0) AS BIGINT) \
         FROM idempotent_requests WHERE owner = $1";
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(owner)
        .fetch_one(c)
        .await)
}

/// Who used a key first.
#[derive(FromRow)]
pub(super) struct First {
    pub(super) request_hash: Vec<u8>,
    pub(super) created_at: Timestamp,
    pub(super) status: Option<i64>,
    pub(super) answer: Option<Vec<u8>>,
}

pub(super) async fn first(db: &Db, hash: &[u8]) -> Result<Option<First>, DbError> {
    const SQL: &str = "SELECT request_hash, created_at, status, answer \
         FROM idempotent_requests WHERE hash = $1";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)
}

/// Keeps the answer to the request that took the key.
pub(super) async fn keep(
    db: &Db,
    turn: &Turn,
    status: u16,
    sealed: Option<&[u8]>,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE idempotent_requests SET status = $3, answer = $4 \
         WHERE hash = $1 AND claim = $2";
    let mut tx = db.begin().await?;
    execute!(
        &mut tx,
        sqlx::query(SQL)
            .bind(&turn.hash[..])
            .bind(&turn.claim)
            .bind(i64::from(status))
            .bind(sealed)
    )?;
    tx.commit().await
}

/// Lets go of a key, if it is this turn that has it.
pub(super) async fn release(db: &Db, turn: &Turn) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM idempotent_requests WHERE hash = $1 AND claim = $2";
    let mut tx = db.begin().await?;
    execute!(
        &mut tx,
        sqlx::query(SQL).bind(&turn.hash[..]).bind(&turn.claim)
    )?;
    tx.commit().await
}

pub(super) async fn expire(tx: &mut Tx, before: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM idempotent_requests WHERE hash IN \
         (SELECT hash FROM idempotent_requests WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}
