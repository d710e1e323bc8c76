//! A stay of the patient's right to know (45 CFR 164.528(a)(2)).

use model::Timestamp;
use serde::Serialize;

/// The days for which an oral statement suspends the right to an accounting (45 CFR 164.528(a)(2)(ii)(C)).
pub const ORAL_DAYS: i64 = 30;

const DAY_MILLIS: i64 = 86_400_000;

/// A health oversight agency or law enforcement official said that telling the patient would impede its work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Suspension {
    /// Which agency or official.
    pub agency: String,
    /// When it was said or written.
    pub since: Timestamp,
    /// Until when the patient must not be told.
    pub until: Timestamp,
    /// True for a statement in writing. An oral one lasts at most [`ORAL_DAYS`] days, whatever it says.
    pub written: bool,
}

impl Suspension {
    /// The moment from which the patient may know.
    pub fn ends(&self) -> Timestamp {
        if self.written {
            self.until
        } else {
            self.until.min(self.since.plus_millis(ORAL_DAYS * DAY_MILLIS))
        }
    }

    /// True while the patient must not be told.
    pub fn is_active(&self, now: Timestamp) -> bool {
        now < self.ends()
    }
}
