//! The list of calls. A project may have millions, so each list finds the ids of its page in one index
//! alone and then reads those rows. Which index it is, its own condition says; the other conditions are
//! written so that no database takes them for a way to begin, and the index holds what they look at.

use sqlx::{Database, Encode, Type, query::QueryAs};

use super::Row;
use crate::{
    Result,
    calls::{Call, CallFilter, Outcome, Outcomes, Via, filter::Start},
    db::{Db, read_log},
    ids::ProjectId,
};

macro_rules! list {
    ($begins:literal, $rest:literal, $order:literal) => {
        concat!(
            "SELECT * FROM calls WHERE id IN (SELECT id FROM calls WHERE project_id = $1 \
             AND id >= $2 AND id < $3 AND ",
            $begins,
            $rest,
            " AND ($7 = '' OR outcome = $7) AND ($8 = '' OR via = $8) ORDER BY id ",
            $order,
            " LIMIT $9) ORDER BY id ",
            $order
        )
    };
}

/// The other conditions are those whose columns the index holds; what is not asked for is nothing.
macro_rules! either_way {
    ($begins:literal, $rest:literal) => {
        [list!($begins, $rest, "DESC"), list!($begins, $rest, "ASC")]
    };
}

/// By the narrowest condition that has an index: what failed is little, and so is what people tried; a
/// person makes fewer calls than an integration has, and an integration fewer than there are of a tool that
/// all of them use.
pub(crate) fn sql(filter: &CallFilter, is_forward: bool) -> &'static str {
    const ALL: [&str; 2] = either_way!("$4 = ''", " AND $5 = '' AND $6 = ''");
    const FAILED: [&str; 2] = either_way!(
        "outcome <> 'ok'",
        " AND ($4 = '' OR tool_id = $4) AND ($5 = '' OR integration_id = $5) \
         AND ($6 = '' OR user_id = $6)"
    );
    const OF_PERSON: [&str; 2] = either_way!(
        "user_id = $6",
        " AND ($4 = '' OR tool_id = $4) AND ($5 = '' OR integration_id = $5)"
    );
    const OF_INTEGRATION: [&str; 2] = either_way!(
        "integration_id = $5",
        " AND ($4 = '' OR tool_id = $4) AND $6 = ''"
    );
    const OF_TOOL: [&str; 2] = either_way!("tool_id = $4", " AND $5 = '' AND $6 = ''");
    const BY_HAND: [&str; 2] = either_way!(
        "via <> 'mcp' AND via = $8",
        " AND ($4 = '' OR tool_id = $4) AND ($5 = '' OR integration_id = $5) \
         AND ($6 = '' OR user_id = $6)"
    );
    let texts = match filter.outcome {
        Some(Outcomes::Only(outcome)) if outcome != Outcome::Ok => FAILED,
        Some(Outcomes::Failed) => FAILED,
        _ if filter.via == Some(Via::Playground) => BY_HAND,
        _ if filter.user_id.is_some() => OF_PERSON,
        _ if filter.integration_id.is_some() => OF_INTEGRATION,
        _ if filter.tool_id.is_some() => OF_TOOL,
        _ if filter.via == Some(Via::Rest) => BY_HAND,
        _ => ALL,
    };
    texts[usize::from(is_forward)]
}

/// What the places of [`sql`] stand for.
pub(crate) struct Places<'a> {
    project: &'a str,
    ids: (String, String),
    filter: &'a CallFilter,
    most: i64,
}

impl<'a> Places<'a> {
    pub(crate) fn new(
        project: &'a ProjectId,
        filter: &'a CallFilter,
        start: &Start,
        most: i64,
    ) -> Self {
        Self {
            project: project.as_str(),
            ids: filter.ids(start),
            filter,
            most,
        }
    }

    pub(crate) fn bound<'q, DB, O>(
        &'q self,
        query: QueryAs<'q, DB, O, DB::Arguments<'q>>,
    ) -> QueryAs<'q, DB, O, DB::Arguments<'q>>
    where
        DB: Database,
        &'q str: Encode<'q, DB> + Type<DB>,
        i64: Encode<'q, DB> + Type<DB>,
    {
        let filter = self.filter;
        let outcome = match filter.outcome {
            Some(Outcomes::Only(outcome)) => outcome.as_str(),
            // The text says it.
            Some(Outcomes::Failed) | None => "",
        };
        query
            .bind(self.project)
            .bind(self.ids.0.as_str())
            .bind(self.ids.1.as_str())
            .bind(filter.tool_id.as_ref().map_or("", |id| id.as_str()))
            .bind(filter.integration_id.as_ref().map_or("", |id| id.as_str()))
            .bind(filter.user_id.as_ref().map_or("", |id| id.as_str()))
            .bind(outcome)
            .bind(filter.via.map_or("", Via::as_str))
            .bind(self.most)
    }
}

/// Newest first, whichever way it was read.
pub(in crate::calls) async fn list(
    db: &Db,
    project: &ProjectId,
    filter: &CallFilter,
    start: &Start,
    most: i64,
) -> Result<Vec<Call>> {
    // What names nothing has made no calls; the query would take it for no condition.
    let names_nothing = filter
        .tool_id
        .as_ref()
        .is_some_and(|id| id.as_str().is_empty())
        || filter
            .integration_id
            .as_ref()
            .is_some_and(|id| id.as_str().is_empty())
        || filter
            .user_id
            .as_ref()
            .is_some_and(|id| id.as_str().is_empty());
    if names_nothing {
        return Ok(Vec::new());
    }
    let is_forward = matches!(start, Start::After(_));
    let text = sql(filter, is_forward);
    let places = Places::new(project, filter, start, most);
    let rows: Vec<Row> = read_log!(db, |c| places
        .bound(sqlx::query_as(text))
        .fetch_all(c)
        .await)?;
    let mut calls: Vec<Call> = rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_>>()?;
    if is_forward {
        calls.reverse();
    }
    Ok(calls)
}
