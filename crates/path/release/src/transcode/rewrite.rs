//! The data set written anew while it is read.

use super::pixels::{Pixels, Plan};
use super::survey::Survey;
use super::write::{self, UNDEFINED};
use super::{Target, TranscodeError};
use dicom::scan::{Element, Sink};
use dicom::{Encoding, Tag, Vr};
use std::io::Write;

const PHOTOMETRIC: Tag = Tag(0x0028, 0x0004);
const PLANAR: Tag = Tag(0x0028, 0x0006);
const ICON: Tag = Tag(0x0088, 0x0200);
/// Extended offset table, its lengths, and the length of the compressed pixels: there are none any more.
const OF_FRAGMENTS: [Tag; 3] = [Tag(0x7FE0, 0x0001), Tag(0x7FE0, 0x0002), Tag(0x7FE0, 0x0003)];
const TRAILING_PADDING: Tag = Tag(0xFFFC, 0xFFFC);

/// Attributes that are US or SS by Pixel Representation (PS3.6), one value of which is a sample or a difference of samples.
const BY_REPRESENTATION: [Tag; 20] = [
    Tag(0x0018, 0x9810),
    Tag(0x0022, 0x1452),
    Tag(0x0028, 0x0071),
    Tag(0x0028, 0x0104),
    Tag(0x0028, 0x0105),
    Tag(0x0028, 0x0106),
    Tag(0x0028, 0x0107),
    Tag(0x0028, 0x0108),
    Tag(0x0028, 0x0109),
    Tag(0x0028, 0x0110),
    Tag(0x0028, 0x0111),
    Tag(0x0028, 0x0120),
    Tag(0x0028, 0x0121),
    Tag(0x0028, 0x1101),
    Tag(0x0028, 0x1102),
    Tag(0x0028, 0x1103),
    Tag(0x0028, 0x3002),
    Tag(0x0040, 0x9211),
    Tag(0x0040, 0x9216),
    Tag(0x0060, 0x3004),
];

/// Writes what the scanner tells.
pub(super) struct Rewrite<'a, W> {
    out: &'a mut W,
    target: Target,
    survey: &'a Survey,
    pixels: Pixels<'a>,
    /// None where there is nothing to decode.
    plan: Option<Plan>,
    /// Attributes that get another value, in ascending order, until they are written.
    anew: Vec<(Tag, Vr, Vec<u8>)>,
    compressed: bool,
    value: State,
    /// Sequences that are open within one that goes.
    dropped: u32,
    /// Headers are put together here.
    buffer: Vec<u8>,
}

/// What becomes of the value that comes.
enum State {
    Dropped,
    /// Copied; `word` bytes change their order; `odd` is what makes its length even.
    Copied {
        word: usize,
        held: Vec<u8>,
        odd: Option<u8>,
    },
}

impl<'a, W: Write> Rewrite<'a, W> {
    pub(super) fn new(
        out: &'a mut W,
        target: Target,
        survey: &'a Survey,
        pixels: Pixels<'a>,
        plan: Option<Plan>,
    ) -> Self {
        let mut anew = Vec::new();
        if let Some(plan) = &plan {
            let code = plan
                .photometric
                .map(|code| (PHOTOMETRIC, Vr(*b"CS"), code.as_bytes().to_vec()));
            anew.extend(code);
            if plan.samples() > 1 {
                anew.push((PLANAR, Vr(*b"US"), vec![0, 0]));
            }
        }
        Self {
            out,
            target,
            survey,
            pixels,
            compressed: plan.is_some(),
            plan,
            anew,
            value: State::Dropped,
            dropped: 0,
            buffer: Vec::with_capacity(64),
        }
    }

    /// Writes what is left. Call it once, after the last element.
    pub(super) fn finish(mut self) -> Result<(), TranscodeError> {
        self.catch_up(Tag(0xFFFF, 0xFFFF))?;
        Ok(self.out.flush()?)
    }

    fn flush(&mut self) -> Result<(), TranscodeError> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the attributes that get another value, as far as they come before this one. True when this is one of them.
    fn catch_up(&mut self, tag: Tag) -> Result<bool, TranscodeError> {
        let mut replaced = false;
        while let Some((next, vr, value)) = self.anew.first().filter(|(next, ..)| *next <= tag) {
            replaced |= *next == tag;
            write::element(&mut self.buffer, self.target, *next, *vr, value);
            self.anew.remove(0);
            self.flush()?;
        }
        Ok(replaced)
    }

