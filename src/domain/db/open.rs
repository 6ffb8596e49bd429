//! Opening a database by its URL.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Db, DbError, DbKind, LogFile, SqliteDb, group_commit::Writer};
use crate::changes::Feed;

/// Where the database is: `sqlite:PATH` or `postgres://…`.
#[derive(Debug, Clone)]
pub enum Location {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LocationError(String);

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(url: &str) -> Result<Self, LocationError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '#']) || path == ":memory:" {
                return Err(LocationError(
                    "an SQLite database is a file: sqlite:PATH, without options".to_owned(),
                ));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return PgConnectOptions::from_str(url)
                .map(|options| Self::Postgres(Box::new(options)))
                // The URL holds a password, so it is not repeated here.
                .map_err(|error| LocationError(format!("not a PostgreSQL URL: {error}")));
        }
        Err(LocationError(
            "use sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE".to_owned(),
        ))
    }
}

impl Db {
    /// Opens the database, making SQLite's files where they are absent. Does not migrate.
    ///
    /// # Errors
    /// Where the file cannot be opened or the server cannot be reached within 10 s.
    pub async fn open(location: &Location) -> Result<Self, DbError> {
        match location {
            Location::Sqlite(path) => open_sqlite(path.clone()).await,
            Location::Postgres(options) => {
                // One connection first: a pool would only say that none came in time.
                PgConnection::connect_with(options).await?.close().await?;
                let pool = PgPoolOptions::new()
                    .max_connections(16)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_with(options.as_ref().clone())
                    .await?;
                Ok(Self {
                    kind: DbKind::Postgres(pool),
                    feed: Feed::default(),
                })
            }
        }
    }
}

async fn open_sqlite(path: PathBuf) -> Result<Db, DbError> {
    let base = |file: &PathBuf| {
        SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            // The command line may act beside the server.
            .busy_timeout(Duration::from_secs(10))
    };
    let durable = base(&path).synchronous(SqliteSynchronous::Full);
    let mut calls_name = path.file_stem().unwrap_or_default().to_os_string();
    calls_name.push("-calls.db");
    let log_path = path.with_file_name(calls_name);
    let log = base(&log_path).synchronous(SqliteSynchronous::Normal);

    // A file does not go away between two queries, so nobody asks it each time.
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .test_before_acquire(false)
    };
    let write = pool(1).connect_with(durable.clone()).await?;
    let read = pool(8).connect_with(durable).await?;
    // Done beside the commits: `Db::checkpoint_log`.
    let log_write = log.clone().pragma("wal_autocheckpoint", "0");
    let log_write = pool(1).connect_with(log_write).await?;
    let log_read = pool(4).connect_with(log).await?;
    let feed = Feed::default();
    let sqlite = SqliteDb {
        read,
        writer: Writer::new(write.clone(), feed.clone()),
        write,
        log: log_write,
        log_read,
        log_file: LogFile::open(&log_path)?,
    };
    Ok(Db {
        kind: DbKind::Sqlite(sqlite),
        feed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_file_or_a_postgres_url() {
        assert!(matches!(
            "sqlite:data/tengine.db".parse(),
            Ok(Location::Sqlite(path)) if path.as_os_str() == "data/tengine.db"
        ));
        assert!("postgres://u:p@localhost/db".parse::<Location>().is_ok());
        for wrong in [
            "",
            "mysql://x",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:a?mode=ro",
        ] {
            assert!(wrong.parse::<Location>().is_err(), "{wrong}");
        }
    }
}
