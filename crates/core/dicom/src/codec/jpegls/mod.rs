//! JPEG-LS, lossless and near-lossless, both ways (ITU-T T.87).

mod bits;
mod decode;
mod encode;
mod header;
mod line;
mod model;

use header::{FrameHeader, Preset, Segment};
use line::Line;
use model::Parameters;

use super::bytes::Bytes;
use super::samples::{self, Layout};
use super::{CodecError, Frame, Interleave};
use crate::PixelDescription;

const CODEC: &str = "JPEG-LS";

pub(super) fn decode(description: &PixelDescription, codestream: &[u8]) -> Result<Frame, CodecError> {
    let d = description;
    let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
    let mut bytes = Bytes::new(codestream);
    if header::marker(&mut bytes)? != header::SOI {
        return Err(malformed("it does not start with SOI"));
    }
    let (mut frame, mut preset, mut restart) = (None, Preset::default(), 0);
    let mut planes: Vec<Vec<u16>> = Vec::new();
    let mut lossless = true;
    loop {
        match header::segment(&mut bytes)? {
            Segment::Frame(_) if frame.is_some() => return Err(malformed("there are two frame headers")),
            Segment::Frame(header) => {
                agree(&header, d)?;
                planes = vec![Vec::new(); header.components.len()];
                frame = Some(header);
            }
            Segment::Preset(new) => preset = new,
            Segment::Restart(lines) => restart = lines,
            Segment::Scan(scan) => {
                let frame = frame
                    .as_ref()
                    .ok_or(malformed("a scan stands before the frame header"))?;
                let parameters = Parameters::new(frame.precision, scan.near, preset)?;
                lossless &= scan.near == 0;
                let mut decoded = vec![Vec::new(); scan.components.len()];
                let size = (frame.columns, frame.rows);
                let taken = decode::scan(bytes.rest(), &scan, &parameters, restart, size, &mut decoded)?;
                bytes.take(taken);
                for (id, samples) in scan.components.iter().zip(decoded) {
                    let component = frame.components.iter().position(|c| c == id);
                    match component.and_then(|component| planes.get_mut(component)) {
                        Some(plane) if plane.is_empty() => *plane = samples,
                        _ => {
                            return Err(malformed(
                                "a scan names a component twice, or one that is not there",
                            ));
                        }
                    }
                }
            }
            Segment::End => break,
        }
    }
    let frame = frame.ok_or(malformed("there is no frame header"))?;
    if planes.iter().any(|plane| plane.len() != d.pixels()) {
        return Err(CodecError::Truncated { codec: CODEC });
    }
    let layout = Layout::new(CODEC, d, frame.precision.into())?;
    Ok(samples::frame(layout, &planes, d.photometric, lossless))
}

/// Header and codestream must describe one image.
fn agree(frame: &FrameHeader, d: &PixelDescription) -> Result<(), CodecError> {
    let on = if (frame.rows, frame.columns) != (d.rows, d.columns) {
        "rows and columns"
    } else if frame.components.len() != usize::from(d.samples_per_pixel) {
        "samples per pixel"
    } else if u16::from(frame.precision) > d.bits_allocated {
        "bits of a sample"
    } else {
        return Ok(());
    };
    Err(CodecError::Disagrees { codec: CODEC, on })
}

/// The position after a marker that must stand here.
fn marker_after(data: &[u8], at: usize, code: u8) -> Result<usize, CodecError> {
    let mut bytes = Bytes::new(data.get(at..).unwrap_or_default());
    if header::marker(&mut bytes)? != code {
        return Err(CodecError::Malformed {
            codec: CODEC,
            fault: "a restart marker is missing",
        });
    }
    Ok(at + bytes.position())
}

/// Lossless when NEAR is 0 in every scan.
pub(super) fn lossless(codestream: &[u8]) -> Option<bool> {
    let mut bytes = Bytes::new(codestream);
    if header::marker(&mut bytes).ok()? != header::SOI {
        return None;
    }
    let mut scans = 0;
    loop {
        match header::segment(&mut bytes).ok()? {
            Segment::Scan(scan) if scan.near > 0 => return Some(false),
            Segment::Scan(_) => {
                scans += 1;
                skip_scan(&mut bytes)?;
            }
            Segment::End => return (scans > 0).then_some(true),
            _ => {}
        }
    }
}

/// Skips coded samples, restart markers included, up to the next marker.
fn skip_scan(bytes: &mut Bytes<'_>) -> Option<()> {
    let marker = bytes
        .rest()
        .windows(2)
        .position(|pair| matches!(pair, &[0xFF, code] if code >= 0x80 && !(0xD0..=0xD7).contains(&code)))?;
    bytes.take(marker).map(|_| ())
}

/// Encodes planes of `columns` x `rows` samples.
pub(super) fn encode(
    columns: u16,
    rows: u16,
    precision: u8,
    near: u8,
    interleave: Interleave,
    planes: &[Vec<u16>],
) -> Result<Vec<u8>, CodecError> {
    let parameters = Parameters::new(precision, near, Preset::default())?;
    let count = planes.len() as u8;
    let mut out = vec![0xFF, header::SOI];
    let mut frame = vec![precision];
    frame.extend(rows.to_be_bytes());
    frame.extend(columns.to_be_bytes());
    frame.push(count);
    frame.extend((1..=count).flat_map(|id| [id, 0x11, 0]));
    segment(&mut out, header::SOF55, &frame);
    let planes: Vec<(u8, &[u16])> = (1..=count).zip(planes.iter().map(Vec::as_slice)).collect();
    let per_scan = if interleave == Interleave::None {
        1
    } else {
        planes.len()
    };
    for planes in planes.chunks(per_scan.max(1)) {
        let mode = match interleave {
            Interleave::Line if planes.len() > 1 => 1,
            Interleave::Sample if planes.len() > 1 => 2,
            _ => 0,
        };
        let mut scan = vec![planes.len() as u8];
        scan.extend(planes.iter().flat_map(|&(id, _)| [id, 0]));
        scan.extend([near, mode, 0]);
        segment(&mut out, header::SOS, &scan);
        let samples: Vec<&[u16]> = planes.iter().map(|&(_, samples)| samples).collect();
        out.extend(encode::scan(&parameters, interleave, columns, &samples));
    }
    out.extend([0xFF, header::EOI]);
    Ok(out)
}

fn segment(out: &mut Vec<u8>, code: u8, content: &[u8]) {
    out.extend([0xFF, code]);
    out.extend((content.len() as u16 + 2).to_be_bytes());
    out.extend(content);
}
