//! The attributes of a data set's top level that the house works with.

use crate::{Photometric, PixelDescription, Tag, Vr};
use model::Uid;

/// Values longer than this are not kept, in bytes.
const MAX_VALUE: usize = 1 << 10;

/// The small values of a data set's top level, numbers in little-endian order.
#[derive(Clone, Default)]
pub struct Header {
    values: Vec<(Tag, Vr, Vec<u8>)>,
    bytes: usize,
}

impl Header {
    /// Keeps a value when it is one that [`Header`] has a use for: groups 0008 to 0054 without private ones.
    pub fn offer(&mut self, tag: Tag, vr: Vr, value: &[u8]) {
        if value.len() <= MAX_VALUE && tag.group() <= 0x0054 && !tag.is_private() && !tag.is_group_length() {
            self.bytes += value.len();
            self.values.push((tag, vr, value.to_vec()));
        }
    }

    /// Bytes of all values kept.
    pub fn size(&self) -> usize {
        self.bytes
    }

    /// The bytes of a value, padding and all.
    pub fn bytes(&self, tag: Tag) -> Option<&[u8]> {
        self.values
            .iter()
            .find(|(t, ..)| *t == tag)
            .map(|(.., value)| value.as_slice())
    }

    /// The VR and bytes of each value kept, in the order of the data set.
    pub fn iter(&self) -> impl Iterator<Item = (Tag, Vr, &[u8])> {
        self.values
            .iter()
            .map(|(tag, vr, value)| (*tag, *vr, value.as_slice()))
    }

    /// A value of ASCII characters without padding; `None` where it is absent, empty or not ASCII.
    pub fn text(&self, tag: Tag) -> Option<&str> {
        let text = std::str::from_utf8(self.bytes(tag)?).ok()?;
        let text = text.trim_matches(|c| c == '\0' || c == ' ');
        (!text.is_empty()).then_some(text)
    }

    /// A UID.
    pub fn uid(&self, tag: Tag) -> Option<Uid> {
        Uid::from_bytes(self.bytes(tag)?).ok()
    }

    /// The first number of a US value.
    pub fn u16(&self, tag: Tag) -> Option<u16> {
        self.bytes(tag)?
            .first_chunk()
            .map(|bytes| u16::from_le_bytes(*bytes))
    }

    /// How the pixel data is laid out (PS3.3 C.7.6.3); `None` where the header does not say.
    pub fn pixel_description(&self) -> Option<PixelDescription> {
        let rows = self.u16(Tag(0x0028, 0x0010))?;
        let columns = self.u16(Tag(0x0028, 0x0011))?;
        let bits_allocated = self.u16(Tag(0x0028, 0x0100))?;
        let bits_stored = self.u16(Tag(0x0028, 0x0101)).unwrap_or(bits_allocated);
        let high_bit = self
            .u16(Tag(0x0028, 0x0102))
            .unwrap_or(bits_stored.saturating_sub(1));
        let frames = self
            .text(Tag(0x0028, 0x0008))
            .map_or(Some(1), |text| text.parse::<u32>().ok())?
            .max(1);
        let plausible = bits_stored > 0 && bits_stored <= bits_allocated && high_bit < bits_allocated;
        (rows > 0 && columns > 0 && plausible && high_bit + 1 >= bits_stored).then(|| PixelDescription {
            rows,
            columns,
            frames,
            samples_per_pixel: self.u16(Tag(0x0028, 0x0002)).unwrap_or(1).max(1),
            bits_allocated,
            bits_stored,
            high_bit,
            signed: self.u16(Tag(0x0028, 0x0103)) == Some(1),
            planar: self.u16(Tag(0x0028, 0x0006)) == Some(1),
            photometric: self
                .text(Tag(0x0028, 0x0004))
                .map_or(Photometric::Other, Photometric::from_code),
        })
    }
}
