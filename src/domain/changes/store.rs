//! The SQL of changes.

use std::sync::Arc;

use sqlx::FromRow;

use super::{Change, ChangeKind};
use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
};

/// Notes a change of authority in the transaction that makes it. This process hears of it with the
/// commit.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn changed(
    tx: &mut Tx,
    kind: ChangeKind,
    subject: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO changes (kind, subject, at) VALUES ($1, $2, $3)";
    // Once is enough for a transaction that changes many tools of a project.
    if tx.note(Change::Of(kind, Arc::from(subject))) {
        execute!(
            tx,
            sqlx::query(SQL).bind(kind.as_str()).bind(subject).bind(now)
        )?;
    }
    Ok(())
}

/// The number of the newest change; 0 where there is none.
pub(crate) async fn newest(db: &Db) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COALESCE(MAX(seq), 0) FROM changes";
    read!(db, |c| sqlx::query_scalar(SQL).fetch_one(c).await)
}

#[derive(FromRow)]
pub(crate) struct Row {
    pub(super) seq: i64,
    kind: String,
    subject: String,
}

impl Row {
    pub(crate) fn change(&self) -> Change {
        change(&self.kind, &self.subject)
    }
}

/// A change as it was written; one of a kind that this program does not know may be about anything.
pub(super) fn change(kind: &str, subject: &str) -> Change {
    match kind.parse() {
        Ok(kind) => Change::Of(kind, Arc::from(subject)),
        Err(_) => Change::Anything,
    }
}

/// The changes after one, by their numbers.
pub(crate) async fn since(db: &Db, seq: i64, most: i64) -> Result<Vec<Row>, DbError> {
    const SQL: &str = "SELECT seq, kind, subject FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(seq)
        .bind(most)
        .fetch_all(c)
        .await)
}

/// Deletes changes, which other processes follow within seconds, after a day. Never the newest: a
/// process that follows knows its place by it.
pub(crate) async fn expire(tx: &mut Tx, now: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM changes WHERE seq IN \
         (SELECT seq FROM changes WHERE at < $1 AND seq < (SELECT MAX(seq) FROM changes) \
         ORDER BY seq LIMIT $2)";
    let before = now.plus_seconds(-86_400);
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}
