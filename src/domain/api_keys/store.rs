//! The SQL of API keys.

use sqlx::FromRow;

use super::{ApiKey, ListedKey};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ApiKeyId, ProjectId, UserId},
    listing::{Counts, Listed, ROWS, Words, bound},
};

#[derive(FromRow)]
struct Row {
    id: ApiKeyId,
    project_id: Option<ProjectId>,
    user_id: UserId,
    made_by_key: Option<ApiKeyId>,
    name: String,
    role: String,
    prefix: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
}

impl TryFrom<Row> for ApiKey {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            project_id: row.project_id,
            user_id: row.user_id,
            made_by_key: row.made_by_key,
            name: row.name,
            role: row
                .role
                .parse()
                .map_err(|why| Error::corrupt("api key", why))?,
            prefix: row.prefix,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        })
    }
}

#[derive(FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    row: Row,
    made_by: String,
}

fn listed(rows: Vec<ListedRow>) -> Result<Vec<ListedKey>> {
    let listed = |one: ListedRow| {
        Ok(ListedKey {
            key: one.row.try_into()?,
            made_by: one.made_by,
        })
    };
    rows.into_iter().map(listed).collect()
}

/// Keys that were not revoked, with who made them, newest first; those that have expired before `$1`
/// are left out.
macro_rules! list {
    ($condition:literal) => {
        concat!(
            "SELECT k.*, u.email AS made_by FROM api_keys k JOIN users u ON u.id = k.user_id \
             WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $1) AND ",
            $condition,
            " ORDER BY k.id DESC"
        )
    };
}

pub(super) async fn of_project(
    db: &Db,
    project: &ProjectId,
    since: Timestamp,
) -> Result<Vec<ListedKey>> {
    const SQL: &str = list!("k.project_id = $2");
    let rows: Vec<ListedRow> = read!(db, |c| sqlx::query_as(SQL)
        .bind(since)
        .bind(project)
        .fetch_all(c)
        .await)?;
    listed(rows)
}

pub(super) async fn of_account(db: &Db, user: &UserId, since: Timestamp) -> Result<Vec<ListedKey>> {
    const SQL: &str = list!("k.user_id = $2 AND k.project_id IS NULL");
    let rows: Vec<ListedRow> = read!(db, |c| sqlx::query_as(SQL)
        .bind(since)
        .bind(user)
        .fetch_all(c)
        .await)?;
    listed(rows)
}

/// Whose keys a list is of.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    Project(&'a ProjectId),
    /// Those of the account itself.
    Account(&'a UserId),
}

/// As the lists above, those whose name, beginning or maker holds the words.
pub(super) async fn found(
    db: &Db,
    whose: Whose<'_>,
    since: Timestamp,
    words: &Words,
    page: usize,
) -> Result<Listed<ListedKey>> {
    let (of, id) = match whose {
        Whose::Project(id) => ("k.project_id = $2", id.as_str()),
        Whose::Account(id) => ("k.user_id = $2 AND k.project_id IS NULL", id.as_str()),
    };
    let from = format!(
        "api_keys k JOIN users u ON u.id = k.user_id WHERE k.revoked_at IS NULL \
         AND (k.expires_at IS NULL OR k.expires_at > $1) AND {of}"
    );
    let condition = words.condition("k.name || ' ' || k.prefix || ' ' || u.email", 3);
    let places = words.places();
    let count = Counts::sql(&[], &from, &condition);
    let counts: Counts = read!(db, |c| {
        bound(sqlx::query_as(&count).bind(since).bind(id), &places)
            .fetch_one(c)
            .await
    })?;
    let page = counts.page(page);
    let sql = format!(
        "SELECT k.*, u.email AS made_by FROM {from} AND {condition} \
         ORDER BY k.id DESC LIMIT {ROWS} OFFSET ${}",
        3 + places.len()
    );
    let rows: Vec<ListedRow> = read!(db, |c| {
        bound(sqlx::query_as(&sql).bind(since).bind(id), &places)
            .bind(page.offset())
            .fetch_all(c)
            .await
    })?;
    Ok(page.of(listed(rows)?))
}

