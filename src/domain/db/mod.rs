//! Two databases, one SQL text per query. `read!` and `write!` run a query on whichever is there;
//! the contract tests run every query on both, which stands in for compile-time checking.
//!
//! Portable columns only: TEXT ids, BIGINT unix milliseconds, BOOLEAN, TEXT JSON, BLOB/BYTEA;
//! `$1` binds on both.

mod dispatch;
mod error;
mod migrate;
mod open;
#[cfg(any(test, feature = "test-support"))]
pub mod testing;

pub(crate) use dispatch::{execute, in_log, read, write};
pub use error::DbError;
pub use open::{Location, LocationError};

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

/// The database behind every service.
#[derive(Debug, Clone)]
pub enum Db {
    Sqlite(SqliteDb),
    Postgres(PgPool),
}

/// SQLite takes one writer at a time: a pool of one for writing keeps the wait in our queue
/// instead of in `SQLITE_BUSY`. The log has a file of its own, which may commit without the
/// `fsync` that grants and secrets are worth.
#[derive(Debug, Clone)]
pub struct SqliteDb {
    pub(crate) read: SqlitePool,
    pub(crate) write: SqlitePool,
    pub(crate) log: SqlitePool,
}

/// A transaction. Every write takes one, so that what belongs together is committed together.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(match self {
            // IMMEDIATE: a transaction that reads first must not find itself unable to write.
            Self::Sqlite(db) => Tx::Sqlite(db.write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
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

    /// The pool that tower-sessions writes to.
    #[must_use]
    pub fn session_pool(&self) -> SessionPool {
        match self {
            Self::Sqlite(db) => SessionPool::Sqlite(db.write.clone()),
            Self::Postgres(pool) => SessionPool::Postgres(pool.clone()),
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
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
