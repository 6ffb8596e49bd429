//! The SQL of the call log.

use sqlx::FromRow;

use super::{Call, Outcome, Phases, Via};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, in_log},
    ids::{ApiKeyId, CallId, GrantId, IntegrationId, ProjectId, ToolId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: CallId,
    project_id: ProjectId,
    tool_id: ToolId,
    tool_name: String,
    integration_id: Option<IntegrationId>,
    grant_id: Option<GrantId>,
    user_id: Option<UserId>,
    api_key_id: Option<ApiKeyId>,
    via: String,
    request_id: String,
    started_at: Timestamp,
    validate_us: i64,
    render_us: i64,
    wait_us: i64,
    read_us: i64,
    total_us: i64,
    outcome: String,
    http_status: Option<i64>,
    response_bytes: i64,
    error: Option<String>,
}

impl TryFrom<Row> for Call {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            project_id: row.project_id,
            tool_id: row.tool_id,
            tool_name: row.tool_name,
            integration_id: row.integration_id,
            grant_id: row.grant_id,
            user_id: row.user_id,
            api_key_id: row.api_key_id,
            via: Via::try_from(row.via).map_err(|why| Error::corrupt("call", why))?,
            request_id: row.request_id,
            started_at: row.started_at,
            phases: Phases {
                validate_us: row.validate_us,
                render_us: row.render_us,
                wait_us: row.wait_us,
                read_us: row.read_us,
                total_us: row.total_us,
            },
            outcome: Outcome::try_from(row.outcome).map_err(|why| Error::corrupt("call", why))?,
            http_status: row.http_status,
            response_bytes: row.response_bytes,
            error: row.error,
        })
    }
}

const INSERT: &str = "INSERT INTO calls (id, project_id, tool_id, tool_name, integration_id, \
     grant_id, user_id, api_key_id, via, request_id, started_at, validate_us, render_us, wait_us, \
     read_us, total_us, outcome, http_status, response_bytes, error) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";

pub(super) async fn insert(db: &Db, call: &Call) -> Result<(), DbError> {
    in_log!(db, |c| sqlx::query(INSERT)
        .bind(&call.id)
        .bind(&call.project_id)
        .bind(&call.tool_id)
        .bind(&call.tool_name)
        .bind(&call.integration_id)
        .bind(&call.grant_id)
        .bind(&call.user_id)
        .bind(&call.api_key_id)
        .bind(call.via.as_str())
        .bind(&call.request_id)
        .bind(call.started_at)
        .bind(call.phases.validate_us)
        .bind(call.phases.render_us)
        .bind(call.phases.wait_us)
        .bind(call.phases.read_us)
        .bind(call.phases.total_us)
        .bind(call.outcome.as_str())
        .bind(call.http_status)
        .bind(call.response_bytes)
        .bind(&call.error)
        .execute(c)
        .await
        .map(|_| ()))
}

pub(super) async fn recent(db: &Db, project: &ProjectId, most: i64) -> Result<Vec<Call>> {
    const SQL: &str = "SELECT * FROM calls WHERE project_id = $1 ORDER BY id DESC LIMIT $2";
    let rows: Vec<Row> = in_log!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(most)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}
