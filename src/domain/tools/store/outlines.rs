//! The SQL of tools by their names. Of a project's rows only what such a list shows is read.

use sqlx::FromRow;

use super::from_json;
use crate::{
    Result,
    db::{Db, Tx, read, write},
    ids::{ProjectId, ToolId},
    tools::{Annotations, ToolOutline},
};

#[derive(FromRow)]
struct Row {
    id: ToolId,
    name: String,
    title: String,
    annotations: String,
    is_enabled: bool,
}

impl TryFrom<Row> for ToolOutline {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let annotations: Annotations = from_json(&row.annotations)?;
        Ok(Self {
            id: row.id,
            name: row.name,
            title: row.title,
            is_read_only: annotations.read_only_hint,
            is_enabled: row.is_enabled,
        })
    }
}

/// By name in byte order, as [`super::of_project`].
pub(in crate::tools) async fn of_project(db: &Db, project: &ProjectId) -> Result<Vec<ToolOutline>> {
    const SQL: &str =
        "SELECT id, name, title, annotations, is_enabled FROM tools WHERE project_id = $1";
    let rows: Vec<Row> = read!(db, |c| sqlx::query_as(SQL).bind(project).fetch_all(c).await)?;
    let outlines: Result<Vec<ToolOutline>> = rows.into_iter().map(TryInto::try_into).collect();
    let mut outlines = outlines?;
    outlines.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(outlines)
}

/// How many tools there are, and how many of them are enabled.
pub(in crate::tools) async fn count(db: &Db, project: &ProjectId) -> Result<(usize, usize)> {
    const SQL: &str = "SELECT COUNT(*), COUNT(CASE WHEN is_enabled THEN 1 END) FROM tools \
         WHERE project_id = $1";
    let (all, enabled): (i64, i64) =
        read!(db, |c| sqlx::query_as(SQL).bind(project).fetch_one(c).await)?;
    let number = |count| usize::try_from(count).unwrap_or_default();
    Ok((number(all), number(enabled)))
}

/// Each tool, and whether it is enabled.
pub(in crate::tools) async fn states(db: &Db, project: &ProjectId) -> Result<Vec<(ToolId, bool)>> {
    const SQL: &str = "SELECT id, is_enabled FROM tools WHERE project_id = $1";
    Ok(read!(db, |c| sqlx::query_as(SQL)
        .bind(project)
        .fetch_all(c)
        .await)?)
}

pub(crate) async fn ids_in(tx: &mut Tx, project: &ProjectId) -> Result<Vec<ToolId>> {
    const SQL: &str = "SELECT id FROM tools WHERE project_id = $1";
    Ok(write!(tx, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .fetch_all(c)
        .await)?)
}
