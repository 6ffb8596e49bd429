//! The SQL of the list of integrations.

use sqlx::FromRow;

use crate::{
    Error, Result,
    clock::Timestamp,
    db::{Db, read},
    ids::{IntegrationId, ProjectId},
    integrations::{IntegrationFilter, IntegrationOrder, IntegrationSummary},
    listing::{Counts, Listed, ROWS, bound},
};

#[derive(FromRow)]
struct Row {
    id: IntegrationId,
    name: String,
    client_id: String,
    client_kind: String,
    is_active: bool,
    created_at: Timestamp,
    connections: i64,
    last_used_at: Option<Timestamp>,
}

impl TryFrom<Row> for IntegrationSummary {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let kind = row.client_kind.parse();
        Ok(Self {
            id: row.id,
            name: row.name,
            client_id: row.client_id,
            client_kind: kind.map_err(|why| Error::corrupt("integration", why))?,
            is_active: row.is_active,
            created_at: row.created_at,
            connections: row.connections,
            last_used_at: row.last_used_at,
        })
    }
}

pub(in crate::integrations) async fn found(
    db: &Db,
    project: &ProjectId,
    filter: &IntegrationFilter,
    (order, page): (IntegrationOrder, usize),
    now: Timestamp,
) -> Result<Listed<IntegrationSummary>> {
    let words = filter.words.condition("i.name", 2);
    let condition = match filter.is_active {
        None => words,
        Some(true) => format!("i.is_active AND {words}"),
        Some(false) => format!("NOT i.is_active AND {words}"),
    };
    let places = filter.words.places();
    let count = Counts::sql(&[], "integrations i WHERE i.project_id = $1", &condition);
    let counts: Counts = read!(db, |c| {
        bound(sqlx::query_as(&count).bind(project), &places)
            .fetch_one(c)
            .await
    })?;
    let page = counts.page(page);
    let order = match order {
        IntegrationOrder::Newest => "l.id DESC",
        IntegrationOrder::Name => "lower(l.name), l.name",
        IntegrationOrder::Used => "l.last_used_at IS NULL, l.last_used_at DESC, l.id DESC",
    };
    let [time, offset] = [2 + places.len(), 3 + places.len()];
    let sql = format!(
        "SELECT l.* FROM (SELECT i.id, i.name, i.client_id, i.client_kind, i.is_active, i.created_at, \
         (SELECT COUNT(*) FROM grants g WHERE g.integration_id = i.id AND g.ended_at IS NULL \
         AND (g.expires_at IS NULL OR g.expires_at > ${time})) AS connections, \
         (SELECT MAX(u.used_at) FROM (SELECT MAX(g.last_used_at) AS used_at FROM grants g \
         WHERE g.integration_id = i.id UNION ALL SELECT MAX(s.last_used_at) \
         FROM integration_secrets s WHERE s.integration_id = i.id) u) AS last_used_at \
         FROM integrations i WHERE i.project_id = $1 AND {condition}) l \
         ORDER BY {order} LIMIT {ROWS} OFFSET ${offset}"
    );
    let rows: Vec<Row> = read!(db, |c| {
        bound(sqlx::query_as(&sql).bind(project), &places)
            .bind(now)
            .bind(page.offset())
            .fetch_all(c)
            .await
    })?;
    let rows: Result<_> = rows.into_iter().map(TryInto::try_into).collect();
    Ok(page.of(rows?))
}
