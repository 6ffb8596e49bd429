//! The SQL of invitations.

use super::{
    found::{Found, Row},
    invitation::Checked,
};
use crate::{
    Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ApiKeyId, InvitationId, ProjectId, UserId},
    members::Role,
};

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT i.id, i.project_id, i.role, i.email, i.is_mailed, i.most_uses, i.uses, \
             i.created_by, i.created_at, i.expires_at, i.revoked_at, i.last_used_at, \
             p.name AS project_name, u.email AS maker_email, \
             u.disabled_at IS NULL AS maker_is_enabled, \
             u.is_instance_owner AS maker_owns_instance, m.role AS maker_role \
             FROM invitations i JOIN users u ON u.id = i.created_by \
             LEFT JOIN projects p ON p.id = i.project_id \
             LEFT JOIN members m ON m.project_id = i.project_id AND m.user_id = i.created_by \
             WHERE ",
            $condition
        )
    };
}

pub(super) async fn by_id(db: &Db, id: &InvitationId) -> Result<Option<Found>> {
    const SQL: &str = select!("i.id = $1");
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    row.map(TryInto::try_into).transpose()
}

pub(super) async fn by_hash(db: &Db, hash: &[u8]) -> Result<Option<Found>> {
    const SQL: &str = select!("i.hash = $1");
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

pub(super) async fn by_hash_in(tx: &mut Tx, hash: &[u8]) -> Result<Option<Found>> {
    const SQL: &str = select!("i.hash = $1");
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

pub(super) async fn list(db: &Db, project: Option<&ProjectId>) -> Result<Vec<Found>> {
    const OF_PROJECT: &str = select!("i.project_id = $1 ORDER BY i.id DESC LIMIT 1000");
    const OF_INSTANCE: &str = select!("i.project_id IS NULL ORDER BY i.id DESC LIMIT 1000");
    let rows: Vec<Row> = match project {
        Some(project) => read!(db, |c| sqlx::query_as(OF_PROJECT)
            .bind(project)
            .fetch_all(c)
            .await)?,
        None => read!(db, |c| sqlx::query_as(OF_INSTANCE).fetch_all(c).await)?,
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Those that were not taken back, used up or left to expire.
pub(super) async fn count_open(
    tx: &mut Tx,
    project: Option<&ProjectId>,
    now: Timestamp,
) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM invitations WHERE COALESCE(project_id, '') = $1 \
         AND revoked_at IS NULL AND uses < most_uses AND expires_at > $2";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(project.map_or("", ProjectId::as_str))
        .bind(now)
        .fetch_one(c)
        .await)
}

pub(super) struct NewRow<'a> {
    pub(super) id: &'a InvitationId,
    pub(super) project_id: Option<&'a ProjectId>,
    pub(super) role: Option<Role>,
    pub(super) hash: &'a [u8],
    pub(super) new: &'a Checked,
    pub(super) created_by: &'a UserId,
    pub(super) made_by_key: Option<&'a ApiKeyId>,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn insert(tx: &mut Tx, row: &NewRow<'_>) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO invitations (id, project_id, role, hash, email, is_mailed, \
         most_uses, created_by, made_by_key, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(row.id)
            .bind(row.project_id)
            .bind(row.role.map(Role::as_str))
            .bind(row.hash)
            .bind(row.new.email.as_deref())
            .bind(row.new.is_mailed)
            .bind(row.new.most_uses)
            .bind(row.created_by)
            .bind(row.made_by_key)
            .bind(row.created_at)
            .bind(row.expires_at)
    )?;
    Ok(())
}

/// Whether a use of it was left, and is spent now: of two at once on the last one, one is told so.
pub(super) async fn spend(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE invitations SET uses = uses + 1, last_used_at = $2 WHERE id = $1 \
         AND revoked_at IS NULL AND uses < most_uses AND expires_at > $2";
    Ok(execute!(tx, sqlx::query(SQL).bind(id).bind(now))? == 1)
}

pub(super) async fn revoke(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE invitations SET revoked_at = $2 WHERE id = $1 \
         AND revoked_at IS NULL AND uses < most_uses AND expires_at > $2";
    execute!(tx, sqlx::query(SQL).bind(id).bind(now))
}

