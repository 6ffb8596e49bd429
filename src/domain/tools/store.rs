//! The SQL of tools.

pub(super) mod list;
pub(crate) mod outlines;
pub(super) mod versions;

use serde::{Serialize, de::DeserializeOwned};
use sqlx::FromRow;

use super::{Tool, ToolSecret, definition::mirrors_arguments};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read, write},
    ids::{ProjectId, ToolId, VaultSecretId},
    vault::{self, VaultSecret},
};

#[derive(FromRow)]
struct Row {
    id: ToolId,
    project_id: ProjectId,
    name: String,
    title: String,
    description: String,
    input_schema: String,
    output_schema: Option<String>,
    base_url: String,
    http_method: String,
    endpoint_path: String,
    headers_template: String,
    query_template: String,
    body_template: Option<String>,
    auth_strategy: String,
    auth_config: String,
    auth_secret: Option<Vec<u8>>,
    require_member: bool,
    inject_member_identity: bool,
    annotations: String,
    icons: String,
    timeout_ms: i64,
    max_response_bytes: i64,
    max_concurrency: Option<i64>,
    max_retries: i64,
    is_enabled: bool,
    read_only_since: Option<Timestamp>,
    version: i64,
    described_at: Timestamp,
    created_at: Timestamp,
    updated_at: Timestamp,
    vault_secret_id: Option<VaultSecretId>,
    vault_name: Option<String>,
    vault_origins: Option<String>,
    vault_client: Option<String>,
    vault_auth_strategy: Option<String>,
    vault_auth_config: Option<String>,
    vault_sealed: Option<Vec<u8>>,
    vault_created_at: Option<Timestamp>,
    vault_updated_at: Option<Timestamp>,
}

impl Row {
    fn secret(&mut self) -> Result<Option<ToolSecret>> {
        let Some(id) = self.vault_secret_id.take() else {
            return Ok(self.auth_secret.take().map(ToolSecret::Own));
        };
        let missing = || Error::corrupt("tool", "its secret in the vault is missing");
        let secret = VaultSecret {
            id,
            name: self.vault_name.take().ok_or_else(missing)?,
            origins: from_json(self.vault_origins.as_deref().ok_or_else(missing)?)?,
            auth_strategy: (self
                .vault_auth_strategy
                .as_deref()
                .ok_or_else(missing)?
                .parse())
            .map_err(|why: String| Error::corrupt("tool", why))?,
            auth_config: from_json(self.vault_auth_config.as_deref().ok_or_else(missing)?)?,
            oauth2: self.vault_client.as_deref().map(from_json).transpose()?,
            sealed: self.vault_sealed.take(),
            created_at: self.vault_created_at.ok_or_else(missing)?,
            updated_at: self.vault_updated_at.ok_or_else(missing)?,
        };
        Ok(Some(ToolSecret::Named(Box::new(secret))))
    }
}

impl TryFrom<Row> for Tool {
    type Error = Error;

