//! The SQL of sessions.

use sqlx::FromRow;

use super::{Session, SessionEnd, SignedIn};
use crate::{
    Error, Result,
    accounts::{self, Account},
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ProviderId, SessionId, UserId},
};

#[derive(FromRow)]
struct Row {
    id: SessionId,
    user_id: UserId,
    method: String,
    provider_id: Option<ProviderId>,
    second_factor: Option<String>,
    address: String,
    user_agent: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
    proved_at: Timestamp,
}

impl TryFrom<Row> for Session {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |why| Error::corrupt("session", why);
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            method: row.method.parse().map_err(corrupt)?,
            provider_id: row.provider_id,
            second_factor: row
                .second_factor
                .map(|text| text.parse().map_err(corrupt))
                .transpose()?,
            address: row.address,
            user_agent: row.user_agent,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            proved_at: row.proved_at,
        })
    }
}

/// Locks a person's row, if it is as it was when they showed who they are.
pub(super) async fn lock_as_shown(tx: &mut Tx, account: &Account) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE users SET sign_outs = sign_outs \
         WHERE id = $1 AND sign_outs = $2 AND disabled_at IS NULL";
    let rows = execute!(
        tx,
        sqlx::query(SQL).bind(&account.id).bind(account.sign_outs)
    )?;
    Ok(rows == 1)
}

/// Locks a provider, if people may come by it. Comes before accounts are locked.
pub(super) async fn lock_provider(tx: &mut Tx, id: &ProviderId) -> Result<bool, DbError> {
    const SQL: &str =
        "UPDATE identity_providers SET updated_at = updated_at WHERE id = $1 AND is_enabled";
    let rows = execute!(tx, sqlx::query(SQL).bind(id))?;
    Ok(rows == 1)
}

/// The live sessions of a person that were used before the `kept` newest ones.
pub(super) async fn live_beyond(
    tx: &mut Tx,
    user: &UserId,
    kept: i64,
) -> Result<Vec<SessionId>, DbError> {
    const SQL: &str = "SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL \
         ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET $2";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .bind(kept)
        .fetch_all(c)
        .await)
}

/// Deletes the ended sessions of a person but the `kept` newest ones.
pub(super) async fn delete_ended_beyond(
    tx: &mut Tx,
    user: &UserId,
    kept: i64,
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM sessions WHERE id IN \
         (SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NOT NULL \
         ORDER BY ended_at DESC, id DESC LIMIT 1000 OFFSET $2)";
    execute!(tx, sqlx::query(SQL).bind(user).bind(kept))?;
    Ok(())
}

pub(super) async fn count_of_provider(
    tx: &mut Tx,
    provider: &ProviderId,
    used_after: Timestamp,
    begun_after: Timestamp,
) -> Result<i64, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM sessions WHERE provider_id = $1 AND ended_at IS NULL \
         AND last_used_at > $2 AND created_at > $3";
    write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(provider)
        .bind(used_after)
        .bind(begun_after)
        .fetch_one(c)
        .await)
}

pub(super) async fn end_of_provider(
    tx: &mut Tx,
    provider: &ProviderId,
    why: SessionEnd,
    now: Timestamp,
) -> Result<(), DbError> {
    // Whoever ends sessions of one person locks that person first.
    const LOCK: &str = "UPDATE users SET sign_outs = sign_outs WHERE id IN \
         (SELECT user_id FROM sessions WHERE provider_id = $1 AND ended_at IS NULL)";
    const SQL: &str = "UPDATE sessions SET ended_at = $2, end_reason = $3 \
         WHERE provider_id = $1 AND ended_at IS NULL";
    execute!(tx, sqlx::query(LOCK).bind(provider))?;
    execute!(
        tx,
        sqlx::query(SQL).bind(provider).bind(now).bind(why.as_str())
    )?;
    Ok(())
}

pub(super) async fn insert(tx: &mut Tx, session: &Session) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO sessions (id, user_id, method, provider_id, second_factor, \
         address, user_agent, created_at, last_used_at, proved_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&session.id)
            .bind(&session.user_id)
            .bind(session.method.as_str())
            .bind(session.provider_id.as_ref())
            .bind(session.second_factor.map(|factor| factor.as_str()))
            .bind(&session.address)
            .bind(&session.user_agent)
            .bind(session.created_at)
            .bind(session.last_used_at)
            .bind(session.proved_at)
    )?;
    Ok(())
}

/// A session that was not ended, of an enabled account.
pub(super) async fn live(db: &Db, id: &SessionId) -> Result<Option<SignedIn>> {
    const SQL: &str = "SELECT * FROM sessions WHERE id = $1 AND ended_at IS NULL";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    let Some(row) = row else {
        return Ok(None);
    };
    let session = Session::try_from(row)?;
    let account = accounts::by_id(db, &session.user_id).await?;
    let Some(account) = account.filter(|account| account.disabled_at.is_none()) else {
        return Ok(None);
    };
    let has_second_factor = accounts::has_second_factor(db, &account.id).await?;
    Ok(Some(SignedIn {
        account,
        session,
        has_second_factor,
    }))
}

pub(super) async fn of_user(
    db: &Db,
    user: &UserId,
    used_after: Timestamp,
    begun_after: Timestamp,
) -> Result<Vec<Session>> {
    const SQL: &str = "SELECT * FROM sessions WHERE user_id = $1 AND ended_at IS NULL \
         AND last_used_at > $2 AND created_at > $3 ORDER BY last_used_at DESC, id DESC";
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(user)
        .bind(used_after)
        .bind(begun_after)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn mark_used(tx: &mut Tx, id: &SessionId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE sessions SET last_used_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}

pub(super) async fn mark_proved(
    tx: &mut Tx,
    id: &SessionId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE sessions SET proved_at = $2 WHERE id = $1";
    execute!(tx, sqlx::query(SQL).bind(id).bind(now))?;
    Ok(())
}

pub(super) async fn end(
    tx: &mut Tx,
    user: &UserId,
    id: &SessionId,
    why: SessionEnd,
    now: Timestamp,
) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE sessions SET ended_at = $3, end_reason = $4 \
         WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(id)
            .bind(user)
            .bind(now)
            .bind(why.as_str())
    )
}

pub(super) async fn end_all(
    tx: &mut Tx,
    user: &UserId,
    kept: Option<&SessionId>,
    why: SessionEnd,
    now: Timestamp,
) -> Result<u64, DbError> {
    // First, so that a session that is beginning is there to be ended, or does not begin.
    const COUNT: &str = "UPDATE users SET sign_outs = sign_outs + 1 WHERE id = $1";
    const SQL: &str = "UPDATE sessions SET ended_at = $3, end_reason = $4 \
         WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL";
    execute!(tx, sqlx::query(COUNT).bind(user))?;
    let kept = kept.map_or("", SessionId::as_str);
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(user)
            .bind(kept)
            .bind(now)
            .bind(why.as_str())
    )
}

pub(super) async fn expire(tx: &mut Tx, before: Timestamp, batch: i64) -> Result<u64, DbError> {
    const SQL: &str = "DELETE FROM sessions WHERE id IN \
         (SELECT id FROM sessions WHERE last_used_at < $1 ORDER BY last_used_at LIMIT $2)";
    execute!(tx, sqlx::query(SQL).bind(before).bind(batch))
}
