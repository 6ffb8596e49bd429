//! The SQL of the list of tools.

use sqlx::FromRow;

use super::from_json;
use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, Tx, read, write},
    ids::{ProjectId, ToolId},
    listing::{Counts, ROWS, bound},
    tools::{Annotations, ToolFilter, ToolList, ToolName, ToolOrder, ToolSummary},
};

#[derive(FromRow)]
struct Row {
    id: ToolId,
    name: String,
    title: String,
    http_method: String,
    base_url: String,
    endpoint_path: String,
    annotations: String,
    is_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for ToolSummary {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let annotations: Annotations = from_json(&row.annotations)?;
        let method = row.http_method.parse();
        Ok(Self {
            id: row.id,
            name: row.name,
            title: row.title,
            http_method: method.map_err(|why| Error::corrupt("tool", why))?,
            base_url: row.base_url,
            endpoint_path: row.endpoint_path,
            is_read_only: annotations.read_only_hint,
            is_enabled: row.is_enabled,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What the words stand in.
const TEXT: &str =
    "t.name || ' ' || t.title || ' ' || t.http_method || ' ' || t.base_url || t.endpoint_path";

/// Its places begin with the second, behind the project.
fn condition(filter: &ToolFilter) -> String {
    let words = filter.words.condition(TEXT, 2);
    match filter.is_enabled {
        None => words,
        Some(true) => format!("t.is_enabled AND {words}"),
        Some(false) => format!("NOT t.is_enabled AND {words}"),
    }
}

#[derive(FromRow)]
struct Counted {
    #[sqlx(flatten)]
    counts: Counts,
    enabled: i64,
}

pub(in crate::tools) async fn found(
    db: &Db,
    project: &ProjectId,
    filter: &ToolFilter,
    order: ToolOrder,
    page: usize,
) -> Result<ToolList> {
    let (condition, places) = (condition(filter), filter.words.places());
    let count = Counts::sql(
        &[&format!(
            "COUNT(CASE WHEN t.is_enabled AND {condition} THEN 1 END) AS enabled"
        )],
        "tools t WHERE t.project_id = $1",
        &condition,
    );
    let counted: Counted = read!(db, |c| {
        bound(sqlx::query_as(&count).bind(project), &places)
            .fetch_one(c)
            .await
    })?;
    let page = counted.counts.page(page);
    let order = match order {
        ToolOrder::Name => "t.name",
        // Ids rise with time.
        ToolOrder::Newest => "t.id DESC",
        ToolOrder::Changed => "t.updated_at DESC, t.id DESC",
    };
    let sql = format!(
        "SELECT t.id, t.name, t.title, t.http_method, t.base_url, t.endpoint_path, t.annotations, \
         t.is_enabled, t.created_at, t.updated_at FROM tools t \
         WHERE t.project_id = $1 AND {condition} ORDER BY {order} LIMIT {ROWS} OFFSET ${}",
        2 + places.len()
    );
    let rows: Vec<Row> = read!(db, |c| {
        bound(sqlx::query_as(&sql).bind(project), &places)
            .bind(page.offset())
            .fetch_all(c)
            .await
    })?;
    let rows: Result<_> = rows.into_iter().map(TryInto::try_into).collect();
    Ok(ToolList {
        list: page.of(rows?),
        enabled: usize::try_from(counted.enabled).unwrap_or_default(),
    })
}

/// In order.
pub(in crate::tools) async fn ids_found(
    tx: &mut Tx,
    project: &ProjectId,
    filter: &ToolFilter,
) -> Result<Vec<ToolId>> {
    let (condition, places) = (condition(filter), filter.words.places());
    let sql = format!("SELECT t.id FROM tools t WHERE t.project_id = $1 AND {condition}");
    let rows: Vec<(ToolId,)> = write!(tx, |c| {
        bound(sqlx::query_as(&sql).bind(project), &places)
            .fetch_all(c)
            .await
    })?;
    let mut ids: Vec<ToolId> = rows.into_iter().map(|(id,)| id).collect();
    ids.sort_unstable();
    Ok(ids)
}

pub(in crate::tools) async fn count_enabled(db: &Db, project: &ProjectId) -> Result<usize> {
    const SQL: &str = "SELECT COUNT(*) FROM tools WHERE project_id = $1 AND is_enabled";
    let count: i64 = read!(db, |c| sqlx::query_scalar(SQL)
        .bind(project)
        .fetch_one(c)
        .await)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

pub(in crate::tools) async fn names(db: &Db, project: &ProjectId) -> Result<Vec<ToolName>> {
    const SQL: &str = "SELECT id, name, is_enabled FROM tools WHERE project_id = $1 ORDER BY name";
    let rows: Vec<(ToolId, String, bool)> =
        read!(db, |c| sqlx::query_as(SQL).bind(project).fetch_all(c).await)?;
    let name = |(id, name, is_enabled)| ToolName {
        id,
        name,
        is_enabled,
    };
    Ok(rows.into_iter().map(name).collect())
}
