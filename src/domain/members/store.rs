//! The SQL of memberships.

use sqlx::FromRow;

use super::{Member, Role};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ProjectId, UserId},
    listing::{Counts, Listed, ROWS, Words, bound},
};

pub(crate) async fn role(db: &Db, project: &ProjectId, user: &UserId) -> Result<Option<Role>> {
    const SQL: &str = "SELECT m.role FROM members m JOIN users u ON u.id = m.user_id \
         WHERE m.project_id = $1 AND m.user_id = $2 AND u.disabled_at IS NULL";
    let role: Option<String> = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(user)
        .fetch_optional(c)
        .await)?;
    role.map(|text| text.parse().map_err(|why| Error::corrupt("member", why)))
        .transpose()
}

/// What a person's membership is made of.
pub(super) struct Membership {
    pub(super) role: Role,
    pub(super) has_second_factor: bool,
    pub(super) project_requires_it: bool,
}

/// The membership of a person whose account is enabled.
pub(super) async fn membership(
    db: &Db,
    project: &ProjectId,
    user: &UserId,
) -> Result<Option<Membership>> {
    const SQL: &str = "SELECT m.role, p.require_second_factor, \
         EXISTS (SELECT 1 FROM totp t WHERE t.user_id = u.id) \
         OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id AND k.suspended_at IS NULL) \
         FROM members m JOIN users u ON u.id = m.user_id JOIN projects p ON p.id = m.project_id \
         WHERE m.project_id = $1 AND m.user_id = $2 AND u.disabled_at IS NULL";
    let row: Option<(String, bool, bool)> = read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(user)
        .fetch_optional(c)
        .await)?;
    row.map(|(role, project_requires_it, has_second_factor)| {
        Ok(Membership {
            role: role.parse().map_err(|why| Error::corrupt("member", why))?,
            has_second_factor,
            project_requires_it,
        })
    })
    .transpose()
}

pub(crate) async fn insert(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str =
        "INSERT INTO members (project_id, user_id, role, joined_at) VALUES ($1, $2, $3, $4)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(project)
            .bind(user)
            .bind(role.as_str())
            .bind(now)
    )?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    user_id: UserId,
    email: String,
    role: String,
    joined_at: Timestamp,
    is_enabled: bool,
    has_second_factor: bool,
    last_used_at: Option<Timestamp>,
}

impl TryFrom<Row> for Member {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            user_id: row.user_id,
            email: row.email,
            role: parsed(&row.role)?,
            joined_at: row.joined_at,
            is_enabled: row.is_enabled,
            has_second_factor: Some(row.has_second_factor),
            last_used_at: row.last_used_at,
        })
    }
}

fn parsed(role: &str) -> Result<Role> {
    role.parse().map_err(|why| Error::corrupt("member", why))
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT m.user_id, u.email, m.role, m.joined_at, u.disabled_at IS NULL AS is_enabled, \
             EXISTS (SELECT 1 FROM totp t WHERE t.user_id = u.id) \
             OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id AND k.suspended_at IS NULL) \
             AS has_second_factor, \
             (SELECT MAX(g.last_used_at) FROM grants g JOIN integrations i \
             ON i.id = g.integration_id WHERE g.user_id = m.user_id AND i.project_id = m.project_id) \
             AS last_used_at \
             FROM members m JOIN users u ON u.id = m.user_id WHERE m.project_id = $1",
            $condition
        )
    };
}

