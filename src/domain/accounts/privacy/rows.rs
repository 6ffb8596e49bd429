//! What is stored about a person, as the export shows it: never a secret, and never what stands in the
//! place of one. Times are milliseconds since the Unix epoch.

use serde::Serialize;
use serde_json::Value;
use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

use super::export::EXPORTED_ROWS;
use crate::{
    Result,
    db::{Db, read, read_log},
    ids::UserId,
};

/// Rows of one kind, newest first.
pub(super) async fn rows<T>(db: &Db, sql: &'static str, user: &UserId) -> Result<Vec<Value>>
where
    T: Serialize + Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
{
    let rows: Vec<T> = read!(db, |c| sqlx::query_as(sql)
        .bind(user)
        .bind(EXPORTED_ROWS)
        .fetch_all(c)
        .await)?;
    Ok(values(&rows))
}

/// The same of the log.
pub(super) async fn rows_of_log<T>(db: &Db, sql: &'static str, user: &UserId) -> Result<Vec<Value>>
where
    T: Serialize + Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
{
    let rows: Vec<T> = read_log!(db, |c| sqlx::query_as(sql)
        .bind(user)
        .bind(EXPORTED_ROWS)
        .fetch_all(c)
        .await)?;
    Ok(values(&rows))
}

fn values<T: Serialize>(rows: &[T]) -> Vec<Value> {
    let value = |row| serde_json::to_value(row).expect("texts, numbers and truths are JSON");
    rows.iter().map(value).collect()
}

/// A kind of row: its fields, and the query for them.
macro_rules! exported {
    ($($(#[$doc:meta])* $name:ident = $sql:literal { $($field:ident: $type:ty),+ $(,)? })+) => { $(
        $(#[$doc])*
        #[derive(Debug, FromRow, Serialize)]
        pub(super) struct $name { $($field: $type),+ }

        impl $name {
            pub(super) const SQL: &'static str = concat!($sql, " LIMIT $2");
        }
    )+ };
}

exported! {
    AccountData = "SELECT id, email, created_at, disabled_at, is_instance_owner, email_verified_at, \
        password_changed_at, password_hash <> '' AS has_password FROM users WHERE id = $1" {
        id: String, email: String, created_at: i64, disabled_at: Option<i64>,
        is_instance_owner: bool, email_verified_at: Option<i64>, password_changed_at: Option<i64>,
        has_password: bool,
    }
    Membership = "SELECT p.id AS project_id, p.name AS project_name, m.role, m.joined_at \
        FROM members m JOIN projects p ON p.id = m.project_id WHERE m.user_id = $1 \
        ORDER BY m.joined_at DESC" {
        project_id: String, project_name: String, role: String, joined_at: i64,
    }
    SessionData = "SELECT id, method, provider_id, second_factor, address, user_agent, created_at, \
        last_used_at, proved_at, ended_at, end_reason FROM sessions WHERE user_id = $1 \
        ORDER BY id DESC" {
        id: String, method: String, provider_id: Option<String>, second_factor: Option<String>,
        address: String, user_agent: String, created_at: i64, last_used_at: i64, proved_at: i64,
        ended_at: Option<i64>, end_reason: Option<String>,
    }
    Totp = "SELECT created_at FROM totp WHERE user_id = $1" { created_at: i64 }
    RecoveryCode = "SELECT created_at, used_at FROM recovery_codes WHERE user_id = $1 \
        ORDER BY created_at DESC" { created_at: i64, used_at: Option<i64> }
    PasskeyData = "SELECT id, name, created_at, last_used_at, suspended_at FROM passkeys \
        WHERE user_id = $1 ORDER BY id DESC" {
        id: String, name: String, created_at: i64, last_used_at: Option<i64>,
        suspended_at: Option<i64>,
    }
    Identity = "SELECT p.name AS provider, i.subject, i.email, i.created_at, i.last_used_at \
        FROM identities i JOIN identity_providers p ON p.id = i.provider_id WHERE i.user_id = $1 \
        ORDER BY i.created_at DESC" {
        provider: String, subject: String, email: Option<String>, created_at: i64,
        last_used_at: Option<i64>,
    }
    LinkData = "SELECT kind, email, made_by, created_at, expires_at, used_at FROM account_links \
        WHERE user_id = $1 ORDER BY created_at DESC" {
        kind: String, email: Option<String>, made_by: String, created_at: i64, expires_at: i64,
        used_at: Option<i64>,
    }
    KeyData = "SELECT id, project_id, name, role, prefix, created_at, expires_at, last_used_at, \
        revoked_at FROM api_keys WHERE user_id = $1 ORDER BY id DESC" {
        id: String, project_id: Option<String>, name: String, role: String, prefix: String,
        created_at: i64, expires_at: Option<i64>, last_used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
    ConnectionData = "SELECT g.id, i.name AS integration, g.client_id, g.client_name, \
        g.redirect_uri, g.scopes, g.approved_by, g.consented_at, g.created_at, g.last_used_at, \
        g.expires_at, g.ended_at, g.end_reason FROM grants g \
        JOIN integrations i ON i.id = g.integration_id WHERE g.user_id = $1 ORDER BY g.id DESC" {
        id: String, integration: String, client_id: String, client_name: String,
        redirect_uri: Option<String>, scopes: String, approved_by: String, consented_at: i64,
        created_at: i64, last_used_at: Option<i64>, expires_at: Option<i64>, ended_at: Option<i64>,
        end_reason: Option<String>,
    }
    Consent = "SELECT i.name AS integration, c.client_id, c.redirect_uri, c.scopes, c.created_at \
        FROM consents c JOIN integrations i ON i.id = c.integration_id WHERE c.user_id = $1 \
        ORDER BY c.created_at DESC" {
        integration: String, client_id: String, redirect_uri: String, scopes: String,
        created_at: i64,
    }
    ConnectedAccount = "SELECT v.project_id, v.name AS vault_secret, u.created_at, u.updated_at, \
        u.expires_at, u.ended_because FROM upstream_connections u \
        JOIN vault_secrets v ON v.id = u.vault_secret_id WHERE u.user_id = $1 \
        ORDER BY u.created_at DESC" {
        project_id: String, vault_secret: String, created_at: i64, updated_at: i64,
        expires_at: Option<i64>, ended_because: Option<String>,
    }
    InvitationData = "SELECT i.id, i.project_id, i.role, i.email, i.is_mailed, i.most_uses, i.uses, \
        i.created_by = u.id AS is_own, i.created_at, i.expires_at, i.revoked_at, i.last_used_at \
        FROM invitations i JOIN users u ON u.id = i.created_by \
        OR (u.email = i.email AND u.email_verified_at IS NOT NULL) \
        WHERE u.id = $1 ORDER BY i.id DESC" {
        id: String, project_id: Option<String>, role: Option<String>, email: Option<String>,
        is_mailed: bool, most_uses: i64, uses: i64, is_own: bool, created_at: i64, expires_at: i64,
        revoked_at: Option<i64>, last_used_at: Option<i64>,
    }
    AuditData = "SELECT id, at, act, actor_id, api_key_id, user_id, project_id, address, detail \
        FROM audit WHERE user_id = $1 OR actor_id = $1 ORDER BY id DESC" {
        id: String, at: i64, act: String, actor_id: Option<String>, api_key_id: Option<String>,
        user_id: Option<String>, project_id: Option<String>, address: Option<String>,
        detail: Option<String>,
    }
    /// What they made or changed of projects, and when.
    Made = "SELECT kind, id, at FROM ( \
        SELECT 'project' AS kind, id, created_at AS at FROM projects WHERE created_by = $1 \
        UNION ALL SELECT 'integration', id, created_at FROM integrations WHERE created_by = $1 \
        UNION ALL SELECT 'integration_secret', id, created_at FROM integration_secrets \
        WHERE created_by = $1 \
        UNION ALL SELECT 'tool_version', tool_id, made_at FROM tool_versions WHERE made_by = $1 \
        UNION ALL SELECT 'vault_secret', id, updated_at FROM vault_secrets WHERE updated_by = $1 \
        UNION ALL SELECT 'setting', name, updated_at FROM settings WHERE updated_by = $1 \
        UNION ALL SELECT 'identity_provider', id, created_at FROM identity_providers \
        WHERE created_by = $1) made ORDER BY at DESC, id DESC" {
        kind: String, id: String, at: i64,
    }
    CallData = "SELECT id, project_id, tool_name, tool_version, integration_id, grant_id, via, \
        started_at, outcome, http_status, response_bytes FROM calls WHERE user_id = $1 \
        ORDER BY id DESC" {
        id: String, project_id: String, tool_name: String, tool_version: Option<i64>,
        integration_id: Option<String>, grant_id: Option<String>, via: String, started_at: i64,
        outcome: String, http_status: Option<i64>, response_bytes: i64,
    }
    EventData = "SELECT id, at, kind, cause, integration_id, client_id, grant_id, address, \
        user_agent, detail FROM events WHERE user_id = $1 ORDER BY id DESC" {
        id: String, at: i64, kind: String, cause: Option<String>, integration_id: Option<String>,
        client_id: Option<String>, grant_id: Option<String>, address: String, user_agent: String,
        detail: Option<String>,
    }
}
