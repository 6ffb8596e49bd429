//! Calls, as pages see them.

pub(crate) mod list;
pub(crate) mod one;

use domain::{
    calls::{self, Call, Names, Outcome, Span, Via},
    clock::Timestamp,
};
use time::{OffsetDateTime, macros::format_description};

use super::when::when;
use crate::api::calls::{CallCount, CallRow};

pub(crate) fn row(call: Call, names: &Names, now: Timestamp) -> CallRow {
    let integration = call.integration_id.as_ref().map(|id| {
        let known = names.integration(id).unwrap_or("a deleted integration");
        known.to_owned()
    });
    let person = call.user_id.as_ref().map(|id| {
        let known = names.person(id).unwrap_or("somebody who left");
        known.to_owned()
    });
    // A key of the project's is nobody's.
    let person = person.or_else(|| call.api_key_id.as_ref().map(|_| "an API key".to_owned()));
    CallRow {
        id: call.id.to_string(),
        tool_name: call.tool_name,
        tool_id: call.tool_id.to_string(),
        tool_version: call.tool_version,
        via: came_by(call.via).to_owned(),
        integration,
        person,
        is_ok: call.outcome == Outcome::Ok,
        outcome: in_words(call.outcome).to_owned(),
        error: call.error,
        http_status: call.http_status,
        duration: duration(call.phases.total_us),
        when: when(call.started_at, now),
    }
}

pub(crate) const fn came_by(via: Via) -> &'static str {
    match via {
        Via::Mcp => "MCP",
        Via::Rest => "REST API",
        Via::Playground => "Playground",
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

/// The same of what may be very short: `0.42 ms`.
pub(crate) fn fine_duration(micros: i64) -> String {
    match micros {
        ..10_000 => format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10),
        _ => duration(micros),
    }
}

/// `3.1 kB`
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// JSON on several lines; what is none as it is.
pub(crate) fn pretty(text: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| text.to_owned())
}

pub(crate) fn count(count: calls::CallCount, span: Span) -> CallCount {
    let hour = format_description!("[hour]:[minute]");
    let day = format_description!("[weekday repr:short] [day padding:none] [month repr:short]");
    let from = OffsetDateTime::from_unix_timestamp(count.from.seconds()).ok();
    let label = from.and_then(|from| match span {
        Span::Hour => from.format(hour).ok(),
        Span::Day => from.format(day).ok(),
    });
    CallCount {
        label: label.unwrap_or_default(),
        calls: u64::try_from(count.calls).unwrap_or_default(),
        failures: u64::try_from(count.failures).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_has_parts_of_a_millisecond() {
        assert_eq!(fine_duration(0), "0.00 ms");
        assert_eq!(fine_duration(424), "0.42 ms");
        assert_eq!(fine_duration(9_059), "9.05 ms");
        assert_eq!(fine_duration(12_345), "12 ms");
    }

    #[test]
    fn a_count_is_named_by_its_beginning() {
        let one = calls::CallCount {
            // 2026-11-23T14:00:00Z
            from: Timestamp(1_795_442_400_000),
            calls: 3,
            failures: 1,
        };
        assert_eq!(count(one, Span::Hour).label, "14:00");
        assert_eq!(count(one, Span::Day).label, "Mon 23 Nov");
        assert_eq!(
            (count(one, Span::Day).calls, count(one, Span::Day).failures),
            (3, 1)
        );
    }
}
