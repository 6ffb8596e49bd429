//! Two databases, one SQL text per query. `read!` and `write!` run a query on whichever is there;
//! the contract tests run every query on both, which stands in for compile-time checking.
//!
//! Portable columns only: TEXT ids, BIGINT unix milliseconds, BOOLEAN, TEXT JSON, BLOB/BYTEA;
//! `$1` binds on both.

mod dispatch;
mod error;
mod group_commit;
mod log;
mod migrate;
mod open;
#[cfg(any(test, feature = "test-support"))]
pub mod testing;
#[cfg(test)]
pub(crate) mod work;

pub(crate) use dispatch::{execute, in_log, read, read_log, write};
pub use error::DbError;
pub(crate) use log::{Beside, Column, LogFile, LogRow, Value};
pub use open::{Location, LocationError};

use sqlx::{PgPool, Postgres, SqlitePool, Transaction};

use self::group_commit::{SqliteTx, Writer};
use crate::changes::{Change, Feed};
use crate::clock::Timestamp;

/// The database behind every service, and the feed of what is changed in it.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) kind: DbKind,
    feed: Feed,
}

#[derive(Debug, Clone)]
pub(crate) enum DbKind {
    Sqlite(SqliteDb),
    Postgres(PgPool),
}

/// SQLite takes one writer at a time: a pool of one for writing keeps the wait in our queue
/// instead of in `SQLITE_BUSY`. The log has a file of its own, which may commit without the
/// `fsync` that grants and secrets are worth.
#[derive(Debug, Clone)]
pub(crate) struct SqliteDb {
    pub(crate) read: SqlitePool,
    pub(crate) write: SqlitePool,
    writer: Writer,
    pub(crate) log: SqlitePool,
    pub(crate) log_read: SqlitePool,
    pub(crate) log_file: LogFile,
}

/// A transaction. Every write takes one, so that what belongs together is committed together.
#[derive(Debug)]
pub struct Tx {
    pub(crate) kind: TxKind,
    /// Published with the commit.
    changes: Vec<Change>,
    feed: Feed,
}

#[derive(Debug)]
pub(crate) enum TxKind {
    Sqlite(SqliteTx),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        let kind = match &self.kind {
            DbKind::Sqlite(db) => TxKind::Sqlite(db.writer.begin().await?),
            DbKind::Postgres(pool) => TxKind::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            kind,
            changes: Vec::new(),
            feed: self.feed.clone(),
        })
    }

    /// What is changed in it, by this process and by those that it follows.
    #[must_use]
    pub const fn feed(&self) -> &Feed {
        &self.feed
    }

    pub(crate) const fn postgres(&self) -> Option<&PgPool> {
        match &self.kind {
            DbKind::Sqlite(_) => None,
            DbKind::Postgres(pool) => Some(pool),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        read!(self, |c| sqlx::query("SELECT 1")
            .execute(c)
            .await
            .map(|_| ()))
    }

    /// What people call it.
    #[must_use]
    pub const fn product(&self) -> &'static str {
        match &self.kind {
            DbKind::Sqlite(_) => "SQLite",
            DbKind::Postgres(_) => "PostgreSQL",
        }
    }

    /// The time of the database's own clock; `None` where it is this process's.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn clock(&self) -> Result<Option<Timestamp>, DbError> {
        const SQL: &str = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";
        let Some(pool) = self.postgres() else {
            return Ok(None);
        };
        let now: i64 = sqlx::query_scalar(SQL).fetch_one(pool).await?;
        Ok(Some(Timestamp(now)))
    }

    /// The pool that tower-sessions writes to.
    #[must_use]
    pub fn session_pool(&self) -> SessionPool {
        match &self.kind {
            DbKind::Sqlite(db) => SessionPool::Sqlite(db.write.clone()),
            DbKind::Postgres(pool) => SessionPool::Postgres(pool.clone()),
        }
    }
}

/// What the session store of the server is built on.
#[derive(Debug, Clone)]
pub enum SessionPool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Tx {
    /// # Errors
    /// Where the commit fails; then nothing of it happened.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.kind {
            TxKind::Sqlite(tx) => tx.commit(self.changes).await,
            TxKind::Postgres(tx) => {
                let committed = tx.commit().await;
                // Also after a failure, which may have come after the database committed.
                for change in &self.changes {
                    self.feed.publish(change);
                }
                Ok(committed?)
            }
        }
    }

    /// Keeps a change to be published with the commit. Whether it is new to this transaction.
    pub(crate) fn note(&mut self, change: Change) -> bool {
        let is_new = !self.changes.contains(&change);
        if is_new {
            self.changes.push(change);
        }
        is_new
    }
}
