//! The SQL of the call log.

use std::sync::OnceLock;

use sqlx::FromRow;

use super::{Call, Outcome, Phases, Via};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, in_log, read_log},
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
/// Rows of the largest statement. Each size is a statement of its own, which the database keeps
/// prepared.
pub(super) const MOST_ROWS: usize = 64;

/// The statements of one database.
type Statements = [OnceLock<String>; MOST_ROWS + 1];

/// One statement for `rows` rows: begun, run and committed in one trip to the database.
fn insert_sql(db: &Db, rows: usize) -> &'static str {
    static SQLITE: Statements = [const { OnceLock::new() }; MOST_ROWS + 1];
    static POSTGRES: Statements = [const { OnceLock::new() }; MOST_ROWS + 1];
    let is_postgres = db.postgres().is_some();
    let statements = if is_postgres { &POSTGRES } else { &SQLITE };
    statements[rows].get_or_init(|| {
        // SQLite looks names up one by one, in a list of a thousand for each of a thousand.
        let place = |number: usize| {
            if is_postgres {
                format!("${number}")
            } else {
                "?".to_owned()
            }
        };
        let row = |index: usize| {
            let places: Vec<_> = (1..=COLUMNS)
                .map(|column| place(index * COLUMNS + column))
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
    ($sql:expr, $calls:expr) => {
        $calls.iter().fold(sqlx::query($sql), |query, call| {
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

/// Commits rows, at most [`MOST_ROWS`], together: all of them or none.
pub(super) async fn insert(db: &Db, calls: &[Call]) -> Result<(), DbError> {
    let sql = insert_sql(db, calls.len());
    in_log!(db, |c| bound!(sql, calls).execute(c).await.map(|_| ()))
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
