//! DICOM files: preamble and file meta information (PS3.10 section 7).

use crate::{Tag, TransferSyntax, Vr};
use model::Uid;

/// The implementation class UID of what Leadglass writes, in files and on the network (PS3.7 D.3.3.2).
pub const IMPLEMENTATION_CLASS_UID: &str = "2.25.300920569910973526474731363470663627792";
/// The implementation version name beside it.
pub const IMPLEMENTATION_VERSION_NAME: &str = "LEADGLASS_0_1";

/// File meta information longer than this is refused, in bytes. Real ones stay below 1 KiB; a private one
/// (0002,0102) may be longer.
pub const MAX_META: usize = 128 << 10;

/// What stands before the data set of a DICOM file.
#[derive(Clone, Debug)]
pub struct FileMeta {
    /// (0002,0010).
    pub transfer_syntax: TransferSyntax,
    /// (0002,0002), where it is given and readable.
    pub sop_class_uid: Option<Uid>,
    /// (0002,0003), where it is given and readable.
    pub sop_instance_uid: Option<Uid>,
    /// Where the data set begins, in bytes from the start of the file.
    pub data_set_at: usize,
}

/// Why a file is no DICOM file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Part10Error {
    /// No `DICM` after the preamble.
    #[error("not a DICOM file: no DICM prefix at byte 128")]
    NoPrefix,
    /// The file meta information cannot be read.
    #[error("the file meta information cannot be read (byte {at})")]
    BadMeta {
        /// Where.
        at: usize,
    },
    /// No transfer syntax.
    #[error("the file meta information names no transfer syntax")]
    NoTransferSyntax,
    /// Too long.
    #[error("the file meta information is longer than {MAX_META} bytes")]
    TooLong,
    /// The file ends within it.
    #[error("the file ends within its meta information")]
    Truncated,
}

impl FileMeta {
    /// Reads preamble and file meta information from the first bytes of a file; `None` when more bytes are needed.
    /// `complete` says that no more will come.
    ///
    /// The group length is not trusted: the meta information ends where group 0002 ends. Elements without a VR
    /// (a mistake of some writers) are read as such.
    ///
    /// # Errors
    /// When it is no DICOM file.
    pub fn read(bytes: &[u8], complete: bool) -> Result<Option<Self>, Part10Error> {
        let more = |error: Part10Error| if complete { Err(error) } else { Ok(None) };
        let Some(prefix) = bytes.get(128..132) else {
            return more(Part10Error::NoPrefix);
        };
        if prefix != b"DICM" {
            return Err(Part10Error::NoPrefix);
        }
        let (mut transfer_syntax, mut sop_class_uid, mut sop_instance_uid) = (None, None, None);
        let mut at = 132;
        loop {
            if at > MAX_META {
                return Err(Part10Error::TooLong);
            }
            let rest = bytes.get(at..).unwrap_or_default();
            let group = match rest.first_chunk::<2>() {
                Some(group) => u16::from_le_bytes(*group),
                None if rest.is_empty() && complete => 0xFFFF,
                None => return more(Part10Error::Truncated),
            };
            if group != 2 {
                break;
            }
            let Some(head) = rest.first_chunk::<8>() else {
                return more(Part10Error::Truncated);
            };
            let tag = Tag(group, u16::from_le_bytes([head[2], head[3]]));
            let vr = Vr([head[4], head[5]]);
            let (header, length) = if !vr.is_known() {
                (8, u32::from_le_bytes([head[4], head[5], head[6], head[7]]))
            } else if vr.has_long_length() {
                let Some(long) = rest.get(8..).and_then(|r| r.first_chunk::<4>()) else {
                    return more(Part10Error::Truncated);
                };
                (12, u32::from_le_bytes(*long))
            } else {
                (8, u32::from(u16::from_le_bytes([head[6], head[7]])))
            };
            let length = length as usize;
            if length > MAX_META {
                return Err(Part10Error::BadMeta { at });
            }
            let Some(value) = rest.get(header..header + length) else {
                return more(Part10Error::Truncated);
            };
            let uid = || Uid::from_bytes(value).ok();
            match tag.element() {
                0x02 => sop_class_uid = uid(),
                0x03 => sop_instance_uid = uid(),
                0x10 => transfer_syntax = Some(uid().ok_or(Part10Error::BadMeta { at })?),
                _ => {}
            }
            at += header + length;
        }
        let uid = transfer_syntax.ok_or(Part10Error::NoTransferSyntax)?;
        let transfer_syntax = TransferSyntax::by_uid(&uid);
        Ok(Some(Self {
            transfer_syntax,
            sop_class_uid,
            sop_instance_uid,
            data_set_at: at,
        }))
    }
}
