//! Which fragments make which frame (PS3.5 A.4).

use std::ops::Range;

use crate::PixelCoding;

/// What is known of a fragment without keeping it: its length and its first bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fragment {
    /// Its length in bytes, as its item says.
    pub length: u32,
    /// Its first bytes, zero where it is shorter.
    pub start: [u8; 12],
}

impl Fragment {
    /// Of a fragment's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut start = [0; 12];
        for (to, from) in start.iter_mut().zip(bytes) {
            *to = *from;
        }
        Self {
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            start,
        }
    }

    /// Whether a codestream starts here.
    fn starts_codestream(&self, coding: PixelCoding) -> bool {
        let starts: &[&[u8]] = match coding {
            PixelCoding::Jpeg | PixelCoding::JpegLs => &[b"\xFF\xD8\xFF"],
            PixelCoding::Jpeg2000 => &[b"\xFF\x4F\xFF\x51", b"\x00\x00\x00\x0CjP  \r\n\x87\n"],
            PixelCoding::JpegXl => &[b"\xFF\x0A", b"\x00\x00\x00\x0CJXL \r\n\x87\n"],
            _ => &[],
        };
        starts.iter().any(|start| self.start.starts_with(start))
    }
}

/// The offset tables of encapsulated pixel data.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Offsets<'a> {
    /// The value of the first item, the Basic Offset Table; empty when there is none.
    pub basic: &'a [u8],
    /// Extended Offset Table (7FE0,0001), its value; empty when absent.
    pub extended: &'a [u8],
}

/// Fragments cannot be told apart into the frames that the header promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FramesError {
    /// No fragment, or no frame.
    #[error("there are no fragments or no frames; quarantine the object")]
    Empty,
    /// Less fragments than frames.
    #[error("there are less fragments than frames; ask the sender for the object again")]
    Missing,
    /// Neither an offset table nor starts of codestreams tell the frames apart.
    #[error(
        "nothing tells the frames apart: no valid offset table, and as many codestreams start as there are not frames; keep the fragments as they came"
    )]
    Ambiguous,
}

/// For each of `frames` frames, which fragments (counted from 0 after the Basic Offset Table) make it.
///
/// One frame takes all fragments; as many fragments as frames are one each; else the extended or the basic offset
/// table says it, else (tables in the wild are wrong at times) where codestreams start.
///
/// # Errors
/// [`FramesError`] when nothing tells the frames apart.
pub fn frames(
    coding: PixelCoding,
    fragments: &[Fragment],
    offsets: Offsets<'_>,
    frames: u32,
) -> Result<Vec<Range<usize>>, FramesError> {
    let count = frames as usize;
    if fragments.is_empty() || count == 0 {
        return Err(FramesError::Empty);
    }
    if fragments.len() < count {
        return Err(FramesError::Missing);
    }
    if count == 1 {
        return Ok(ranges(&[0], fragments.len()));
    }
    if fragments.len() == count {
        return Ok((0..count).map(|i| i..i + 1).collect());
    }
    let extended = table::<8>(offsets.extended, u64::from_le_bytes);
    let basic = table::<4>(offsets.basic, |bytes| u32::from_le_bytes(bytes).into());
    [extended, basic]
        .into_iter()
        .flatten()
        .find_map(|table| by_offsets(fragments, &table, count))
        .or_else(|| by_starts(coding, fragments, count))
        .ok_or(FramesError::Ambiguous)
}

/// The offsets of a table, `None` when there is no whole table.
fn table<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> u64) -> Option<Vec<u64>> {
    let (offsets, rest) = bytes.as_chunks::<N>();
    (rest.is_empty() && !offsets.is_empty()).then(|| offsets.iter().map(|&bytes| number(bytes)).collect())
}

/// Each offset must be where a fragment's item tag stands, counted from the first one, and ascend from 0.
fn by_offsets(fragments: &[Fragment], offsets: &[u64], count: usize) -> Option<Vec<Range<usize>>> {
    if offsets.len() != count || offsets.first() != Some(&0) {
        return None;
    }
    const ITEM_HEADER: u64 = 8;
    let mut starts = Vec::with_capacity(count);
    let mut wanted = offsets.iter().peekable();
    let mut at = 0;
    for (index, fragment) in fragments.iter().enumerate() {
        if wanted.next_if_eq(&&at).is_some() {
            starts.push(index);
        }
        at += ITEM_HEADER + u64::from(fragment.length);
    }
    wanted.peek().is_none().then(|| ranges(&starts, fragments.len()))
}

/// Exactly one codestream must start for each frame, the first with the first fragment.
fn by_starts(coding: PixelCoding, fragments: &[Fragment], count: usize) -> Option<Vec<Range<usize>>> {
    let starts: Vec<usize> = fragments
        .iter()
        .enumerate()
        .filter(|(_, fragment)| fragment.starts_codestream(coding))
        .map(|(index, _)| index)
        .collect();
    (starts.len() == count && starts.first() == Some(&0)).then(|| ranges(&starts, fragments.len()))
}

fn ranges(starts: &[usize], end: usize) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
}
