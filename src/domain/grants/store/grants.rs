//! The SQL of grants.

use sqlx::FromRow;

use super::{corrupt, from_json, to_json};
use crate::{
    Error, Result,
    changes::{ChangeKind, changed},
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    grants::{ApprovedBy, EndReason, FetchedList, Grant, Scopes},
    ids::{GrantId, IntegrationId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: GrantId,
    integration_id: IntegrationId,
    client_id: String,
    client_name: String,
    registration: String,
    approved_by: String,
    user_id: Option<UserId>,
    audience: String,
    scopes: String,
    tool_rule: String,
    redirect_uri: Option<String>,
    attempt: Option<String>,
    consented_at: Timestamp,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
    list_fingerprint: Option<String>,
    list_tools: Option<i64>,
    listed_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    end_reason: Option<String>,
}

impl TryFrom<Row> for Grant {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            integration_id: row.integration_id,
            client_id: row.client_id,
            client_name: row.client_name,
            registration: row.registration.parse().map_err(corrupt)?,
            approved_by: row.approved_by.parse().map_err(corrupt)?,
            user_id: row.user_id,
            audience: from_json(&row.audience)?,
            scopes: Scopes::parse(&row.scopes),
            tool_rule: from_json(&row.tool_rule)?,
            redirect_uri: row.redirect_uri,
            attempt: row.attempt,
            consented_at: row.consented_at,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            last_list: match (row.list_fingerprint, row.list_tools, row.listed_at) {
                (Some(fingerprint), Some(tools), Some(at)) => Some(FetchedList {
                    fingerprint,
                    tools,
                    at,
                }),
                _ => None,
            },
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            end_reason: row
                .end_reason
                .map(|text| text.parse())
                .transpose()
                .map_err(corrupt)?,
        })
    }
}

pub(in crate::grants) async fn grant_by_id(db: &Db, id: &GrantId) -> Result<Option<Grant>> {
    const SQL: &str = "SELECT * FROM grants WHERE id = $1";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    row.map(TryInto::try_into).transpose()
}

/// The live grant behind an integration's client credentials.
pub(in crate::grants) async fn standing_grant_in(
    tx: &mut Tx,
    integration: &IntegrationId,
) -> Result<Option<Grant>> {
    const SQL: &str = "SELECT * FROM grants WHERE integration_id = $1 AND approved_by = $2 \
         AND ended_at IS NULL";
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(ApprovedBy::ClientCredentials.as_str())
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

pub(in crate::grants) async fn insert_grant(tx: &mut Tx, grant: &Grant) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO grants (id, integration_id, client_id, client_name, \
         registration, approved_by, user_id, audience, scopes, tool_rule, redirect_uri, attempt, \
         consented_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&grant.id)
            .bind(&grant.integration_id)
            .bind(&grant.client_id)
            .bind(&grant.client_name)
            .bind(grant.registration.as_str())
            .bind(grant.approved_by.as_str())
            .bind(&grant.user_id)
            .bind(to_json(&grant.audience))
            .bind(grant.scopes.to_string())
            .bind(to_json(&grant.tool_rule))
            .bind(&grant.redirect_uri)
            .bind(&grant.attempt)
            .bind(grant.consented_at)
            .bind(grant.created_at)
    )?;
    changed(tx, ChangeKind::Grant, grant.id.as_str(), grant.created_at).await
}

/// Whether the grant is live; if so its last token ends at `expires_at` now, and it stays as it is
/// until the transaction ends: on PostgreSQL a row that was written waits for its writer, and SQLite
/// has one writer anyway.
pub(in crate::grants) async fn extend_live_grant(
    tx: &mut Tx,
    id: &GrantId,
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE grants SET expires_at = $2 WHERE id = $1 AND ended_at IS NULL";
    let rows = execute!(tx, sqlx::query(SQL).bind(id).bind(expires_at))?;
    Ok(rows == 1)
}

/// Its last token ends at `expires_at` now.
pub(in crate::grants) async fn extend_grant(
    tx: &mut Tx,
    id: &GrantId,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE grants SET expires_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id).bind(expires_at))?;
    Ok(())
}

pub(in crate::grants) async fn mark_grant_used(
    db: &Db,
    id: &GrantId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE grants SET last_used_at = $2 WHERE id = $1";
    let mut tx = db.begin().await?;
    execute!(&mut tx, sqlx::query(SQL).bind(id).bind(now))?;
    tx.commit().await
}

pub(in crate::grants) async fn mark_list_fetched(
    db: &Db,
    id: &GrantId,
    list: &FetchedList,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE grants SET list_fingerprint = $2, list_tools = $3, listed_at = $4 \
         WHERE id = $1";
    let mut tx = db.begin().await?;
    execute!(
        &mut tx,
        sqlx::query(SQL)
            .bind(id)
            .bind(&list.fingerprint)
            .bind(list.tools)
            .bind(list.at)
    )?;
    tx.commit().await
}

