//! The last row of each log, and whose a change is.

use std::collections::HashSet;

use super::Place;
use crate::{
    Result,
    changes::{Change, ChangeKind},
    clock::Timestamp,
    db::{Db, DbError, read, read_log},
    ids::{CallId, EventId, GrantId, IntegrationId, ProjectId, UserId},
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

/// The connection that called last.
pub(super) async fn newest_caller(
    db: &Db,
    project: &ProjectId,
    integration: &IntegrationId,
) -> Result<Option<GrantId>, DbError> {
    const SQL: &str = "SELECT grant_id FROM calls WHERE project_id = $1 AND integration_id = $2 \
         ORDER BY id DESC LIMIT 1";
    let found: Option<Option<GrantId>> = read_log!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .bind(integration)
        .fetch_optional(c)
        .await)?;
    Ok(found.flatten())
}

/// When a live connection of an integration last fetched its list of tools, and when one was last used: noted
/// in passing, which is no change of authority.
pub(super) async fn last_seen(
    db: &Db,
    integration: &IntegrationId,
) -> Result<(Option<Timestamp>, Option<Timestamp>), DbError> {
    const SQL: &str = "SELECT MAX(listed_at), MAX(last_used_at) FROM grants \
         WHERE integration_id = $1 AND ended_at IS NULL";
    read!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .fetch_one(c)
        .await)
}

pub(super) async fn members(db: &Db, project: &ProjectId) -> Result<HashSet<UserId>, DbError> {
    const SQL: &str = "SELECT user_id FROM members WHERE project_id = $1";
    let members: Vec<UserId> = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .fetch_all(c)
        .await)?;
    Ok(members.into_iter().collect())
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

async fn project_of_grant(db: &Db, id: &str) -> Result<Option<ProjectId>, DbError> {
    const SQL: &str = "SELECT i.project_id FROM grants g \
         JOIN integrations i ON i.id = g.integration_id WHERE g.id = $1";
    read!(db, |c| sqlx::query_scalar(SQL)
        .bind(id)
        .fetch_optional(c)
        .await)
}

/// Whether a change is one of the place's project, or may be; of people it does not say where.
pub(super) async fn concerns(db: &Db, change: &Change, place: &Place) -> Result<bool> {
    let Change::Of(kind, subject) = change else {
        return Ok(true);
    };
    let project = &place.project;
    Ok(match kind {
        ChangeKind::Project | ChangeKind::Tools => **subject == *project.as_str(),
        // Of what is gone nobody knows.
        ChangeKind::Integration => {
            let of = project_of_integration(db, subject).await?;
            of.is_none_or(|of| of == *project)
        }
        ChangeKind::Grant => {
            let of = project_of_grant(db, subject).await?;
            of.is_none_or(|of| of == *project)
        }
        ChangeKind::Account
        | ChangeKind::Member
        | ChangeKind::ApiKey
        | ChangeKind::Client
        | ChangeKind::MasterKey
        | ChangeKind::Provider
        | ChangeKind::Session
        | ChangeKind::Setting
        | ChangeKind::SigningKey => false,
    })
}
