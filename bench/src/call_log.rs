//! SQLite's file of the call log, from outside the server.

use std::path::Path;

use anyhow::{Context, Result};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};

/// How long ago the oldest row is.
const MILLISECONDS: u64 = 24 * 60 * 60 * 1_000;

async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file);
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Rows that are committed.
pub async fn count(file: &Path) -> Result<u64> {
    let mut log = open(file).await?;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM calls")
        .fetch_one(&mut log)
        .await?;
    log.close().await?;
    Ok(u64::try_from(count)?)
}

/// Adds rows like the one that is there, spread over the last day. For a server that does not run.
pub async fn fill(file: &Path, rows: u64) -> Result<()> {
    let mut log = open(file).await?;
    let columns: Vec<String> = sqlx::query("SELECT name FROM pragma_table_info('calls')")
        .fetch_all(&mut log)
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let values: Vec<String> = columns.iter().map(|name| value(name)).collect();
    let added = sqlx::query(&format!(
        "WITH RECURSIVE
           number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < {rows}),
           moment(i, at) AS MATERIALIZED (
             SELECT i, unixepoch() * 1000 - {MILLISECONDS} + i * {MILLISECONDS} / {rows}
             FROM number
           ),
           one AS MATERIALIZED (SELECT * FROM calls LIMIT 1)
         INSERT INTO calls ({}) SELECT {} FROM moment, one",
        columns.join(", "),
        values.join(", ")
    ))
    .execute(&mut log)
    .await?
    .rows_affected();
    // As after a server that has run for a while: everything is in the file itself.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut log)
        .await?;
    log.close().await?;
    (added == rows)
        .then_some(())
        .with_context(|| format!("the call log took {added} rows"))
}

/// A column's value: what differs from call to call is made up, the rest is copied.
fn value(column: &str) -> String {
    let hex = |bytes: usize| format!("lower(hex(randomblob({bytes})))");
    match column {
        // A UUIDv7 by its time, so that the index grows at its end as it does in life.
        "id" => format!("printf('call_%012x7%03x', at, i % 4096) || {}", hex(8)),
        "request_id" => {
            let parts: Vec<String> = [4, 2, 2, 2, 6].map(hex).into();
            parts.join(" || '-' || ")
        }
        "started_at" => "at".to_owned(),
        name if name.ends_with("_us") => "abs(random() % 5000)".to_owned(),
        name => format!("one.{name}"),
    }
}
