//! A copy for a recipient that does not take the transfer syntax in which it is kept: uncompressed, in Explicit or Implicit VR
//! Little Endian. Compressed pixels are decoded in a child process with limits.

mod error;
mod pixels;
mod rewrite;
mod survey;
mod write;

pub(crate) use error::TranscodeError;

use crate::outgoing::Content;
use decode::Decoder;
use dicom::part10::{FileMeta, MAX_META};
use dicom::scan::Limits;
use dicom::{DataSetReader, Encoding, PixelCoding, TransferSyntax, uids};
use model::Uid;
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;
use tempfile::{SpooledData, SpooledTempFile};

/// Copies up to this size are kept in memory, in bytes; larger ones in a file without a name.
const IN_MEMORY: usize = 32 << 20;

/// What to write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// Explicit VR Little Endian.
    ExplicitLe,
    /// Implicit VR Little Endian.
    ImplicitLe,
}

impl Target {
    /// The target with this UID, if it is one.
    pub(crate) fn by_uid(uid: &Uid) -> Option<Self> {
        match uid.as_str() {
            uids::EXPLICIT_LE => Some(Self::ExplicitLe),
            uids::IMPLICIT_LE => Some(Self::ImplicitLe),
            _ => None,
        }
    }

    /// Its UID.
    fn uid(self) -> &'static str {
        match self {
            Self::ExplicitLe => uids::EXPLICIT_LE,
            Self::ImplicitLe => uids::IMPLICIT_LE,
        }
    }
}

/// A DICOM file that was written anew.
pub(crate) struct Transcoded {
    /// The file.
    pub(crate) content: Content,
    /// Where its data set starts.
    #[cfg_attr(not(test), expect(dead_code, reason = "the file says it too"))]
    pub(crate) head: u64,
}

/// True when [`to_uncompressed`] takes this transfer syntax.
fn is_decodable(syntax: &TransferSyntax) -> bool {
    syntax.pixels != PixelCoding::Opaque
}

/// Writes a DICOM file anew, uncompressed. Every value stays, but for what describes how pixels are written; thumbnails of
/// compressed objects (Icon Image Sequence) go, since nothing here decodes them apart. Blocks.
///
/// # Errors
/// When it cannot be read, or its pixels cannot be decoded or written without loss of meaning.
pub(crate) fn to_uncompressed(
    part10: &Content,
    target: Target,
    decoder: &Decoder,
) -> Result<Transcoded, TranscodeError> {
    let meta = file_meta(part10)?;
    let syntax = meta.transfer_syntax;
    if !is_decodable(&syntax) {
        return Err(TranscodeError::Undecodable(
            "no codec here takes this transfer syntax".into(),
        ));
    }
    let data_set_at = meta.data_set_at as u64;
    let mut survey = survey::Survey::default();
    read(part10, data_set_at, &syntax, &mut survey)?;

    let (class, instance) = survey
        .identity()
        .or_else(|| meta.sop_class_uid.zip(meta.sop_instance_uid))
        .ok_or(TranscodeError::Unreadable)?;
    let mut out = BufWriter::with_capacity(256 << 10, SpooledTempFile::new(IN_MEMORY));
    let head = write::file_head(class.as_str(), instance.as_str(), target.uid());
    out.write_all(&head)?;
    let pixels = pixels::Pixels {
        source: part10,
        data_set_at,
        syntax: &syntax,
        decoder,
    };
    let plan = pixels.plan(&survey)?;
    let mut rewrite = rewrite::Rewrite::new(&mut out, target, &survey, pixels, plan);
    read(part10, data_set_at, &syntax, &mut rewrite)?;
    rewrite.finish()?;
    let spooled = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(Transcoded {
        content: content(spooled)?,
        head: head.len() as u64,
    })
}

fn file_meta(part10: &Content) -> Result<FileMeta, TranscodeError> {
    let mut start = Vec::new();
    // A little more than meta information may have: the limit is its reader's to enforce.
    part10
        .reader(0)
        .take(2 * MAX_META as u64)
        .read_to_end(&mut start)?;
    let complete = (start.len() as u64) == part10.size();
    FileMeta::read(&start, complete)
        .ok()
        .flatten()
        .ok_or(TranscodeError::Unreadable)
}

/// Reads the data set into a sink.
fn read<S>(part10: &Content, at: u64, syntax: &TransferSyntax, sink: &mut S) -> Result<(), TranscodeError>
where
    S: dicom::scan::Sink<Error = TranscodeError>,
{
    let mut from = part10.reader(at);
    let mut reader = DataSetReader::new(syntax, Limits::default());
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            return reader.finish(sink);
        }
        reader.push(buffer.get(..count).unwrap_or_default(), sink)?;
    }
}

fn content(spooled: SpooledTempFile) -> Result<Content, TranscodeError> {
    Ok(match spooled.into_inner() {
        SpooledData::InMemory(cursor) => Content::Memory(cursor.into_inner().into()),
        SpooledData::OnDisk(mut file) => {
            let size = file.seek(SeekFrom::End(0))?;
            Content::File {
                file: Arc::new(file),
                size,
            }
        }
    })
}

impl From<Target> for Encoding {
    fn from(target: Target) -> Self {
        match target {
            Target::ExplicitLe => Self::ExplicitLe,
            Target::ImplicitLe => Self::ImplicitLe,
        }
    }
}

#[cfg(test)]
mod tests;
