//! The SQL of connected accounts.

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::{ProjectId, UserId, VaultSecretId},
};

#[derive(FromRow)]
pub(super) struct Row {
    pub(super) sealed: Vec<u8>,
    pub(super) expires_at: Option<Timestamp>,
    /// When its tokens were issued, and what tells them apart.
    pub(super) updated_at: Timestamp,
    pub(super) ended_because: Option<String>,
}

/// Tokens to store.
pub(super) struct Kept {
    pub(super) sealed: Vec<u8>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) updated_at: Timestamp,
}

/// A person's connection, without its tokens.
#[derive(FromRow)]
pub(super) struct State {
    pub(super) vault_secret_id: VaultSecretId,
    pub(super) created_at: Timestamp,
    pub(super) ended_because: Option<String>,
}

pub(super) async fn find(
    db: &Db,
    secret: &VaultSecretId,
    person: &UserId,
) -> Result<Option<Row>, DbError> {
    const SQL: &str = "SELECT sealed, expires_at, updated_at, ended_because \
         FROM upstream_connections WHERE vault_secret_id = $1 AND user_id = $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(secret)
        .bind(person)
        .fetch_optional(c)
        .await)
}

pub(super) async fn of_person(
    db: &Db,
    project: &ProjectId,
    person: &UserId,
) -> Result<Vec<State>, DbError> {
    const SQL: &str = "SELECT u.vault_secret_id, u.created_at, u.ended_because \
         FROM upstream_connections u JOIN vault_secrets v ON v.id = u.vault_secret_id \
         WHERE v.project_id = $1 AND u.user_id = $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(person)
        .fetch_all(c)
        .await)
}

/// Connects, in the place of what was connected before.
pub(super) async fn connect(
    tx: &mut Tx,
    secret: &VaultSecretId,
    person: &UserId,
    kept: &Kept,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO upstream_connections (vault_secret_id, user_id, sealed, \
         expires_at, updated_at, created_at, renewing_until) VALUES ($1, $2, $3, $4, $5, $5, 0) \
         ON CONFLICT (vault_secret_id, user_id) DO UPDATE SET sealed = excluded.sealed, \
         expires_at = excluded.expires_at, updated_at = excluded.updated_at, \
         created_at = excluded.created_at, renewing_until = 0, ended_because = NULL";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(secret)
            .bind(person)
            .bind(&kept.sealed)
            .bind(kept.expires_at)
            .bind(kept.updated_at)
    )?;
    Ok(())
}

/// Runs a statement on the tokens of one moment, if they are still those.
macro_rules! on_tokens {
    ($db:expr, $sql:literal, $secret:expr, $person:expr, $of:expr $(, $more:expr)*) => {{
        const SQL: &str = concat!(
            "UPDATE upstream_connections SET ",
            $sql,
            " WHERE vault_secret_id = $1 AND user_id = $2 AND updated_at = $3"
        );
        let mut tx = $db.begin().await?;
        execute!(
            &mut tx,
            sqlx::query(SQL).bind($secret).bind($person).bind($of)$(.bind($more))*
        )?;
        tx.commit().await
    }};
}

/// Takes the renewal of the tokens, which nobody else has. Whether it was free.
pub(super) async fn claim(
    db: &Db,
    secret: &VaultSecretId,
    person: &UserId,
    of: Timestamp,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE upstream_connections SET renewing_until = $5 \
         WHERE vault_secret_id = $1 AND user_id = $2 AND updated_at = $3 \
         AND ended_because IS NULL AND renewing_until <= $4";
    let mut tx = db.begin().await?;
    let rows = execute!(
        &mut tx,
        sqlx::query(SQL)
            .bind(secret)
            .bind(person)
            .bind(of)
            .bind(now)
            .bind(until)
    )?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Lets others try.
pub(super) async fn release(
    db: &Db,
    secret: &VaultSecretId,
    person: &UserId,
    of: Timestamp,
) -> Result<(), DbError> {
    on_tokens!(db, "renewing_until = 0", secret, person, of)
}

pub(super) async fn renew(
    db: &Db,
    secret: &VaultSecretId,
    person: &UserId,
    of: Timestamp,
    kept: &Kept,
) -> Result<(), DbError> {
    on_tokens!(
        db,
        "sealed = $4, expires_at = $5, updated_at = $6, renewing_until = 0",
        secret,
        person,
        of,
        &kept.sealed,
        kept.expires_at,
        kept.updated_at
    )
}

/// Lets tokens be renewed that would last longer.
pub(super) async fn run_out(
    db: &Db,
    secret: &VaultSecretId,
    person: &UserId,
    of: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    on_tokens!(db, "expires_at = $4", secret, person, of, now)
}

pub(super) async fn end(
    db: &Db,
    secret: &VaultSecretId,
    person: &UserId,
    of: Timestamp,
    why: &str,
) -> Result<(), DbError> {
    on_tokens!(db, "ended_because = $4", secret, person, of, why)
}

/// Whether there was one to forget.
pub(super) async fn disconnect(
    db: &Db,
    secret: &VaultSecretId,
    person: &UserId,
) -> Result<bool, DbError> {
    const SQL: &str =
        "DELETE FROM upstream_connections WHERE vault_secret_id = $1 AND user_id = $2";
    let mut tx = db.begin().await?;
    let rows = execute!(&mut tx, sqlx::query(SQL).bind(secret).bind(person))?;
    tx.commit().await?;
    Ok(rows == 1)
}

/// Forgets all connections of a client that is another one now.
pub(crate) async fn end_all(tx: &mut Tx, secret: &VaultSecretId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM upstream_connections WHERE vault_secret_id = $1";
    execute!(tx, sqlx::query(SQL).bind(secret))?;
    Ok(())
}

macro_rules! of_member {
    ($what:literal) => {
        concat!(
            $what,
            " FROM upstream_connections WHERE user_id = $2 AND vault_secret_id IN \
             (SELECT id FROM vault_secrets WHERE project_id = $1)"
        )
    };
}

/// How many accounts of a person a project's tools may use.
pub(crate) async fn count_of_member(
    db: &Db,
    project: &ProjectId,
    person: &UserId,
) -> Result<i64, DbError> {
    const SQL: &str = of_member!("SELECT COUNT(*)");
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(person)
        .fetch_one(c)
        .await)
}

/// Forgets the accounts that a person connected for a project's tools. Tells how many.
pub(crate) async fn end_of_member(
    tx: &mut Tx,
    project: &ProjectId,
    person: &UserId,
) -> Result<u64, DbError> {
    const SQL: &str = of_member!("DELETE");
    execute!(tx, sqlx::query(SQL).bind(project).bind(person))
}