/// Ends a grant, and with it what was remembered of the consent that made it: whoever comes next is
/// asked. Tells whether it had not ended before.
pub(in crate::grants) async fn end_grant(
    tx: &mut Tx,
    id: &GrantId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, DbError> {
    const END: &str = "UPDATE grants SET ended_at = $2, end_reason = $3 \
         WHERE id = $1 AND ended_at IS NULL";
    const FORGET: &str = "DELETE FROM consents WHERE EXISTS (SELECT 1 FROM grants g \
         WHERE g.id = $1 AND g.user_id = consents.user_id \
         AND g.integration_id = consents.integration_id AND g.client_id = consents.client_id)";
    let ended = execute!(
        tx,
        sqlx::query(END).bind(id).bind(now).bind(reason.as_str())
    )?;
    execute!(tx, sqlx::query(FORGET).bind(id))?;
    changed(tx, ChangeKind::Grant, id.as_str(), now).await?;
    Ok(ended == 1)
}

/// Deletes the codes of an integration that are not spent yet, so that nothing under way becomes a
/// grant; `automatic`: those that no person approved.
async fn delete_unspent_codes(
    tx: &mut Tx,
    integration: &IntegrationId,
    approved_by: Option<ApprovedBy>,
) -> Result<(), DbError> {
    const ALL: &str =
        "DELETE FROM authorization_codes WHERE integration_id = $1 AND grant_id IS NULL";
    const AUTOMATIC: &str = "DELETE FROM authorization_codes WHERE integration_id = $1 \
         AND grant_id IS NULL AND user_id IS NULL";
    let sql = match approved_by {
        None => ALL,
        Some(ApprovedBy::Automatic) => AUTOMATIC,
        // Neither kind has a code that a switch could end.
        Some(ApprovedBy::Person | ApprovedBy::ClientCredentials) => return Ok(()),
    };
    execute!(tx, sqlx::query(sql).bind(integration))?;
    Ok(())
}

/// Ends every live grant of an integration, which the caller has locked. Tells how many could still
/// be used.
pub(in crate::grants) async fn end_all(
    tx: &mut Tx,
    integration: &IntegrationId,
    reason: EndReason,
    now: Timestamp,
) -> Result<u64, DbError> {
    const COUNT: &str = "SELECT COUNT(*) FROM grants WHERE integration_id = $1 \
         AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    const END: &str = "UPDATE grants SET ended_at = $2, end_reason = $3 \
         WHERE integration_id = $1 AND ended_at IS NULL";
    const FORGET: &str = "DELETE FROM consents WHERE integration_id = $1";
    let live: i64 = write!(tx, |c| sqlx::query_scalar(COUNT)
        .bind(integration)
        .bind(now)
        .fetch_one(c)
        .await)?;
    execute!(
        tx,
        sqlx::query(END)
            .bind(integration)
            .bind(now)
            .bind(reason.as_str())
    )?;
    execute!(tx, sqlx::query(FORGET).bind(integration))?;
    delete_unspent_codes(tx, integration, None).await?;
    changed(tx, ChangeKind::Integration, integration.as_str(), now).await?;
    Ok(u64::try_from(live).unwrap_or_default())
}

/// Ends the grants of an integration that rest on `approved_by`. The caller notes the change.
pub(crate) async fn end_approved_by(
    tx: &mut Tx,
    integration: &IntegrationId,
    approved_by: ApprovedBy,
    reason: EndReason,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE grants SET ended_at = $3, end_reason = $4 \
         WHERE integration_id = $1 AND approved_by = $2 AND ended_at IS NULL";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(integration)
            .bind(approved_by.as_str())
            .bind(now)
            .bind(reason.as_str())
    )?;
    delete_unspent_codes(tx, integration, Some(approved_by)).await
}

#[derive(FromRow)]
struct ConnectionRow {
    #[sqlx(flatten)]
    grant: Row,
    user_email: Option<String>,
    integration_name: String,
    project_name: String,
}

/// A live grant with the names of what it belongs to.
pub(in crate::grants) struct FoundConnection {
    pub(in crate::grants) grant: Grant,
    pub(in crate::grants) user_email: Option<String>,
    pub(in crate::grants) integration_name: String,
    pub(in crate::grants) project_name: String,
}

impl TryFrom<ConnectionRow> for FoundConnection {
    type Error = Error;

    fn try_from(row: ConnectionRow) -> Result<Self> {
        Ok(Self {
            grant: row.grant.try_into()?,
            user_email: row.user_email,
            integration_name: row.integration_name,
            project_name: row.project_name,
        })
    }
}

macro_rules! connections {
    ($which:literal) => {
        concat!(
            "SELECT g.*, u.email AS user_email, i.name AS integration_name, \
             p.name AS project_name FROM grants g JOIN integrations i ON i.id = g.integration_id \
             JOIN projects p ON p.id = i.project_id LEFT JOIN users u ON u.id = g.user_id \
             WHERE g.",
            $which,
            " = $1 AND g.ended_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $2) \
             ORDER BY g.id DESC LIMIT 1000"
        )
    };
}

pub(in crate::grants) async fn connections_of_integration(
    db: &Db,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<Vec<FoundConnection>> {
    const SQL: &str = connections!("integration_id");
    let rows: Vec<ConnectionRow> = read!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(now)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(in crate::grants) async fn connections_of_user(
    db: &Db,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<FoundConnection>> {
    const SQL: &str = connections!("user_id");
    let rows: Vec<ConnectionRow> = read!(db, |c| sqlx::query_as(SQL)
        .bind(user)
        .bind(now)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The live connection of an integration that was made last.
pub(in crate::grants) async fn newest_live_grant(
    db: &Db,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<Option<Grant>> {
    const SQL: &str = "SELECT * FROM grants WHERE integration_id = $1 AND ended_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2) ORDER BY id DESC LIMIT 1";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// The live connection of an integration that last fetched a list, if there was no tool in it.
pub(in crate::grants) async fn live_grant_without_tools(
    db: &Db,
    integration: &IntegrationId,
    now: Timestamp,
) -> Result<Option<Grant>> {
    const SQL: &str = "SELECT * FROM grants WHERE integration_id = $1 AND ended_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2) AND listed_at IS NOT NULL \
         ORDER BY listed_at DESC LIMIT 1";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    let grant: Option<Grant> = row.map(TryInto::try_into).transpose()?;
    Ok(grant.filter(|grant| grant.last_list.as_ref().is_some_and(|list| list.tools == 0)))
}
