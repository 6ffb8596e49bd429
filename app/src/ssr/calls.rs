//! Calls, as pages see them.

use domain::{
    calls::{Call, Outcome},
    clock::Timestamp,
};

use super::when::when;
use crate::api::calls::CallRow;

pub(crate) fn row(call: Call, now: Timestamp) -> CallRow {
    CallRow {
        id: call.id.to_string(),
        tool_name: call.tool_name,
        tool_id: call.tool_id.to_string(),
        tool_version: call.tool_version,
        via: call.via.as_str().to_uppercase(),
        is_ok: call.outcome == Outcome::Ok,
        outcome: in_words(call.outcome).to_owned(),
        error: call.error,
        http_status: call.http_status,
        duration: duration(call.phases.total_us),
        when: when(call.started_at, now),
    }
}

pub(crate) const fn in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "OK",
        Outcome::InvalidArguments => "Invalid arguments",
        Outcome::NotEnabled => "Not enabled",
        Outcome::MemberRequired => "Needs a person",
        Outcome::ConnectionRequired => "Account not connected",
        Outcome::NoToken => "No token",
        Outcome::Refused => "Address refused",
        Outcome::Busy => "Tool busy",
        Outcome::Unavailable => "Server failing",
        Outcome::Cancelled => "Cancelled",
        Outcome::Unreachable => "Unreachable",
        Outcome::Timeout => "Timed out",
        Outcome::HttpError => "HTTP error",
        Outcome::BadAnswer => "Unusable answer",
    }
}

pub(crate) fn duration(micros: i64) -> String {
    match micros {
        ..1_000 => "< 1 ms".to_owned(),
        1_000..10_000_000 => format!("{} ms", micros / 1_000),
        _ => format!("{} s", micros / 1_000_000),
    }
}
