//! The SQL of authorization codes.

use sqlx::FromRow;

use super::{corrupt, from_json, to_json};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    grants::{Scopes, code::Code},
    ids::{GrantId, IntegrationId, UserId},
};

#[derive(FromRow)]
struct Row {
    hash: Vec<u8>,
    integration_id: IntegrationId,
    client_id: String,
    client_name: String,
    registration: String,
    user_id: Option<UserId>,
    redirect_uri: String,
    code_challenge: String,
    resource: Option<String>,
    scopes: String,
    tool_rule: String,
    consented_at: Timestamp,
    created_at: Timestamp,
    expires_at: Timestamp,
    grant_id: Option<GrantId>,
}

const BY_HASH: &str = "SELECT * FROM authorization_codes WHERE hash = $1";

pub(in crate::grants) async fn code_by_hash(db: &Db, hash: &[u8]) -> Result<Option<Code>> {
    let row: Option<Row> = read!(db, |c| sqlx::query_as(BY_HASH)
        .bind(hash)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

pub(in crate::grants) async fn code_in(tx: &mut Tx, hash: &[u8]) -> Result<Option<Code>> {
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(BY_HASH)
        .bind(hash)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

impl TryFrom<Row> for Code {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            hash: row.hash,
            integration_id: row.integration_id,
            client_id: row.client_id,
            client_name: row.client_name,
            registration: row.registration.parse().map_err(corrupt)?,
            user_id: row.user_id,
            redirect_uri: row.redirect_uri,
            code_challenge: row.code_challenge,
            resource: row.resource,
            scopes: Scopes::parse(&row.scopes),
            tool_rule: from_json(&row.tool_rule)?,
            consented_at: row.consented_at,
            created_at: row.created_at,
            expires_at: row.expires_at,
            grant_id: row.grant_id,
        })
    }
}

pub(in crate::grants) async fn insert_code(tx: &mut Tx, code: &Code) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO authorization_codes (hash, integration_id, client_id, \
         client_name, registration, user_id, redirect_uri, code_challenge, resource, scopes, \
         tool_rule, consented_at, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&code.hash)
            .bind(&code.integration_id)
            .bind(&code.client_id)
            .bind(&code.client_name)
            .bind(code.registration.as_str())
            .bind(&code.user_id)
            .bind(&code.redirect_uri)
            .bind(&code.code_challenge)
            .bind(&code.resource)
            .bind(code.scopes.to_string())
            .bind(to_json(&code.tool_rule))
            .bind(code.consented_at)
            .bind(code.created_at)
            .bind(code.expires_at)
    )?;
    Ok(())
}

/// Whether this exchange is the one that spent the code.
pub(in crate::grants) async fn spend_code(
    tx: &mut Tx,
    hash: &[u8],
    grant: &GrantId,
) -> Result<bool, DbError> {
    const SQL: &str =
        "UPDATE authorization_codes SET grant_id = $2 WHERE hash = $1 AND grant_id IS NULL";
    let rows = execute!(tx, sqlx::query(SQL).bind(hash).bind(grant))?;
    Ok(rows == 1)
}
