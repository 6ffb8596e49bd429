//! The SQL of providers and of identities at them.

use sqlx::FromRow;

use super::{Identity, OfferedProvider, Provider};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ProviderId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: ProviderId,
    kind: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret: Option<Vec<u8>>,
    allowed_domains: String,
    may_sign_up: bool,
    is_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

fn corrupt(why: impl std::fmt::Display) -> Error {
    Error::corrupt("sign-in provider", why)
}

impl TryFrom<Row> for Provider {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind.parse().map_err(corrupt)?,
            name: row.name,
            issuer: row.issuer,
            client_id: row.client_id,
            sealed: row.client_secret,
            allowed_domains: serde_json::from_str(&row.allowed_domains).map_err(corrupt)?,
            may_sign_up: row.may_sign_up,
            is_enabled: row.is_enabled,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

pub(super) async fn all(db: &Db) -> Result<Vec<Provider>> {
    const SQL: &str = "SELECT * FROM identity_providers ORDER BY created_at, id";
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL).fetch_all(c).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn offered(db: &Db) -> Result<Vec<OfferedProvider>> {
    const SQL: &str = "SELECT id, name, kind FROM identity_providers WHERE is_enabled \
         ORDER BY created_at, id";
    let rows: Vec<(ProviderId, String, String)> =
        read!(db, |c| sqlx::query_as(SQL).fetch_all(c).await)?;
    let offered = |(id, name, kind): (_, _, String)| {
        let kind = kind.parse().map_err(corrupt)?;
        Ok(OfferedProvider { id, name, kind })
    };
    rows.into_iter().map(offered).collect()
}

pub(super) async fn find(db: &Db, id: &ProviderId) -> Result<Option<Provider>> {
    const SQL: &str = "SELECT * FROM identity_providers WHERE id = $1";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    row.map(TryInto::try_into).transpose()
}

/// The provider, which nobody else changes until the transaction ends.
pub(super) async fn locked(tx: &mut Tx, id: &ProviderId) -> Result<Option<Provider>> {
    const LOCK: &str = "UPDATE identity_providers SET updated_at = updated_at WHERE id = $1";
    const SQL: &str = "SELECT * FROM identity_providers WHERE id = $1";
    execute!(tx, sqlx::query(LOCK).bind(id))?;
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    row.map(TryInto::try_into).transpose()
}

pub(super) async fn count(tx: &mut Tx) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM identity_providers";
    write!(tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await)
}

pub(super) async fn insert(tx: &mut Tx, provider: &Provider, by: &UserId) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO identity_providers (id, kind, name, issuer, client_id, \
         client_secret, allowed_domains, may_sign_up, is_enabled, created_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&provider.id)
            .bind(provider.kind.as_str())
            .bind(&provider.name)
            .bind(&provider.issuer)
            .bind(&provider.client_id)
            .bind(provider.sealed.as_ref())
            .bind(domains(provider))
            .bind(provider.may_sign_up)
            .bind(provider.is_enabled)
            .bind(by)
            .bind(provider.created_at)
            .bind(provider.updated_at)
    )?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, provider: &Provider) -> Result<(), DbError> {
    const SQL: &str = "UPDATE identity_providers SET name = $2, client_id = $3, \
         client_secret = $4, allowed_domains = $5, may_sign_up = $6, is_enabled = $7, \
         updated_at = $8 WHERE id = $1";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&provider.id)
            .bind(&provider.name)
            .bind(&provider.client_id)
            .bind(provider.sealed.as_ref())
            .bind(domains(provider))
            .bind(provider.may_sign_up)
            .bind(provider.is_enabled)
            .bind(provider.updated_at)
    )?;
    Ok(())
}

fn domains(provider: &Provider) -> String {
    serde_json::to_string(&provider.allowed_domains).expect("names are JSON")
}

pub(super) async fn delete(tx: &mut Tx, id: &ProviderId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM identity_providers WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id))?;
    Ok(())
}

