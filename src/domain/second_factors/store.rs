//! The SQL of second factors.

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::UserId,
};

#[derive(FromRow)]
pub(super) struct TotpRow {
    pub(super) secret: Vec<u8>,
    pub(super) created_at: Timestamp,
}

/// Of an account that is enabled.
pub(super) async fn totp(db: &Db, user: &UserId) -> Result<Option<TotpRow>, DbError> {
    const SQL: &str = "SELECT t.secret, t.created_at FROM totp t JOIN users u ON u.id = t.user_id \
         WHERE t.user_id = $1 AND u.disabled_at IS NULL";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(user)
        .fetch_optional(c)
        .await)
}

/// Stores a secret, in the place of another one.
pub(super) async fn set_totp(
    tx: &mut Tx,
    user: &UserId,
    secret: &[u8],
    step: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO totp (user_id, secret, created_at, last_step) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, \
         created_at = excluded.created_at, last_step = excluded.last_step";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(user)
            .bind(secret)
            .bind(now)
            .bind(step)
    )?;
    Ok(())
}

/// Takes a time step of the secret of `created_at`. Whether nobody did, of it or of a later one.
pub(super) async fn take_step(
    tx: &mut Tx,
    user: &UserId,
    created_at: Timestamp,
    step: i64,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE totp SET last_step = $3 \
         WHERE user_id = $1 AND created_at = $2 AND last_step < $3";
    let rows = execute!(tx, sqlx::query(SQL).bind(user).bind(created_at).bind(step))?;
    Ok(rows == 1)
}

pub(super) async fn remove_totp(tx: &mut Tx, user: &UserId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM totp WHERE user_id = $1";
    Ok(execute!(tx, sqlx::query(SQL).bind(user))? == 1)
}

#[derive(FromRow)]
pub(super) struct StatusRow {
    pub(super) totp_since: Option<Timestamp>,
    pub(super) recovery_codes: i64,
    pub(super) passkeys: i64,
    pub(super) suspended_passkeys: i64,
}

const STATUS: &str = "SELECT (SELECT created_at FROM totp WHERE user_id = $1) AS totp_since, \
     (SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) \
         AS recovery_codes, \
     (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND suspended_at IS NULL) AS passkeys, \
     (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND suspended_at IS NOT NULL) \
         AS suspended_passkeys";

pub(super) async fn status(db: &Db, user: &UserId) -> Result<StatusRow, DbError> {
    read!(db, |c| sqlx::query_as(STATUS).bind(user).fetch_one(c).await)
}

pub(super) async fn status_within(tx: &mut Tx, user: &UserId) -> Result<StatusRow, DbError> {
    write!(tx, |c| sqlx::query_as(STATUS).bind(user).fetch_one(c).await)
}

/// A project of theirs that asks for a second factor.
pub(super) async fn project_that_requires_one(
    tx: &mut Tx,
    user: &UserId,
) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT p.name FROM projects p JOIN members m ON m.project_id = p.id \
         WHERE m.user_id = $1 AND p.require_second_factor ORDER BY p.name LIMIT 1";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_optional(c)
        .await)
}

pub(super) async fn replace_recovery_codes(
    tx: &mut Tx,
    user: &UserId,
    hashes: &[Vec<u8>],
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO recovery_codes (hash, user_id, created_at) VALUES ($1, $2, $3)";
    remove_recovery_codes(tx, user).await?;
    for hash in hashes {
        execute!(tx, sqlx::query(SQL).bind(hash).bind(user).bind(now))?;
    }
    Ok(())
}

pub(super) async fn remove_recovery_codes(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM recovery_codes WHERE user_id = $1";
    execute!(tx, sqlx::query(SQL).bind(user))?;
    Ok(())
}

/// Whether it is a code of an enabled account that nobody used.
pub(super) async fn use_recovery_code(
    tx: &mut Tx,
    user: &UserId,
    hash: &[u8],
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE recovery_codes SET used_at = $3 \
         WHERE hash = $1 AND user_id = $2 AND used_at IS NULL \
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = $2 AND u.disabled_at IS NULL)";
    Ok(execute!(tx, sqlx::query(SQL).bind(hash).bind(user).bind(now))? == 1)
}

/// Makes whoever else changes what this person signs in with wait. Whether there is such a person.
pub(super) async fn lock(tx: &mut Tx, user: &UserId) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE users SET created_at = created_at WHERE id = $1";
    Ok(execute!(tx, sqlx::query(SQL).bind(user))? == 1)
}
