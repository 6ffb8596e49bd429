//! The SQL of integrations and their secrets.

use sqlx::FromRow;

use super::{Integration, SecretInfo};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{IntegrationId, ProjectId, SecretId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: IntegrationId,
    project_id: ProjectId,
    name: String,
    slug: String,
    client_id: String,
    client_kind: String,
    redirect_uris: String,
    approval: String,
    is_active: bool,
    created_by: UserId,
    created_at: Timestamp,
}

impl TryFrom<Row> for Integration {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |why| Error::corrupt("integration", why);
        Ok(Self {
            id: row.id,
            project_id: row.project_id,
            name: row.name,
            slug: row.slug,
            client_id: row.client_id,
            client_kind: row.client_kind.parse().map_err(corrupt)?,
            redirect_uris: serde_json::from_str(&row.redirect_uris)
                .map_err(|why| Error::corrupt("integration", why))?,
            approval: row.approval.parse().map_err(corrupt)?,
            is_active: row.is_active,
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

pub(super) async fn of_project(db: &Db, project: &ProjectId) -> Result<Vec<Integration>> {
    const SQL: &str = "SELECT * FROM integrations WHERE project_id = $1 ORDER BY id DESC";
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL).bind(project).fetch_all(c).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The integration as it is, and as it stays until the transaction ends: on PostgreSQL a row that
/// was written waits for its writer, and SQLite has one writer anyway.
pub(super) async fn locked(
    tx: &mut Tx,
    project: &ProjectId,
    id: &IntegrationId,
) -> Result<Option<Integration>> {
    const LOCK: &str =
        "UPDATE integrations SET is_active = is_active WHERE project_id = $1 AND id = $2";
    const SQL: &str = "SELECT * FROM integrations WHERE project_id = $1 AND id = $2";
    execute!(tx, sqlx::query(LOCK).bind(project).bind(id))?;
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

async fn one(db: &Db, sql: &'static str, value: &str) -> Result<Option<Integration>> {
    if value.contains('\0') {
        return Ok(None);
    }
    let row: Option<Row> = read!(db, |c| sqlx::query_as(sql)
        .bind(value)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

pub(crate) async fn by_id(db: &Db, id: &IntegrationId) -> Result<Option<Integration>> {
    one(db, "SELECT * FROM integrations WHERE id = $1", id.as_str()).await
}

pub(crate) async fn by_client_id(db: &Db, client_id: &str) -> Result<Option<Integration>> {
    one(
        db,
        "SELECT * FROM integrations WHERE client_id = $1",
        client_id,
    )
    .await
}

pub(super) async fn by_slug(db: &Db, slug: &str) -> Result<Option<Integration>> {
    one(db, "SELECT * FROM integrations WHERE slug = $1", slug).await
}

fn uris_json(integration: &Integration) -> String {
    serde_json::to_string(&integration.redirect_uris).expect("strings are JSON")
}

pub(super) async fn insert(tx: &mut Tx, integration: &Integration) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO integrations (id, project_id, name, slug, client_id, \
         client_kind, redirect_uris, approval, is_active, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&integration.id)
            .bind(&integration.project_id)
            .bind(&integration.name)
            .bind(&integration.slug)
            .bind(&integration.client_id)
            .bind(integration.client_kind.as_str())
            .bind(uris_json(integration))
            .bind(integration.approval.as_str())
            .bind(integration.is_active)
            .bind(&integration.created_by)
            .bind(integration.created_at)
    )?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, integration: &Integration) -> Result<(), DbError> {
    const SQL: &str = "UPDATE integrations SET name = $2, redirect_uris = $3, approval = $4, \
         is_active = $5 WHERE id = $1";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&integration.id)
            .bind(&integration.name)
            .bind(uris_json(integration))
            .bind(integration.approval.as_str())
            .bind(integration.is_active)
    )?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, id: &IntegrationId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM integrations WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id))?;
    Ok(())
}

pub(super) struct NewSecret<'a> {
    pub(super) id: &'a SecretId,
    pub(super) integration_id: &'a IntegrationId,
    pub(super) prefix: &'a str,
    pub(super) hash: &'a [u8],
    pub(super) created_by: &'a UserId,
    pub(super) created_at: Timestamp,
}

pub(super) async fn insert_secret(tx: &mut Tx, secret: NewSecret<'_>) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO integration_secrets \
         (id, integration_id, prefix, hash, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(secret.id)
            .bind(secret.integration_id)
            .bind(secret.prefix)
            .bind(secret.hash)
            .bind(secret.created_by)
            .bind(secret.created_at)
    )?;
    Ok(())
}

/// Ends every secret that still works.
pub(super) async fn end_secrets(
    tx: &mut Tx,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE integration_secrets SET ends_at = $2 \
         WHERE integration_id = $1 AND (ends_at IS NULL OR ends_at > $2)";
    execute!(tx, sqlx::query(SQL).bind(integration).bind(now))?;
    Ok(())
}

#[derive(FromRow)]
pub(super) struct SecretRow {
    pub(super) id: SecretId,
    pub(super) integration_id: IntegrationId,
    pub(super) prefix: String,
    pub(super) hash: Vec<u8>,
    pub(super) created_at: Timestamp,
    pub(super) ends_at: Option<Timestamp>,
    pub(super) last_used_at: Option<Timestamp>,
}

pub(super) async fn secret_by_hash(db: &Db, hash: &[u8]) -> Result<Option<SecretRow>> {
    const SQL: &str = "SELECT * FROM integration_secrets WHERE hash = $1";
    Ok(read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)?)
}

pub(super) async fn live_secrets(
    db: &Db,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<Vec<SecretInfo>> {
    const SQL: &str = "SELECT * FROM integration_secrets \
         WHERE integration_id = $1 AND (ends_at IS NULL OR ends_at > $2) ORDER BY id DESC";
    let rows: Vec<SecretRow> = read!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(now)
        .fetch_all(c)
        .await)?;
    let shown = |row: SecretRow| SecretInfo {
        id: row.id,
        prefix: row.prefix,
        created_at: row.created_at,
        ends_at: row.ends_at,
        last_used_at: row.last_used_at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

pub(super) async fn mark_secret_used(
    tx: &mut Tx,
    id: &SecretId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE integration_secrets SET last_used_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}
