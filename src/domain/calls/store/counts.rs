//! The SQL of the counts of calls.

use sqlx::FromRow;

use crate::{
    db::{Db, DbError, in_log, read_log},
    ids::ProjectId,
};

#[derive(FromRow)]
pub(in crate::calls) struct CountRow {
    pub(in crate::calls) hour: i64,
    pub(in crate::calls) calls: i64,
    pub(in crate::calls) failures: i64,
}

/// Of hours from the first to before the last.
pub(in crate::calls) async fn counts(
    db: &Db,
    project: &ProjectId,
    hours: (i64, i64),
) -> Result<Vec<CountRow>, DbError> {
    const SQL: &str = "SELECT hour, calls, failures FROM call_counts \
         WHERE project_id = $1 AND hour >= $2 AND hour < $3";
    read_log!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(hours.0)
        .bind(hours.1)
        .fetch_all(c)
        .await)
}

pub(in crate::calls) async fn expire_counts(
    db: &Db,
    before: i64,
    batch: i64,
) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM call_counts WHERE hour IN \
         (SELECT hour FROM call_counts WHERE hour < $1 ORDER BY hour LIMIT $2) AND hour < $1";
    in_log!(db, |c| sqlx::query(SQL)
        .bind(before)
        .bind(batch)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}
