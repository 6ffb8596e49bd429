//! Times in words, as seen at one moment of the server's clock.

use domain::clock::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use crate::api::When;

/// How long ago `at` was, or how long until it is; beyond a month, its date.
pub(crate) fn when(at: Timestamp, now: Timestamp) -> When {
    let exact = OffsetDateTime::from_unix_timestamp(at.seconds()).ok();
    let iso = exact.and_then(|exact| exact.format(&Rfc3339).ok());
    let day = format_description!("[day padding:none] [month repr:short] [year]");
    let date = exact.and_then(|exact| exact.format(day).ok());
    let seconds = now.seconds() - at.seconds();
    let relative = match seconds {
        ..-86_400 => format!("in {} days", (43_200 - seconds) / 86_400),
        -86_400..-3_570 => format!("in {} h", (1_800 - seconds) / 3_600),
        -3_570..-90 => format!("in {} min", (30 - seconds) / 60),
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

/// A time that people plan by: the exact one beside how far away it is.
pub(crate) fn deadline(at: Timestamp, now: Timestamp) -> When {
    let When { iso, relative } = when(at, now);
    let minute = format_description!("[day padding:none] [month repr:short], [hour]:[minute] UTC");
    let exact = OffsetDateTime::from_unix_timestamp(at.seconds()).ok();
    let exact = exact.and_then(|exact| exact.format(minute).ok());
    When {
        relative: format!("{} ({relative})", exact.unwrap_or_default()),
        iso,
    }
}

/// A number of seconds in its largest whole unit.
pub(crate) fn lifetime(seconds: i64) -> String {
    const UNITS: [(i64, &str, &str); 4] = [
        (86_400, "a day", "days"),
        (3_600, "an hour", "hours"),
        (60, "a minute", "minutes"),
        (1, "a second", "seconds"),
    ];
    let fits = |unit: &&(i64, &str, &str)| seconds > 0 && seconds % unit.0 == 0;
    match UNITS.iter().find(fits) {
        Some((unit, one, _)) if seconds == *unit => (*one).to_owned(),
        Some((unit, _, many)) => format!("{} {many}", seconds / unit),
        None => "no time".to_owned(),
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
        assert_eq!(told(-3_600), "in 1 h");
        assert_eq!(told(-86_400), "in 24 h");
        assert_eq!(told(-7 * 86_400), "in 7 days");
        assert_eq!(when(Timestamp(0), now).relative, "1 Jan 1970");
        assert_eq!(when(Timestamp(0), now).iso, "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_deadline_says_both_when_and_how_soon() {
        let now = Timestamp(1_790_000_000_000);
        let told = deadline(now.plus_seconds(86_400), now).relative;
        assert_eq!(told, "22 Sep, 14:13 UTC (in 24 h)");
    }

    #[test]
    fn lifetimes_are_whole_units() {
        for (seconds, words) in [
            (3_600, "an hour"),
            (5_400, "90 minutes"),
            (60, "a minute"),
            (45, "45 seconds"),
            (172_800, "2 days"),
            (0, "no time"),
        ] {
            assert_eq!(lifetime(seconds), words);
        }
    }
}
