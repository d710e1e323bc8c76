//! Marker segments as JPEG and JPEG-LS share them (ITU-T T.81 annex B), kept as bytes.

use std::borrow::Cow;

use dicom::codec::decode_frame;
use dicom::{PixelCoding, PixelDescription};

use super::ContainerError;
use super::cursor::Cursor;
use super::rebuild::Rebuild;

pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const DNL: u8 = 0xDC;
pub(super) const DRI: u8 = 0xDD;
pub(super) const COM: u8 = 0xFE;
/// Segments and tables that a frame may have: hostile ones have many small ones.
const MOST_PARTS: usize = 4096;
/// Zeros at the end of coded data of which a decoder is asked whether they are samples.
const MOST_ZEROS: usize = 4;

/// The rebuilt frame, and how many zeros stood where its end marker is missing.
pub(super) type Rebuilt<'a> = (Cow<'a, [u8]>, usize);

/// Rebuilds a frame; `rebuild` is told how many zeros at an end without a marker are to be kept.
///
/// Such zeros are padding or the last samples, and only decoding tells which: there is one right number.
pub(super) fn settle<'a>(
    coding: PixelCoding,
    description: &PixelDescription,
    rebuild: impl Fn(usize) -> Result<Rebuilt<'a>, ContainerError>,
) -> Result<Cow<'a, [u8]>, ContainerError> {
    let (first, zeros) = rebuild(0)?;
    if zeros == 0 || decode_frame(coding, description, &first).is_ok() {
        return Ok(first);
    }
    for kept in 1..=zeros.min(MOST_ZEROS) {
        let (rebuilt, _) = rebuild(kept)?;
        if decode_frame(coding, description, &rebuilt).is_ok() {
            return Ok(rebuilt);
        }
    }
    Err(ContainerError::Unreadable {
        coding: if coding == PixelCoding::JpegLs {
            "JPEG-LS"
        } else {
            "JPEG"
        },
        fault: "it has no end marker, and nothing tells where its samples end",
    })
}

/// Walks over markers, their segments, and coded data.
pub(super) struct Markers<'a> {
    bytes: Cursor<'a>,
    coding: &'static str,
    zeros_kept: usize,
    /// Zeros behind coded data that no marker ends.
    pub(super) zeros: usize,
}

impl<'a> Markers<'a> {
    /// Behind the SOI that must come first. Of zeros at an end without a marker, `zeros_kept` count as coded data.
    pub(super) fn start(
        frame: &'a [u8],
        coding: &'static str,
        zeros_kept: usize,
    ) -> Result<Self, ContainerError> {
        let mut markers = Self {
            bytes: Cursor::new(frame),
            coding,
            zeros_kept,
            zeros: 0,
        };
        match markers.next()? {
            Some(SOI) => Ok(markers),
            _ => Err(markers.unreadable("it does not start with SOI")),
        }
    }

    pub(super) fn unreadable(&self, fault: &'static str) -> ContainerError {
        let coding = self.coding;
        ContainerError::Unreadable { coding, fault }
    }

    /// The next marker; fill bytes before it are passed. `None` at the end, or when only padding is left.
    pub(super) fn next(&mut self) -> Result<Option<u8>, ContainerError> {
        let rest = self.bytes.rest();
        let fill = rest.iter().take_while(|&&byte| byte == 0xFF).count();
        match rest.get(fill) {
            None => Ok(None),
            Some(&code) if fill > 0 && code != 0 => {
                self.bytes.take(fill + 1);
                Ok(Some(code))
            }
            Some(_) if rest.iter().all(|byte| matches!(byte, 0 | 0xFF)) => Ok(None),
            Some(_) => Err(self.unreadable("bytes stand where a marker must")),
        }
    }

