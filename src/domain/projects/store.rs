//! The SQL of projects.

use sqlx::FromRow;

use super::{Project, ProjectSummary, SetUp};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{IntegrationId, ProjectId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: ProjectId,
    name: String,
    created_by: UserId,
    created_at: Timestamp,
}

impl From<Row> for Project {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}

#[derive(FromRow)]
struct SummaryRow {
    #[sqlx(flatten)]
    project: Row,
    role: String,
    tools: i64,
    enabled_tools: i64,
    integrations: i64,
}

pub(super) async fn of_member(db: &Db, user: &UserId) -> Result<Vec<ProjectSummary>> {
    const SQL: &str = "SELECT p.*, m.role, \
         (SELECT COUNT(*) FROM tools t WHERE t.project_id = p.id) AS tools, \
         (SELECT COUNT(*) FROM tools t WHERE t.project_id = p.id AND t.is_enabled) AS enabled_tools, \
         (SELECT COUNT(*) FROM integrations i WHERE i.project_id = p.id) AS integrations \
         FROM projects p JOIN members m ON m.project_id = p.id \
         WHERE m.user_id = $1 ORDER BY p.id DESC";
    let rows: Vec<SummaryRow> = read!(db, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?;
    rows.into_iter()
        .map(|row| {
            Ok(ProjectSummary {
                project: row.project.into(),
                role: row
                    .role
                    .parse()
                    .map_err(|why| Error::corrupt("member", why))?,
                tools: row.tools,
                enabled_tools: row.enabled_tools,
                integrations: row.integrations,
            })
        })
        .collect()
}

#[derive(FromRow)]
struct SetUpRow {
    tools: i64,
    enabled_tools: i64,
    integrations: i64,
    newest_integration: Option<IntegrationId>,
    has_connected: bool,
}

pub(super) async fn set_up(
    db: &Db,
    project: &ProjectId,
    has_called: bool,
) -> Result<SetUp, DbError> {
    const SQL: &str = "SELECT \
         (SELECT COUNT(*) FROM tools WHERE project_id = $1) AS tools, \
         (SELECT COUNT(*) FROM tools WHERE project_id = $1 AND is_enabled) AS enabled_tools, \
         (SELECT COUNT(*) FROM integrations WHERE project_id = $1) AS integrations, \
         (SELECT MAX(id) FROM integrations WHERE project_id = $1) AS newest_integration, \
         EXISTS (SELECT 1 FROM integrations i JOIN grants g ON g.integration_id = i.id \
         WHERE i.project_id = $1) \
         OR EXISTS (SELECT 1 FROM integrations i JOIN integration_secrets s \
         ON s.integration_id = i.id WHERE i.project_id = $1 AND s.last_used_at IS NOT NULL) \
         AS has_connected";
    let row: SetUpRow = read!(db, |c| sqlx::query_as(SQL).bind(project).fetch_one(c).await)?;
    Ok(SetUp {
        tools: row.tools,
        enabled_tools: row.enabled_tools,
        integrations: row.integrations,
        newest_integration: row.newest_integration,
        has_connected: row.has_connected,
        has_called,
    })
}

pub(super) async fn all(db: &Db) -> Result<Vec<Project>> {
    const SQL: &str = "SELECT * FROM projects ORDER BY id";
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub(crate) async fn by_id(db: &Db, id: &ProjectId) -> Result<Option<Project>> {
    const SQL: &str = "SELECT * FROM projects WHERE id = $1";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Into::into))
}

pub(super) async fn insert(tx: &mut Tx, project: &Project) -> Result<(), DbError> {
    const SQL: &str =
        "INSERT INTO projects (id, name, created_by, created_at) VALUES ($1, $2, $3, $4)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&project.id)
            .bind(&project.name)
            .bind(&project.created_by)
            .bind(project.created_at)
    )?;
    Ok(())
}

pub(super) async fn rename(tx: &mut Tx, id: &ProjectId, name: &str) -> Result<(), DbError> {
    const SQL: &str = "UPDATE projects SET name = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id).bind(name))?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, id: &ProjectId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM projects WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id))?;
    Ok(())
}

/// How many projects there are that a person made.
pub(super) async fn count_made_by(tx: &mut Tx, user: &UserId) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM projects WHERE created_by = $1";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_one(c)
        .await)
}
