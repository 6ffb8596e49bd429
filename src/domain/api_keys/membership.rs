//! Keys of a person who leaves a project, or the instance.

use crate::{
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ApiKeyId, ProjectId, UserId},
};

/// How many live keys of a project a person made.
pub(crate) async fn count_of_member(
    db: &Db,
    project: &ProjectId,
    user: &UserId,
    now: Timestamp,
) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM api_keys WHERE project_id = $1 AND user_id = $2 \
         AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(user)
        .bind(now)
        .fetch_one(c)
        .await)
}

/// Revokes the keys of a project that a person made. Tells how many.
pub(crate) async fn end_of_member(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
    now: Timestamp,
) -> Result<u64, DbError> {
    const LIVE: &str = "SELECT id FROM api_keys WHERE project_id = $1 AND user_id = $2 \
         AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
    const REVOKE: &str = "UPDATE api_keys SET revoked_at = $3 WHERE project_id = $1 \
         AND user_id = $2 AND revoked_at IS NULL";
    let ids: Vec<ApiKeyId> = write!(tx, |c| sqlx::query_scalar(LIVE)
        .bind(project)
        .bind(user)
        .bind(now)
        .fetch_all(c)
        .await)?;
    execute!(tx, sqlx::query(REVOKE).bind(project).bind(user).bind(now))?;
    note(tx, &ids, now).await
}

/// Revokes every key of a person, their account's and those of projects. Tells how many.
pub(crate) async fn end_of_person(
    tx: &mut Tx,
    user: &UserId,
    now: Timestamp,
) -> Result<u64, DbError> {
    const LIVE: &str = "SELECT id FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL";
    const REVOKE: &str =
        "UPDATE api_keys SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    let ids: Vec<ApiKeyId> = write!(tx, |c| sqlx::query_scalar(LIVE)
        .bind(user)
        .fetch_all(c)
        .await)?;
    execute!(tx, sqlx::query(REVOKE).bind(user).bind(now))?;
    note(tx, &ids, now).await
}

/// Deletes every key of a person, with the names that they gave them.
pub(crate) async fn delete_of_person(
    tx: &mut Tx,
    user: &UserId,
    now: Timestamp,
) -> Result<u64, DbError> {
    const ALL: &str = "SELECT id FROM api_keys WHERE user_id = $1";
    const DELETE: &str = "DELETE FROM api_keys WHERE user_id = $1";
    let ids: Vec<ApiKeyId> = write!(tx, |c| sqlx::query_scalar(ALL)
        .bind(user)
        .fetch_all(c)
        .await)?;
    execute!(tx, sqlx::query(DELETE).bind(user))?;
    note(tx, &ids, now).await
}

async fn note(tx: &mut Tx, ids: &[ApiKeyId], now: Timestamp) -> Result<u64, DbError> {
    for id in ids {
        changed(tx, ChangeKind::ApiKey, id.as_str(), now).await?;
    }
    Ok(ids.len() as u64)
}
