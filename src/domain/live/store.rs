//! The last row of each log, and whose a change is.

use crate::{
    db::{Db, DbError, read, read_log},
    ids::{CallId, EventId, IntegrationId, ProjectId},
};

pub(super) async fn newest_call(db: &Db, project: &ProjectId) -> Result<Option<CallId>, DbError> {
    const SQL: &str = "SELECT id FROM calls WHERE project_id = $1 ORDER BY id DESC LIMIT 1";
    read_log!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .fetch_optional(c)
        .await)
}

pub(super) async fn newest_event(
    db: &Db,
    integration: &IntegrationId,
) -> Result<Option<EventId>, DbError> {
    const SQL: &str = "SELECT id FROM events WHERE integration_id = $1 ORDER BY id DESC LIMIT 1";
    read_log!(db, |c| sqlx::query_scalar(SQL)
        .bind(integration)
        .fetch_optional(c)
        .await)
}

pub(super) async fn project_of_integration(
    db: &Db,
    id: &str,
) -> Result<Option<ProjectId>, DbError> {
    const SQL: &str = "SELECT project_id FROM integrations WHERE id = $1";
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(id)
        .fetch_optional(c)
        .await)
}

pub(super) async fn project_of_grant(db: &Db, id: &str) -> Result<Option<ProjectId>, DbError> {
    const SQL: &str = "SELECT i.project_id FROM grants g \
         JOIN integrations i ON i.id = g.integration_id WHERE g.id = $1";
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(id)
        .fetch_optional(c)
        .await)
}
