//! The SQL of the list of accounts, and of what an owner changes of one.

use sqlx::FromRow;

use super::{Account, AccountRow};
use crate::{
    Core, Result,
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ProjectId, UserId},
    members::Role,
};

#[derive(FromRow)]
struct Row {
    id: UserId,
    email: String,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
    is_instance_owner: bool,
    sign_outs: i64,
    email_verified_at: Option<Timestamp>,
    has_password: bool,
    has_second_factor: bool,
    projects: i64,
    last_used_at: Option<Timestamp>,
}

impl From<Row> for AccountRow {
    fn from(row: Row) -> Self {
        Self {
            account: Account {
                id: row.id,
                email: row.email,
                created_at: row.created_at,
                disabled_at: row.disabled_at,
                is_instance_owner: row.is_instance_owner,
                sign_outs: row.sign_outs,
                email_verified_at: row.email_verified_at,
            },
            has_password: row.has_password,
            has_second_factor: row.has_second_factor,
            projects: row.projects,
            last_used_at: row.last_used_at,
        }
    }
}

/// Sorts behind every id, whose digits end with f.
const LAST: &str = "usr_z";

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT u.id, u.email, u.created_at, u.disabled_at, u.is_instance_owner, u.sign_outs, \
             u.email_verified_at, u.password_hash <> '' AS has_password, \
             EXISTS (SELECT 1 FROM totp t WHERE t.user_id = u.id) \
             OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id AND k.suspended_at IS NULL) \
             AS has_second_factor, \
             (SELECT COUNT(*) FROM members m WHERE m.user_id = u.id) AS projects, \
             (SELECT MAX(s.last_used_at) FROM sessions s WHERE s.user_id = u.id) AS last_used_at \
             FROM users u WHERE u.deleted_at IS NULL AND ",
            $condition
        )
    };
}

pub(super) async fn list(
    db: &Db,
    pattern: &str,
    limit: i64,
    before: Option<&UserId>,
) -> Result<Vec<AccountRow>> {
    const SQL: &str =
        select!("u.email LIKE $1 ESCAPE '\\' AND u.id < $2 ORDER BY u.id DESC LIMIT $3");
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(pattern)
        .bind(before.map_or(LAST, UserId::as_str))
        .bind(limit)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub(super) async fn listed(db: &Db, user: &UserId) -> Result<Option<AccountRow>, DbError> {
    const SQL: &str = select!("u.id = $1");
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(user)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(Into::into))
}

/// An account that stays as it is until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct LockedAccount {
    pub(crate) id: UserId,
    pub(crate) email: String,
    pub(crate) is_enabled: bool,
    pub(crate) is_verified: bool,
    pub(crate) is_instance_owner: bool,
    /// Whether this very transaction made it.
    #[sqlx(default)]
    pub(crate) is_new: bool,
}

impl LockedAccount {
    /// One that the transaction made.
    pub(crate) fn new(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            email: account.email.clone(),
            is_enabled: true,
            is_verified: account.email_verified_at.is_some(),
            is_instance_owner: account.is_instance_owner,
            is_new: true,
        }
    }
}

/// The account, if there is one that was not deleted. Of accounts and projects, accounts are locked
/// first.
pub(in crate::accounts) async fn lock(
    tx: &mut Tx,
    id: &UserId,
) -> Result<Option<LockedAccount>, DbError> {
    // No key changes: on PostgreSQL rows that refer to the account may still be written.
    const LOCK: &str = "UPDATE users SET disabled_at = disabled_at WHERE id = $1";
    const SQL: &str = "SELECT id, email, disabled_at IS NULL AS is_enabled, \
         email_verified_at IS NOT NULL AS is_verified, is_instance_owner \
         FROM users WHERE id = $1 AND deleted_at IS NULL";
    execute!(tx, sqlx::query(LOCK).bind(id))?;
    write!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)
}

/// The same, if it is enabled.
pub(crate) async fn lock_enabled(
    tx: &mut Tx,
    id: &UserId,
) -> Result<Option<LockedAccount>, DbError> {
    Ok(lock(tx, id).await?.filter(|account| account.is_enabled))
}

/// Who owns the instance stays so until the transaction ends. Comes before accounts are locked.
pub(in crate::accounts) async fn lock_instance(tx: &mut Tx) -> Result<(), DbError> {
    const SQL: &str = "UPDATE instance SET claimed_at = claimed_at WHERE id = 1";
    execute!(tx, sqlx::query(SQL))?;
    Ok(())
}

/// Whether a person owns the instance, which is locked, and their account is enabled.
pub(super) async fn owns_instance(tx: &mut Tx, user: &UserId) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM users WHERE id = $1 AND is_instance_owner \
         AND disabled_at IS NULL";
    let found: i64 = write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_one(c)
        .await)?;
    Ok(found == 1)
}

/// Whether somebody else with an enabled account owns the instance, which is locked.
pub(in crate::accounts) async fn has_another_instance_owner(
    tx: &mut Tx,
    user: &UserId,
) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM users WHERE id <> $1 AND is_instance_owner \
         AND disabled_at IS NULL";
    let others: i64 = write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_one(c)
        .await)?;
    Ok(others > 0)
}

pub(super) async fn disable(
    tx: &mut Tx,
    user: &UserId,
    disabled_at: Option<Timestamp>,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE users SET disabled_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(user).bind(disabled_at))?;
    Ok(())
}

pub(super) async fn set_instance_owner(
    tx: &mut Tx,
    user: &UserId,
    is_owner: bool,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE users SET is_instance_owner = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(user).bind(is_owner))?;
    Ok(())
}

/// Notes that it was shown that the address of an account is theirs.
pub(crate) async fn mark_verified(core: &Core, tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    const SQL: &str = "UPDATE users SET email_verified_at = $2 WHERE id = $1";
    let now = core.now();
    execute!(tx, sqlx::query(SQL).bind(user).bind(now))?;
    changed(tx, ChangeKind::Account, user.as_str(), now).await
}

/// The projects that a person owns and that nobody else owns whose account is enabled, by name.
pub(in crate::accounts) async fn owned_alone(
    tx: &mut Tx,
    user: &UserId,
) -> Result<Vec<(ProjectId, String)>, DbError> {
    const SQL: &str = "SELECT p.id, p.name FROM projects p JOIN members m ON m.project_id = p.id \
         WHERE m.user_id = $1 AND m.role = $2 AND NOT EXISTS (SELECT 1 FROM members o \
         JOIN users u ON u.id = o.user_id WHERE o.project_id = p.id AND o.user_id <> $1 \
         AND o.role = $2 AND u.disabled_at IS NULL) ORDER BY p.name, p.id";
    write!(tx, |c| sqlx::query_as(SQL)
        .bind(user)
        .bind(Role::Owner.as_str())
        .fetch_all(c)
        .await)
}
