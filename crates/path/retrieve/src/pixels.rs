//! Where the frames of a stored image stand.

use crate::value::Stop;
use crate::walk::item_header;
use crate::{DataSet, Error, Halt, Result, Walk};
use dicom::codec::frames::{self, Fragment, Offsets};
use dicom::scan::{Element, Sink};
use dicom::{Encoding, Header, Photometric, PixelDescription, Tag, TransferSyntax, Vr};
use std::io::{BufRead, Read, Seek};
use std::ops::Range;

/// Fragments of one image that are followed. A whole-slide level of 250,000 x 250,000 pixels in tiles of 256 has fewer.
const MAX_FRAGMENTS: usize = 1 << 20;
/// Bytes of an offset table that are read: eight for each of so many fragments.
const MAX_TABLE: usize = 8 * MAX_FRAGMENTS;
const EXTENDED_OFFSET_TABLE: Tag = Tag(0x7FE0, 0x0001);

/// Where a frame stands in the data set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// These bytes, in this order.
    Bytes(Vec<Range<u64>>),
    /// These bits, the lowest of each byte first: frames of 1-bit images (segmentations) are not parted at bytes
    /// (PS3.5 8.2).
    Bits(Range<u64>),
}

/// The pixel data of a stored image.
#[derive(Debug)]
pub struct Pixels {
    /// What the header says of it.
    pub description: PixelDescription,
    vr: Vr,
    encoding: Encoding,
    layout: Layout,
}

#[derive(Debug)]
enum Layout {
    /// Frames of so many bits each, one after the other from a byte on.
    Native { at: u64, bits: u64 },
    /// Fragments by their place, and which of them make which frame.
    Encapsulated {
        fragments: Vec<Range<u64>>,
        frames: Vec<Range<usize>>,
    },
}

impl Pixels {
    /// Finds the frames of a stored data set.
    ///
    /// # Errors
    /// [`Error::NotFound`] without pixel data, [`Error::Frames`] when its frames cannot be told apart, or why it
    /// cannot be read.
    pub fn locate<R: BufRead + Seek>(stored: R, syntax: &TransferSyntax) -> Result<(DataSet<R>, Self)> {
        let mut walk = Walk::new(DataSet::new(stored, syntax), syntax);
        let mut reader = HeaderReader::default();
        let element = loop {
            match walk.step(&mut reader) {
                Ok(true) => {}
                Ok(false) => return Err(Error::NotFound),
                Err(Halt::Read(error)) => return Err(error),
                Err(Halt::Sink(Stop::Broken(error))) => return Err(error.into()),
                Err(Halt::Sink(Stop::Found(element))) => break element,
            }
        };
        let frames_error = |error: &str| Error::Frames(error.to_owned());
        let description = reader
            .header
            .pixel_description()
            .ok_or_else(|| frames_error("the header does not describe them"))?;
        let at = walk.position();
        let mut data_set = walk.into_data_set();
        let layout = match element.length {
            Some(length) => native(&description, element.encoding, at, length)
                .ok_or_else(|| frames_error("the pixel data is shorter than the header says"))?,
            None => encapsulated(&mut data_set, at, syntax, &description, &reader.extended)?,
        };
        Ok((
            data_set,
            Self {
                description,
                vr: element.vr,
                encoding: element.encoding,
                layout,
            },
        ))
    }

    /// True when frames are compressed, or kept in fragments for another reason.
    pub fn is_encapsulated(&self) -> bool {
        matches!(self.layout, Layout::Encapsulated { .. })
    }

    /// How many frames there are.
    pub fn frames(&self) -> u32 {
        self.description.frames
    }

    /// Where a frame counted from 1 stands; `None` when there is no such.
    pub fn frame(&self, number: u32) -> Option<Place> {
        let index = number
            .checked_sub(1)
            .filter(|_| number <= self.description.frames)?;
        match &self.layout {
            Layout::Native { at, bits } => {
                let first = at * 8 + u64::from(index) * bits;
                let whole = (first % 8 == 0 && bits % 8 == 0).then(|| first / 8..(first + bits) / 8);
                Some(match whole {
                    Some(bytes) => Place::Bytes(std::iter::once(bytes).collect()),
                    None => Place::Bits(first..first + bits),
                })
            }
            Layout::Encapsulated { fragments, frames } => {
                let range = frames.get(index as usize)?.clone();
                fragments
                    .get(range)
                    .map(|fragments| Place::Bytes(fragments.to_vec()))
            }
        }
    }

