//! The SQL of the vault.

use sqlx::FromRow;

use super::{Use, VaultSecret, VaultSummary};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ProjectId, UserId, VaultSecretId},
    listing::{Counts, Listed, ROWS, Words, bound},
};

#[derive(FromRow)]
struct Row {
    id: VaultSecretId,
    name: String,
    origins: String,
    client: Option<String>,
    auth_strategy: String,
    auth_config: String,
    sealed: Option<Vec<u8>>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for VaultSecret {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |why: serde_json::Error| Error::corrupt("vault secret", why);
        let client = row.client.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            id: row.id,
            name: row.name,
            origins: serde_json::from_str(&row.origins).map_err(corrupt)?,
            auth_strategy: (row.auth_strategy.parse())
                .map_err(|why: String| Error::corrupt("vault secret", why))?,
            auth_config: serde_json::from_str(&row.auth_config).map_err(corrupt)?,
            oauth2: client.map_err(corrupt)?,
            sealed: row.sealed,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(FromRow)]
struct WithEmail {
    #[sqlx(flatten)]
    row: Row,
    email: Option<String>,
}

const COLUMNS: &str =
    "id, name, origins, client, auth_strategy, auth_config, sealed, created_at, updated_at";

/// Each with the email of who changed it last.
pub(crate) async fn of_project(
    db: &Db,
    project: &ProjectId,
) -> Result<Vec<(VaultSecret, Option<String>)>> {
    const SQL: &str = "SELECT s.id, s.name, s.origins, s.client, s.auth_strategy, s.auth_config, \
         s.sealed, s.created_at, s.updated_at, u.email FROM vault_secrets s LEFT JOIN users u ON u.id = s.updated_by \
         WHERE s.project_id = $1";
    let rows: Vec<WithEmail> = read!(db, |c| sqlx::query_as(SQL).bind(project).fetch_all(c).await)?;
    rows.into_iter()
        .map(|with| Ok((with.row.try_into()?, with.email)))
        .collect()
}

#[derive(FromRow)]
struct SummaryRow {
    #[sqlx(flatten)]
    row: Row,
    email: Option<String>,
    tools: i64,
}

impl TryFrom<SummaryRow> for VaultSummary {
    type Error = Error;

    fn try_from(row: SummaryRow) -> Result<Self> {
        Ok(Self {
            secret: row.row.try_into()?,
            tools: row.tools,
            updated_by: row.email,
        })
    }
}

/// Those whose name or origins hold the words, by name.
pub(super) async fn found(
    db: &Db,
    project: &ProjectId,
    words: &Words,
    page: usize,
) -> Result<Listed<VaultSummary>> {
    // Origins are JSON, whose quotes nobody looks for.
    let condition = words.condition("s.name || ' ' || s.origins", 2);
    let places = words.places();
    let count = Counts::sql(&[], "vault_secrets s WHERE s.project_id = $1", &condition);
    let counts: Counts = read!(db, |c| {
        bound(sqlx::query_as(&count).bind(project), &places)
            .fetch_one(c)
            .await
    })?;
    let page = counts.page(page);
    let sql = format!(
        "SELECT s.id, s.name, s.origins, s.client, s.auth_strategy, s.auth_config, s.sealed, \
         s.created_at, s.updated_at, u.email, \
         (SELECT COUNT(*) FROM tools t WHERE t.vault_secret_id = s.id) AS tools \
         FROM vault_secrets s LEFT JOIN users u ON u.id = s.updated_by \
         WHERE s.project_id = $1 AND {condition} ORDER BY s.name LIMIT {ROWS} OFFSET ${}",
        2 + places.len()
    );
    let rows: Vec<SummaryRow> = read!(db, |c| {
        bound(sqlx::query_as(&sql).bind(project), &places)
            .bind(page.offset())
            .fetch_all(c)
            .await
    })?;
    let rows: Result<_> = rows.into_iter().map(TryInto::try_into).collect();
    Ok(page.of(rows?))
}

pub(super) async fn project_of(db: &Db, id: &VaultSecretId) -> Result<Option<ProjectId>> {
    const SQL: &str = "SELECT project_id FROM vault_secrets WHERE id = $1";
    let row: Option<(ProjectId,)> =
        read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    Ok(row.map(|(project,)| project))
}

/// Waits until nobody else changes what tools of this project rest on: of two that lock several of
/// its rows one waits here for the other.
pub(crate) async fn turn(tx: &mut Tx, project: &ProjectId) -> Result<(), DbError> {
    const SQL: &str = "UPDATE projects SET created_at = created_at WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(project))?;
    Ok(())
}

/// The project's secrets as they stay until the transaction ends: whoever changes them takes the
/// [`turn`] as well.
pub(crate) async fn held(tx: &mut Tx, project: &ProjectId) -> Result<Vec<VaultSecret>> {
    turn(tx, project).await?;
    let sql = format!("SELECT {COLUMNS} FROM vault_secrets WHERE project_id = $1");
    let rows: Vec<Row> = write!(tx, |c| sqlx::query_as(&sql)
        .bind(project)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The tools that use a secret of the vault, each with the secret.
pub(super) async fn uses(db: &Db, project: &ProjectId) -> Result<Vec<(VaultSecretId, String)>> {
    const SQL: &str = "SELECT vault_secret_id, name FROM tools \
         WHERE project_id = $1 AND vault_secret_id IS NOT NULL";
    Ok(read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .fetch_all(c)
        .await)?)
}

pub(super) async fn users_of(tx: &mut Tx, id: &VaultSecretId) -> Result<Vec<Use>> {
    const SQL: &str = "SELECT name, base_url FROM tools WHERE vault_secret_id = $1 ORDER BY name";
    let rows: Vec<(String, String)> =
        write!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_all(c).await)?;
    let uses = rows
        .into_iter()
        .map(|(tool, base_url)| Use { tool, base_url });
    Ok(uses.collect())
}

pub(super) async fn count(tx: &mut Tx, project: &ProjectId) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM vault_secrets WHERE project_id = $1";
    let (count,): (i64,) = write!(tx, |c| sqlx::query_as(SQL).bind(project).fetch_one(c).await)?;
    Ok(count)
}

