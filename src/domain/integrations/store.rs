//! The SQL of integrations and their secrets.

pub(super) mod list;

use sqlx::FromRow;

use super::{Integration, Rotation, SecretInfo};
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
    self_registered: bool,
    client_credentials: bool,
    tool_ids: Option<String>,
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
            self_registered: row.self_registered,
            client_credentials: row.client_credentials,
            tool_ids: row
                .tool_ids
                .map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(|why| Error::corrupt("integration", why))?,
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
pub(crate) async fn locked(
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

pub(crate) async fn by_slug(db: &Db, slug: &str) -> Result<Option<Integration>> {
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
         is_active = $5, self_registered = $6, client_credentials = $7, tool_ids = $8 \
         WHERE id = $1";
    let tool_ids = integration.tool_ids.as_ref();
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&integration.id)
            .bind(&integration.name)
            .bind(uris_json(integration))
            .bind(integration.approval.as_str())
            .bind(integration.is_active)
            .bind(integration.self_registered)
            .bind(integration.client_credentials)
            .bind(tool_ids.map(|ids| serde_json::to_string(ids).expect("ids are JSON")))
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

/// Ends every secret that works, but for `kept`.
pub(super) async fn end_secrets(
    tx: &mut Tx,
    integration: &IntegrationId,
    kept: Option<&SecretId>,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE integration_secrets SET ends_at = $2 \
         WHERE integration_id = $1 AND (ends_at IS NULL OR ends_at > $2) \
         AND ($3 IS NULL OR id <> $3)";
    execute!(tx, sqlx::query(SQL).bind(integration).bind(now).bind(kept))?;
    Ok(())
}

/// Says when a secret that works stops working. Whether there was one.
pub(super) async fn end_secret(
    tx: &mut Tx,
    integration: &IntegrationId,
    id: &SecretId,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE integration_secrets SET ends_at = $4 WHERE integration_id = $1 \
         AND id = $2 AND (ends_at IS NULL OR ends_at > $3)";
    let rows = execute!(
        tx,
        sqlx::query(SQL)
            .bind(integration)
            .bind(id)
            .bind(now)
            .bind(ends_at)
    )?;
    Ok(rows == 1)
}

#[derive(FromRow)]
pub(crate) struct SecretRow {
    pub(crate) id: SecretId,
    pub(crate) integration_id: IntegrationId,
    pub(crate) prefix: String,
    pub(crate) hash: Vec<u8>,
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) last_used_at: Option<Timestamp>,
}

pub(crate) async fn secret_by_hash(db: &Db, hash: &[u8]) -> Result<Option<SecretRow>> {
    const SQL: &str = "SELECT id, integration_id, prefix, hash, ends_at, last_used_at \
         FROM integration_secrets WHERE hash = $1";
    Ok(read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)?)
}

#[derive(FromRow)]
struct SecretInfoRow {
    id: SecretId,
    prefix: String,
    created_by: Option<String>,
    created_at: Timestamp,
    ends_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
}

impl From<SecretInfoRow> for SecretInfo {
    fn from(row: SecretInfoRow) -> Self {
        Self {
            id: row.id,
            prefix: row.prefix,
            created_by: row.created_by,
            created_at: row.created_at,
            ends_at: row.ends_at,
            last_used_at: row.last_used_at,
        }
    }
}

const LIVE_SECRETS: &str = "SELECT s.id, s.prefix, u.email AS created_by, s.created_at, \
     s.ends_at, s.last_used_at FROM integration_secrets s LEFT JOIN users u ON u.id = s.created_by \
     WHERE s.integration_id = $1 AND (s.ends_at IS NULL OR s.ends_at > $2) \
     ORDER BY (s.ends_at IS NOT NULL), s.id DESC";

pub(super) async fn live_secrets(
    db: &Db,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<Vec<SecretInfo>> {
    let rows: Vec<SecretInfoRow> = read!(db, |c| sqlx::query_as(LIVE_SECRETS)
        .bind(integration)
        .bind(now)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub(super) async fn live_secrets_in(
    tx: &mut Tx,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<Vec<SecretInfo>> {
    let rows: Vec<SecretInfoRow> = write!(tx, |c| sqlx::query_as(LIVE_SECRETS)
        .bind(integration)
        .bind(now)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The integrations that clients that registered themselves may choose among, for a person: active,
/// open, and of projects whose member they are.
pub(crate) async fn open_to(db: &Db, user: &UserId) -> Result<Vec<Integration>> {
    const SQL: &str = "SELECT i.* FROM integrations i JOIN members m \
         ON m.project_id = i.project_id WHERE m.user_id = $1 AND i.self_registered \
         AND i.is_active ORDER BY i.id";
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn mark_secret_used(
    tx: &mut Tx,
    id: &SecretId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE integration_secrets SET last_used_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}

/// The rotation that followed the secret with this prefix.
pub(super) async fn rotation_after(
    db: &Db,
    integration: &IntegrationId,
    prefix: &str,
) -> Result<Option<Rotation>> {
    const SQL: &str = "SELECT later.created_at, u.email FROM integration_secrets s \
         JOIN integration_secrets later ON later.integration_id = s.integration_id \
         AND later.id > s.id LEFT JOIN users u ON u.id = later.created_by \
         WHERE s.integration_id = $1 AND s.prefix = $2 ORDER BY later.id LIMIT 1";
    let row: Option<(Timestamp, Option<String>)> = read!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(prefix)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(at, by)| Rotation { at, by }))
}