macro_rules! open_of_maker {
    ($what:literal, $where:literal) => {
        concat!(
            $what,
            " WHERE created_by = $1 AND revoked_at IS NULL AND uses < most_uses \
             AND expires_at > $2",
            $where
        )
    };
}

/// How many open invitations to a project a person made.
pub(crate) async fn count_of_maker(
    db: &Db,
    project: &ProjectId,
    maker: &UserId,
    now: Timestamp,
) -> Result<i64, DbError> {
    const SQL: &str = open_of_maker!("SELECT COUNT(*) FROM invitations", " AND project_id = $3");
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(maker)
        .bind(now)
        .bind(project)
        .fetch_one(c)
        .await)
}

/// Takes back the open invitations to a project that a person made and, as `is_now`, could not make
/// any more. Tells how many.
pub(crate) async fn end_of_maker(
    tx: &mut Tx,
    project: &ProjectId,
    maker: &UserId,
    is_now: Option<Role>,
    now: Timestamp,
) -> Result<u64, DbError> {
    const ALL: &str = open_of_maker!(
        "UPDATE invitations SET revoked_at = $2",
        " AND project_id = $3"
    );
    const TO_OWN: &str = open_of_maker!(
        "UPDATE invitations SET revoked_at = $2",
        " AND project_id = $3 AND role = 'owner'"
    );
    // An admin may invite all but owners.
    let sql = match is_now {
        Some(Role::Owner) => return Ok(0),
        Some(Role::Admin) => TO_OWN,
        Some(Role::Viewer | Role::Developer) | None => ALL,
    };
    execute!(tx, sqlx::query(sql).bind(maker).bind(now).bind(project))
}

/// Takes back whatever else a person made.
pub(crate) async fn end_of_person(
    tx: &mut Tx,
    maker: &UserId,
    now: Timestamp,
) -> Result<u64, DbError> {
    const SQL: &str = open_of_maker!("UPDATE invitations SET revoked_at = $2", "");
    execute!(tx, sqlx::query(SQL).bind(maker).bind(now))
}

/// Takes back what a key made.
pub(crate) async fn end_of_key(
    tx: &mut Tx,
    key: &ApiKeyId,
    now: Timestamp,
) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE invitations SET revoked_at = $2 WHERE made_by_key = $1 \
         AND revoked_at IS NULL AND uses < most_uses AND expires_at > $2";
    execute!(tx, sqlx::query(SQL).bind(key).bind(now))
}

/// Links to a project that are for nobody in particular.
macro_rules! open_to_all {
    ($what:literal) => {
        concat!(
            $what,
            " WHERE project_id = $1 AND email IS NULL AND revoked_at IS NULL \
             AND uses < most_uses AND expires_at > $2"
        )
    };
}

/// How many open links to a project are for nobody in particular, besides those that `maker` made.
pub(crate) async fn count_unbound(
    db: &Db,
    project: &ProjectId,
    maker: &UserId,
    now: Timestamp,
) -> Result<i64, DbError> {
    const SQL: &str = concat!(
        open_to_all!("SELECT COUNT(*) FROM invitations"),
        " AND created_by <> $3"
    );
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(now)
        .bind(maker)
        .fetch_one(c)
        .await)
}

/// Takes back every open link to a project that is for nobody in particular. Tells how many.
pub(crate) async fn end_unbound(
    tx: &mut Tx,
    project: &ProjectId,
    now: Timestamp,
) -> Result<u64, DbError> {
    const SQL: &str = open_to_all!("UPDATE invitations SET revoked_at = $2");
    execute!(tx, sqlx::query(SQL).bind(project).bind(now))
}

/// Deletes the invitations of an address.
pub(crate) async fn delete_of_address(tx: &mut Tx, email: &str) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM invitations WHERE email = $1";
    execute!(tx, sqlx::query(SQL).bind(email))
}

pub(super) async fn expire(tx: &mut Tx, before: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM invitations WHERE id IN \
         (SELECT id FROM invitations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}
