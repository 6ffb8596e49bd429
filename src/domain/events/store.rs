//! The SQL of changes.

use super::ChangeKind;
use crate::{
    clock::Timestamp,
    db::{DbError, Tx, execute},
};

/// Notes a change of authority, in the transaction that makes it.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn changed(
    tx: &mut Tx,
    kind: ChangeKind,
    subject: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO changes (kind, subject, at) VALUES ($1, $2, $3)";
    execute!(
        tx,
        sqlx::query(SQL).bind(kind.as_str()).bind(subject).bind(now)
    )?;
    Ok(())
}