/// Accounts that are linked to each provider, and those that have no other way in.
pub(super) async fn uses(tx: &mut Tx) -> Result<Vec<(ProviderId, i64, i64)>, DbError> {
    const SQL: &str = "SELECT p.id, \
         (SELECT COUNT(DISTINCT i.user_id) FROM identities i WHERE i.provider_id = p.id), \
         (SELECT COUNT(DISTINCT i.user_id) FROM identities i JOIN users u ON u.id = i.user_id \
          WHERE i.provider_id = p.id AND u.deleted_at IS NULL AND u.password_hash = '' \
          AND NOT EXISTS (SELECT 1 FROM passkeys k \
              WHERE k.user_id = u.id AND k.suspended_at IS NULL) \
          AND NOT EXISTS (SELECT 1 FROM identities o \
              JOIN identity_providers q ON q.id = o.provider_id \
              WHERE o.user_id = u.id AND o.provider_id <> p.id AND q.is_enabled)) \
         FROM identity_providers p";
    write!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await)
}

/// Whose an identity is.
pub(super) async fn user_of(
    db: &Db,
    provider: &ProviderId,
    subject: &str,
) -> Result<Option<UserId>, DbError> {
    const SQL: &str = "SELECT user_id FROM identities WHERE provider_id = $1 AND subject = $2";
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(provider)
        .bind(subject)
        .fetch_optional(c)
        .await)
}

pub(super) async fn link(
    tx: &mut Tx,
    provider: &ProviderId,
    subject: &str,
    user: &UserId,
    email: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO identities (provider_id, subject, user_id, email, created_at, \
         last_used_at) VALUES ($1, $2, $3, $4, $5, $5)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(provider)
            .bind(subject)
            .bind(user)
            .bind(email)
            .bind(now)
    )?;
    Ok(())
}

/// Whether there is such an identity of this person yet.
pub(super) async fn mark_used(
    tx: &mut Tx,
    provider: &ProviderId,
    subject: &str,
    user: &UserId,
    email: Option<&str>,
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE identities SET email = $4, last_used_at = $5 \
         WHERE provider_id = $1 AND subject = $2 AND user_id = $3";
    let rows = execute!(
        tx,
        sqlx::query(SQL)
            .bind(provider)
            .bind(subject)
            .bind(user)
            .bind(email)
            .bind(now)
    )?;
    Ok(rows == 1)
}

#[derive(FromRow)]
struct IdentityRow {
    provider_id: ProviderId,
    provider_name: String,
    kind: String,
    is_enabled: bool,
    subject: String,
    email: Option<String>,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

pub(super) async fn of_person(db: &Db, user: &UserId) -> Result<Vec<Identity>> {
    const SQL: &str = "SELECT i.provider_id, p.name AS provider_name, p.kind, p.is_enabled, \
         i.subject, i.email, i.created_at, i.last_used_at FROM identities i \
         JOIN identity_providers p ON p.id = i.provider_id WHERE i.user_id = $1 \
         ORDER BY i.created_at, i.provider_id, i.subject";
    let rows: Vec<IdentityRow> = read!(db, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    let identity = |row: IdentityRow| {
        Ok(Identity {
            provider_id: row.provider_id,
            provider_name: row.provider_name,
            kind: row.kind.parse().map_err(corrupt)?,
            is_enabled: row.is_enabled,
            subject: row.subject,
            email: row.email,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
    };
    rows.into_iter().map(identity).collect()
}

/// Whether there was one to unlink.
pub(super) async fn unlink(
    tx: &mut Tx,
    provider: &ProviderId,
    subject: &str,
    user: &UserId,
) -> Result<bool, DbError> {
    const SQL: &str =
        "DELETE FROM identities WHERE provider_id = $1 AND subject = $2 AND user_id = $3";
    let rows = execute!(tx, sqlx::query(SQL).bind(provider).bind(subject).bind(user))?;
    Ok(rows == 1)
}

/// How many ways a person has in: password, passkeys, identities. Others that take one away wait
/// until the transaction ends: of two at once, one sees what the other left.
pub(super) async fn ways_in(tx: &mut Tx, user: &UserId) -> Result<i64, DbError> {
    const LOCK: &str = "UPDATE users SET email = email WHERE id = $1";
    const SQL: &str = "SELECT \
         (SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash <> '') + \
         (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND suspended_at IS NULL) + \
         (SELECT COUNT(*) FROM identities i JOIN identity_providers p ON p.id = i.provider_id \
          WHERE i.user_id = $1 AND p.is_enabled)";
    execute!(tx, sqlx::query(LOCK).bind(user))?;
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_one(c)
        .await)
}