/// The secret as it is, and as it stays until the transaction ends; tools that begin to use it wait.
pub(crate) async fn locked(
    tx: &mut Tx,
    project: &ProjectId,
    id: &VaultSecretId,
) -> Result<Option<VaultSecret>> {
    const LOCK: &str =
        "UPDATE vault_secrets SET updated_at = updated_at WHERE project_id = $1 AND id = $2";
    execute!(tx, sqlx::query(LOCK).bind(project).bind(id))?;
    let sql = format!("SELECT {COLUMNS} FROM vault_secrets WHERE project_id = $1 AND id = $2");
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(&sql)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// The names of the stored origins and client, as text.
fn texts(secret: &VaultSecret) -> (String, Option<String>, String) {
    let json = "names and URLs are JSON";
    let client = secret.oauth2.as_ref();
    (
        serde_json::to_string(&secret.origins).expect(json),
        client.map(|client| serde_json::to_string(client).expect(json)),
        serde_json::to_string(&secret.auth_config).expect(json),
    )
}

pub(super) async fn insert(
    tx: &mut Tx,
    project: &ProjectId,
    secret: &VaultSecret,
    by: &UserId,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO vault_secrets (id, name, origins, client, sealed, updated_at, \
         updated_by, auth_strategy, auth_config, project_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let (origins, client, config) = texts(secret);
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&secret.id)
            .bind(&secret.name)
            .bind(origins)
            .bind(client)
            .bind(&secret.sealed)
            .bind(secret.updated_at)
            .bind(by)
            .bind(secret.auth_strategy.as_str())
            .bind(config)
            .bind(project)
            .bind(secret.created_at)
    )?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, secret: &VaultSecret, by: &UserId) -> Result<(), DbError> {
    const SQL: &str = "UPDATE vault_secrets SET name = $2, origins = $3, client = $4, sealed = $5, \
         updated_at = $6, updated_by = $7, auth_strategy = $8, auth_config = $9 WHERE id = $1";
    let (origins, client, config) = texts(secret);
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&secret.id)
            .bind(&secret.name)
            .bind(origins)
            .bind(client)
            .bind(&secret.sealed)
            .bind(secret.updated_at)
            .bind(by)
            .bind(secret.auth_strategy.as_str())
            .bind(config)
    )?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, id: &VaultSecretId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM vault_secrets WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id))?;
    Ok(())
}
