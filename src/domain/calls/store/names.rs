//! The SQL of names that calls are read by.

use crate::{
    db::{Db, DbError, read},
    ids::{IntegrationId, ProjectId, ToolId, UserId},
};

pub(in crate::calls) async fn integration_names(
    db: &Db,
    project: &ProjectId,
    most: i64,
) -> Result<Vec<(IntegrationId, String)>, DbError> {
    const SQL: &str =
        "SELECT id, name FROM integrations WHERE project_id = $1 ORDER BY name LIMIT $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(most)
        .fetch_all(c)
        .await)
}

pub(in crate::calls) async fn integration_name(
    db: &Db,
    project: &ProjectId,
    id: &IntegrationId,
) -> Result<Option<(IntegrationId, String)>, DbError> {
    const SQL: &str = "SELECT id, name FROM integrations WHERE project_id = $1 AND id = $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)
}

pub(in crate::calls) async fn person_name(
    db: &Db,
    project: &ProjectId,
    id: &UserId,
) -> Result<Option<(UserId, String)>, DbError> {
    const SQL: &str = "SELECT u.id, u.email FROM members m JOIN users u ON u.id = m.user_id \
         WHERE m.project_id = $1 AND m.user_id = $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)
}

pub(in crate::calls) async fn people_names(
    db: &Db,
    project: &ProjectId,
    most: i64,
) -> Result<Vec<(UserId, String)>, DbError> {
    const SQL: &str = "SELECT u.id, u.email FROM members m JOIN users u ON u.id = m.user_id \
         WHERE m.project_id = $1 ORDER BY u.email LIMIT $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(most)
        .fetch_all(c)
        .await)
}

pub(in crate::calls) async fn tool_names(
    db: &Db,
    project: &ProjectId,
    most: i64,
) -> Result<Vec<(ToolId, String)>, DbError> {
    const SQL: &str = "SELECT id, name FROM tools WHERE project_id = $1 ORDER BY name LIMIT $2";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(most)
        .fetch_all(c)
        .await)
}

pub(in crate::calls) async fn tool(
    db: &Db,
    project: &ProjectId,
    name_or_id: &str,
) -> Result<Option<(ToolId, String)>, DbError> {
    // A name may look like an id; then it is the name that somebody typed.
    const SQL: &str = "SELECT id, name FROM tools WHERE project_id = $1 AND (name = $2 OR id = $2) \
         ORDER BY CASE WHEN name = $2 THEN 0 ELSE 1 END LIMIT 1";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .bind(name_or_id)
        .fetch_optional(c)
        .await)
}
