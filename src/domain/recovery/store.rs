//! The SQL of links, of recovery codes that are used up, and of what a recovery takes away.

use sqlx::FromRow;

use super::link::{Link, LinkKind, NewLink};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ProjectId, UserId},
};

#[derive(FromRow)]
struct Row {
    hash: Vec<u8>,
    kind: String,
    user_id: UserId,
    email: Option<String>,
    made_by: String,
    expires_at: Timestamp,
}

impl TryFrom<Row> for Link {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |why| Error::corrupt("link", why);
        Ok(Self {
            hash: row.hash,
            kind: row.kind.parse().map_err(corrupt)?,
            user_id: row.user_id,
            email: row.email,
            made_by: row.made_by.parse().map_err(corrupt)?,
            expires_at: row.expires_at,
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    hash: &[u8],
    new: &NewLink<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO account_links \
         (hash, kind, user_id, email, made_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(hash)
            .bind(new.kind.as_str())
            .bind(new.user_id)
            .bind(new.email)
            .bind(new.made_by.as_str())
            .bind(now)
            .bind(now.plus_seconds(new.life))
    )?;
    Ok(())
}

/// One that is unused and in its time.
pub(super) async fn open(db: &Db, hash: &[u8], now: Timestamp) -> Result<Option<Link>> {
    const SQL: &str =
        "SELECT * FROM account_links WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// Whether it was unused and in its time until now.
pub(super) async fn spend(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE account_links SET used_at = $2 \
         WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
    Ok(execute!(tx, sqlx::query(SQL).bind(hash).bind(now))? == 1)
}

pub(super) async fn end_all(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str =
        "UPDATE account_links SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL";
    execute!(tx, sqlx::query(SQL).bind(user).bind(now))?;
    Ok(())
}

pub(super) async fn end_others(
    tx: &mut Tx,
    user: &UserId,
    kind: LinkKind,
    kept: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE account_links SET used_at = $4 \
         WHERE user_id = $1 AND kind = $2 AND hash <> $3 AND used_at IS NULL";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(user)
            .bind(kind.as_str())
            .bind(kept)
            .bind(now)
    )?;
    Ok(())
}

pub(super) async fn expire(tx: &mut Tx, before: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM account_links WHERE hash IN \
         (SELECT hash FROM account_links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}

/// Whether a person has this code, unused.
pub(super) async fn has_code(db: &Db, user: &UserId, hash: &[u8]) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM recovery_codes \
         WHERE hash = $1 AND user_id = $2 AND used_at IS NULL";
    let count: i64 = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(hash)
        .bind(user)
        .fetch_one(c)
        .await)?;
    Ok(count == 1)
}

/// Whether it was unused until now.
pub(super) async fn spend_code(
    tx: &mut Tx,
    user: &UserId,
    hash: &[u8],
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE recovery_codes SET used_at = $3 \
         WHERE hash = $1 AND user_id = $2 AND used_at IS NULL";
    Ok(execute!(tx, sqlx::query(SQL).bind(hash).bind(user).bind(now))? == 1)
}

/// The projects that a person is a member of.
pub(super) async fn projects_of(tx: &mut Tx, user: &UserId) -> Result<Vec<ProjectId>, DbError> {
    const SQL: &str = "SELECT project_id FROM members WHERE user_id = $1 ORDER BY project_id";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_all(c)
        .await)
}

pub(super) async fn verify_email(
    tx: &mut Tx,
    user: &UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str =
        "UPDATE users SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL";
    execute!(tx, sqlx::query(SQL).bind(user).bind(now))?;
    Ok(())
}

pub(super) async fn remove_totp(tx: &mut Tx, user: &UserId) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM totp WHERE user_id = $1";
    execute!(tx, sqlx::query(SQL).bind(user))
}

pub(super) async fn remove_passkeys(tx: &mut Tx, user: &UserId) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM passkeys WHERE user_id = $1";
    execute!(tx, sqlx::query(SQL).bind(user))
}

pub(super) async fn remove_codes(tx: &mut Tx, user: &UserId) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM recovery_codes WHERE user_id = $1";
    execute!(tx, sqlx::query(SQL).bind(user))
}

pub(super) async fn remove_identities(tx: &mut Tx, user: &UserId) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM identities WHERE user_id = $1";
    execute!(tx, sqlx::query(SQL).bind(user))
}
