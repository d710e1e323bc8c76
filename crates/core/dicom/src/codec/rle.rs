//! RLE: PackBits per byte plane (PS3.5 annex G).

use super::bytes::Bytes;
use super::native::{pack_bits, unpack_bits};
use super::samples::{self, Layout};
use super::{CodecError, Frame};
use crate::PixelDescription;

const CODEC: &str = "RLE";
const HEADER: usize = 64;
const MOST_SEGMENTS: usize = 15;

pub(super) fn decode(description: &PixelDescription, codestream: &[u8]) -> Result<Frame, CodecError> {
    let d = description;
    let layout = Layout::new(CODEC, d, d.bits_allocated.into())?;
    let samples = usize::from(d.samples_per_pixel);
    let word = usize::from(d.bits_allocated.div_ceil(8));
    // One bit allocated: the packed bits are what is run-length coded.
    let length = (d.pixels() * usize::from(d.bits_allocated.min(8))).div_ceil(8);
    let segments = segments(codestream)?;
    if segments.len() != samples * word {
        return Err(CodecError::Disagrees {
            codec: CODEC,
            on: "the number of segments",
        });
    }
    let mut planes = Vec::with_capacity(samples);
    for sample in segments.chunks_exact(word) {
        // The highest byte comes first.
        let mut bytes = sample
            .iter()
            .map(|segment| unpack(segment, length))
            .collect::<Result<Vec<_>, _>>()?;
        planes.push(if d.bits_allocated == 1 {
            vec![unpack_bits(&bytes.pop().unwrap_or_default(), d.pixels())]
        } else {
            bytes
        });
    }
    Ok(match word {
        1 => samples::frame(layout, &planes.concat(), d.photometric, true),
        2 => samples::frame(
            layout,
            &planes.iter().map(|p| join16(p)).collect::<Vec<_>>(),
            d.photometric,
            true,
        ),
        _ => samples::frame(
            layout,
            &planes.iter().map(|p| join32(p)).collect::<Vec<_>>(),
            d.photometric,
            true,
        ),
    })
}

fn join16(bytes: &[Vec<u8>]) -> Vec<u16> {
    match bytes {
        [high, low] => high
            .iter()
            .zip(low)
            .map(|(&h, &l)| u16::from_be_bytes([h, l]))
            .collect(),
        _ => Vec::new(),
    }
}

fn join32(bytes: &[Vec<u8>]) -> Vec<u32> {
    match bytes {
        [a, b, c, d] => a
            .iter()
            .zip(b)
            .zip(c.iter().zip(d))
            .map(|((&a, &b), (&c, &d))| u32::from_be_bytes([a, b, c, d]))
            .collect(),
        _ => Vec::new(),
    }
}

/// The segments that the RLE header names (PS3.5 G.5).
fn segments(codestream: &[u8]) -> Result<Vec<&[u8]>, CodecError> {
    let truncated = CodecError::Truncated { codec: CODEC };
    if codestream.len() < HEADER {
        return Err(truncated);
    }
    let mut header = Bytes::new(codestream);
    let count = header.u32_le().ok_or(truncated.clone())? as usize;
    if count > MOST_SEGMENTS {
        return Err(CodecError::Malformed {
            codec: CODEC,
            fault: "more than 15 segments",
        });
    }
    let mut offsets = Vec::with_capacity(count + 1);
    for _ in 0..count {
        offsets.push(header.u32_le().ok_or(truncated.clone())? as usize);
    }
    offsets.push(codestream.len());
    let misplaced = CodecError::Malformed {
        codec: CODEC,
        fault: "segment offsets are out of order",
    };
    if offsets.first().is_some_and(|&first| first < HEADER) {
        return Err(misplaced);
    }
    offsets
        .iter()
        .zip(offsets.iter().skip(1))
        .map(|(&start, &end)| codestream.get(start..end).ok_or(misplaced.clone()))
        .collect()
}

/// PackBits to exactly `length` bytes (PS3.5 G.3.2). What a segment holds beyond them is padding.
fn unpack(segment: &[u8], length: usize) -> Result<Vec<u8>, CodecError> {
    let truncated = CodecError::Truncated { codec: CODEC };
    // A run of 2 bytes gives 128 at most: no segment can make us allocate more than that.
    let mut out = Vec::with_capacity(length.min(segment.len().saturating_mul(64)));
    let mut rest = segment;
    while out.len() < length {
        let (&control, after) = rest.split_first().ok_or(truncated.clone())?;
        let control = usize::from(control);
        let space = length - out.len();
        rest = match control {
            0..=127 => {
                let (literal, after) = after.split_at_checked(control + 1).ok_or(truncated.clone())?;
                out.extend(literal.iter().take(space));
                after
            }
            128 => after,
            _ => {
                let (&byte, after) = after.split_first().ok_or(truncated.clone())?;
                out.extend(std::iter::repeat_n(byte, (257 - control).min(space)));
                after
            }
        };
    }
    Ok(out)
}

/// Encodes a frame; `planes` are its words of Bits Allocated.
pub(super) fn encode(description: &PixelDescription, planes: &[Vec<u32>]) -> Result<Vec<u8>, CodecError> {
    let d = description;
    let word = u32::from(d.bits_allocated.div_ceil(8));
    let mut segments = Vec::new();
    for plane in planes {
        for byte in (0..word).rev() {
            segments.push(if d.bits_allocated == 1 {
                pack(&pack_bits(plane), usize::MAX)
            } else {
                let bytes: Vec<u8> = plane.iter().map(|w| (w >> (8 * byte)) as u8).collect();
                pack(&bytes, d.columns.into())
            });
        }
    }
    if segments.len() > MOST_SEGMENTS {
        return Err(CodecError::Unsupported {
            codec: CODEC,
            what: "more than 15 segments are",
        });
    }
    let mut out = (segments.len() as u32).to_le_bytes().to_vec();
    let mut offset = HEADER;
    for segment in &segments {
        out.extend((offset as u32).to_le_bytes());
        offset += segment.len();
    }
    out.resize(HEADER, 0);
    out.extend(segments.concat());
    Ok(out)
}

/// PackBits, no run across two rows (PS3.5 G.3.1), padded to an even length.
fn pack(bytes: &[u8], columns: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for row in bytes.chunks(columns.max(1)) {
        let mut literal: &[u8] = &[];
        let mut rest = row;
        while let Some((&first, _)) = rest.split_first() {
            let run = rest.iter().take(128).take_while(|&&b| b == first).count();
            // Two equal bytes inside a literal cost no less as a run of their own.
            if run >= 3 || (run == 2 && literal.is_empty()) {
                out.extend([(257 - run) as u8, first]);
                rest = rest.get(run..).unwrap_or_default();
                literal = &[];
                continue;
            }
            let length = literal_length(rest);
            literal = rest.get(..length).unwrap_or_default();
            out.push((length - 1) as u8);
            out.extend(literal);
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    if out.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// How many bytes (1 to 128) stand before the next run of three.
fn literal_length(bytes: &[u8]) -> usize {
    let run = bytes
        .windows(3)
        .take(127)
        .position(|w| matches!(w, [a, b, c] if a == b && b == c));
    run.unwrap_or(bytes.len()).clamp(1, 128).min(bytes.len())
}
