//! How associations end or never begin: A-ASSOCIATE-RJ, A-RELEASE, A-ABORT (PS3.8 sections 9.3.4 and 9.3.6 to 9.3.8).

use super::field::Fields;
use super::{DecodeError, Header, PduType};
use std::fmt;

/// A-RELEASE-RQ, whole.
pub const RELEASE_RQ: [u8; 10] = [PduType::ReleaseRq as u8, 0, 0, 0, 0, 4, 0, 0, 0, 0];

/// A-RELEASE-RP, whole.
pub const RELEASE_RP: [u8; 10] = [PduType::ReleaseRp as u8, 0, 0, 0, 0, 4, 0, 0, 0, 0];

/// Why an association is refused (PS3.8 table 9-21).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reject {
    /// 1 permanent, 2 transient.
    pub result: u8,
    /// 1 service user, 2 service provider (ACSE), 3 service provider (presentation).
    pub source: u8,
    /// The meaning depends on the source.
    pub reason: u8,
}

impl Reject {
    /// No reason given.
    pub const NO_REASON: Self = Self {
        result: 1,
        source: 1,
        reason: 1,
    };
    /// Application context name not supported.
    pub const APPLICATION_CONTEXT: Self = Self {
        result: 1,
        source: 1,
        reason: 2,
    };
    /// Calling AE title not recognized.
    pub const CALLING_AE: Self = Self {
        result: 1,
        source: 1,
        reason: 3,
    };
    /// Called AE title not recognized.
    pub const CALLED_AE: Self = Self {
        result: 1,
        source: 1,
        reason: 7,
    };
    /// Protocol version not supported.
    pub const PROTOCOL_VERSION: Self = Self {
        result: 1,
        source: 2,
        reason: 2,
    };
    /// Temporary congestion: come again later.
    pub const CONGESTION: Self = Self {
        result: 2,
        source: 3,
        reason: 1,
    };
    /// Local limit exceeded: come again later.
    pub const LOCAL_LIMIT: Self = Self {
        result: 2,
        source: 3,
        reason: 2,
    };

    /// True when the peer may take an association later.
    pub fn is_transient(self) -> bool {
        self.result == 2
    }

    /// Writes the whole PDU.
    pub fn encode(self) -> [u8; 10] {
        [
            PduType::AssociateRj as u8,
            0,
            0,
            0,
            0,
            4,
            0,
            self.result,
            self.source,
            self.reason,
        ]
    }

    /// Reads the body of the PDU, without its header.
    ///
    /// # Errors
    /// When there are fewer than four bytes.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let [_, result, source, reason] = Fields::new(body).array()?;
        Ok(Self {
            result,
            source,
            reason,
        })
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match (self.source, self.reason) {
            (1, 2) => "application context not supported",
            (1, 3) => "calling AE title not recognized",
            (1, 7) => "called AE title not recognized",
            (2, 2) => "protocol version not supported",
            (3, 1) => "temporary congestion",
            (3, 2) => "local limit exceeded",
            _ => "no reason given",
        };
        let when = if self.is_transient() {
            "for now"
        } else {
            "permanently"
        };
        write!(f, "{why} ({when})")
    }
}

/// Why an association is aborted (PS3.8 table 9-26).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Abort {
    /// 0 service user, 2 service provider.
    pub source: u8,
    /// Without meaning when the source is the service user.
    pub reason: u8,
}

impl Abort {
    /// By the service user.
    pub const USER: Self = Self { source: 0, reason: 0 };
    /// By the service provider, which gives no reason: time ran out, or the service is going down.
    pub const NOT_SPECIFIED: Self = Self { source: 2, reason: 0 };
    /// Unrecognized PDU.
    pub const UNRECOGNIZED_PDU: Self = Self { source: 2, reason: 1 };
    /// Unexpected PDU.
    pub const UNEXPECTED_PDU: Self = Self { source: 2, reason: 2 };
    /// Unexpected PDU parameter.
    pub const UNEXPECTED_PARAMETER: Self = Self { source: 2, reason: 5 };
    /// Invalid PDU parameter value.
    pub const INVALID_PARAMETER: Self = Self { source: 2, reason: 6 };

    /// Writes the whole PDU.
    pub fn encode(self) -> [u8; 10] {
        [
            PduType::Abort as u8,
            0,
            0,
            0,
            0,
            4,
            0,
            0,
            self.source,
            self.reason,
        ]
    }

    /// Reads the body of the PDU, without its header.
    ///
    /// # Errors
    /// When there are fewer than four bytes.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let [_, _, source, reason] = Fields::new(body).array()?;
        Ok(Self { source, reason })
    }

    /// The abort that answers this PDU type where it does not belong.
    pub fn for_misplaced(header: Header) -> Self {
        match PduType::from_byte(header.kind) {
            Some(_) => Self::UNEXPECTED_PDU,
            None => Self::UNRECOGNIZED_PDU,
        }
    }
}

impl fmt::Display for Abort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.source, self.reason) {
            (0, _) => "by the service user",
            (_, 1) => "unrecognized PDU",
            (_, 2) => "unexpected PDU",
            (_, 4) => "unrecognized PDU parameter",
            (_, 5) => "unexpected PDU parameter",
            (_, 6) => "invalid PDU parameter value",
            _ => "no reason given",
        })
    }
}
