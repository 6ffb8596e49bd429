//! The SQL of memberships.

use super::Role;
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::{ProjectId, UserId},
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
