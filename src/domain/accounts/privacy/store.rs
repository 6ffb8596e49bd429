//! The SQL that ends an account.

use crate::{
    clock::Timestamp,
    db::{DbError, Tx, execute, write},
    ids::{ProjectId, UserId},
};

pub(super) async fn disable(tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE users SET disabled_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(user).bind(now))?;
    Ok(())
}

/// In one order, in which everyone locks them.
pub(super) async fn projects_of(tx: &mut Tx, user: &UserId) -> Result<Vec<ProjectId>, DbError> {
    const SQL: &str = "SELECT project_id FROM members WHERE user_id = $1 ORDER BY project_id";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_all(c)
        .await)
}

/// Each project of a person with its name and how many members it has.
pub(super) async fn memberships(
    tx: &mut Tx,
    user: &UserId,
) -> Result<Vec<(ProjectId, String, i64)>, DbError> {
    const SQL: &str = "SELECT p.id, p.name, \
         (SELECT COUNT(*) FROM members o WHERE o.project_id = p.id) \
         FROM projects p JOIN members m ON m.project_id = p.id WHERE m.user_id = $1 \
         ORDER BY p.name, p.id";
    write!(tx, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)
}

/// Deletes what is the person's own and nobody else's.
pub(super) async fn delete_what_is_theirs(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    const ALL: [&str; 10] = [
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM totp WHERE user_id = $1",
        "DELETE FROM recovery_codes WHERE user_id = $1",
        "DELETE FROM passkeys WHERE user_id = $1",
        "DELETE FROM identities WHERE user_id = $1",
        "DELETE FROM account_links WHERE user_id = $1",
        "DELETE FROM consents WHERE user_id = $1",
        "DELETE FROM authorization_codes WHERE user_id = $1 AND grant_id IS NULL",
        "DELETE FROM upstream_connections WHERE user_id = $1",
        "DELETE FROM membership_cuts WHERE user_id = $1",
    ];
    for sql in ALL {
        execute!(tx, sqlx::query(sql).bind(user))?;
    }
    Ok(())
}

/// The rows of the audit log stay, and say of the person no more than the pseudonym.
pub(super) async fn forget_in_audit(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    const SQL: &str = "UPDATE audit SET address = NULL \
         WHERE user_id = $1 OR actor_id = $1";
    execute!(tx, sqlx::query(SQL).bind(user))?;
    Ok(())
}

pub(super) async fn become_pseudonym(
    tx: &mut Tx,
    user: &UserId,
    pseudonym: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE users SET email = $2, password_hash = '', disabled_at = $3, \
         deleted_at = $3, is_instance_owner = FALSE, email_verified_at = NULL, \
         password_changed_at = NULL WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(user).bind(pseudonym).bind(now))?;
    Ok(())
}
