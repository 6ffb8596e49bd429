//! A part of the call log.

use super::{Outcome, Via};
use crate::{
    clock::Timestamp,
    ids::{CallId, IntegrationId, ToolId, UserId},
};

/// Which calls; what is left out is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    pub tool_id: Option<ToolId>,
    pub integration_id: Option<IntegrationId>,
    /// The person who called.
    pub user_id: Option<UserId>,
    pub outcome: Option<Outcomes>,
    pub via: Option<Via>,
    /// Those that began at this time or after it.
    pub since: Option<Timestamp>,
    /// Those that began before this time.
    pub until: Option<Timestamp>,
}

/// How calls ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcomes {
    Only(Outcome),
    /// Every one but [`Outcome::Ok`].
    Failed,
}

/// An outcome by its name, or `failed`.
impl std::str::FromStr for Outcomes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "failed" => Ok(Self::Failed),
            one => one.parse().map(Self::Only).map_err(|why| why + ", failed"),
        }
    }
}

impl Outcomes {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Only(outcome) => outcome.as_str(),
            Self::Failed => "failed",
        }
    }
}

/// From where on a list is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Start {
    #[default]
    Newest,
    /// Those before this one, the nearest of them.
    Before(CallId),
    /// Those after this one, the nearest of them.
    After(CallId),
}

/// Milliseconds that an id has room for (RFC 9562 §5.7).
const LAST_MOMENT: i64 = (1 << 48) - 1;

impl CallFilter {
    /// Between which ids its calls are, the last excluded: they begin with the time, and an index has
    /// them.
    pub(crate) fn ids(&self, from: &Start) -> (String, String) {
        let mut first = match self.since {
            // Whatever they are.
            None | Some(Timestamp(..=0)) => "call_".to_owned(),
            Some(since) => id_at(since.0),
        };
        let mut end = match self.until {
            Some(until) if until.0 <= LAST_MOMENT => id_at(until.0),
            _ => format!("{}z", id_at(LAST_MOMENT)),
        };
        match from {
            Start::Newest => {}
            Start::Before(id) => {
                if *id.as_str() < *end {
                    id.as_str().clone_into(&mut end);
                }
            }
            Start::After(id) => {
                if *id.as_str() >= *first {
                    // The next that could be.
                    first = format!("{id} ");
                }
            }
        }
        (first, end)
    }
}

pub(super) fn id_at(moment: i64) -> String {
    format!("call_{:012x}", moment.clamp(0, LAST_MOMENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandom;

    #[test]
    fn a_call_is_between_the_ids_of_a_time_that_holds_it() {
        let now = 1_790_000_000_000;
        let id = CallId::at(Timestamp(now), &SystemRandom);
        let between = |since: Option<i64>, until: Option<i64>, from: &Start| {
            let filter = CallFilter {
                since: since.map(|by| Timestamp(now + by)),
                until: until.map(|by| Timestamp(now + by)),
                ..CallFilter::default()
            };
            let (first, end) = filter.ids(from);
            first.as_str() <= id.as_str() && id.as_str() < end.as_str()
        };
        let newest = Start::Newest;
        assert!(between(None, None, &newest));
        assert!(between(Some(0), Some(1), &newest));
        assert!(!between(Some(1), None, &newest));
        assert!(!between(None, Some(0), &newest));
        let later = CallId::at(Timestamp(now + 1), &SystemRandom);
        let earlier = CallId::at(Timestamp(now - 1), &SystemRandom);
        for (from, is_in) in [
            (Start::Before(later.clone()), true),
            (Start::Before(id.clone()), false),
            (Start::Before(earlier.clone()), false),
            (Start::After(earlier), true),
            (Start::After(id.clone()), false),
            (Start::After(later), false),
        ] {
            assert_eq!(between(None, None, &from), is_in, "{from:?}");
            assert_eq!(between(Some(0), Some(1), &from), is_in, "{from:?}");
            assert!(!between(Some(1), None, &from));
            assert!(!between(None, Some(0), &from));
        }
        for strange in [i64::MIN, -1, 0, i64::MAX] {
            let strange = Some(Timestamp(strange));
            let filter = CallFilter {
                since: strange,
                until: strange,
                ..CallFilter::default()
            };
            let (first, end) = filter.ids(&Start::Newest);
            assert!(first.starts_with("call_") && end.starts_with("call_"));
        }
    }

    #[test]
    fn outcomes_are_one_or_all_that_failed() {
        for text in ["ok", "timeout", "failed"] {
            assert_eq!(text.parse::<Outcomes>().unwrap().as_str(), text);
        }
        assert!("fail".parse::<Outcomes>().is_err());
    }
}
