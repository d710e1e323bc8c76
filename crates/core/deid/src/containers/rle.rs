//! RLE (PS3.5 annex G): the header written anew, each segment cut where its bytes are complete.

use std::borrow::Cow;

use dicom::PixelDescription;

use super::ContainerError;
use super::rebuild::Rebuild;

const HEADER: usize = 64;
const MOST_SEGMENTS: usize = 15;

fn unreadable(fault: &'static str) -> ContainerError {
    let coding = "RLE";
    ContainerError::Unreadable { coding, fault }
}

pub(super) fn clean<'a>(frame: &'a [u8], d: &PixelDescription) -> Result<Cow<'a, [u8]>, ContainerError> {
    // One bit allocated: the packed bits are what is run-length coded.
    let length = (d.pixels() * usize::from(d.bits_allocated.min(8))).div_ceil(8);
    let expected = usize::from(d.samples_per_pixel) * usize::from(d.bits_allocated.div_ceil(8));
    let mut segments = segments(frame)?;
    if segments.len() != expected {
        return Err(unreadable("the number of segments is not what the header says"));
    }
    for segment in &mut segments {
        *segment = complete(segment, length)?;
    }
    let mut header = [0u32; HEADER / 4];
    let mut offset = HEADER;
    let (count, offsets) = header.split_first_mut().ok_or(unreadable("no segments"))?;
    *count = segments.len() as u32;
    for (entry, segment) in offsets.iter_mut().zip(&segments) {
        *entry = u32::try_from(offset).map_err(|_| unreadable("a segment starts too late"))?;
        offset += segment.len().next_multiple_of(2);
    }
    let mut out = Rebuild::of(frame);
    for entry in header {
        out.push(&entry.to_le_bytes());
    }
    for segment in segments {
        out.push(segment);
        out.pad();
    }
    Ok(out.finish())
}

/// The segments that the header names (PS3.5 G.5), each up to the next.
fn segments(frame: &[u8]) -> Result<Vec<&[u8]>, ContainerError> {
    let (header, _) = frame
        .split_at_checked(HEADER)
        .ok_or(unreadable("it ends in its header"))?;
    let (fields, _) = header.as_chunks::<4>();
    let mut fields = fields.iter().map(|&field| u32::from_le_bytes(field) as usize);
    let count = fields.next().unwrap_or_default();
    if count > MOST_SEGMENTS {
        return Err(unreadable("it has more than 15 segments"));
    }
    let mut starts: Vec<usize> = fields.take(count).collect();
    starts.push(frame.len());
    if starts.first().is_some_and(|&first| first < HEADER) {
        return Err(unreadable("a segment starts in the header"));
    }
    starts
        .iter()
        .zip(starts.iter().skip(1))
        .map(|(&start, &end)| {
            frame
                .get(start..end)
                .ok_or(unreadable("segments are out of order"))
        })
        .collect()
}

/// The part of a segment that unpacks to exactly `length` bytes (PS3.5 G.3.2).
fn complete(segment: &[u8], length: usize) -> Result<&[u8], ContainerError> {
    let (mut at, mut made) = (0, 0);
    while made < length {
        let &control = segment
            .get(at)
            .ok_or(unreadable("a segment unpacks to too few bytes"))?;
        let control = usize::from(control);
        let (taken, bytes) = match control {
            0..=127 => (control + 2, control + 1),
            128 => (1, 0),
            _ => (2, 257 - control),
        };
        at += taken;
        made += bytes;
    }
    // A last literal that is too long could hide what no decoder shows.
    if made > length {
        return Err(unreadable("a segment unpacks to too many bytes"));
    }
    segment
        .get(..at)
        .ok_or(unreadable("a segment unpacks to too few bytes"))
}
