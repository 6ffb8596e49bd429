//! Migrations, embedded in the binary: one folder per database, and one more for SQLite's file of
//! the log.

use sqlx::migrate::Migrator;

use super::{Db, DbError, DbKind};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static SQLITE_LOG: Migrator = sqlx::migrate!("../../migrations/sqlite/calls");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

impl Db {
    /// Brings the schema up to this binary's. Safe to run again, and from several replicas at once.
    ///
    /// # Errors
    /// Where a migration fails, or the database is of a newer TengineAI than this one.
    pub async fn migrate(&self) -> Result<(), DbError> {
        match &self.kind {
            DbKind::Sqlite(db) => {
                SQLITE.run(&db.write).await?;
                SQLITE_LOG.run(&db.log).await?;
            }
            DbKind::Postgres(pool) => POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// Whether all of this binary's migrations were applied.
    ///
    /// # Errors
    /// Where the database cannot be reached, or holds no migrations at all.
    pub async fn is_migrated(&self) -> Result<bool, DbError> {
        const LAST: &str = "SELECT MAX(version) FROM _sqlx_migrations WHERE success";
        let last: Option<i64> =
            super::read!(self, |c| sqlx::query_scalar(LAST).fetch_one(c).await)?;
        let newest = match &self.kind {
            DbKind::Sqlite(_) => &SQLITE,
            DbKind::Postgres(_) => &POSTGRES,
        }
        .iter()
        .map(|migration| migration.version)
        .max();
        Ok(last >= newest)
    }
}