/// The key that is not revoked, of an enabled account.
pub(super) async fn live(db: &Db, hash: &[u8]) -> Result<Option<ApiKey>> {
    const SQL: &str = "SELECT k.* FROM api_keys k JOIN users u ON u.id = k.user_id \
         WHERE k.hash = $1 AND k.revoked_at IS NULL \
         AND u.disabled_at IS NULL AND u.deleted_at IS NULL";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

pub(super) async fn by_id(db: &Db, id: &ApiKeyId) -> Result<Option<ApiKey>> {
    const SQL: &str = "SELECT * FROM api_keys WHERE id = $1 AND revoked_at IS NULL";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    row.map(TryInto::try_into).transpose()
}

/// The key that is not revoked, as it is and as it stays until the transaction ends.
pub(super) async fn locked(tx: &mut Tx, id: &ApiKeyId) -> Result<Option<ApiKey>> {
    const LOCK: &str = "UPDATE api_keys SET name = name WHERE id = $1";
    const SQL: &str = "SELECT * FROM api_keys WHERE id = $1 AND revoked_at IS NULL";
    execute!(tx, sqlx::query(LOCK).bind(id))?;
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    row.map(TryInto::try_into).transpose()
}

/// How many live keys a project, or an account itself, has; nobody adds one until the transaction
/// ends.
pub(super) async fn locked_count(
    tx: &mut Tx,
    project: Option<&ProjectId>,
    user: &UserId,
    now: Timestamp,
) -> Result<i64, DbError> {
    const LOCK_PROJECT: &str = "UPDATE projects SET name = name WHERE id = $1";
    const OF_PROJECT: &str = "SELECT COUNT(*) FROM api_keys WHERE project_id = $1 \
         AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    const LOCK_ACCOUNT: &str = "UPDATE users SET email = email WHERE id = $1";
    const OF_ACCOUNT: &str = "SELECT COUNT(*) FROM api_keys WHERE user_id = $1 \
         AND project_id IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    let (lock, count, whose) = match project {
        Some(project) => (LOCK_PROJECT, OF_PROJECT, project.as_str()),
        None => (LOCK_ACCOUNT, OF_ACCOUNT, user.as_str()),
    };
    execute!(tx, sqlx::query(lock).bind(whose))?;
    write!(tx, |c| sqlx::query_scalar(count)
        .bind(whose)
        .bind(now)
        .fetch_one(c)
        .await)
}

pub(super) async fn insert(tx: &mut Tx, key: &ApiKey, hash: &[u8]) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO api_keys \
         (id, project_id, user_id, made_by_key, name, role, prefix, hash, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&key.id)
            .bind(&key.project_id)
            .bind(&key.user_id)
            .bind(&key.made_by_key)
            .bind(&key.name)
            .bind(key.role.as_str())
            .bind(&key.prefix)
            .bind(hash)
            .bind(key.created_at)
            .bind(key.expires_at)
    )?;
    Ok(())
}

pub(super) async fn mark_used(db: &Db, id: &ApiKeyId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE api_keys SET last_used_at = $2 WHERE id = $1";
    let mut tx = db.begin().await?;
    execute!(&mut tx, sqlx::query(SQL).bind(id).bind(now))?;
    tx.commit().await
}

pub(super) async fn end(tx: &mut Tx, id: &ApiKeyId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    execute!(tx, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}

/// The keys that were made with this one and are not revoked.
pub(super) async fn made_by(tx: &mut Tx, id: &ApiKeyId) -> Result<Vec<ApiKey>> {
    const SQL: &str = "SELECT * FROM api_keys WHERE made_by_key = $1 AND revoked_at IS NULL";
    let rows: Vec<Row> = write!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_all(c).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}
