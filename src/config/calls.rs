//! The call log: how long the details of calls are kept.

use domain::calls::DetailLimits;

use super::{ConfigError, Sources, within};

const DAY: i64 = 86_400;
/// Details in a project: at some kilobytes each, as much as a disk of our day holds.
const MOST: i64 = 10_000_000;

#[derive(Debug, Clone, Copy)]
pub struct CallsConfig {
    /// `TENGINE_CALL_DETAILS_TTL`, seconds; `TENGINE_CALL_DETAILS_MOST`, in each project. The rows of
    /// calls stay when their details go.
    pub details: DetailLimits,
}

impl CallsConfig {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let default = DetailLimits::default();
        Ok(Self {
            details: DetailLimits {
                kept_seconds: sources.parsed(
                    "call_details_ttl",
                    |text| within(text, 60, 365 * DAY),
                    || default.kept_seconds,
                )?,
                most_in_project: sources
                    .parsed("call_details_most", details, || default.most_in_project)?,
            },
        })
    }
}

fn details(text: &str) -> Result<i64, String> {
    text.parse()
        .ok()
        .filter(|most| (1..=MOST).contains(most))
        .ok_or_else(|| format!("use 1 to {MOST} details"))
}
