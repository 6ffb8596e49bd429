//! The SQL of the details of calls, and of what projects keep of them.

use crate::{
    Error, Result,
    calls::KeepDetails,
    db::{Db, DbError, Tx, execute, in_log, read, read_log},
    ids::{CallId, ProjectId, UserId},
};

/// Rows deleted at once: who writes a call waits for it.
const BATCH: i64 = 500;

/// `None` where there is no such project.
pub(in crate::calls) async fn keeps(db: &Db, project: &ProjectId) -> Result<Option<KeepDetails>> {
    const SQL: &str = "SELECT keep_details FROM projects WHERE id = $1";
    let keeps: Option<String> = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .fetch_optional(c)
        .await)?;
    keeps
        .map(|text| text.parse().map_err(|why| Error::corrupt("project", why)))
        .transpose()
}

/// How many rows changed.
pub(in crate::calls) async fn keep(
    tx: &mut Tx,
    project: &ProjectId,
    keeps: KeepDetails,
) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE projects SET keep_details = $2 WHERE id = $1 AND keep_details <> $2";
    execute!(tx, sqlx::query(SQL).bind(project).bind(keeps.as_str()))
}

pub(in crate::calls) async fn detail(
    db: &Db,
    project: &ProjectId,
    id: &CallId,
) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT detail FROM call_details WHERE project_id = $1 AND call_id = $2";
    read_log!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)
}

/// The next project that has details, in the order of their ids.
pub(in crate::calls) async fn next_with_details(
    db: &Db,
    after: &ProjectId,
) -> Result<Option<ProjectId>, DbError> {
    const SQL: &str = "SELECT MIN(project_id) FROM call_details WHERE project_id > $1";
    read_log!(db, |c| sqlx::query_scalar(SQL)
        .bind(after)
        .fetch_one(c)
        .await)
}

/// The newest but so many.
pub(in crate::calls) async fn nth_newest(
    db: &Db,
    project: &ProjectId,
    number: i64,
) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT call_id FROM call_details WHERE project_id = $1 \
         ORDER BY call_id DESC LIMIT 1 OFFSET $2";
    read_log!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(number)
        .fetch_optional(c)
        .await)
}

/// All before an id. Tells how many.
pub(in crate::calls) async fn forget_before(
    db: &Db,
    project: &ProjectId,
    id: &str,
) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM call_details WHERE project_id = $1 AND call_id IN \
         (SELECT call_id FROM call_details WHERE project_id = $1 AND call_id < $2 LIMIT $3)";
    let mut gone = 0;
    loop {
        let rows = in_log!(db, |c| sqlx::query(SQL)
            .bind(project)
            .bind(id)
            .bind(BATCH)
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        gone += rows;
        if rows < BATCH.unsigned_abs() {
            return Ok(gone);
        }
    }
}

pub(in crate::calls) async fn forget_project(db: &Db, project: &ProjectId) -> Result<(), DbError> {
    // Behind every id.
    forget_before(db, project, "call_z").await.map(|_| ())
}

/// Those of calls that the condition is met by.
macro_rules! forget {
    ($db:expr, $project:expr, $of:literal, $bound:expr) => {{
        const SQL: &str = concat!(
            "DELETE FROM call_details WHERE project_id = $1 AND call_id IN \
             (SELECT d.call_id FROM call_details d JOIN calls c ON c.id = d.call_id \
             WHERE d.project_id = $1 AND ",
            $of,
            " LIMIT $3)"
        );
        loop {
            let rows = in_log!($db, |c| sqlx::query(SQL)
                .bind($project)
                .bind($bound)
                .bind(BATCH)
                .execute(c)
                .await
                .map(|done| done.rows_affected()))?;
            if rows < BATCH.unsigned_abs() {
                return Ok(());
            }
        }
    }};
}

pub(in crate::calls) async fn forget_person(
    db: &Db,
    project: &ProjectId,
    user: &UserId,
) -> Result<(), DbError> {
    forget!(db, project, "c.user_id = $2", user)
}

pub(in crate::calls) async fn forget_successes(
    db: &Db,
    project: &ProjectId,
) -> Result<(), DbError> {
    forget!(db, project, "c.outcome = $2", "ok")
}