    /// Bytes in one number where they must be swapped to become little-endian, else 1.
    pub fn swapped_word(&self) -> usize {
        if self.encoding.is_big_endian() && !self.is_encapsulated() {
            self.vr.word()
        } else {
            1
        }
    }
}

fn native(description: &PixelDescription, encoding: Encoding, at: u64, length: u32) -> Option<Layout> {
    let samples = description.pixels() as u64 * u64::from(description.samples_per_pixel);
    let bits = samples.checked_mul(description.bits_allocated.into())?;
    // Chrominance at half the width: two samples a pixel instead of three (PS3.3 C.7.6.3.1.2).
    let bits = if description.photometric == Photometric::YbrFull422 {
        bits / 3 * 2
    } else {
        bits
    };
    // Big-endian words of single bits are met nowhere, and are not taken apart here.
    let plain = bits % 8 == 0 || !encoding.is_big_endian();
    let all = bits.checked_mul(description.frames.into())?;
    (plain && bits > 0 && all.div_ceil(8) <= length.into()).then_some(Layout::Native { at, bits })
}

fn encapsulated<R: BufRead + Seek>(
    data_set: &mut DataSet<R>,
    mut at: u64,
    syntax: &TransferSyntax,
    description: &PixelDescription,
    extended: &[u8],
) -> Result<Layout> {
    let (mut places, mut fragments, mut basic) = (Vec::new(), Vec::new(), None);
    loop {
        let (tag, length) = item_header(data_set, at)?;
        at += 8;
        if tag == Tag::SEQUENCE_END {
            break;
        }
        if basic.is_none() {
            let mut table = Vec::new();
            data_set
                .take(u64::from(length).min(MAX_TABLE as u64))
                .read_to_end(&mut table)?;
            basic = Some(table);
        } else {
            let mut start = Vec::with_capacity(16);
            data_set.take(u64::from(length.min(16))).read_to_end(&mut start)?;
            places.push(at..at + u64::from(length));
            fragments.push(Fragment {
                length,
                ..Fragment::of(&start)
            });
        }
        if fragments.len() > MAX_FRAGMENTS {
            return Err(Error::Frames(format!(
                "there are more than {MAX_FRAGMENTS} fragments"
            )));
        }
        at += u64::from(length);
    }
    let offsets = Offsets {
        basic: basic.as_deref().unwrap_or_default(),
        extended,
    };
    let frames = frames::frames(syntax.pixels, &fragments, offsets, description.frames)
        .map_err(|error| Error::Frames(error.to_string()))?;
    Ok(Layout::Encapsulated {
        fragments: places,
        frames,
    })
}

/// Collects the header on the way to the pixels.
#[derive(Default)]
struct HeaderReader {
    header: Header,
    extended: Vec<u8>,
    current: Option<Element>,
    captured: Vec<u8>,
}

impl Sink for HeaderReader {
    type Error = Stop;

    fn element(&mut self, element: &Element) -> Result<(), Stop> {
        if element.depth == 0 && element.tag == Tag::PIXEL_DATA {
            return Err(Stop::Found(*element));
        }
        let limit = if element.tag == EXTENDED_OFFSET_TABLE {
            MAX_TABLE
        } else {
            1 << 10
        };
        let small = element.length.is_some_and(|length| length as usize <= limit);
        self.current = (element.depth == 0 && small).then_some(*element);
        self.captured.clear();
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if self.current.is_some() {
            self.captured.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Stop> {
        let Some(element) = self.current.take() else {
            return Ok(());
        };
        if element.encoding.is_big_endian() && element.vr.word() > 1 {
            self.captured
                .chunks_exact_mut(element.vr.word())
                .for_each(<[u8]>::reverse);
        }
        if element.tag == EXTENDED_OFFSET_TABLE {
            self.extended = std::mem::take(&mut self.captured);
        } else {
            self.header.offer(element.tag, element.vr, &self.captured);
        }
        Ok(())
    }

    fn sequence(&mut self, _: &Element) -> Result<(), Stop> {
        Ok(())
    }

    fn item(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Stop> {
        if element.depth == 0 {
            Err(Stop::Found(*element))
        } else {
            Ok(())
        }
    }

    fn fragment(&mut self, _: u32) -> Result<(), Stop> {
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }
}
