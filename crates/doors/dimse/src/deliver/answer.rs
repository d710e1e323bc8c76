//! What a recipient's answer means for a copy.

use crate::{Error, Progress, Response};
use release::Outcome;

/// What became of a copy, by the answer or its absence. `progress` is how far the message got.
///
/// The recipient's Error Comment may repeat what stands in the copy: it goes nowhere.
pub(super) fn outcome(answer: &Result<Response, Error>, progress: Progress) -> Outcome {
    match answer {
        Ok(response) if response.status.is_stored() => Outcome::Delivered,
        Ok(response) => Outcome::Refused(format!("status {}", response.status)),
        Err(error @ Error::NoContext { .. }) => Outcome::Refused(error.to_string()),
        Err(error) if progress == Progress::Sent => Outcome::Unknown(error.to_string()),
        Err(error) => Outcome::NotSent(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    #[test]
    fn warnings_are_deliveries_and_everything_else_is_a_refusal() {
        for (status, delivered) in [
            (0x0000, true),
            (0xB000, true),
            (0xB006, true),
            (0xB007, true),
            (0xA700, false),
            (0xA900, false),
            (0xC123, false),
            (0x0110, false),
            (0xFF00, false),
        ] {
            let response = Response {
                status: Status(status),
                error_comment: Some("Doe^Jane".to_owned()),
            };
            match outcome(&Ok(response), Progress::AtRest) {
                Outcome::Delivered => assert!(delivered, "{status:04X}"),
                Outcome::Refused(why) => {
                    assert!(!delivered && why == format!("status {status:04X}H"), "{why}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_lost_association_leaves_doubt_only_after_the_last_byte() {
        for progress in [Progress::Sending, Progress::AtRest] {
            assert!(matches!(
                outcome(&Err(Error::TimedOut), progress),
                Outcome::NotSent(_)
            ));
        }
        assert!(matches!(
            outcome(&Err(Error::TimedOut), Progress::Sent),
            Outcome::Unknown(_)
        ));
    }
}
