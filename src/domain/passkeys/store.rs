//! The SQL of passkeys.

use sqlx::FromRow;

use super::Passkey;
use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{PasskeyId, UserId},
};

/// What an answer of a browser is checked against.
#[derive(FromRow)]
pub(super) struct Row {
    pub(super) id: PasskeyId,
    pub(super) user_id: UserId,
    /// JSON of the credential: its public key, its counter.
    pub(super) credential: String,
    pub(super) suspended_at: Option<Timestamp>,
    pub(super) last_challenge_hash: Option<Vec<u8>>,
}

pub(super) struct NewPasskey<'a> {
    pub(super) user: &'a UserId,
    pub(super) passkey: &'a Passkey,
    pub(super) credential_id: &'a [u8],
    pub(super) credential: &'a str,
}

pub(super) async fn insert(tx: &mut Tx, new: &NewPasskey<'_>) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO passkeys \
         (id, user_id, name, credential_id, credential, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&new.passkey.id)
            .bind(new.user)
            .bind(&new.passkey.name)
            .bind(new.credential_id)
            .bind(new.credential)
            .bind(new.passkey.created_at)
    )?;
    Ok(())
}

pub(super) async fn count(tx: &mut Tx, user: &UserId) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM passkeys WHERE user_id = $1";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_one(c)
        .await)
}

pub(super) async fn of_user(db: &Db, user: &UserId) -> Result<Vec<Passkey>, DbError> {
    const SQL: &str = "SELECT id, name, created_at, last_used_at, suspended_at FROM passkeys \
         WHERE user_id = $1 ORDER BY id";
    read!(db, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)
}

/// The credential ids of a person, each with whether it is suspended.
pub(super) async fn credential_ids(
    db: &Db,
    user: &UserId,
) -> Result<Vec<(Vec<u8>, bool)>, DbError> {
    const SQL: &str = "SELECT credential_id, suspended_at IS NOT NULL FROM passkeys \
         WHERE user_id = $1 ORDER BY id";
    read!(db, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)
}

pub(super) async fn by_credential_id(db: &Db, id: &[u8]) -> Result<Option<Row>, DbError> {
    const SQL: &str = "SELECT id, user_id, credential, suspended_at, last_challenge_hash \
         FROM passkeys WHERE credential_id = $1";
    read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)
}

/// Notes an answer, if the row is still the one that it was checked against and it did not come
/// before.
pub(super) async fn use_once(
    tx: &mut Tx,
    checked: &Row,
    credential: &str,
    challenge_hash: &[u8],
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE passkeys \
         SET credential = $3, last_challenge_hash = $4, last_used_at = $5 \
         WHERE id = $1 AND credential = $2 AND suspended_at IS NULL \
         AND (last_challenge_hash IS NULL OR last_challenge_hash <> $4)";
    let rows = execute!(
        tx,
        sqlx::query(SQL)
            .bind(&checked.id)
            .bind(&checked.credential)
            .bind(credential)
            .bind(challenge_hash)
            .bind(now)
    )?;
    Ok(rows == 1)
}

/// Whether it was not suspended yet, and did not answer this challenge just now.
pub(super) async fn suspend(
    tx: &mut Tx,
    id: &PasskeyId,
    challenge_hash: &[u8],
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE passkeys SET suspended_at = $3 \
         WHERE id = $1 AND suspended_at IS NULL \
         AND (last_challenge_hash IS NULL OR last_challenge_hash <> $2)";
    let rows = execute!(tx, sqlx::query(SQL).bind(id).bind(challenge_hash).bind(now))?;
    Ok(rows == 1)
}

pub(super) async fn rename(
    tx: &mut Tx,
    user: &UserId,
    id: &PasskeyId,
    name: &str,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2";
    let rows = execute!(tx, sqlx::query(SQL).bind(id).bind(user).bind(name))?;
    Ok(rows == 1)
}

/// Deletes it, and tells whether it was suspended.
pub(super) async fn remove(
    tx: &mut Tx,
    user: &UserId,
    id: &PasskeyId,
) -> Result<Option<bool>, DbError> {
    const SQL: &str = "DELETE FROM passkeys WHERE id = $1 AND user_id = $2 \
         RETURNING suspended_at IS NOT NULL";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(id)
        .bind(user)
        .fetch_optional(c)
        .await)
}

/// Whether the person can still sign in: with a password, an identity or a passkey.
pub(super) async fn has_way_in(tx: &mut Tx, user: &UserId) -> Result<bool, DbError> {
    const SQL: &str = "SELECT u.password_hash <> '' \
         OR EXISTS (SELECT 1 FROM identities i JOIN identity_providers p ON p.id = i.provider_id \
             WHERE i.user_id = u.id AND p.is_enabled) \
         OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id AND k.suspended_at IS NULL) \
         FROM users u WHERE u.id = $1";
    let found: Option<bool> = write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_optional(c)
        .await)?;
    Ok(found.unwrap_or(false))
}
