//! Compressed frames to native ones.

use super::survey::{Fragments, Survey};
use super::write::{self, UNDEFINED};
use super::{Target, TranscodeError};
use crate::outgoing::Content;
use decode::{Decoder, Image};
use dicom::codec::frames::{Offsets, frames};
use dicom::codec::{Frame, encode_frame};
use dicom::{Photometric, PixelCoding, PixelDescription, Tag, TransferSyntax, Vr};
use std::io::{self, Read, Write};
use std::ops::Range;

/// Where compressed pixels come from, and who decodes them.
pub(super) struct Pixels<'a> {
    pub(super) source: &'a Content,
    pub(super) data_set_at: u64,
    pub(super) syntax: &'a TransferSyntax,
    pub(super) decoder: &'a Decoder,
}

/// What the native pixels will be.
pub(super) struct Plan {
    /// One frame of them.
    description: PixelDescription,
    /// Photometric Interpretation (0028,0004); none where it stays.
    pub(super) photometric: Option<&'static str>,
    /// Luminance and chrominance become red, green, blue.
    to_rgb: bool,
    ranges: Vec<Range<usize>>,
    /// The first frame, which had to be decoded to know all this.
    first: Image,
}

impl Plan {
    /// Samples of a pixel.
    pub(super) fn samples(&self) -> u16 {
        self.description.samples_per_pixel
    }

    /// Bits of a sample.
    pub(super) fn bits_allocated(&self) -> u16 {
        self.description.bits_allocated
    }

    /// Bytes of all native frames, before padding.
    pub(super) fn length(&self) -> Option<u32> {
        let d = &self.description;
        let bits = d.pixels() as u64 * u64::from(d.samples_per_pixel) * u64::from(d.bits_allocated);
        let length = bits.div_ceil(8).checked_mul(self.ranges.len() as u64)?;
        // The longest value whose length is even and not "undefined".
        u32::try_from(length).ok().filter(|length| *length < u32::MAX - 1)
    }
}

impl Pixels<'_> {
    /// Decodes the first frame and says what all of them become.
    pub(super) fn plan(&self, survey: &Survey) -> Result<Option<Plan>, TranscodeError> {
        let Some(fragments) = &survey.fragments else {
            return Ok(None);
        };
        let header = survey.description().ok_or(TranscodeError::Unreadable)?;
        if survey.has_overlay_in_pixels() {
            return Err(TranscodeError::Unwritable("an overlay stands in its pixels"));
        }
        if header.bits_allocated == 1 && header.frames > 1 && !header.pixels().is_multiple_of(8) {
            return Err(TranscodeError::Unwritable(
                "its one-bit frames do not end on bytes",
            ));
        }
        let offsets = Offsets {
            basic: &fragments.basic_offsets,
            extended: &fragments.extended_offsets,
        };
        let ranges = frames(self.syntax.pixels, &fragments.list, offsets, header.frames)
            .map_err(|error| TranscodeError::Undecodable(error.to_string()))?;
        let one = PixelDescription { frames: 1, ..header };
        let range = ranges.first().cloned().ok_or(TranscodeError::Unreadable)?;
        let first = self.decode(&one, fragments, range)?;
        let chrominance = first.header.colour == CHROMINANCE;
        let to_rgb = chrominance
            && self.syntax.pixels == PixelCoding::Jpeg
            && first.container == 1
            && !first.header.signed
            && first.planes.len() == 3;
        let photometric = match first.header.colour {
            RED_GREEN_BLUE => Some("RGB"),
            CHROMINANCE if to_rgb => Some("RGB"),
            // Decoded, chrominance has its full width and height.
            CHROMINANCE => Some("YBR_FULL"),
            OTHER if one.samples_per_pixel > 1 => {
                return Err(TranscodeError::Unwritable("its colour space is not known"));
            }
            _ => None,
        };
        Ok(Some(Plan {
            description: PixelDescription { planar: false, ..one },
            photometric,
            to_rgb,
            ranges,
            first,
        }))
    }

    /// Writes all frames, one after the other.
    pub(super) fn write(
        &self,
        plan: Plan,
        fragments: &Fragments,
        out: &mut impl Write,
    ) -> Result<(), TranscodeError> {
        let Plan {
            description,
            to_rgb,
            ranges,
            first,
            ..
        } = plan;
        let header = first.header;
        let mut first = Some(first);
        for range in ranges {
            let image = match first.take() {
                Some(image) => image,
                None => self.decode(&description, fragments, range)?,
            };
            if image.header != header {
                return Err(TranscodeError::Unwritable(
                    "its frames are of several colour spaces",
                ));
            }
            let planes = if to_rgb { rgb(&image.planes) } else { image.planes };
            let frame = Frame {
                planes,
                container: image.container,
                extra_bits: None,
                photometric: Photometric::Other,
                lossless: true,
                rgb_from_ycbcr: false,
            };
            let native = encode_frame(PixelCoding::Native, &description, &frame)
                .map_err(|error| TranscodeError::Undecodable(error.to_string()))?;
            out.write_all(&native)?;
        }
        Ok(())
    }

    fn decode(
        &self,
        description: &PixelDescription,
        fragments: &Fragments,
        range: Range<usize>,
    ) -> Result<Image, TranscodeError> {
        let mut codestream = Codestream::new(self, fragments, range);
        Ok(self.decoder.frame(self.syntax, description, 0, &mut codestream)?)
    }
}

