//! How many calls there were and how many of them failed, hour by hour. They are counted in the commit
//! of each call: to count a week of a busy project's rows would take a page longer than all the rest of
//! it.

use super::{Calls, store};
use crate::{
    Result,
    clock::Timestamp,
    members::{Access, Viewer},
};

const HOUR_MS: i64 = 3_600_000;
const HOURS_OF_DAY: i64 = 24;
/// Days that counts are kept.
pub(super) const KEPT_DAYS: i64 = 90;

/// Hours since the Unix epoch.
pub(super) const fn hour_of(moment: Timestamp) -> i64 {
    moment.0.div_euclid(HOUR_MS)
}

/// How long each count is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Hour,
    /// Of UTC.
    Day,
}

impl Span {
    const fn hours(self) -> i64 {
        match self {
            Self::Hour => 1,
            Self::Day => HOURS_OF_DAY,
        }
    }
}

/// The calls that began in an hour or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallCount {
    /// Its beginning.
    pub from: Timestamp,
    pub calls: i64,
    /// Those of them that did not end with [`Outcome::Ok`](super::Outcome::Ok).
    pub failures: i64,
}

impl Calls {
    /// The counts of the last so many hours or days, the oldest first and the one that runs last; those
    /// without calls are there too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn counts(
        &self,
        access: &Access<Viewer>,
        span: Span,
        most: u16,
    ) -> Result<Vec<CallCount>> {
        let width = span.hours();
        let last = hour_of(self.core.now()).div_euclid(width);
        let first = last - i64::from(most) + 1;
        let mut counts: Vec<_> = (first..=last)
            .map(|at| CallCount {
                from: Timestamp(at * width * HOUR_MS),
                calls: 0,
                failures: 0,
            })
            .collect();
        let hours = (first * width, (last + 1) * width);
        for row in store::counts(&self.core.db, access.project_id(), hours).await? {
            let at = usize::try_from(row.hour.div_euclid(width) - first).ok();
            if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                count.calls += row.calls;
                count.failures += row.failures;
            }
        }
        Ok(counts)
    }
}
