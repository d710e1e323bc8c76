//! Moments as JWT writes them: seconds since 1970 (RFC 7519 section 2, `NumericDate`).

use model::Timestamp;
use serde::{Deserialize as _, Deserializer, Serializer, de::Error};
use serde_json::{Number, Value};

/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

/// The moment that a JSON value means. None for what is no number, or lies before 1970 or after 9999.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    value.as_number().and_then(of_number)
}

fn of_number(number: &Number) -> Option<Timestamp> {
    // Some libraries write fractions of a second.
    let seconds = number
        .as_i64()
        .or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64))?;
    let millis = || Timestamp::from_millis(seconds * 1000);
    (0..=LAST).contains(&seconds).then(millis)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(crate) fn serialize<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(moment.seconds())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    of_number(&Number::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not a NumericDate"))
}
