//! The SQL of signing keys.

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
};

#[derive(FromRow)]
pub(in crate::grants) struct SigningKeyRow {
    pub(in crate::grants) kid: String,
    pub(in crate::grants) private_key: Vec<u8>,
    pub(in crate::grants) public_jwk: String,
    pub(in crate::grants) retired_at: Option<Timestamp>,
    pub(in crate::grants) token_seconds: i64,
}

pub(in crate::grants) struct NewSigningKey<'a> {
    pub(in crate::grants) kid: &'a str,
    pub(in crate::grants) private_key: &'a [u8],
    pub(in crate::grants) public_jwk: &'a str,
    pub(in crate::grants) created_at: Timestamp,
    pub(in crate::grants) token_seconds: i64,
}

/// All keys, the newest first.
pub(in crate::grants) async fn signing_keys(db: &Db) -> Result<Vec<SigningKeyRow>, DbError> {
    const SQL: &str = "SELECT * FROM signing_keys ORDER BY created_at DESC, kid";
    read!(db, |c| sqlx::query_as(SQL).fetch_all(c).await)
}

pub(in crate::grants) async fn insert_signing_key(
    tx: &mut Tx,
    key: &NewSigningKey<'_>,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO signing_keys (kid, private_key, public_jwk, created_at, \
         token_seconds) VALUES ($1, $2, $3, $4, $5)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(key.kid)
            .bind(key.private_key)
            .bind(key.public_jwk)
            .bind(key.created_at)
            .bind(key.token_seconds)
    )?;
    Ok(())
}

/// Tokens that live this long are signed with the key from now on.
pub(in crate::grants) async fn keep_signing_key_longer(
    tx: &mut Tx,
    kid: &str,
    token_seconds: i64,
) -> Result<(), DbError> {
    // Not of a key that was retired meanwhile: it may have leaked.
    const SQL: &str = "UPDATE signing_keys SET token_seconds = $2 WHERE kid = $1 \
         AND token_seconds < $2 AND retired_at IS NULL";
    execute!(tx, sqlx::query(SQL).bind(kid).bind(token_seconds))?;
    Ok(())
}

/// No key signs any more; with `at_once`, none verifies either.
pub(in crate::grants) async fn retire_signing_keys(
    tx: &mut Tx,
    at_once: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    const RETIRE: &str = "UPDATE signing_keys SET retired_at = $1 WHERE retired_at IS NULL";
    const DISTRUST: &str = "UPDATE signing_keys SET token_seconds = 0";
    execute!(tx, sqlx::query(RETIRE).bind(now))?;
    if at_once {
        execute!(tx, sqlx::query(DISTRUST))?;
    }
    Ok(())
}
