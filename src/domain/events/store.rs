//! The SQL of events.

use sqlx::FromRow;

use super::{Cause, Event, EventKind, Trail, Visit};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, LogRow, Value, in_log, read_log},
    ids::{EventId, GrantId, IntegrationId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: EventId,
    at: Timestamp,
    kind: String,
    cause: Option<String>,
    integration_id: Option<IntegrationId>,
    client_id: Option<String>,
    user_id: Option<UserId>,
    grant_id: Option<GrantId>,
    attempt: Option<String>,
    request_id: String,
    address: String,
    user_agent: String,
    detail: Option<String>,
    count: i64,
}

impl TryFrom<Row> for Event {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |why| Error::corrupt("event", why);
        Ok(Self {
            id: row.id,
            at: row.at,
            kind: EventKind::try_from(row.kind).map_err(corrupt)?,
            cause: row
                .cause
                .map(Cause::try_from)
                .transpose()
                .map_err(corrupt)?,
            trail: Trail {
                integration_id: row.integration_id,
                client_id: row.client_id,
                user_id: row.user_id,
                grant_id: row.grant_id,
                attempt: row.attempt,
            },
            visit: Visit {
                request_id: row.request_id,
                address: row.address,
                user_agent: row.user_agent,
            },
            detail: row.detail,
            count: row.count,
        })
    }
}

impl LogRow for Event {
    const TABLE: &'static str = "events";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "at",
        "kind",
        "cause",
        "integration_id",
        "client_id",
        "user_id",
        "grant_id",
        "attempt",
        "request_id",
        "address",
        "user_agent",
        "detail",
        "count",
    ];

    fn values(&self) -> Vec<Value<'_>> {
        let (trail, visit) = (&self.trail, &self.visit);
        vec![
            self.id.as_str().into(),
            self.at.0.into(),
            self.kind.as_str().into(),
            self.cause.map(Cause::as_str).into(),
            trail.integration_id.as_ref().map(|id| id.as_str()).into(),
            trail.client_id.as_deref().into(),
            trail.user_id.as_ref().map(|id| id.as_str()).into(),
            trail.grant_id.as_ref().map(|id| id.as_str()).into(),
            trail.attempt.as_deref().into(),
            visit.request_id.as_str().into(),
            visit.address.as_str().into(),
            visit.user_agent.as_str().into(),
            self.detail.as_deref().into(),
            self.count.into(),
        ]
    }
}

pub(super) async fn of_integration(
    db: &Db,
    integration: &IntegrationId,
    most: i64,
) -> Result<Vec<Event>> {
    const SQL: &str = "SELECT * FROM events WHERE integration_id = $1 ORDER BY id DESC LIMIT $2";
    let rows: Vec<Row> = read_log!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(most)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn of_strangers(db: &Db, most: i64) -> Result<Vec<Event>> {
    const SQL: &str = "SELECT * FROM events WHERE integration_id IS NULL ORDER BY id DESC LIMIT $1";
    let rows: Vec<Row> = read_log!(db, |c| sqlx::query_as(SQL).bind(most).fetch_all(c).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// One query for the newest rows of each of these, by an index of their own: how many there are of the others
/// is nothing to it. Nothing that anybody typed is in it.
fn newest_of_each(conditions: impl Iterator<Item = String>) -> String {
    let parts = conditions.enumerate().map(|(place, condition)| {
        format!(
            "SELECT * FROM (SELECT * FROM events WHERE integration_id = $1 AND {condition} \
             ORDER BY id DESC LIMIT $2) AS part_{place}"
        )
    });
    parts.collect::<Vec<_>>().join(" UNION ALL ")
}

async fn newest_by(
    db: &Db,
    sql: &str,
    integration: &IntegrationId,
    most: i64,
) -> Result<Vec<Event>> {
    let rows: Vec<Row> = read_log!(db, |c| sqlx::query_as(sql)
        .bind(integration)
        .bind(most)
        .fetch_all(c)
        .await)?;
    let events: Result<Vec<Event>> = rows.into_iter().map(TryInto::try_into).collect();
    let mut events = events?;
    events.sort_unstable_by(|a, b| b.id.as_str().cmp(a.id.as_str()));
    Ok(events)
}

/// The newest refusals, `most` of each of these causes, newest first.
pub(super) async fn newest_refused(
    db: &Db,
    integration: &IntegrationId,
    causes: &[Cause],
    most: i64,
) -> Result<Vec<Event>> {
    let causes = causes
        .iter()
        .map(|cause| format!("cause = '{}'", cause.as_str()));
    newest_by(db, &newest_of_each(causes), integration, most).await
}

/// The newest steps that went well, `most` of each of these kinds, newest first.
pub(super) async fn newest_passed(
    db: &Db,
    integration: &IntegrationId,
    kinds: &[EventKind],
    most: i64,
) -> Result<Vec<Event>> {
    let kinds = kinds
        .iter()
        .map(|kind| format!("kind = '{}' AND cause IS NULL", kind.as_str()));
    newest_by(db, &newest_of_each(kinds), integration, most).await
}

/// The newest steps of an attempt, newest first. An attempt has few; whoever knows it may repeat them.
pub(super) async fn of_attempt(
    db: &Db,
    integration: &IntegrationId,
    attempt: &str,
    most: i64,
) -> Result<Vec<Event>> {
    const SQL: &str = "SELECT * FROM events WHERE attempt = $2 AND integration_id = $1 \
         ORDER BY id DESC LIMIT $3";
    let rows: Vec<Row> = read_log!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .bind(attempt)
        .bind(most)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn last_discovery(
    db: &Db,
    since: Timestamp,
    until: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    const SQL: &str = "SELECT MAX(at) FROM events WHERE at >= $1 AND at <= $2 \
         AND integration_id IS NULL AND kind = $3";
    read_log!(db, |c| sqlx::query_scalar(SQL)
        .bind(since)
        .bind(until)
        .bind(EventKind::Discovery.as_str())
        .fetch_one(c)
        .await)
}

/// Days that an event is kept, and one that belongs to no integration.
const KEPT_DAYS: i64 = 90;
const STRANGERS_KEPT_DAYS: i64 = 7;

pub(super) async fn expire(db: &Db, now: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < $1 \
         OR (integration_id IS NULL AND at < $2) LIMIT $3)";
    in_log!(db, |c| sqlx::query(SQL)
        .bind(now.plus_seconds(-KEPT_DAYS * 86_400))
        .bind(now.plus_seconds(-STRANGERS_KEPT_DAYS * 86_400))
        .bind(batch)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))
}

/// The rows of a person stay, and say no more of where they were.
pub(super) async fn forget_person(db: &Db, user: &UserId) -> Result<(), DbError> {
    const SQL: &str = "UPDATE events SET address = '', user_agent = '' WHERE user_id = $1";
    in_log!(db, |c| sqlx::query(SQL)
        .bind(user)
        .execute(c)
        .await
        .map(|_| ()))
}
