//! What no de-identified object has, whoever the patient is.

use super::markers::{Family, Walker};
use dicom::{PixelCoding, Tag, TransferSyntax, Vr};

/// The elements that file meta information needs (PS3.10 table 7.1-1).
pub(super) fn belongs_in_meta(tag: Tag) -> bool {
    matches!(tag.element(), 0x00 | 0x01 | 0x02 | 0x03 | 0x10 | 0x12 | 0x13)
}

/// True for elements that must not be there at all: group lengths, overlays and curves, trailing padding, documents
/// and what nobody can look into, and even groups' elements that the standard does not know.
pub(super) fn is_forbidden(tag: Tag) -> bool {
    let group = tag.group();
    if tag.is_private() {
        return tag.element() < 0x10;
    }
    tag.is_group_length()
        || matches!(group, 0x5000..=0x50FF | 0x6000..=0x60FF)
        || matches!(
            tag,
            Tag(0xFFFC, 0xFFFC) | Tag(0x0042, 0x0011) | Tag(0x0400, 0x0520)
        )
        || Vr::of(tag).is_none()
}

/// The walker of a transfer syntax's codestreams.
pub(super) fn walker(syntax: &TransferSyntax) -> Option<Walker> {
    let family = match syntax.pixels {
        PixelCoding::Jpeg => Family::Jpeg,
        PixelCoding::JpegLs => Family::JpegLs,
        PixelCoding::Jpeg2000 => Family::Jpeg2000,
        PixelCoding::JpegXl => Family::JpegXl,
        _ => return None,
    };
    Some(Walker::new(family))
}

/// Private blocks that have a creator, in one item (PS3.5 7.8.1).
#[derive(Default)]
pub(super) struct Creators {
    blocks: Vec<(u16, u16)>,
}

impl Creators {
    /// A creator element with a value.
    pub(super) fn add(&mut self, tag: Tag) {
        self.blocks.push((tag.group(), tag.element()));
    }

    /// True when a private element's block has its creator.
    pub(super) fn own(&self, tag: Tag) -> bool {
        let creator = (0x10..=0xFF).contains(&tag.element());
        creator || self.blocks.contains(&(tag.group(), tag.element() >> 8))
    }
}

/// Bits of native samples that are no part of their values, where overlays and other things were kept.
#[derive(Default)]
pub(super) struct HighBits {
    allocated: u16,
    stored: u16,
    high: Option<u16>,
    signed: bool,
    /// A sample cut in two by the end of a piece.
    half: Option<u8>,
}

impl HighBits {
    /// A top-level US value of group 0028.
    pub(super) fn learn(&mut self, tag: Tag, value: u16) {
        match tag.element() {
            0x0100 => self.allocated = value,
            0x0101 => self.stored = value,
            0x0102 => self.high = Some(value),
            0x0103 => self.signed = value == 1,
            _ => {}
        }
    }

    /// True when all bits above the high bit are zero or, for signed samples, copies of the sign. Bits below the value
    /// (stored bits that do not end at bit 0) must be zero.
    pub(super) fn are_clean(&mut self, piece: &[u8], big_endian: bool) -> bool {
        let high = self.high.unwrap_or(self.stored.wrapping_sub(1));
        if self.allocated != 16
            || self.stored == 0
            || self.stored >= 16
            || high >= 16
            || high + 1 < self.stored
        {
            return true;
        }
        let mut rest = piece;
        let mut clean = true;
        if let (Some(half), Some((first, after))) = (self.half.take(), piece.split_first()) {
            clean = self.sample_is_clean([half, *first], high, big_endian);
            rest = after;
        }
        let (samples, tail) = rest.as_chunks::<2>();
        self.half = tail.first().copied();
        // All samples by one rule, without a branch in between.
        let dirty = samples
            .iter()
            .fold(0u16, |dirty, sample| dirty | self.dirt(*sample, high, big_endian));
        clean && dirty == 0
    }

    fn sample_is_clean(&self, sample: [u8; 2], high: u16, big_endian: bool) -> bool {
        self.dirt(sample, high, big_endian) == 0
    }

    fn dirt(&self, sample: [u8; 2], high: u16, big_endian: bool) -> u16 {
        let sample = if big_endian {
            u16::from_be_bytes(sample)
        } else {
            u16::from_le_bytes(sample)
        };
        let above = 15 - high;
        let value = if self.signed {
            (((sample << above) as i16) >> above) as u16
        } else {
            (sample << above) >> above
        };
        let below = (1u16 << (high + 1 - self.stored)) - 1;
        // For signed samples zeros above the high bit are as good as the sign: dirty is what is neither.
        let zeros = (sample << above) >> above;
        let off = (sample ^ value).min(sample ^ zeros);
        off | (sample & below)
    }
}

#[cfg(test)]
mod tests {
    use super::HighBits;
    use dicom::Tag;

    fn clean(signed: bool, sample: u16) -> bool {
        let mut bits = HighBits::default();
        for (element, value) in [(0x100, 16), (0x101, 12), (0x102, 11), (0x103, u16::from(signed))] {
            bits.learn(Tag(0x28, element), value);
        }
        bits.are_clean(&sample.to_le_bytes(), false)
    }

    #[test]
    fn bits_above_the_value() {
        assert!(clean(false, 0x0FFF) && !clean(false, 0x1000) && !clean(false, 0xF800));
        assert!(clean(true, 0xF800) && clean(true, 0x0800) && clean(true, 0x07FF));
        assert!(!clean(true, 0x1001) && !clean(true, 0x8800));
    }
}
