//! The SQL of clients that introduced themselves.

use sqlx::FromRow;

use super::SelfRegistered;
use crate::{
    Error, Result,
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
};

#[derive(FromRow)]
struct Row {
    client_id: String,
    registration: String,
    name: String,
    redirect_uris: String,
    created_at: Timestamp,
    fresh_until: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
}

impl TryFrom<Row> for SelfRegistered {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            client_id: row.client_id,
            registration: row
                .registration
                .parse()
                .map_err(|why| Error::corrupt("client", why))?,
            name: row.name,
            redirect_uris: serde_json::from_str(&row.redirect_uris)
                .map_err(|why| Error::corrupt("client", why))?,
            created_at: row.created_at,
            fresh_until: row.fresh_until,
            last_used_at: row.last_used_at,
        })
    }
}

pub(crate) async fn by_id(db: &Db, client_id: &str) -> Result<Option<SelfRegistered>> {
    const SQL: &str = "SELECT * FROM clients WHERE client_id = $1";
    if client_id.contains('\0') {
        return Ok(None);
    }
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(client_id)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// Stores a client, or what is new about it.
pub(crate) async fn keep(tx: &mut Tx, client: &SelfRegistered) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO clients (client_id, registration, name, redirect_uris, \
         created_at, fresh_until, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (client_id) DO UPDATE SET name = excluded.name, \
         redirect_uris = excluded.redirect_uris, fresh_until = excluded.fresh_until, \
         last_used_at = COALESCE(excluded.last_used_at, clients.last_used_at)";
    let uris = serde_json::to_string(&client.redirect_uris).expect("strings are JSON");
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&client.client_id)
            .bind(client.registration.as_str())
            .bind(&client.name)
            .bind(uris)
            .bind(client.created_at)
            .bind(client.fresh_until)
            .bind(client.last_used_at)
    )?;
    changed(tx, ChangeKind::Client, &client.client_id, client.created_at).await
}

/// Whether there is such a client, which is now in use.
pub(crate) async fn mark_used(
    tx: &mut Tx,
    client_id: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE clients SET last_used_at = $2 WHERE client_id = $1";
    let rows = execute!(tx, sqlx::query(SQL).bind(client_id).bind(now))?;
    Ok(rows == 1)
}

/// Deletes those that nobody approved since `unused`, and those without a live connection that were
/// not used since `idle`.
pub(super) async fn expire(
    tx: &mut Tx,
    unused: Timestamp,
    idle: Timestamp,
    now: Timestamp,
    batch: i64,
) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM clients WHERE client_id IN (SELECT client_id FROM clients c \
         WHERE (c.last_used_at IS NULL AND c.created_at < $1) OR (c.last_used_at < $2 \
         AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.client_id = c.client_id \
         AND g.ended_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $3))) LIMIT $4)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(unused)
            .bind(idle)
            .bind(now)
            .bind(batch)
    )
}

/// Of those that nobody approved, deletes the oldest beyond `most`.
pub(super) async fn expire_surplus(tx: &mut Tx, most: i64, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM clients WHERE client_id IN (SELECT client_id FROM clients \
         WHERE last_used_at IS NULL ORDER BY created_at DESC, client_id LIMIT $2 OFFSET $1)";
    execute!(tx, sqlx::query(SQL).bind(most).bind(batch))
}
