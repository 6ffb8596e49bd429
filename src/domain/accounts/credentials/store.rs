//! The SQL of passwords and addresses.

use crate::{
    clock::Timestamp,
    db::{DbError, Tx, execute},
    ids::UserId,
};

/// Whether there is such an enabled account, which has this password hash now.
pub(crate) async fn set_password(
    tx: &mut Tx,
    user: &UserId,
    hash: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE users SET password_hash = $2, password_changed_at = $3 \
         WHERE id = $1 AND disabled_at IS NULL";
    let rows = execute!(tx, sqlx::query(SQL).bind(user).bind(hash).bind(now))?;
    Ok(rows == 1)
}

/// Whether there is such an enabled account, which has this address now. A unique violation where
/// another one has it.
pub(super) async fn set_email(
    tx: &mut Tx,
    user: &UserId,
    email: &str,
    verified_at: Option<Timestamp>,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE users SET email = $2, email_verified_at = $3 \
         WHERE id = $1 AND disabled_at IS NULL";
    let rows = execute!(
        tx,
        sqlx::query(SQL).bind(user).bind(email).bind(verified_at)
    )?;
    Ok(rows == 1)
}
