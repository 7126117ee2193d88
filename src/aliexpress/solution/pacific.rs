//! AliExpress's wall clock: US Pacific, `yyyy-MM-dd HH:mm:ss`, summer time and all, by the tz database.
//!
//! One night a year has an hour twice and one has an hour missing. Texts of the doubled hour are ambiguous: what we send is never one of them
//! ([`window`]); what we read is taken for the earlier of the two.

use std::sync::LazyLock;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::clock::Timestamp;

static PACIFIC: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("America/Los_Angeles").expect("the tz database is built in"));

const FORM: &str = "%Y-%m-%d %H:%M:%S";
/// How far a time is moved to be clear of a doubled hour; asked again until it is.
const STEP: Duration = Duration::from_secs(1800);

fn local(at: Timestamp) -> DateTime {
    let instant = jiff::Timestamp::from_second(i64::try_from(at.as_secs()).unwrap_or(i64::MAX));
    PACIFIC.to_datetime(instant.unwrap_or(jiff::Timestamp::MAX))
}

fn is_ambiguous(local: DateTime) -> bool {
    !matches!(PACIFIC.to_ambiguous_timestamp(local).offset(), AmbiguousOffset::Unambiguous { .. })
}

/// The texts of a window of time. It begins no later and ends no earlier than asked: an end in the doubled hour is moved out of it.
pub(super) fn window(from: Timestamp, to: Timestamp) -> (String, String) {
    let (mut from, mut to) = (from, to);
    while is_ambiguous(local(from)) {
        from = Timestamp(from.0.saturating_sub(u64::try_from(STEP.as_micros()).unwrap_or(0)));
    }
    while is_ambiguous(local(to)) {
        to = to.plus(STEP);
    }
    (local(from).strftime(FORM).to_string(), local(to).strftime(FORM).to_string())
}

/// The time that a text says; none where it is no such text.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let local = DateTime::strptime(FORM, text.trim()).ok()?;
    let instant = PACIFIC.to_ambiguous_timestamp(local).earlier().ok()?;
    Some(Timestamp::from_millis(u64::try_from(instant.as_millisecond()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let instant: jiff::Timestamp = text.parse().unwrap();
        Timestamp::from_millis(u64::try_from(instant.as_millisecond()).unwrap())
    }

    #[test]
    fn the_pacific_clock_is_read_in_summer_and_winter_and_on_the_leap_day() {
        for (text, utc) in [
            ("2024-03-05 00:20:30", "2024-03-05T08:20:30Z"),
            ("2026-07-01 12:00:00", "2026-07-01T19:00:00Z"),
            ("2028-02-29 23:59:59", "2028-03-01T07:59:59Z"),
            // The doubled hour: the earlier of the two.
            ("2026-11-01 01:30:00", "2026-11-01T08:30:00Z"),
            // The missing hour, which a clock that was not set yet may show.
            ("2026-03-08 02:30:00", "2026-03-08T09:30:00Z"),
        ] {
            assert_eq!(read(text), Some(at(utc)), "{text}");
        }
        for bad in ["", "2026-13-01 00:00:00", "2026-02-29 00:00:00", "2026-01-01", "1709626830000"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_window_covers_what_was_asked_for_every_minute_of_both_nights() {
        for night in ["2026-11-01T05:00:00Z", "2026-03-08T07:00:00Z", "2028-02-29T05:00:00Z"] {
            for minute in 0..600 {
                let from = at(night).plus(Duration::from_secs(minute * 60));
                let to = from.plus(Duration::from_secs(900));
                let (from_text, to_text) = window(from, to);
                // Whichever of two meanings AliExpress gives a text, the window covers what was asked for.
                for text in [&from_text, &to_text] {
                    assert!(!is_ambiguous(DateTime::strptime(FORM, text).unwrap()), "{text}");
                }
                assert!(read(&from_text).unwrap() <= from, "{from_text}");
                assert!(read(&to_text).unwrap() >= to, "{to_text}");
            }
        }
    }
}