/// As `seal::px1::PixelHeader::colour` has it.
const RED_GREEN_BLUE: u8 = 2;
const CHROMINANCE: u8 = 3;
const OTHER: u8 = 4;

/// A data set with the fragments of one frame and nothing else, for the decoding child: it need not read all others.
struct Codestream<'a> {
    source: &'a Content,
    pieces: std::vec::IntoIter<Piece>,
    current: Box<dyn Read>,
}

enum Piece {
    Header(Vec<u8>),
    /// Of the file: from where, and how many bytes.
    Fragment(u64, u32),
}

impl<'a> Codestream<'a> {
    fn new(pixels: &Pixels<'a>, fragments: &Fragments, range: Range<usize>) -> Self {
        let mut head = Vec::with_capacity(32);
        write::header(&mut head, Target::ExplicitLe, Tag::PIXEL_DATA, Vr::OB, UNDEFINED);
        write::item(&mut head, Tag::ITEM, 0);
        let mut pieces = Vec::with_capacity(2 * range.len() + 2);
        pieces.push(Piece::Header(head));
        let mut at = pixels.data_set_at + fragments.at;
        for (number, fragment) in fragments.list.iter().enumerate().take(range.end) {
            at += 8;
            if range.contains(&number) {
                let mut header = Vec::with_capacity(8);
                write::item(&mut header, Tag::ITEM, fragment.length);
                pieces.push(Piece::Header(header));
                pieces.push(Piece::Fragment(at, fragment.length));
            }
            at += u64::from(fragment.length);
        }
        let mut end = Vec::with_capacity(8);
        write::item(&mut end, Tag::SEQUENCE_END, 0);
        pieces.push(Piece::Header(end));
        Self {
            source: pixels.source,
            pieces: pieces.into_iter(),
            current: Box::new(io::empty()),
        }
    }
}

impl Read for Codestream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.current.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            self.current = match self.pieces.next() {
                None => return Ok(0),
                Some(Piece::Header(bytes)) => Box::new(io::Cursor::new(bytes)),
                Some(Piece::Fragment(at, length)) => Box::new(self.source.reader(at).take(length.into())),
            };
        }
    }
}

/// Luminance and chrominance of full range to red, green, blue (PS3.3 C.7.6.3.1.2), in the fixed-point arithmetic that JPEG
/// decoders have in common.
fn rgb(planes: &[Vec<u8>]) -> Vec<Vec<u8>> {
    const HALF: i32 = 1 << 15;
    let [y, cb, cr] = planes else {
        return planes.to_vec();
    };
    let mut out: Vec<Vec<u8>> = (0..3).map(|_| Vec::with_capacity(y.len())).collect();
    for ((y, cb), cr) in y.iter().zip(cb).zip(cr) {
        let (y, cb, cr) = (i32::from(*y), i32::from(*cb) - 128, i32::from(*cr) - 128);
        let colours = [
            y + ((91_881 * cr + HALF) >> 16),
            y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16),
            y + ((116_130 * cb + HALF) >> 16),
        ];
        for (plane, colour) in out.iter_mut().zip(colours) {
            plane.push(colour.clamp(0, 255) as u8);
        }
    }
    out
}
