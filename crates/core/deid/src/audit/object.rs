//! One object read from its source: preamble and meta information whole, the data set in pieces.

use super::hit::{AuditError, Unreadable};
use dicom::part10::{FileMeta, MAX_META, Part10Error};
use dicom::scan::{Limits, ScanError, Sink};
use dicom::{DataSetError, DataSetReader, Source};
use std::io;

/// Bytes read at a time from what is not in memory.
const PIECE: usize = 1 << 20;
/// Bytes that hold the meta information of nearly all objects.
const FIRST: usize = 4 << 10;

/// What stands before the data set.
pub(super) struct Front {
    /// Preamble, prefix and meta information.
    pub(super) bytes: Vec<u8>,
    pub(super) meta: FileMeta,
}

/// Which object cannot be read.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Input,
    Output,
}

impl Side {
    pub(super) fn error(self, why: Unreadable) -> AuditError {
        match self {
            Self::Input => AuditError::Input(why),
            Self::Output => AuditError::Output(why),
        }
    }
}

/// Why a scan stopped.
pub(super) enum Fault {
    Unreadable(Unreadable),
    Io(io::Error),
}

impl From<ScanError> for Fault {
    fn from(error: ScanError) -> Self {
        Self::Unreadable(error.into())
    }
}

impl From<DataSetError> for Fault {
    fn from(error: DataSetError) -> Self {
        Self::Unreadable(error.into())
    }
}

impl From<Unreadable> for Fault {
    fn from(error: Unreadable) -> Self {
        Self::Unreadable(error)
    }
}

impl Fault {
    pub(super) fn on(self, side: Side) -> AuditError {
        match self {
            Self::Unreadable(why) => side.error(why),
            Self::Io(error) => AuditError::Io(error),
        }
    }
}

/// Reads preamble and meta information.
pub(super) fn front(source: &(impl Source + ?Sized), side: Side) -> Result<Front, AuditError> {
    let size = usize::try_from(source.size()).unwrap_or(usize::MAX);
    for wanted in [FIRST, 3 * MAX_META] {
        let wanted = wanted.min(size);
        let mut bytes = vec![0; wanted];
        source.read_at(0, &mut bytes)?;
        match FileMeta::read(&bytes, wanted == size) {
            Ok(Some(meta)) => {
                bytes.truncate(meta.data_set_at);
                return Ok(Front { bytes, meta });
            }
            Ok(None) => {}
            Err(error) => return Err(side.error(error.into())),
        }
    }
    Err(side.error(Part10Error::TooLong.into()))
}

/// Reads the data set behind `front` into `sink`.
pub(super) fn scan<S: Sink<Error = Fault>>(
    source: &(impl Source + ?Sized),
    front: &Front,
    sink: &mut S,
) -> Result<(), Fault> {
    let mut reader = DataSetReader::new(&front.meta.transfer_syntax, Limits::default());
    let start = front.meta.data_set_at;
    if let Some(all) = source.in_memory() {
        reader.push(all.get(start..).unwrap_or_default(), sink)?;
    } else {
        let mut buffer = vec![0; PIECE];
        let mut at = start as u64;
        while at < source.size() {
            let take = usize::try_from(source.size() - at).unwrap_or(PIECE).min(PIECE);
            let piece = buffer.get_mut(..take).unwrap_or_default();
            source.read_at(at, piece).map_err(Fault::Io)?;
            reader.push(piece, sink)?;
            at += take as u64;
        }
    }
    reader.finish(sink)
}
