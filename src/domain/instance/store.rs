//! The SQL of settings.

use serde_json::Value;

use super::SettingName;
use crate::{
    Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::UserId,
};

/// Those that this program knows.
pub(super) async fn all(db: &Db) -> Result<Vec<(SettingName, Value)>> {
    const SQL: &str = "SELECT name, value FROM settings";
    let rows: Vec<(String, String)> = read!(db, |c| sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .filter_map(|(name, value)| Some((name.parse().ok()?, serde_json::from_str(&value).ok()?)))
        .collect())
}

/// How much there is on the instance, by the names that people have for it.
pub(super) async fn counts(db: &Db) -> Result<Vec<(&'static str, i64)>, DbError> {
    const COUNTED: &[(&str, &str)] = &[
        (
            "accounts",
            "SELECT COUNT(*) FROM users WHERE deleted_at IS NULL",
        ),
        ("projects", "SELECT COUNT(*) FROM projects"),
        ("tools", "SELECT COUNT(*) FROM tools"),
        ("integrations", "SELECT COUNT(*) FROM integrations"),
        (
            "live connections",
            "SELECT COUNT(*) FROM grants WHERE ended_at IS NULL",
        ),
        (
            "API keys",
            "SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL",
        ),
    ];
    let mut counts = Vec::new();
    for (name, sql) in COUNTED {
        let count: i64 = read!(db, |c| sqlx::query_scalar(sql).fetch_one(c).await)?;
        counts.push((*name, count));
    }
    Ok(counts)
}

pub(super) async fn set(
    tx: &mut Tx,
    name: SettingName,
    value: &Value,
    by: &UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO settings (name, value, updated_by, updated_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE \
         SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(name.as_str())
            .bind(value.to_string())
            .bind(by)
            .bind(now)
    )?;
    Ok(())
}
