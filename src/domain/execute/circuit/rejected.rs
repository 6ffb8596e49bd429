//! What whoever calls is told of a server or an endpoint that is left alone.

use std::fmt;

use crate::{calls::Outcome, clock::Timestamp, execute::result::Ended};

/// What is wrong with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::execute) enum Fault {
    NotConnected,
    /// Within the tool's own limit, which says nothing of the server.
    NoTimeToConnect,
    NotInTime,
    HungUp,
    BadAnswer,
    Status(u16),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => f.write_str("could not connect"),
            Self::NoTimeToConnect | Self::NotInTime => f.write_str("not done in time"),
            Self::HungUp => f.write_str("closed the connection"),
            Self::BadAnswer => f.write_str("answered with something broken"),
            Self::Status(status) => write!(f, "answered {status}"),
        }
    }
}

/// A call that is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::execute) struct Rejected {
    /// Whether it is the tool alone that fails, or its server.
    pub(super) is_tool: bool,
    pub(super) in_a_row: u32,
    pub(super) since: Timestamp,
    pub(super) last: Fault,
    /// When the next one is let through.
    pub(super) again: Timestamp,
    pub(super) now: Timestamp,
}

impl Rejected {
    pub(in crate::execute) fn ended(self) -> Ended {
        Ended::failed(Outcome::Unavailable, self.to_string())
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY: i64 = 86_400_000;
        let what = if self.is_tool { "endpoint" } else { "server" };
        write!(f, "The tool's {what} has been failing ")?;
        if self.now.0 - self.since.0 >= DAY {
            f.write_str("for more than a day")?;
        } else {
            let (hour, minute, _) = time_of_day(self.since);
            write!(f, "since {hour:02}:{minute:02} UTC")?;
        }
        write!(
            f,
            " ({} calls in a row; last: {}), so nothing was sent. ",
            self.in_a_row, self.last
        )?;
        let (hour, minute, second) = time_of_day(self.again);
        write!(f, "Trying again at {hour:02}:{minute:02}:{second:02} UTC.")
    }
}

/// Hours, minutes and seconds of the day, UTC.
const fn time_of_day(at: Timestamp) -> (i64, i64, i64) {
    let seconds = at.seconds().rem_euclid(86_400);
    (seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
