//! The SQL that ends a person's connections to a project.

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    events::Trail,
    grants::EndReason,
    ids::{GrantId, IntegrationId, ProjectId, UserId},
};

macro_rules! live {
    ($what:literal) => {
        concat!(
            $what,
            " FROM grants WHERE user_id = $2 AND ended_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $3) \
             AND integration_id IN (SELECT id FROM integrations WHERE project_id = $1)"
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: GrantId,
    integration_id: IntegrationId,
    client_id: String,
    attempt: Option<String>,
}

/// How many live connections to a project a person has.
pub(crate) async fn count_of_member(
    db: &Db,
    project: &ProjectId,
    user: &UserId,
    now: Timestamp,
) -> Result<i64, DbError> {
    const SQL: &str = live!("SELECT COUNT(*)");
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(user)
        .bind(now)
        .fetch_one(c)
        .await)
}

/// Ends a person's grants on a project's integrations, what was remembered of their consents, and the
/// codes that would become more of them. Gives the trails of those that could still be used. The
/// caller notes the change.
pub(crate) async fn end_of_member(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<Trail>, DbError> {
    // A code that is being exchanged at this moment comes before or after, never in between.
    const LOCK: &str = "UPDATE integrations SET is_active = is_active WHERE project_id = $1";
    const LIVE: &str = live!("SELECT id, integration_id, client_id, attempt");
    const END: &str = "UPDATE grants SET ended_at = $3, end_reason = $4 WHERE user_id = $2 \
         AND ended_at IS NULL \
         AND integration_id IN (SELECT id FROM integrations WHERE project_id = $1)";
    const FORGET: &str = "DELETE FROM consents WHERE user_id = $2 \
         AND integration_id IN (SELECT id FROM integrations WHERE project_id = $1)";
    const CODES: &str = "DELETE FROM authorization_codes WHERE user_id = $2 AND grant_id IS NULL \
         AND integration_id IN (SELECT id FROM integrations WHERE project_id = $1)";
    execute!(tx, sqlx::query(LOCK).bind(project))?;
    let rows: Vec<Row> = write!(tx, |c| sqlx::query_as(LIVE)
        .bind(project)
        .bind(user)
        .bind(now)
        .fetch_all(c)
        .await)?;
    execute!(
        tx,
        sqlx::query(END)
            .bind(project)
            .bind(user)
            .bind(now)
            .bind(EndReason::MembershipEnded.as_str())
    )?;
    for sql in [FORGET, CODES] {
        execute!(tx, sqlx::query(sql).bind(project).bind(user))?;
    }
    let trail = |row: Row| Trail {
        integration_id: Some(row.integration_id),
        client_id: Some(row.client_id),
        user_id: Some(user.clone()),
        grant_id: Some(row.id),
        attempt: row.attempt,
    };
    Ok(rows.into_iter().map(trail).collect())
}