    /// The VR to write.
    fn vr(&self, element: &Element) -> Vr {
        let by_representation = element.encoding == Encoding::ImplicitLe
            && element.vr == Vr(*b"US")
            && self.survey.is_signed()
            && BY_REPRESENTATION.contains(&element.tag);
        if by_representation { Vr(*b"SS") } else { element.vr }
    }

    fn delimiter(&mut self, tag: Tag, length: u32) -> Result<(), TranscodeError> {
        if self.dropped > 0 {
            return Ok(());
        }
        write::item(&mut self.buffer, tag, length);
        self.flush()
    }
}

impl<W: Write> Sink for Rewrite<'_, W> {
    type Error = TranscodeError;

    fn element(&mut self, element: &Element) -> Result<(), TranscodeError> {
        self.value = State::Dropped;
        if self.dropped > 0 || element.tag.is_group_length() || element.tag == TRAILING_PADDING {
            return Ok(());
        }
        if element.depth == 0
            && (self.catch_up(element.tag)? || (self.compressed && OF_FRAGMENTS.contains(&element.tag)))
        {
            return Ok(());
        }
        let length = element.length.ok_or(TranscodeError::Unreadable)?;
        let odd = length % 2;
        let padded = length.checked_add(odd).ok_or(TranscodeError::Unreadable)?;
        let vr = self.vr(element);
        write::header(&mut self.buffer, self.target, element.tag, vr, padded);
        self.flush()?;
        self.value = State::Copied {
            word: if element.encoding.is_big_endian() {
                element.vr.word()
            } else {
                1
            },
            held: Vec::new(),
            odd: (odd == 1).then(|| write::padding(vr)),
        };
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), TranscodeError> {
        match &mut self.value {
            State::Dropped => {}
            State::Copied { word: 1, .. } => self.out.write_all(bytes)?,
            State::Copied { word, held, .. } => {
                held.extend_from_slice(bytes);
                let whole = held.len() - held.len() % *word;
                let mut words: Vec<u8> = held.drain(..whole).collect();
                words.chunks_exact_mut(*word).for_each(<[u8]>::reverse);
                self.out.write_all(&words)?;
            }
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), TranscodeError> {
        if let State::Copied { held, odd, .. } = std::mem::replace(&mut self.value, State::Dropped) {
            // What is no whole word is left as it is.
            self.out.write_all(&held)?;
            self.out.write_all(odd.as_slice())?;
        }
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), TranscodeError> {
        if self.dropped > 0 || (self.compressed && element.tag == ICON) {
            self.dropped += 1;
            return Ok(());
        }
        if element.depth == 0 {
            self.catch_up(element.tag)?;
        }
        write::header(&mut self.buffer, self.target, element.tag, Vr::SQ, UNDEFINED);
        self.flush()
    }

    fn item(&mut self) -> Result<(), TranscodeError> {
        self.delimiter(Tag::ITEM, UNDEFINED)
    }

    fn item_end(&mut self) -> Result<(), TranscodeError> {
        self.delimiter(Tag::ITEM_END, 0)
    }

    fn sequence_end(&mut self) -> Result<(), TranscodeError> {
        if self.dropped > 0 {
            self.dropped -= 1;
            return Ok(());
        }
        self.delimiter(Tag::SEQUENCE_END, 0)
    }

    fn fragments(&mut self, element: &Element) -> Result<(), TranscodeError> {
        self.value = State::Dropped;
        if self.dropped > 0 {
            return Ok(());
        }
        let (Some(plan), Some(fragments)) = (self.plan.take(), &self.survey.fragments) else {
            return Err(TranscodeError::Unwritable(
                "it has compressed pixels in a place of its own",
            ));
        };
        if element.depth > 0 || element.tag != Tag::PIXEL_DATA {
            return Err(TranscodeError::Unwritable(
                "it has compressed pixels in a place of its own",
            ));
        }
        self.catch_up(element.tag)?;
        let length = plan.length().ok_or(TranscodeError::Unwritable(
            "uncompressed it is longer than an element can be",
        ))?;
        let odd = length % 2;
        let vr = if plan.bits_allocated() > 8 { Vr::OW } else { Vr::OB };
        write::header(&mut self.buffer, self.target, element.tag, vr, length + odd);
        self.flush()?;
        self.pixels.write(plan, fragments, self.out)?;
        if odd == 1 {
            self.out.write_all(&[0])?;
        }
        Ok(())
    }
}
