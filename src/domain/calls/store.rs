//! The SQL of the call log.

use std::sync::OnceLock;

use sqlx::FromRow;

use super::{Call, Outcome, Phases, Via};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, execute, in_log, read_log},
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

const COLUMNS: usize = 20;
/// Rows of the largest statement. Each power of two up to it is a statement of its own, which the
/// database keeps prepared.
const LARGEST: usize = 64;

/// One statement for `rows` rows.
fn insert_sql(rows: usize) -> &'static str {
    static STATEMENTS: [OnceLock<String>; LARGEST.ilog2() as usize + 1] =
        [const { OnceLock::new() }; LARGEST.ilog2() as usize + 1];
    STATEMENTS[rows.ilog2() as usize].get_or_init(|| {
        let row = |index: usize| {
            let places: Vec<_> = (1..=COLUMNS)
                .map(|column| format!("${}", index * COLUMNS + column))
                .collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<_> = (0..rows).map(row).collect();
        format!(
            "INSERT INTO calls (id, project_id, tool_id, tool_name, integration_id, grant_id, \
             user_id, api_key_id, via, request_id, started_at, validate_us, render_us, wait_us, \
             read_us, total_us, outcome, http_status, response_bytes, error) VALUES {}",
            rows.join(", ")
        )
    })
}

/// Binds the columns of every row, in the statement's order.
macro_rules! bound {
    ($calls:expr) => {
        $calls
            .iter()
            .fold(sqlx::query(insert_sql($calls.len())), |query, call| {
                query
                    .bind(call.id.as_str())
                    .bind(call.project_id.as_str())
                    .bind(call.tool_id.as_str())
                    .bind(call.tool_name.as_str())
                    .bind(call.integration_id.as_ref().map(|id| id.as_str()))
                    .bind(call.grant_id.as_ref().map(|id| id.as_str()))
                    .bind(call.user_id.as_ref().map(|id| id.as_str()))
                    .bind(call.api_key_id.as_ref().map(|id| id.as_str()))
                    .bind(call.via.as_str())
                    .bind(call.request_id.as_str())
                    .bind(call.started_at)
                    .bind(call.phases.validate_us)
                    .bind(call.phases.render_us)
                    .bind(call.phases.wait_us)
                    .bind(call.phases.read_us)
                    .bind(call.phases.total_us)
                    .bind(call.outcome.as_str())
                    .bind(call.http_status)
                    .bind(call.response_bytes)
                    .bind(call.error.as_deref())
            })
    };
}

/// Commits rows together: all of them or none.
pub(super) async fn insert(db: &Db, calls: &[Call]) -> Result<(), DbError> {
    let parts = parts(calls);
    if let [one] = parts.as_slice() {
        return in_log!(db, |c| bound!(one).execute(c).await.map(|_| ()));
    }
    let mut tx = db.begin_in_log().await?;
    for part in parts {
        execute!(&mut tx, bound!(part))?;
    }
    tx.commit().await
}

/// The rows in parts, each as long as a statement.
fn parts(mut calls: &[Call]) -> Vec<&[Call]> {
    let mut parts = Vec::new();
    while !calls.is_empty() {
        let rows = calls.len().min(LARGEST);
        let (part, rest) = calls.split_at(1 << rows.ilog2());
        parts.push(part);
        calls = rest;
    }
    parts
}

pub(super) async fn recent(db: &Db, project: &ProjectId, most: i64) -> Result<Vec<Call>> {
    const SQL: &str = "SELECT * FROM calls WHERE project_id = $1 ORDER BY id DESC LIMIT $2";
    let rows: Vec<Row> = read_log!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(most)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}
