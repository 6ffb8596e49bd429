//! The SQL of remembered consents.

use sqlx::FromRow;

use super::{from_json, to_json};
use crate::{
    Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    grants::{AuthorizeRequest, Scopes, consents::RememberedConsent},
    ids::UserId,
};

#[derive(FromRow)]
struct Row {
    scopes: String,
    tool_rule: String,
    created_at: Timestamp,
}

pub(in crate::grants) async fn remembered_consent(
    db: &Db,
    request: &AuthorizeRequest,
    user: &UserId,
) -> Result<Option<RememberedConsent>> {
    const SQL: &str = "SELECT scopes, tool_rule, created_at FROM consents WHERE user_id = $1 \
         AND integration_id = $2 AND client_id = $3 AND redirect_uri = $4";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(user)
        .bind(&request.integration().id)
        .bind(&request.client().client_id)
        .bind(request.redirect_uri())
        .fetch_optional(c)
        .await)?;
    row.map(|row| {
        Ok(RememberedConsent {
            scopes: Scopes::parse(&row.scopes),
            tool_rule: from_json(&row.tool_rule)?,
            created_at: row.created_at,
        })
    })
    .transpose()
}

/// Whether the decision of that moment still stands.
pub(in crate::grants) async fn is_remembered(
    tx: &mut Tx,
    request: &AuthorizeRequest,
    user: &UserId,
    created_at: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM consents WHERE user_id = $1 AND integration_id = $2 \
         AND client_id = $3 AND redirect_uri = $4 AND created_at = $5";
    let found: i64 = write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .bind(&request.integration().id)
        .bind(&request.client().client_id)
        .bind(request.redirect_uri())
        .bind(created_at)
        .fetch_one(c)
        .await)?;
    Ok(found == 1)
}

/// When a person last decided for the client of a request to be connected, whatever became of it.
pub(in crate::grants) async fn last_approval(
    db: &Db,
    request: &AuthorizeRequest,
    user: &UserId,
) -> Result<Option<Timestamp>, DbError> {
    const SQL: &str = "SELECT MAX(a.at) FROM ( \
         SELECT consented_at AS at FROM grants \
         WHERE user_id = $1 AND integration_id = $2 AND client_id = $3 \
         UNION ALL SELECT created_at FROM consents \
         WHERE user_id = $1 AND integration_id = $2 AND client_id = $3) a";
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .bind(&request.integration().id)
        .bind(&request.client().client_id)
        .fetch_one(c)
        .await)
}

pub(in crate::grants) async fn remember_consent(
    tx: &mut Tx,
    request: &AuthorizeRequest,
    user: &UserId,
    consent: &RememberedConsent,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO consents (user_id, integration_id, client_id, redirect_uri, \
         scopes, tool_rule, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (user_id, integration_id, client_id, redirect_uri) DO UPDATE SET \
         scopes = excluded.scopes, tool_rule = excluded.tool_rule, created_at = excluded.created_at";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(user)
            .bind(&request.integration().id)
            .bind(&request.client().client_id)
            .bind(request.redirect_uri())
            .bind(consent.scopes.to_string())
            .bind(to_json(&consent.tool_rule))
            .bind(consent.created_at)
    )?;
    Ok(())
}

pub(in crate::grants) async fn forget_consent(
    tx: &mut Tx,
    request: &AuthorizeRequest,
    user: &UserId,
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM consents WHERE user_id = $1 AND integration_id = $2 \
         AND client_id = $3 AND redirect_uri = $4";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(user)
            .bind(&request.integration().id)
            .bind(&request.client().client_id)
            .bind(request.redirect_uri())
    )?;
    Ok(())
}
