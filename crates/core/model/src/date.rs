//! Calendar days.

use crate::Timestamp;
use ::time::{Date as Calendar, Month};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day of the Gregorian calendar. Shown as `2026-11-22`; read also as DICOM writes it, `20261122` (PS3.5 VR DA).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(Calendar);

/// The text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day: such as 2026-11-22 is needed")]
pub struct InvalidDate;

impl Date {
    /// The day of a moment, in UTC.
    pub fn of(moment: Timestamp) -> Option<Self> {
        let moment = ::time::OffsetDateTime::from_unix_timestamp(moment.seconds()).ok()?;
        Some(Self(moment.date()))
    }

    /// Its first moment, in UTC.
    pub fn start(self) -> Timestamp {
        Timestamp::from_millis(self.0.midnight().assume_utc().unix_timestamp() * 1000)
    }

    /// So many days later; None beyond the calendar.
    pub fn plus_days(self, days: u32) -> Option<Self> {
        self.0
            .checked_add(::time::Duration::days(i64::from(days)))
            .map(Self)
    }

    /// Whole years from a day of birth to this day; a person born on 29 February is a year older on 1 March.
    pub fn years_since(self, birth: Self) -> i32 {
        let years = self.0.year() - birth.0.year();
        let before_birthday =
            (u8::from(self.0.month()), self.0.day()) < (u8::from(birth.0.month()), birth.0.day());
        years - i32::from(before_birthday)
    }
}

impl std::str::FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let bytes = text.as_bytes();
        let digits: String = match bytes {
            [_, _, _, _, b'-', _, _, b'-', _, _] => text.split('-').collect(),
            _ => text.to_owned(),
        };
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidDate);
        }
        let number =
            |range: std::ops::Range<usize>| digits.get(range).and_then(|part: &str| part.parse::<u16>().ok());
        let (Some(year), Some(month), Some(day)) = (number(0..4), number(4..6), number(6..8)) else {
            return Err(InvalidDate);
        };
        let month = Month::try_from(month as u8).map_err(|_| InvalidDate)?;
        Calendar::from_calendar_date(i32::from(year), month, day as u8)
            .map(Self)
            .map_err(|_| InvalidDate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0.year(), u8::from(self.0.month()), self.0.day());
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Self, InvalidDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn both_spellings_are_one_day_and_what_is_no_day_is_refused() {
        assert_eq!(day("20240229"), day("2024-02-29"));
        assert_eq!(day("20240229").to_string(), "2024-02-29");
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-2-29",
            "202402290",
            "2024-02-2x",
            "20240200",
        ] {
            assert_eq!(text.parse::<Date>(), Err(InvalidDate), "{text}");
        }
    }

    #[test]
    fn years_pass_on_the_birthday() {
        assert_eq!(day("2026-11-21").years_since(day("2008-11-22")), 17);
        assert_eq!(day("2026-11-22").years_since(day("2008-11-22")), 18);
        assert_eq!(day("2026-02-28").years_since(day("2008-02-29")), 17);
        assert_eq!(day("2026-03-01").years_since(day("2008-02-29")), 18);
    }

    #[test]
    fn a_moment_has_its_day_in_utc() {
        let midnight = day("2026-11-22").start();
        assert_eq!(midnight.to_string(), "2026-11-22T00:00:00Z");
        assert_eq!(Date::of(midnight), Some(day("2026-11-22")));
        assert_eq!(
            Date::of(Timestamp::from_millis(midnight.millis() - 1)),
            Some(day("2026-11-21"))
        );
    }
}
