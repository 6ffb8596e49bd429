//! What is committed of a call: its row, its detail where one is kept, and that it is counted.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use super::{Call, Outcome, counts::hour_of};
use crate::{
    db::{Beside, Column, LogRow, Value},
    ids::ProjectId,
};

/// A call with what is kept beside it.
#[derive(Debug, Clone)]
pub(super) struct Logged {
    pub(super) call: Call,
    /// JSON, redacted.
    pub(super) detail: Option<Arc<str>>,
}

/// Rows in which the calls of an hour are counted: processes that share a database seldom share one.
const PARTS: u64 = 16;

/// The one that this process counts in.
fn part() -> i64 {
    static PART: OnceLock<i64> = OnceLock::new();
    *PART.get_or_init(|| {
        use std::hash::{BuildHasher, RandomState};
        let any = RandomState::new().hash_one(std::process::id());
        i64::try_from(any % PARTS).expect("it is small")
    })
}

impl LogRow for Logged {
    const TABLE: &'static str = Call::TABLE;
    const COLUMNS: &'static [&'static str] = Call::COLUMNS;

    fn values(&self) -> Vec<Value<'_>> {
        self.call.values()
    }

    fn beside(rows: &[Self]) -> Vec<Beside<'_>> {
        let mut beside = vec![counted(rows)];
        let details: Vec<_> = rows.iter().filter_map(detail).collect();
        if !details.is_empty() {
            beside.push(Beside {
                table: "call_details",
                columns: &[
                    Column::Text("project_id"),
                    Column::Text("call_id"),
                    Column::Text("detail"),
                ],
                conflict: "",
                rows: details,
            });
        }
        beside
    }
}

fn detail(row: &Logged) -> Option<Vec<Value<'_>>> {
    let detail = row.detail.as_deref()?;
    let call = &row.call;
    Some(vec![
        call.project_id.as_str().into(),
        call.id.as_str().into(),
        detail.into(),
    ])
}

fn counted(rows: &[Logged]) -> Beside<'_> {
    // In one order, so that no two processes wait for each other's rows.
    let mut counts: BTreeMap<(&ProjectId, i64), (i64, i64)> = BTreeMap::new();
    for Logged { call, .. } in rows {
        let of = (&call.project_id, hour_of(call.started_at));
        let (calls, failures) = counts.entry(of).or_default();
        *calls += 1;
        *failures += i64::from(call.outcome != Outcome::Ok);
    }
    Beside {
        table: "call_counts",
        columns: &[
            Column::Text("project_id"),
            Column::Integer("hour"),
            Column::Integer("part"),
            Column::Integer("calls"),
            Column::Integer("failures"),
        ],
        conflict: "ON CONFLICT (project_id, hour, part) DO UPDATE SET \
             calls = call_counts.calls + excluded.calls, \
             failures = call_counts.failures + excluded.failures",
        rows: counts
            .into_iter()
            .map(|((project, hour), (calls, failures))| {
                vec![
                    project.as_str().into(),
                    hour.into(),
                    part().into(),
                    calls.into(),
                    failures.into(),
                ]
            })
            .collect(),
    }
}
