//! Marker segments of JPEG-LS (ITU-T T.87 annex C).

use super::CODEC;
use crate::codec::bytes::Bytes;
use crate::codec::{CodecError, Interleave};

pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const SOF55: u8 = 0xF7;
pub(super) const LSE: u8 = 0xF8;
const DRI: u8 = 0xDD;
const APP8: u8 = 0xE8;
/// The RESET of a codestream without its own (T.87 C.2.4.1.1).
pub(super) const DEFAULT_RESET: i32 = 64;

/// The frame header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FrameHeader {
    pub(super) precision: u8,
    pub(super) rows: u16,
    pub(super) columns: u16,
    /// Identifiers of the components, in the order of the planes.
    pub(super) components: Vec<u8>,
}

/// A scan header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ScanHeader {
    pub(super) components: Vec<u8>,
    pub(super) near: u8,
    pub(super) interleave: Interleave,
}

/// Preset coding parameters; 0 means the default.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Preset {
    pub(super) maxval: u16,
    pub(super) t1: u16,
    pub(super) t2: u16,
    pub(super) t3: u16,
    pub(super) reset: u16,
}

/// What stands between two scans.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Segment {
    Frame(FrameHeader),
    Preset(Preset),
    /// Lines of a restart interval, 0 for none.
    Restart(u32),
    Scan(ScanHeader),
    End,
}

fn malformed(fault: &'static str) -> CodecError {
    CodecError::Malformed { codec: CODEC, fault }
}

fn unsupported(what: &'static str) -> CodecError {
    CodecError::Unsupported { codec: CODEC, what }
}

/// The next marker; bytes FF may fill before it.
pub(super) fn marker(bytes: &mut Bytes<'_>) -> Result<u8, CodecError> {
    const TRUNCATED: CodecError = CodecError::Truncated { codec: CODEC };
    if bytes.u8().ok_or(TRUNCATED)? != 0xFF {
        return Err(malformed("a marker is missing"));
    }
    loop {
        match bytes.u8().ok_or(TRUNCATED)? {
            0xFF => {}
            code => return Ok(code),
        }
    }
}

/// The next segment that says something to the decoder.
pub(super) fn segment(bytes: &mut Bytes<'_>) -> Result<Segment, CodecError> {
    loop {
        let code = marker(bytes)?;
        if code == EOI {
            return Ok(Segment::End);
        }
        if code == SOI || code < 0x80 {
            return Err(malformed("a marker stands where none may"));
        }
        let content = bytes.segment().ok_or(CodecError::Truncated { codec: CODEC })?;
        let mut fields = Bytes::new(content);
        let short = malformed("a marker segment is too short");
        return Ok(match code {
            SOF55 => Segment::Frame(frame(&mut fields).ok_or(short)??),
            SOS => Segment::Scan(scan(&mut fields).ok_or(short)??),
            LSE => match preset(&mut fields).ok_or(short)?? {
                Some(preset) => Segment::Preset(preset),
                None => continue,
            },
            DRI => Segment::Restart(restart(content).ok_or(short)?),
            0xC0..=0xC3 | 0xC5..=0xCF => {
                return Err(CodecError::Disagrees {
                    codec: CODEC,
                    on: "the kind of codestream",
                });
            }
            APP8 if content.starts_with(b"mrfx") && content.get(4).is_some_and(|&kind| kind != 0) => {
                return Err(unsupported("a colour transform of its own is"));
            }
            _ => continue,
        });
    }
}

fn frame(fields: &mut Bytes<'_>) -> Option<Result<FrameHeader, CodecError>> {
    let precision = fields.u8()?;
    let (rows, columns) = (fields.u16_be()?, fields.u16_be()?);
    let count = fields.u8()?;
    let mut components = Vec::with_capacity(count.into());
    for _ in 0..count {
        let [id, sampling, _] = fields.array()?;
        if sampling != 0x11 {
            return Some(Err(unsupported("subsampled components are")));
        }
        components.push(id);
    }
    if !(2..=16).contains(&precision) {
        return Some(Err(malformed("the precision is not 2 to 16 bits")));
    }
    Some(Ok(FrameHeader {
        precision,
        rows,
        columns,
        components,
    }))
}

fn scan(fields: &mut Bytes<'_>) -> Option<Result<ScanHeader, CodecError>> {
    let count = fields.u8()?;
    let mut components = Vec::with_capacity(count.into());
    for _ in 0..count {
        let [id, table] = fields.array()?;
        if table != 0 {
            return Some(Err(unsupported("a mapping table is")));
        }
        components.push(id);
    }
    let [near, interleave, transform] = fields.array()?;
    if transform != 0 {
        return Some(Err(unsupported("a point transform is")));
    }
    let interleave = match interleave {
        0 => Interleave::None,
        1 => Interleave::Line,
        2 => Interleave::Sample,
        _ => return Some(Err(malformed("the interleave mode is not 0, 1 or 2"))),
    };
    if components.is_empty() || (interleave == Interleave::None && components.len() > 1) {
        return Some(Err(malformed(
            "the components of a scan do not fit its interleave mode",
        )));
    }
    Some(Ok(ScanHeader {
        components,
        near,
        interleave,
    }))
}

/// An LSE segment; `None` for a mapping table, which counts only where a scan names it.
fn preset(fields: &mut Bytes<'_>) -> Option<Result<Option<Preset>, CodecError>> {
    Some(match fields.u8()? {
        1 => Ok(Some(Preset {
            maxval: fields.u16_be()?,
            t1: fields.u16_be()?,
            t2: fields.u16_be()?,
            t3: fields.u16_be()?,
            reset: fields.u16_be()?,
        })),
        2 | 3 => Ok(None),
        4 => Err(unsupported("an oversize image is")),
        _ => Err(malformed("an LSE segment is of no known kind")),
    })
}

/// Two, three or four bytes (T.87 C.2.5).
fn restart(content: &[u8]) -> Option<u32> {
    (2..=4)
        .contains(&content.len())
        .then(|| content.iter().fold(0, |lines, &b| lines << 8 | u32::from(b)))
}