pub(super) async fn list(db: &Db, project: &ProjectId) -> Result<Vec<Member>> {
    const SQL: &str = select!(" ORDER BY m.joined_at, m.user_id");
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL).bind(project).fetch_all(c).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Those whose email or role holds the words.
pub(super) async fn found(
    db: &Db,
    project: &ProjectId,
    words: &Words,
    page: usize,
) -> Result<Listed<Member>> {
    const FROM: &str = "members m JOIN users u ON u.id = m.user_id WHERE m.project_id = $1";
    let condition = words.condition("u.email || ' ' || m.role", 2);
    let places = words.places();
    let count = Counts::sql(&[], FROM, &condition);
    let counts: Counts = read!(db, |c| {
        bound(sqlx::query_as(&count).bind(project), &places)
            .fetch_one(c)
            .await
    })?;
    let page = counts.page(page);
    let sql = format!(
        "{} AND {condition} ORDER BY m.joined_at, m.user_id LIMIT {ROWS} OFFSET ${}",
        select!(""),
        2 + places.len()
    );
    let rows: Vec<Row> = read!(db, |c| {
        bound(sqlx::query_as(&sql).bind(project), &places)
            .bind(page.offset())
            .fetch_all(c)
            .await
    })?;
    let rows: Result<_> = rows.into_iter().map(TryInto::try_into).collect();
    Ok(page.of(rows?))
}

/// One member, enabled or not.
pub(super) async fn member(db: &Db, project: &ProjectId, user: &UserId) -> Result<Option<Member>> {
    const SQL: &str = select!(" AND m.user_id = $2");
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(user)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// The same, in a transaction.
pub(crate) async fn member_in(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
) -> Result<Option<Member>> {
    const SQL: &str = select!(" AND m.user_id = $2");
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(user)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// Whether there is such a project. Its members stay as they are until the transaction ends: whoever
/// changes them comes here first, on PostgreSQL a row that was written waits for its writer, and
/// SQLite has one writer anyway.
pub(crate) async fn lock(tx: &mut Tx, project: &ProjectId) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE projects SET name = name WHERE id = $1";
    Ok(execute!(tx, sqlx::query(SQL).bind(project))? == 1)
}

/// Whether somebody else with an enabled account owns the project, which is locked.
pub(crate) async fn has_another_owner(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM members m JOIN users u ON u.id = m.user_id \
         WHERE m.project_id = $1 AND m.user_id <> $2 AND m.role = $3 AND u.disabled_at IS NULL";
    let others: i64 = write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(user)
        .bind(Role::Owner.as_str())
        .fetch_one(c)
        .await)?;
    Ok(others > 0)
}

pub(super) async fn set_role(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
    role: Role,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE members SET role = $3 WHERE project_id = $1 AND user_id = $2";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(project)
            .bind(user)
            .bind(role.as_str())
    )?;
    Ok(())
}

pub(super) async fn delete(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM members WHERE project_id = $1 AND user_id = $2";
    execute!(tx, sqlx::query(SQL).bind(project).bind(user))
}

/// Notes that a membership was taken away, or part of it: invitations from before do not give it
/// back.
pub(super) async fn cut(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO membership_cuts (project_id, user_id, cut_at) \
         VALUES ($1, $2, $3) ON CONFLICT (project_id, user_id) DO UPDATE SET cut_at = excluded.cut_at";
    execute!(tx, sqlx::query(SQL).bind(project).bind(user).bind(now))?;
    Ok(())
}

pub(crate) async fn cut_at(
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
) -> Result<Option<Timestamp>, DbError> {
    const SQL: &str = "SELECT cut_at FROM membership_cuts WHERE project_id = $1 AND user_id = $2";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(user)
        .fetch_optional(c)
        .await)
}

pub(super) async fn requires_second_factor(db: &Db, project: &ProjectId) -> Result<bool, DbError> {
    const SQL: &str = "SELECT require_second_factor FROM projects WHERE id = $1";
    let is_on: Option<bool> = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .fetch_optional(c)
        .await)?;
    Ok(is_on.unwrap_or_default())
}

pub(super) async fn require_second_factor(
    tx: &mut Tx,
    project: &ProjectId,
    is_on: bool,
) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE projects SET require_second_factor = $2 \
         WHERE id = $1 AND require_second_factor <> $2";
    execute!(tx, sqlx::query(SQL).bind(project).bind(is_on))
}