    /// The content of the marker's segment.
    pub(super) fn segment(&mut self) -> Result<&'a [u8], ContainerError> {
        let segment = self.bytes.segment();
        segment.ok_or_else(|| self.unreadable("a marker segment is longer than the frame"))
    }

    /// Coded data up to the next marker; `data` tells which bytes behind FF belong to it. Where no marker follows, FF
    /// at the end is padding, and zeros before it are counted.
    pub(super) fn coded(&mut self, data: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.rest();
        let mut at = 0;
        while let Some(ff) = find(rest, at) {
            let fill = rest.iter().skip(ff).take_while(|&&byte| byte == 0xFF).count();
            at = ff + fill;
            match rest.get(at) {
                Some(&code) if data(code) => at += 1,
                Some(_) => return self.bytes.take(ff).unwrap_or_default(),
                None => break,
            }
        }
        self.bytes = Cursor::new(&[]);
        let rest = without_last(rest, 0xFF);
        let samples = without_last(rest, 0);
        self.zeros = rest.len() - samples.len();
        match self.zeros_kept.min(self.zeros) {
            0 => without_last(samples, 0xFF),
            kept => rest.get(..samples.len() + kept).unwrap_or_default(),
        }
    }
}

/// The bytes up to the last one that is another.
fn without_last(bytes: &[u8], last: u8) -> &[u8] {
    let length = bytes
        .iter()
        .rposition(|&byte| byte != last)
        .map_or(0, |at| at + 1);
    bytes.get(..length).unwrap_or_default()
}

fn find(bytes: &[u8], from: usize) -> Option<usize> {
    Some(from + bytes.get(from..)?.iter().position(|&byte| byte == 0xFF)?)
}

/// A segment to be written, in parts of which some may go, with the coded data behind it.
struct Kept<'a> {
    marker: u8,
    parts: Vec<(&'a [u8], bool)>,
    coded: &'a [u8],
}

/// Which part of which segment.
pub(super) type Place = (usize, usize);

/// The segments that stay, in their order. Tables stay only once something needs them.
pub(super) struct Segments<'a> {
    kept: Vec<Kept<'a>>,
    parts: usize,
}

impl<'a> Segments<'a> {
    pub(super) fn new() -> Self {
        Self {
            kept: Vec::new(),
            parts: 0,
        }
    }

    /// Adds a segment that is needed, with the coded data behind it.
    pub(super) fn push(&mut self, marker: u8, content: &'a [u8], coded: &'a [u8]) {
        self.kept.push(Kept {
            marker,
            parts: vec![(content, true)],
            coded,
        });
        self.parts += 1;
    }

    /// Begins a segment of parts of which nobody knows yet whether they are needed.
    pub(super) fn begin(&mut self, marker: u8) {
        self.kept.push(Kept {
            marker,
            parts: Vec::new(),
            coded: &[],
        });
        self.parts += 1;
    }

    /// Adds a part to the segment begun last.
    pub(super) fn part(&mut self, bytes: &'a [u8]) -> Option<Place> {
        let segment = self.kept.len().checked_sub(1)?;
        let parts = &mut self.kept.last_mut()?.parts;
        parts.push((bytes, false));
        self.parts += 1;
        Some((segment, parts.len() - 1))
    }

    /// Keeps a part.
    pub(super) fn need(&mut self, (segment, part): Place) {
        let parts = self.kept.get_mut(segment).map(|kept| &mut kept.parts);
        if let Some((_, needed)) = parts.and_then(|parts| parts.get_mut(part)) {
            *needed = true;
        }
    }

    /// Whether there are more than any real frame has.
    pub(super) fn too_many(&self) -> bool {
        self.parts > MOST_PARTS
    }

    /// Writes what is needed. No part, and so no segment, has become longer than it was.
    pub(super) fn write(&self, out: &mut Rebuild<'_>) {
        for kept in &self.kept {
            let needed = || kept.parts.iter().filter(|(_, needed)| *needed);
            if needed().next().is_none() {
                continue;
            }
            let length = 2 + needed().map(|(bytes, _)| bytes.len()).sum::<usize>();
            segment_start(out, kept.marker, length as u16);
            for (bytes, _) in needed() {
                out.push(bytes);
            }
            out.push(kept.coded);
        }
    }
}

/// Writes a marker and the length of its segment.
pub(super) fn segment_start(out: &mut Rebuild<'_>, marker: u8, length: u16) {
    out.push(&[0xFF, marker]);
    out.push(&length.to_be_bytes());
}
