//! Status codes of DIMSE responses (PS3.7 annex C, PS3.4 annex B).

use intake::{Reason, Receipt};
use std::fmt;

/// The value of Status (0000,0900).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Status(pub u16);

impl Status {
    /// Success. For C-STORE: the object is durable.
    pub const SUCCESS: Self = Self(0x0000);
    /// Processing failure: something in this gateway failed.
    pub const PROCESSING_FAILURE: Self = Self(0x0110);
    /// Invalid SOP instance: the SOP Instance UID is missing or no UID.
    pub const INVALID_INSTANCE: Self = Self(0x0117);
    /// Refused: the SOP class is not the one negotiated.
    pub const SOP_CLASS_NOT_SUPPORTED: Self = Self(0x0122);
    /// Unrecognized operation.
    pub const UNRECOGNIZED_OPERATION: Self = Self(0x0211);
    /// Refused: out of resources.
    pub const OUT_OF_RESOURCES: Self = Self(0xA700);
    /// Error: the data set does not match the SOP class. Also the answer to conflicts and to what is kept in quarantine.
    pub const DOES_NOT_MATCH: Self = Self(0xA900);
    /// Error: cannot understand.
    pub const CANNOT_UNDERSTAND: Self = Self(0xC000);

    /// True for success and for the warnings of C-STORE, after both of which the peer has the object.
    pub fn is_stored(self) -> bool {
        self == Self::SUCCESS || self.0 & 0xF000 == 0xB000
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}H", self.0)
    }
}

/// A status with its Error Comment (0000,0902).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Verdict {
    pub(crate) status: Status,
    pub(crate) comment: Option<String>,
}

impl Verdict {
    pub(crate) const SUCCESS: Self = Self {
        status: Status::SUCCESS,
        comment: None,
    };

    pub(crate) fn new(status: Status, comment: impl fmt::Display) -> Self {
        Self {
            status,
            comment: Some(comment.to_string()),
        }
    }
}

impl From<&Reason> for Verdict {
    fn from(reason: &Reason) -> Self {
        let status = match reason {
            Reason::Malformed(_) => Status::CANNOT_UNDERSTAND,
            Reason::NotStorable(_) | Reason::Mismatch(_) | Reason::Conflict(_) => Status::DOES_NOT_MATCH,
            Reason::TooLarge(_) | Reason::OutOfResources(_) => Status::OUT_OF_RESOURCES,
            _ => Status::PROCESSING_FAILURE,
        };
        Self::new(status, reason)
    }
}

impl From<&Receipt> for Verdict {
    fn from(receipt: &Receipt) -> Self {
        match (receipt.status, &receipt.reason) {
            (status, _) if status.acknowledged() => Self::SUCCESS,
            (intake::Status::Quarantined, Some(reason)) => Self::new(
                Status::DOES_NOT_MATCH,
                format_args!("kept in quarantine: {reason}"),
            ),
            (intake::Status::Quarantined, None) => Self::new(Status::DOES_NOT_MATCH, "kept in quarantine"),
            (intake::Status::Conflict, None) => Self::new(Status::DOES_NOT_MATCH, "conflict, kept apart"),
            (intake::Status::Conflict, Some(reason)) => Self::new(Status::DOES_NOT_MATCH, reason),
            (_, Some(reason)) => reason.into(),
            (_, None) => Self::new(Status::PROCESSING_FAILURE, "refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(status: intake::Status, reason: Option<Reason>) -> Receipt {
        Receipt {
            sop_instance_uid: None,
            sop_class_uid: None,
            study_instance_uid: None,
            status,
            reason,
            log_index: None,
        }
    }

    #[test]
    fn only_what_is_durable_is_success() {
        use intake::Status::{Conflict, Duplicate, Quarantined, Rejected, Sealed};
        for (status, reason, expected) in [
            (Sealed, None, 0x0000),
            (Duplicate, None, 0x0000),
            (Conflict, Some(Reason::Conflict("other pixels".into())), 0xA900),
            (Quarantined, Some(Reason::Malformed("x".into())), 0xA900),
            (Rejected, Some(Reason::Malformed("x".into())), 0xC000),
            (Rejected, Some(Reason::Mismatch("x".into())), 0xA900),
            (Rejected, Some(Reason::TooLarge("x".into())), 0xA700),
            (Rejected, Some(Reason::OutOfResources("x".into())), 0xA700),
            (Rejected, Some(Reason::Failed("x".into())), 0x0110),
            (Rejected, None, 0x0110),
        ] {
            assert_eq!(
                Verdict::from(&receipt(status, reason)).status,
                Status(expected),
                "{status:?}"
            );
        }
    }

    #[test]
    fn quarantine_says_that_the_object_was_kept() {
        let verdict = Verdict::from(&receipt(intake::Status::Quarantined, None));
        assert_eq!(verdict.comment.as_deref(), Some("kept in quarantine"));
    }
}
