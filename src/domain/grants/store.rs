//! The SQL of codes, grants, refresh tokens and signing keys.

use sqlx::FromRow;

use super::{EndReason, Grant, Scopes, ToolRule, code::Code};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    events::{ChangeKind, changed},
    ids::{GrantId, IntegrationId, UserId},
};

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|why| Error::corrupt("grant", why))
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("ids and words are JSON")
}

#[derive(FromRow)]
struct CodeRow {
    hash: Vec<u8>,
    integration_id: IntegrationId,
    client_id: String,
    user_id: Option<UserId>,
    redirect_uri: String,
    code_challenge: String,
    resource: Option<String>,
    scopes: String,
    tool_rule: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    grant_id: Option<GrantId>,
}

pub(super) async fn code_by_hash(db: &Db, hash: &[u8]) -> Result<Option<Code>> {
    const SQL: &str = "SELECT * FROM authorization_codes WHERE hash = $1";
    let row: Option<CodeRow> = read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)?;
    row.map(|row| {
        Ok(Code {
            hash: row.hash,
            integration_id: row.integration_id,
            client_id: row.client_id,
            user_id: row.user_id,
            redirect_uri: row.redirect_uri,
            code_challenge: row.code_challenge,
            resource: row.resource,
            scopes: Scopes::parse(&row.scopes),
            tool_rule: from_json::<ToolRule>(&row.tool_rule)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            grant_id: row.grant_id,
        })
    })
    .transpose()
}

pub(super) async fn insert_code(tx: &mut Tx, code: &Code) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO authorization_codes (hash, integration_id, client_id, user_id, \
         redirect_uri, code_challenge, resource, scopes, tool_rule, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&code.hash)
            .bind(&code.integration_id)
            .bind(&code.client_id)
            .bind(&code.user_id)
            .bind(&code.redirect_uri)
            .bind(&code.code_challenge)
            .bind(&code.resource)
            .bind(code.scopes.to_string())
            .bind(to_json(&code.tool_rule))
            .bind(code.created_at)
            .bind(code.expires_at)
    )?;
    Ok(())
}

/// Whether this exchange is the one that spent the code.
pub(super) async fn spend_code(tx: &mut Tx, hash: &[u8], grant: &GrantId) -> Result<bool, DbError> {
    const SQL: &str =
        "UPDATE authorization_codes SET grant_id = $2 WHERE hash = $1 AND grant_id IS NULL";
    let rows = execute!(tx, sqlx::query(SQL).bind(hash).bind(grant))?;
    Ok(rows == 1)
}

#[derive(FromRow)]
struct GrantRow {
    id: GrantId,
    integration_id: IntegrationId,
    client_id: String,
    user_id: Option<UserId>,
    audience: String,
    scopes: String,
    tool_rule: String,
    created_at: Timestamp,
    ended_at: Option<Timestamp>,
}

pub(super) async fn grant_by_id(db: &Db, id: &GrantId) -> Result<Option<Grant>> {
    const SQL: &str = "SELECT * FROM grants WHERE id = $1";
    let row: Option<GrantRow> =
        read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    row.map(|row| {
        Ok(Grant {
            id: row.id,
            integration_id: row.integration_id,
            client_id: row.client_id,
            user_id: row.user_id,
            audience: from_json(&row.audience)?,
            scopes: Scopes::parse(&row.scopes),
            tool_rule: from_json(&row.tool_rule)?,
            created_at: row.created_at,
            ended_at: row.ended_at,
        })
    })
    .transpose()
}

pub(super) async fn insert_grant(tx: &mut Tx, grant: &Grant) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO grants (id, integration_id, client_id, user_id, audience, \
         scopes, tool_rule, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&grant.id)
            .bind(&grant.integration_id)
            .bind(&grant.client_id)
            .bind(&grant.user_id)
            .bind(to_json(&grant.audience))
            .bind(grant.scopes.to_string())
            .bind(to_json(&grant.tool_rule))
            .bind(grant.created_at)
    )?;
    changed(tx, ChangeKind::Grant, grant.id.as_str(), grant.created_at).await
}

pub(super) async fn end_grant(
    tx: &mut Tx,
    id: &GrantId,
    reason: EndReason,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE grants SET ended_at = $2, end_reason = $3 \
         WHERE id = $1 AND ended_at IS NULL";
    execute!(
        tx,
        sqlx::query(SQL).bind(id).bind(now).bind(reason.as_str())
    )?;
    changed(tx, ChangeKind::Grant, id.as_str(), now).await
}

/// Ends the grants of an integration that no person stands behind. The caller notes the change.
pub(crate) async fn end_without_person(
    tx: &mut Tx,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE grants SET ended_at = $2, end_reason = $3 \
         WHERE integration_id = $1 AND user_id IS NULL AND ended_at IS NULL";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(integration)
            .bind(now)
            .bind(EndReason::ApprovalChanged.as_str())
    )?;
    Ok(())
}

#[derive(FromRow)]
pub(super) struct RefreshTokenRow {
    pub(super) grant_id: GrantId,
    pub(super) expires_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
}

pub(super) async fn refresh_token_by_hash(
    db: &Db,
    hash: &[u8],
) -> Result<Option<RefreshTokenRow>, DbError> {
    const SQL: &str = "SELECT * FROM refresh_tokens WHERE hash = $1";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(hash)
        .fetch_optional(c)
        .await)
}

pub(super) async fn insert_refresh_token(
    tx: &mut Tx,
    hash: &[u8],
    grant: &GrantId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO refresh_tokens (hash, grant_id, created_at, expires_at) \
         VALUES ($1, $2, $3, $4)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(hash)
            .bind(grant)
            .bind(now)
            .bind(expires_at)
    )?;
    Ok(())
}

/// Whether this refresh is the one that spent the token.
pub(super) async fn spend_refresh_token(
    tx: &mut Tx,
    hash: &[u8],
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL";
    let rows = execute!(tx, sqlx::query(SQL).bind(hash).bind(now))?;
    Ok(rows == 1)
}

#[derive(FromRow)]
pub(super) struct SigningKeyRow {
    pub(super) kid: String,
    pub(super) private_key: Vec<u8>,
    pub(super) public_jwk: String,
}

/// Keys that still verify, the newest first.
pub(super) async fn signing_keys(db: &Db) -> Result<Vec<SigningKeyRow>, DbError> {
    const SQL: &str =
        "SELECT * FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC, kid";
    read!(db, |c| sqlx::query_as(SQL).fetch_all(c).await)
}

pub(super) async fn insert_signing_key(
    tx: &mut Tx,
    kid: &str,
    private_key: &[u8],
    public_jwk: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO signing_keys (kid, private_key, public_jwk, created_at) \
         VALUES ($1, $2, $3, $4)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(kid)
            .bind(private_key)
            .bind(public_jwk)
            .bind(now)
    )?;
    Ok(())
}
