//! A part of the call log.

use super::Outcome;
use crate::{clock::Timestamp, ids::ToolId};

/// Which calls; what is left out is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    pub tool_id: Option<ToolId>,
    pub outcome: Option<Outcome>,
    /// Those that began at this time or after it.
    pub since: Option<Timestamp>,
    /// Those that began before this time.
    pub until: Option<Timestamp>,
}

/// Milliseconds between the moments in which a call gets its id and its time.
const SLACK: i64 = 1_000;
/// Milliseconds that an id has room for (RFC 9562 §5.7).
const LAST_MOMENT: i64 = (1 << 48) - 1;

impl CallFilter {
    /// Between which ids its calls are: they sort by time, and an index has them.
    pub(super) fn ids(&self) -> (String, String) {
        let first = self.since.map_or(0, |since| since.0.saturating_sub(SLACK));
        let last = self
            .until
            .map_or(LAST_MOMENT, |until| until.0.saturating_add(SLACK));
        let first = match first {
            // Whatever they are.
            ..=0 => "call_".to_owned(),
            moment => id_at(moment),
        };
        // Behind those of its moment, whose next digit is of the version.
        (first, format!("{}z", id_at(last)))
    }
}

fn id_at(moment: i64) -> String {
    format!("call_{:012x}", moment.clamp(0, LAST_MOMENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::{Clock, ManualClock, SystemRandom},
        ids::CallId,
    };

    #[test]
    fn a_call_is_between_the_ids_of_a_time_that_holds_it() {
        let clock = ManualClock::at(Timestamp(1_790_000_000_000));
        let id = CallId::new(&clock, &SystemRandom).to_string();
        let between = |since: Option<i64>, until: Option<i64>| {
            let filter = CallFilter {
                since: since.map(|by| Timestamp(clock.now().0 + by)),
                until: until.map(|by| Timestamp(clock.now().0 + by)),
                ..CallFilter::default()
            };
            let (first, last) = filter.ids();
            first <= id && id < last
        };
        assert!(between(None, None));
        assert!(between(Some(0), Some(1)));
        assert!(!between(Some(2_000), None));
        assert!(!between(None, Some(-2_000)));
        for strange in [i64::MIN, -1, 0, i64::MAX] {
            let strange = Some(Timestamp(strange));
            let filter = CallFilter {
                since: strange,
                until: strange,
                ..CallFilter::default()
            };
            let (first, last) = filter.ids();
            assert!(first.starts_with("call_") && last.starts_with("call_"));
        }
    }
}
