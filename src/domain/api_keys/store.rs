//! The SQL of API keys.

use sqlx::FromRow;

use super::ApiKey;
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::{ApiKeyId, ProjectId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: ApiKeyId,
    project_id: Option<ProjectId>,
    user_id: UserId,
    name: String,
    role: String,
    prefix: String,
    hash: Vec<u8>,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

/// The key that is not revoked, and its stored hash.
pub(super) async fn by_hash(db: &Db, hash: &[u8]) -> Result<Option<(ApiKey, Vec<u8>)>> {
    const SQL: &str = "SELECT * FROM api_keys WHERE hash = $1 AND revoked_at IS NULL";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)?;
    row.map(|row| {
        let key = ApiKey {
            id: row.id,
            project_id: row.project_id,
            user_id: row.user_id,
            name: row.name,
            role: row
                .role
                .parse()
                .map_err(|why| Error::corrupt("api key", why))?,
            prefix: row.prefix,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        };
        Ok((key, row.hash))
    })
    .transpose()
}

pub(super) async fn insert(tx: &mut Tx, key: &ApiKey, hash: &[u8]) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO api_keys \
         (id, project_id, user_id, name, role, prefix, hash, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&key.id)
            .bind(&key.project_id)
            .bind(&key.user_id)
            .bind(&key.name)
            .bind(key.role.as_str())
            .bind(&key.prefix)
            .bind(hash)
            .bind(key.created_at)
    )?;
    Ok(())
}

pub(super) async fn mark_used(tx: &mut Tx, id: &ApiKeyId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE api_keys SET last_used_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}
