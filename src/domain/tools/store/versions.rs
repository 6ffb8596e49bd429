//! The SQL of tools' versions.

use std::ops::RangeInclusive;

use sqlx::FromRow;

use super::{from_json, to_json};
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, DbError, Tx, execute, read},
    ids::{ApiKeyId, ToolId, UserId},
    tools::{Tool, Version, VersionDetail},
};

#[derive(FromRow)]
struct Row {
    number: i64,
    made_at: Timestamp,
    made_by: Option<String>,
    api_key_id: Option<ApiKeyId>,
    api_key_name: Option<String>,
    kind: String,
    restored_from: Option<i64>,
    secret_changed: bool,
}

#[derive(FromRow)]
struct WithDefinition {
    #[sqlx(flatten)]
    row: Row,
    definition: String,
}

impl TryFrom<Row> for Version {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let corrupt = |why: String| Error::corrupt("version of a tool", why);
        Ok(Self {
            number: row.number,
            made_at: row.made_at,
            made_by: row.made_by,
            api_key_id: row.api_key_id,
            api_key_name: row.api_key_name,
            kind: row.kind.parse().map_err(corrupt)?,
            restored_from: row.restored_from,
            secret_changed: row.secret_changed,
        })
    }
}

/// Versions of the tool `$1`, each with the names of who made it and with which key.
macro_rules! versions {
    ($more:literal, $condition:literal) => {
        concat!(
            "SELECT v.number, v.made_at, u.email AS made_by, v.api_key_id, \
             k.name AS api_key_name, v.kind, v.restored_from, v.secret_changed",
            $more,
            " FROM tool_versions v LEFT JOIN users u ON u.id = v.made_by \
             LEFT JOIN api_keys k ON k.id = v.api_key_id WHERE v.tool_id = $1",
            $condition
        )
    };
}

/// The newest first.
pub(in crate::tools) async fn of_tool(db: &Db, tool: &ToolId) -> Result<Vec<Version>> {
    const SQL: &str = versions!("", " ORDER BY v.number DESC");
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL).bind(tool).fetch_all(c).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(in crate::tools) async fn by_number(
    db: &Db,
    tool: &ToolId,
    number: i64,
) -> Result<Option<VersionDetail>> {
    const SQL: &str = versions!(", v.definition", " AND v.number = $2");
    let row: Option<WithDefinition> = read!(db, |c| sqlx::query_as(SQL)
        .bind(tool)
        .bind(number)
        .fetch_optional(c)
        .await)?;
    row.map(|with| {
        Ok(VersionDetail {
            version: with.row.try_into()?,
            definition: from_json(&with.definition)?,
        })
    })
    .transpose()
}

/// Whether the tool's own secret was another one in two versions, or may have been.
pub(in crate::tools) async fn secret_changed(
    db: &Db,
    tool: &ToolId,
    between: RangeInclusive<i64>,
) -> Result<bool, DbError> {
    const SQL: &str = "SELECT COUNT(*) FROM tool_versions \
         WHERE tool_id = $1 AND number > $2 AND number <= $3 AND secret_changed";
    let changes: i64 = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(tool)
        .bind(between.start())
        .bind(between.end())
        .fetch_one(c)
        .await)?;
    Ok(changes > 0)
}

/// Keeps what a tool is as a version of it, unless that is kept already.
pub(in crate::tools) async fn keep(
    tx: &mut Tx,
    tool: &Tool,
    version: &Version,
    made_by: Option<&UserId>,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO tool_versions (tool_id, number, made_at, made_by, api_key_id, \
         kind, restored_from, secret_changed, definition) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tool_id, number) DO NOTHING";
    execute!(
        tx,
        sqlx::query(SQL)
            .bind(&tool.id)
            .bind(version.number)
            .bind(version.made_at)
            .bind(made_by)
            .bind(&version.api_key_id)
            .bind(version.kind.as_str())
            .bind(version.restored_from)
            .bind(version.secret_changed)
            .bind(to_json(&tool.as_input()))
    )?;
    Ok(())
}

/// Deletes the versions up to a number.
pub(in crate::tools) async fn let_go(
    tx: &mut Tx,
    tool: &ToolId,
    up_to: i64,
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM tool_versions WHERE tool_id = $1 AND number <= $2";
    execute!(tx, sqlx::query(SQL).bind(tool).bind(up_to))?;
    Ok(())
}