    fn try_from(mut row: Row) -> Result<Self> {
        let auth_secret = row.secret()?;
        let corrupt = |why| Error::corrupt("tool", why);
        Ok(Self {
            id: row.id,
            project_id: row.project_id,
            name: row.name,
            title: row.title,
            description: row.description,
            mirrors_arguments: mirrors_arguments(&row.input_schema),
            input_schema: from_json(&row.input_schema)?,
            output_schema: row.output_schema.as_deref().map(from_json).transpose()?,
            base_url: row.base_url,
            http_method: row.http_method.parse().map_err(corrupt)?,
            endpoint_path: row.endpoint_path,
            headers_template: from_json(&row.headers_template)?,
            query_template: from_json(&row.query_template)?,
            body_template: row.body_template.as_deref().map(from_json).transpose()?,
            auth_strategy: row.auth_strategy.parse().map_err(corrupt)?,
            auth_config: from_json(&row.auth_config)?,
            auth_secret,
            require_member: row.require_member,
            inject_member_identity: row.inject_member_identity,
            annotations: from_json(&row.annotations)?,
            icons: from_json(&row.icons)?,
            timeout_ms: row.timeout_ms,
            max_response_bytes: row.max_response_bytes,
            max_concurrency: row.max_concurrency,
            max_retries: row.max_retries,
            is_enabled: row.is_enabled,
            read_only_since: row.read_only_since,
            version: row.version,
            described_at: row.described_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|why| Error::corrupt("tool", why))
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a value that came from JSON goes back to it")
}

/// Tools, each with its secret in the vault.
macro_rules! tools_where {
    ($condition:literal) => {
        concat!(
            "SELECT t.*, v.name AS vault_name, v.origins AS vault_origins, \
             v.client AS vault_client, v.sealed AS vault_sealed, \
             v.auth_strategy AS vault_auth_strategy, v.auth_config AS vault_auth_config, \
             v.created_at AS vault_created_at, v.updated_at AS vault_updated_at \
             FROM tools t LEFT JOIN vault_secrets v ON v.id = t.vault_secret_id WHERE ",
            $condition
        )
    };
}

const OF_PROJECT: &str = tools_where!("t.project_id = $1");
const BY_ID: &str = tools_where!("t.project_id = $1 AND t.id = $2");

/// By name in byte order. Sorted here: PostgreSQL sorts by its collation, and a cursor that compares
/// names must mean the same order on both.
pub(crate) async fn of_project(db: &Db, project: &ProjectId) -> Result<Vec<Tool>> {
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(OF_PROJECT)
        .bind(project)
        .fetch_all(c)
        .await)?;
    let mut tools: Vec<Tool> = rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_>>()?;
    tools.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(tools)
}

/// Every tool of the project as it stays until the transaction ends, by the same means as [`locked`].
/// The project's row is written first, so that of two that lock many tools one waits for the other.
pub(super) async fn all_locked(tx: &mut Tx, project: &ProjectId) -> Result<Vec<Tool>> {
    const LOCK: &str = "UPDATE tools SET updated_at = updated_at WHERE project_id = $1";
    vault::store::turn(tx, project).await?;
    execute!(tx, sqlx::query(LOCK).bind(project))?;
    of_project_in(tx, project).await
}

pub(crate) async fn of_project_in(tx: &mut Tx, project: &ProjectId) -> Result<Vec<Tool>> {
    let rows: Vec<Row> = write!(tx, |c| sqlx::query_as(OF_PROJECT)
        .bind(project)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn by_id(db: &Db, project: &ProjectId, id: &ToolId) -> Result<Option<Tool>> {
    let row: Option<Row> = read!(db, |c| sqlx::query_as(BY_ID)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// The tool as it is, and as it stays until the transaction ends: on PostgreSQL a row that was
/// written waits for its writer, and SQLite has one writer anyway.
pub(super) async fn locked(tx: &mut Tx, project: &ProjectId, id: &ToolId) -> Result<Option<Tool>> {
    const LOCK: &str = "UPDATE tools SET updated_at = updated_at WHERE project_id = $1 AND id = $2";
    execute!(tx, sqlx::query(LOCK).bind(project).bind(id))?;
    let row: Option<Row> = write!(tx, |c| sqlx::query_as(BY_ID)
        .bind(project)
        .bind(id)
        .fetch_optional(c)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

fn named(secret: &Option<ToolSecret>) -> Option<&VaultSecretId> {
    match secret {
        Some(ToolSecret::Named(secret)) => Some(&secret.id),
        Some(ToolSecret::Own(_)) | None => None,
    }
}

/// Binds every column, in the order of both statements below.
macro_rules! bound {
    ($sql:expr, $tool:expr) => {
        sqlx::query($sql)
            .bind(&$tool.id)
            .bind(&$tool.project_id)
            .bind(&$tool.name)
            .bind(&$tool.title)
            .bind(&$tool.description)
            .bind(to_json(&$tool.input_schema))
            .bind($tool.output_schema.as_ref().map(to_json))
            .bind(&$tool.base_url)
            .bind($tool.http_method.as_str())
            .bind(&$tool.endpoint_path)
            .bind(to_json(&$tool.headers_template))
            .bind(to_json(&$tool.query_template))
            .bind($tool.body_template.as_ref().map(to_json))
            .bind($tool.auth_strategy.as_str())
            .bind($tool.own_secret())
            .bind($tool.require_member)
            .bind($tool.inject_member_identity)
            .bind(to_json(&$tool.annotations))
            .bind($tool.timeout_ms)
            .bind($tool.max_response_bytes)
            .bind($tool.is_enabled)
            .bind($tool.updated_at)
            .bind($tool.read_only_since)
            .bind(to_json(&$tool.icons))
            .bind($tool.max_concurrency)
            .bind(to_json(&$tool.auth_config))
            .bind(named(&$tool.auth_secret))
            .bind($tool.version)
            .bind($tool.described_at)
            .bind($tool.max_retries)
    };
}

pub(super) async fn insert(tx: &mut Tx, tool: &Tool) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO tools (id, project_id, name, title, description, input_schema, \
         output_schema, base_url, http_method, endpoint_path, headers_template, query_template, \
         body_template, auth_strategy, auth_secret, require_member, inject_member_identity, \
         annotations, timeout_ms, max_response_bytes, is_enabled, updated_at, read_only_since, \
         icons, max_concurrency, auth_config, vault_secret_id, version, described_at, max_retries, \
         created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)";
    execute!(tx, bound!(SQL, tool).bind(tool.created_at))?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, tool: &Tool) -> Result<(), DbError> {
    const SQL: &str = "UPDATE tools SET name = $3, title = $4, description = $5, \
         input_schema = $6, output_schema = $7, base_url = $8, http_method = $9, \
         endpoint_path = $10, headers_template = $11, query_template = $12, body_template = $13, \
         auth_strategy = $14, auth_secret = $15, require_member = $16, \
         inject_member_identity = $17, annotations = $18, timeout_ms = $19, \
         max_response_bytes = $20, is_enabled = $21, updated_at = $22, \
         read_only_since = $23, icons = $24, max_concurrency = $25, auth_config = $26, \
         vault_secret_id = $27, version = $28, described_at = $29, max_retries = $30 \
         WHERE id = $1 AND project_id = $2";
    execute!(tx, bound!(SQL, tool))?;
    Ok(())
}

/// Whether there was one to delete.
pub(super) async fn delete(tx: &mut Tx, project: &ProjectId, id: &ToolId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM tools WHERE project_id = $1 AND id = $2";
    let rows = execute!(tx, sqlx::query(SQL).bind(project).bind(id))?;
    Ok(rows > 0)
}
