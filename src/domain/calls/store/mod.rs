//! The SQL of the call log.

mod counts;
mod details;
mod list;
mod names;

use sqlx::FromRow;

#[cfg(test)]
pub(crate) use self::list::{Places as ListPlaces, sql as list_sql};
pub(super) use self::{
    counts::{counts, expire_counts},
    details::{
        detail, forget_before, forget_person, forget_project, forget_successes, keep, keeps,
        next_with_details, nth_newest,
    },
    list::list,
    names::{integration_name, integration_names, people_names, person_name, tool, tool_names},
};
use super::{Call, Outcome, Phases, Via, filter::id_at};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, LogRow, Value, read_log},
    grants::Grant,
    ids::{ApiKeyId, CallId, GrantId, IntegrationId, ProjectId, ToolId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: CallId,
    project_id: ProjectId,
    tool_id: ToolId,
    tool_name: String,
    tool_version: Option<i64>,
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
            tool_version: row.tool_version,
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

impl LogRow for Call {
    const TABLE: &'static str = "calls";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "project_id",
        "tool_id",
        "tool_name",
        "tool_version",
        "integration_id",
        "grant_id",
        "user_id",
        "api_key_id",
        "via",
        "request_id",
        "started_at",
        "validate_us",
        "render_us",
        "wait_us",
        "read_us",
        "total_us",
        "outcome",
        "http_status",
        "response_bytes",
        "error",
    ];

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            self.id.as_str().into(),
            self.project_id.as_str().into(),
            self.tool_id.as_str().into(),
            self.tool_name.as_str().into(),
            self.tool_version.into(),
            self.integration_id.as_ref().map(|id| id.as_str()).into(),
            self.grant_id.as_ref().map(|id| id.as_str()).into(),
            self.user_id.as_ref().map(|id| id.as_str()).into(),
            self.api_key_id.as_ref().map(|id| id.as_str()).into(),
            self.via.as_str().into(),
            self.request_id.as_str().into(),
            self.started_at.0.into(),
            self.phases.validate_us.into(),
            self.phases.render_us.into(),
            self.phases.wait_us.into(),
            self.phases.read_us.into(),
            self.phases.total_us.into(),
            self.outcome.as_str().into(),
            self.http_status.into(),
            self.response_bytes.into(),
            self.error.as_deref().into(),
        ]
    }
}

pub(super) async fn by_id(db: &Db, project: &ProjectId, id: &CallId) -> Result<Option<Call>> {
    const SQL: &str = "SELECT * FROM calls WHERE project_id = $1 AND id = $2";
    let row: Option<Row> = read_log!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// Found by the index of what an integration's clients called, in its order, which leaves no database a
/// choice: a project may have a million calls of its own, and none of these.
pub(crate) const COME_BY_MCP: &str = "SELECT id FROM calls WHERE project_id = $1 \
     AND integration_id > '' AND via = 'mcp' ORDER BY integration_id LIMIT 1";

pub(super) async fn has_come_by_mcp(db: &Db, project: &ProjectId) -> Result<bool> {
    let one: Option<CallId> = read_log!(db, |c| sqlx::query_scalar(COME_BY_MCP)
        .bind(project)
        .fetch_optional(c)
        .await)?;
    Ok(one.is_some())
}

/// Calls of an integration that are looked through for those of one connection: none has an index by its
/// connection, which each call would have to pay for. Few first: with a new connection they begin soon.
const LOOKED_THROUGH: [i64; 2] = [20, 500];

/// Among the integration's first calls since the connection was made, else among its newest.
pub(super) async fn first_of_grant(
    db: &Db,
    project: &ProjectId,
    integration: &IntegrationId,
    grant: &Grant,
) -> Result<Option<Timestamp>> {
    const FIRST: &str = "SELECT MIN(c.started_at) FROM (SELECT grant_id, started_at FROM calls \
         WHERE project_id = $1 AND integration_id = $2 AND id >= $3 ORDER BY id LIMIT $4) c \
         WHERE c.grant_id = $5";
    const NEWEST: &str = "SELECT MIN(c.started_at) FROM (SELECT grant_id, started_at FROM calls \
         WHERE project_id = $1 AND integration_id = $2 AND id >= $3 ORDER BY id DESC LIMIT $4) c \
         WHERE c.grant_id = $5";
    let [few, many] = LOOKED_THROUGH;
    let first = id_at(grant.created_at.0);
    for (sql, most) in [(FIRST, few), (FIRST, many), (NEWEST, many)] {
        let found: Option<Timestamp> = read_log!(db, |c| sqlx::query_scalar(sql)
            .bind(project)
            .bind(integration)
            .bind(&first)
            .bind(most)
            .bind(&grant.id)
            .fetch_one(c)
            .await)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
