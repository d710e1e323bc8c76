//! Marker segments as JPEG and JPEG-LS share them (ITU-T T.81 annex B), kept as bytes.

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

/// Walks over markers, their segments, and coded data.
pub(super) struct Markers<'a> {
    bytes: Cursor<'a>,
    coding: &'static str,
}

impl<'a> Markers<'a> {
    /// Behind the SOI that must come first.
    pub(super) fn start(frame: &'a [u8], coding: &'static str) -> Result<Self, ContainerError> {
        let bytes = Cursor::new(frame);
        let mut markers = Self { bytes, coding };
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

    /// Coded data up to the next marker; `data` tells which bytes behind FF belong to it. Where no marker follows,
    /// zeros and FF at the end are padding.
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
        let padding = rest.iter().rev().take_while(|&&byte| matches!(byte, 0 | 0xFF));
        let length = rest.len() - padding.count();
        // An FF that is data has its zero behind it.
        let stuffed = rest
            .get(length..)
            .is_some_and(|padding| padding.starts_with(&[0xFF, 0]));
        rest.get(..length + 2 * usize::from(stuffed)).unwrap_or_default()
    }
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
