//! JPEG: baseline, extended and progressive DCT with 8 or 12 bits, and lossless (ITU-T T.81).

mod dct;
mod huffman;
mod idct;
mod intervals;
mod lossless;
mod segments;

use segments::{FrameHeader, Process, ScanHeader, Segment, Tables};

use super::bytes::Bytes;
use super::samples::{self, Layout};
use super::{CodecError, Frame};
use crate::{Photometric, PixelDescription};

const CODEC: &str = "JPEG";

pub(super) fn decode(description: &PixelDescription, codestream: &[u8]) -> Result<Frame, CodecError> {
    let d = description;
    let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
    let (mut bytes, mut tables) = (start(codestream)?, Tables::default());
    let frame = match segments::next(&mut bytes, &mut tables)? {
        Segment::Frame(frame) => frame,
        Segment::Scan(_) => return Err(malformed("a scan stands before the frame header")),
        Segment::End => return Err(malformed("there is no frame header")),
    };
    agree(&frame, d)?;
    let layout = Layout::new(CODEC, d, frame.precision.into())?;
    let (planes, lossless) = match frame.process {
        Process::Lossless => decode_lossless(&frame, &mut bytes, &mut tables)?,
        _ => (decode_dct(&frame, &mut bytes, &mut tables)?, false),
    };
    Ok(samples::frame(
        layout,
        &planes,
        photometric(d, &frame, &tables),
        lossless,
    ))
}

fn start(codestream: &[u8]) -> Result<Bytes<'_>, CodecError> {
    let mut bytes = Bytes::new(codestream);
    if segments::marker(&mut bytes)? == segments::SOI {
        Ok(bytes)
    } else {
        Err(CodecError::Malformed {
            codec: CODEC,
            fault: "it does not start with SOI",
        })
    }
}

/// Header and codestream must describe one image.
fn agree(frame: &FrameHeader, d: &PixelDescription) -> Result<(), CodecError> {
    let on = if (frame.rows, frame.columns) != (d.rows, d.columns) {
        "rows and columns"
    } else if frame.components.len() != usize::from(d.samples_per_pixel) {
        "samples per pixel"
    } else {
        return Ok(());
    };
    Err(CodecError::Disagrees { codec: CODEC, on })
}

/// Calls `scan` with each scan up to the end of the image; it tells how many bytes its data took.
fn each_scan(
    bytes: &mut Bytes<'_>,
    tables: &mut Tables,
    mut scan: impl FnMut(&ScanHeader, &Tables, &[u8]) -> Result<usize, CodecError>,
) -> Result<(), CodecError> {
    loop {
        match segments::next(bytes, tables)? {
            Segment::Scan(header) if !(1..=4).contains(&header.components.len()) => {
                return Err(CodecError::Malformed {
                    codec: CODEC,
                    fault: "a scan has no components, or too many",
                });
            }
            Segment::Scan(header) => {
                let taken = scan(&header, tables, bytes.rest())?;
                bytes.take(taken);
            }
            Segment::End => return Ok(()),
            Segment::Frame(_) => {
                return Err(CodecError::Malformed {
                    codec: CODEC,
                    fault: "there are two frame headers",
                });
            }
        }
    }
}

fn decode_lossless(
    frame: &FrameHeader,
    bytes: &mut Bytes<'_>,
    tables: &mut Tables,
) -> Result<(Vec<Vec<u16>>, bool), CodecError> {
    if frame.components.iter().any(|c| (c.h, c.v) != (1, 1)) && frame.components.len() > 1 {
        return Err(CodecError::Unsupported {
            codec: CODEC,
            what: "subsampling in lossless coding is",
        });
    }
    let mut planes = vec![Vec::new(); frame.components.len()];
    let mut lossless = true;
    each_scan(bytes, tables, |header, tables, data| {
        lossless &= header.low == 0;
        let (decoded, taken) = lossless::scan(data, frame, header, tables)?;
        for (part, samples) in header.components.iter().zip(decoded) {
            let component = frame.components.iter().position(|c| c.id == part.id);
            match component.and_then(|component| planes.get_mut(component)) {
                Some(plane) if plane.is_empty() => *plane = samples,
                _ => {
                    let fault = "a scan names a component twice, or one that is not there";
                    return Err(CodecError::Malformed { codec: CODEC, fault });
                }
            }
        }
        Ok(taken)
    })?;
    if planes.iter().any(Vec::is_empty) {
        return Err(CodecError::Truncated { codec: CODEC });
    }
    Ok((planes, lossless))
}

fn decode_dct(
    frame: &FrameHeader,
    bytes: &mut Bytes<'_>,
    tables: &mut Tables,
) -> Result<Vec<Vec<u16>>, CodecError> {
    let mut coefficients = dct::coefficients(frame);
    each_scan(bytes, tables, |header, tables, data| {
        dct::scan(data, frame, header, tables, &mut coefficients)
    })?;
    let (h, v) = dct::largest_factors(frame);
    let size = (usize::from(frame.columns), usize::from(frame.rows));
    coefficients
        .into_iter()
        .map(|part| {
            if !part.coded {
                return Err(CodecError::Truncated { codec: CODEC });
            }
            let (part_h, part_v) = (usize::from(part.component.h), usize::from(part.component.v));
            if !h.is_multiple_of(part_h) || !v.is_multiple_of(part_v) {
                return Err(CodecError::Unsupported {
                    codec: CODEC,
                    what: "this subsampling is",
                });
            }
            let samples = idct::samples(&part, frame, tables)?;
            Ok(idct::upsample(samples, h / part_h, v / part_v, size.0, size.1))
        })
        .collect()
}

/// What the components are: the codestream's own word (an Adobe segment, or components named R, G, B) before the
/// header's. A lossless codestream codes what the header says.
fn photometric(d: &PixelDescription, frame: &FrameHeader, tables: &Tables) -> Photometric {
    let ids: Vec<u8> = frame.components.iter().map(|c| c.id).collect();
    if frame.components.len() != 3 || frame.process == Process::Lossless {
        return d.photometric;
    }
    match (tables.adobe, d.photometric) {
        (Some(0), _) => Photometric::Rgb,
        (Some(1), _) => Photometric::YbrFull,
        _ if ids == *b"RGB" => Photometric::Rgb,
        (_, Photometric::YbrFull422 | Photometric::YbrPartial420) => Photometric::YbrFull,
        (_, header) => header,
    }
}

/// Lossless when the process is, and no scan drops bits by a point transform.
pub(super) fn lossless(codestream: &[u8]) -> Option<bool> {
    let (mut bytes, mut tables) = (start(codestream).ok()?, Tables::default());
    let Segment::Frame(frame) = segments::next(&mut bytes, &mut tables).ok()? else {
        return None;
    };
    if frame.process != Process::Lossless {
        return Some(false);
    }
    let mut scans = 0;
    loop {
        match segments::next(&mut bytes, &mut tables).ok()? {
            Segment::Scan(header) if header.low > 0 => return Some(false),
            Segment::Scan(_) => {
                scans += 1;
                let data = bytes.rest().windows(2);
                let marker = |pair: &[u8]| matches!(pair, &[0xFF, code] if code != 0 && code != 0xFF && !(0xD0..=0xD7).contains(&code));
                let end = data.into_iter().position(marker)?;
                bytes.take(end);
            }
            Segment::End => return (scans > 0).then_some(true),
            Segment::Frame(_) => return None,
        }
    }
}
