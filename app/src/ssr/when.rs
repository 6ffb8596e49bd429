//! Times in words, as seen at one moment of the server's clock.

use domain::clock::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use crate::api::When;

/// How long ago `at` was; beyond a month, its date.
pub(crate) fn when(at: Timestamp, now: Timestamp) -> When {
    let exact = OffsetDateTime::from_unix_timestamp(at.seconds()).ok();
    let iso = exact.and_then(|exact| exact.format(&Rfc3339).ok());
    let day = format_description!("[day padding:none] [month repr:short] [year]");
    let date = exact.and_then(|exact| exact.format(day).ok());
    let seconds = now.seconds() - at.seconds();
    let relative = match seconds {
        ..-90 => format!("in {} min", -seconds / 60),
        -90..45 => "just now".to_owned(),
        45..3_570 => format!("{} min ago", (seconds + 30) / 60),
        3_570..86_400 => format!("{} h ago", (seconds + 1_800) / 3_600),
        86_400..172_800 => "yesterday".to_owned(),
        172_800..2_592_000 => format!("{} days ago", seconds / 86_400),
        _ => date.unwrap_or_else(|| "long ago".to_owned()),
    };
    When {
        iso: iso.unwrap_or_default(),
        relative,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_as_people_tell_it() {
        let now = Timestamp(1_790_000_000_000);
        let told = |seconds: i64| when(now.plus_seconds(-seconds), now).relative;
        assert_eq!(told(3), "just now");
        assert_eq!(told(60), "1 min ago");
        assert_eq!(told(7_300), "2 h ago");
        assert_eq!(told(100_000), "yesterday");
        assert_eq!(told(400_000), "4 days ago");
        assert_eq!(told(-600), "in 10 min");
        assert_eq!(when(Timestamp(0), now).relative, "1 Jan 1970");
        assert_eq!(when(Timestamp(0), now).iso, "1970-01-01T00:00:00Z");
    }
}
