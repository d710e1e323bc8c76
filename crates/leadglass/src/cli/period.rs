//! Days and moments as people type them.

use model::{Date, Timestamp};
use std::str::FromStr;

/// A day, or a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Moment {
    /// The whole day, in UTC.
    Day(Date),
    /// A moment.
    At(Timestamp),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = text.parse().map(Self::Day);
        day.or_else(|_| text.parse().map(Self::At)).map_err(|_| {
            "not a day and not a moment: such as 2026-11-22 or 2026-11-22T15:04:05Z is needed".to_owned()
        })
    }
}

impl Moment {
    /// The first moment of a period that begins with it.
    pub(crate) fn first(self) -> Timestamp {
        match self {
            Self::Day(day) => day.start(),
            Self::At(moment) => moment,
        }
    }

    /// The moment at which a period is over that ends with it: a day is in it.
    pub(crate) fn over(self) -> Timestamp {
        match self {
            Self::Day(day) => day
                .plus_days(1)
                .map_or(Timestamp::from_millis(i64::MAX), Date::start),
            Self::At(moment) => moment,
        }
    }
}
