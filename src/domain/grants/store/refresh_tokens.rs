//! The SQL of refresh tokens.

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::GrantId,
};

/// A refresh token as it is stored; its state follows from the times.
#[derive(Debug, Clone, FromRow)]
pub(in crate::grants) struct RefreshToken {
    pub(in crate::grants) hash: Vec<u8>,
    pub(in crate::grants) grant_id: GrantId,
    pub(in crate::grants) parent: Option<Vec<u8>>,
    pub(in crate::grants) sealed: Option<Vec<u8>>,
    pub(in crate::grants) created_at: Timestamp,
    pub(in crate::grants) expires_at: Timestamp,
    /// When it was first exchanged for a successor.
    pub(in crate::grants) used_at: Option<Timestamp>,
    /// When the first of its successors was used.
    pub(in crate::grants) successor_used_at: Option<Timestamp>,
    /// When another successor of its parent was used first.
    pub(in crate::grants) dead_at: Option<Timestamp>,
}

pub(in crate::grants) struct NewRefreshToken<'a> {
    pub(in crate::grants) hash: &'a [u8],
    pub(in crate::grants) grant_id: &'a GrantId,
    pub(in crate::grants) parent: Option<&'a [u8]>,
    pub(in crate::grants) sealed: &'a [u8],
    pub(in crate::grants) created_at: Timestamp,
    pub(in crate::grants) expires_at: Timestamp,
}

const BY_HASH: &str = "SELECT * FROM refresh_tokens WHERE hash = $1";

pub(in crate::grants) async fn refresh_token_by_hash(
    db: &Db,
    hash: &[u8],
) -> Result<Option<RefreshToken>, DbError> {
    read!(db, |c| sqlx::query_as(BY_HASH)
        .bind(hash)
        .fetch_optional(c)
        .await)
}

pub(in crate::grants) async fn refresh_token_in(
    tx: &mut Tx,
    hash: &[u8],
) -> Result<Option<RefreshToken>, DbError> {
    write!(tx, |c| sqlx::query_as(BY_HASH)
        .bind(hash)
        .fetch_optional(c)
        .await)
}

/// The successors of a token, the newest first.
pub(in crate::grants) async fn successors_in(
    tx: &mut Tx,
    parent: &[u8],
) -> Result<Vec<RefreshToken>, DbError> {
    const SQL: &str =
        "SELECT * FROM refresh_tokens WHERE parent = $1 ORDER BY created_at DESC, hash";
    write!(tx, |c| sqlx::query_as(SQL).bind(parent).fetch_all(c).await)
}

pub(in crate::grants) async fn insert_refresh_token(
    tx: &mut Tx,
    token: &NewRefreshToken<'_>,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO refresh_tokens (hash, grant_id, parent, sealed, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(token.hash)
            .bind(token.grant_id)
            .bind(token.parent)
            .bind(token.sealed)
            .bind(token.created_at)
            .bind(token.expires_at)
    )?;
    Ok(())
}

/// Marks a token as used, if it is live; with it its siblings die. Whether it was.
pub(in crate::grants) async fn use_live_refresh_token(
    tx: &mut Tx,
    token: &RefreshToken,
    now: Timestamp,
) -> Result<bool, DbError> {
    // $1 the token, $2 its parent. It may not be given out again: a successor is in use. The siblings'
    // death is in their own rows: the parent's may be deleted before them.
    const SQL: &str = "UPDATE refresh_tokens SET \
         used_at = CASE WHEN hash = $1 THEN $3 ELSE used_at END, \
         successor_used_at = CASE WHEN hash = $2 THEN COALESCE(successor_used_at, $3) \
             ELSE successor_used_at END, \
         dead_at = CASE WHEN hash = $1 OR hash = $2 THEN dead_at ELSE $3 END, \
         sealed = CASE WHEN hash = $2 THEN sealed END \
         WHERE (hash = $1 OR hash = $2 \
             OR (parent = $2 AND used_at IS NULL AND dead_at IS NULL)) \
         AND EXISTS (SELECT 1 FROM refresh_tokens AS this WHERE this.hash = $1 \
             AND this.expires_at > $3 AND this.used_at IS NULL \
             AND this.successor_used_at IS NULL AND this.dead_at IS NULL)";
    let rows = execute!(
        tx,
        sqlx::query(SQL)
            .bind(&token.hash)
            .bind(&token.parent)
            .bind(now)
    )?;
    Ok(rows > 0)
}
