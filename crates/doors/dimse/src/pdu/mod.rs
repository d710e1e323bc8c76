//! Protocol data units of the upper layer (PS3.8 section 9.3): bytes in, values out, no IO.
//!
//! Lengths are checked against what is there before anything is read; nothing is allocated on a claim.

mod associate;
mod data;
mod end;
mod field;
mod user;

pub use associate::{
    APPLICATION_CONTEXT, AssociateAc, AssociateRq, ContextResult, ProposedContext, TitleField, VERSION_1,
};
pub use data::{PdvHeader, write_command};
pub use end::{Abort, RELEASE_RP, RELEASE_RQ, Reject};
pub use user::{RoleSelection, UserIdentity, UserInformation};

/// Why bytes are no PDU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// A length reaches past what holds it.
    #[error("a length inside the PDU reaches past its end")]
    Overrun,
    /// A field holds what the standard does not allow.
    #[error("the PDU holds an invalid {0}")]
    Invalid(&'static str),
}

/// A value does not fit the PDU's length field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("too much for one PDU: propose fewer presentation contexts or shorter values")]
pub struct TooLong;

/// The types of PDU (PS3.8 table 9-1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum PduType {
    /// A-ASSOCIATE-RQ.
    AssociateRq = 1,
    /// A-ASSOCIATE-AC.
    AssociateAc = 2,
    /// A-ASSOCIATE-RJ.
    AssociateRj = 3,
    /// P-DATA-TF.
    Data = 4,
    /// A-RELEASE-RQ.
    ReleaseRq = 5,
    /// A-RELEASE-RP.
    ReleaseRp = 6,
    /// A-ABORT.
    Abort = 7,
}

impl PduType {
    /// The type with this number, or nothing when the standard knows none.
    pub fn from_byte(byte: u8) -> Option<Self> {
        use PduType::{Abort, AssociateAc, AssociateRj, AssociateRq, Data, ReleaseRp, ReleaseRq};
        [
            AssociateRq,
            AssociateAc,
            AssociateRj,
            Data,
            ReleaseRq,
            ReleaseRp,
            Abort,
        ]
        .into_iter()
        .find(|pdu| *pdu as u8 == byte)
    }
}

/// The six bytes before every PDU.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// The PDU type as it came: see [`PduType::from_byte`].
    pub kind: u8,
    /// Bytes that follow the header. What the peer claims, not what is there.
    pub length: u32,
}

impl Header {
    /// Bytes of a header.
    pub const LEN: usize = 6;

    /// Reads a header; nothing when there are fewer than six bytes.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = field::Fields::new(bytes);
        let (kind, _reserved, length) = (fields.u8().ok()?, fields.u8().ok()?, fields.u32().ok()?);
        Some(Self { kind, length })
    }

    /// Writes the header.
    pub fn encode(self) -> [u8; Self::LEN] {
        let [a, b, c, d] = self.length.to_be_bytes();
        [self.kind, 0, a, b, c, d]
    }
}

/// Writes a whole PDU: header, then what `body` appends.
fn write_pdu(
    kind: PduType,
    body: impl FnOnce(&mut Vec<u8>) -> Result<(), TooLong>,
) -> Result<Vec<u8>, TooLong> {
    let mut bytes = Header {
        kind: kind as u8,
        length: 0,
    }
    .encode()
    .to_vec();
    body(&mut bytes)?;
    let length = u32::try_from(bytes.len() - Header::LEN).map_err(|_| TooLong)?;
    let header = Header {
        kind: kind as u8,
        length,
    }
    .encode();
    bytes
        .iter_mut()
        .zip(header)
        .for_each(|(byte, value)| *byte = value);
    Ok(bytes)
}
