//! The SQL of accounts.

use std::net::IpAddr;

use sqlx::FromRow;

use super::Account;
use crate::{
    Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::UserId,
    limits::network,
};

#[derive(FromRow)]
struct Row {
    id: UserId,
    email: String,
    password_hash: String,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
    is_instance_owner: bool,
    email_verified_at: Option<Timestamp>,
    sign_outs: i64,
}

impl Row {
    fn split(self) -> (Account, String) {
        let account = Account {
            id: self.id,
            email: self.email,
            created_at: self.created_at,
            disabled_at: self.disabled_at,
            is_instance_owner: self.is_instance_owner,
            email_verified_at: self.email_verified_at,
            sign_outs: self.sign_outs,
        };
        (account, self.password_hash)
    }
}

pub(crate) async fn by_id(db: &Db, id: &UserId) -> Result<Option<Account>> {
    const SQL: &str = "SELECT * FROM users WHERE id = $1";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
    Ok(row.map(|row| row.split().0))
}

/// The account and its password hash.
pub(crate) async fn by_email(db: &Db, email: &str) -> Result<Option<(Account, String)>> {
    const SQL: &str = "SELECT * FROM users WHERE email = $1";
    let row: Option<Row> = read!(db, |c| sqlx::query_as(SQL)
        .bind(email)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(Row::split))
}

pub(super) async fn insert(tx: &mut Tx, account: &Account, hash: &str) -> Result<(), DbError> {
    const SQL: &str =
        "INSERT INTO users (id, email, password_hash, created_at) VALUES ($1, $2, $3, $4)";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&account.id)
            .bind(&account.email)
            .bind(hash)
            .bind(account.created_at)
    )?;
    Ok(())
}

/// Stores a password's new hash, if the old one is still the account's. Whether it was.
pub(super) async fn replace_hash(
    tx: &mut Tx,
    user: &UserId,
    old: &str,
    new: &str,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
    let rows = execute!(tx, sqlx::query(SQL).bind(user).bind(old).bind(new))?;
    Ok(rows == 1)
}

/// Whether this account is the one that claimed the instance, just now.
pub(super) async fn claim(tx: &mut Tx, owner: &UserId, now: Timestamp) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO instance (id, owner_id, claimed_at) VALUES (1, $1, $2) \
         ON CONFLICT (id) DO NOTHING";
    const OWNS: &str = "UPDATE users SET is_instance_owner = TRUE WHERE id = $1";
    let rows = execute!(tx, sqlx::query(SQL).bind(owner).bind(now))?;
    if rows == 1 {
        execute!(tx, sqlx::query(OWNS).bind(owner))?;
    }
    Ok(rows == 1)
}

pub(super) async fn is_claimed(db: &Db) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM instance";
    let count: i64 = read!(db, |c| sqlx::query_scalar(SQL).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Whether a person signed in from this network before; `None` asks as much and did not.
pub(super) async fn came_from(db: &Db, user: Option<&UserId>, from: IpAddr) -> Result<bool> {
    const SQL: &str = "SELECT DISTINCT address FROM sessions WHERE user_id = $1 LIMIT 200";
    let addresses: Vec<String> = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(user.map_or("", UserId::as_str))
        .fetch_all(c)
        .await)?;
    let came_from = |address: &String| {
        let address: Option<IpAddr> = address.parse().ok();
        address.is_some_and(|address| network(address) == network(from))
    };
    Ok(addresses.iter().any(came_from))
}

/// Whether the account has a passkey that may be used, or an authenticator app.
pub(crate) async fn has_second_factor(db: &Db, user: &UserId) -> Result<bool, DbError> {
    const SQL: &str = "SELECT (SELECT COUNT(*) FROM totp WHERE user_id = $1) + \
         (SELECT COUNT(*) FROM passkeys WHERE user_id = $1 AND suspended_at IS NULL)";
    let count: i64 = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_one(c)
        .await)?;
    Ok(count > 0)
}

pub(super) async fn password_hash(db: &Db, user: &UserId) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT password_hash FROM users WHERE id = $1";
    Ok(read!(db, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_optional(c)
        .await)?)
}

pub(super) async fn has_password(db: &Db, user: &UserId) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM users WHERE id = $1 AND password_hash <> ''";
    let count: i64 = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(user)
        .fetch_one(c)
        .await)?;
    Ok(count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::on_both;

    on_both! {
        async fn a_password_that_was_changed_meanwhile_is_not_changed_back(world) {
            let ada = world.sign_up("ada@example.com").await;
            let (_, seen) = by_email(world.db(), &ada.email).await.unwrap().unwrap();
            let mut tx = world.db().begin().await.unwrap();
            assert!(replace_hash(&mut tx, &ada.id, &seen, "changed").await.unwrap());
            assert!(!replace_hash(&mut tx, &ada.id, &seen, "made anew").await.unwrap());
            tx.commit().await.unwrap();
            let (_, hash) = by_email(world.db(), &ada.email).await.unwrap().unwrap();
            assert_eq!(hash, "changed");
        }
    }
}
