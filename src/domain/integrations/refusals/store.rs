//! The SQL of dismissed refusals.

use super::RefusalKind;
use crate::{
    Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::{IntegrationId, UserId},
};

/// The kinds of an integration's refusals that were dismissed, and up to when.
pub(super) async fn dismissed(
    db: &Db,
    integration: &IntegrationId,
) -> Result<Vec<(String, Timestamp)>> {
    const SQL: &str = "SELECT kind, until FROM dismissed_refusals WHERE integration_id = $1";
    Ok(read!(db, |c| sqlx::query_as(SQL)
        .bind(integration)
        .fetch_all(c)
        .await)?)
}

/// Two who dismiss one after the other: what the one with the newer page saw counts.
pub(super) async fn dismiss(
    tx: &mut Tx,
    integration: &IntegrationId,
    kind: RefusalKind,
    until: Timestamp,
    by: &UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO dismissed_refusals \
         (integration_id, kind, until, dismissed_by, dismissed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (integration_id, kind) DO UPDATE SET until = excluded.until, \
         dismissed_by = excluded.dismissed_by, dismissed_at = excluded.dismissed_at \
         WHERE dismissed_refusals.until < excluded.until";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(integration)
            .bind(kind.as_str())
            .bind(until)
            .bind(by)
            .bind(now)
    )?;
    Ok(())
}
