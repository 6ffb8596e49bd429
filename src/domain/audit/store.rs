//! The SQL of the audit log.

use sqlx::FromRow;

use super::{AuditRow, Entry, Page};
use crate::{
    Error, Result,
    accounts::Actor,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::{ApiKeyId, AuditId, ProjectId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: AuditId,
    at: Timestamp,
    act: String,
    actor_id: Option<UserId>,
    actor_email: Option<String>,
    api_key_id: Option<ApiKeyId>,
    user_id: Option<UserId>,
    user_email: Option<String>,
    project_id: Option<ProjectId>,
    address: Option<String>,
    detail: Option<String>,
}

impl TryFrom<Row> for AuditRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            at: row.at,
            act: row
                .act
                .parse()
                .map_err(|why| Error::corrupt("audit row", why))?,
            actor_id: row.actor_id,
            actor_email: row.actor_email,
            api_key_id: row.api_key_id,
            user_id: row.user_id,
            user_email: row.user_email,
            project_id: row.project_id,
            address: row.address,
            detail: row.detail,
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: &AuditId,
    at: Timestamp,
    entry: &Entry,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO audit \
         (id, at, act, actor_id, api_key_id, user_id, project_id, address, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let address = entry.address.map(|address| address.to_string());
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(id)
            .bind(at)
            .bind(entry.act.as_str())
            .bind(entry.by.as_ref().map(Actor::user_id))
            .bind(entry.by.as_ref().and_then(Actor::api_key_id))
            .bind(entry.user_id.as_ref())
            .bind(entry.project_id.as_ref())
            .bind(&address)
            .bind(entry.detail.as_deref())
    )?;
    Ok(())
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT a.*, d.email AS actor_email, u.email AS user_email FROM audit a \
             LEFT JOIN users d ON d.id = a.actor_id LEFT JOIN users u ON u.id = a.user_id WHERE ",
            $condition,
            " AND a.id < $1 ORDER BY a.id DESC LIMIT $2"
        )
    };
}

/// Sorts behind every id, whose digits end with f.
const LAST: &str = "aud_z";

fn before(page: &Page) -> &str {
    page.before.as_ref().map_or(LAST, AuditId::as_str)
}

fn rows(rows: Vec<Row>) -> Result<Vec<AuditRow>> {
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn of_account(db: &Db, user: &UserId, page: &Page) -> Result<Vec<AuditRow>> {
    const SQL: &str = select!("(a.user_id = $3 OR a.actor_id = $3)");
    let found: Vec<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(before(page))
        .bind(page.limit)
        .bind(user)
        .fetch_all(c)
        .await)?;
    rows(found)
}

pub(super) async fn of_project(db: &Db, project: &ProjectId, page: &Page) -> Result<Vec<AuditRow>> {
    const SQL: &str = select!("a.project_id = $3");
    let found: Vec<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(before(page))
        .bind(page.limit)
        .bind(project)
        .fetch_all(c)
        .await)?;
    rows(found)
}

pub(super) async fn of_instance(db: &Db, page: &Page) -> Result<Vec<AuditRow>> {
    const SQL: &str = select!("1 = 1");
    let found: Vec<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(before(page))
        .bind(page.limit)
        .fetch_all(c)
        .await)?;
    rows(found)
}

pub(super) async fn expire(tx: &mut Tx, before: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str =
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)";
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}
