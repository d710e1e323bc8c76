//! How data elements are written (PS3.5 section 7 and annex A).

use crate::Vr;

/// A length that a delimiter ends (PS3.5 7.1.1).
pub const UNDEFINED_LENGTH: u32 = 0xffff_ffff;

/// A native encoding of data elements.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    /// Implicit VR Little Endian, 1.2.840.10008.1.2.
    ImplicitLe,
    /// Explicit VR Little Endian, 1.2.840.10008.1.2.1.
    ExplicitLe,
    /// Explicit VR Big Endian, 1.2.840.10008.1.2.2 (retired, still met).
    ExplicitBe,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ImplicitLe, Self::ExplicitLe, Self::ExplicitBe];

    /// The UID of the transfer syntax with native pixels in this encoding.
    pub fn transfer_syntax(self) -> &'static str {
        match self {
            Self::ImplicitLe => "1.2.840.10008.1.2",
            Self::ExplicitLe => "1.2.840.10008.1.2.1",
            Self::ExplicitBe => "1.2.840.10008.1.2.2",
        }
    }

    /// Appends the head of a data element: tag, VR where the encoding has one, and the length as given, be it
    /// true or not (hostile tests lie).
    pub fn write_head(self, out: &mut Vec<u8>, tag: u32, vr: Vr, length: u32) {
        self.write_tag(out, tag);
        if self == Self::ImplicitLe {
            self.write_u32(out, length);
        } else {
            out.extend_from_slice(&vr.code());
            if vr.has_long_length() {
                out.extend_from_slice(&[0, 0]);
                self.write_u32(out, length);
            } else {
                self.write_u16(out, length as u16);
            }
        }
    }

    /// Appends an item, item delimiter or sequence delimiter: a tag and a length, in every encoding alike.
    pub fn write_item(self, out: &mut Vec<u8>, tag: u32, length: u32) {
        self.write_tag(out, tag);
        self.write_u32(out, length);
    }

    /// Appends a little-endian value, with its `unit`-byte numbers turned round when the encoding is big-endian.
    pub fn write_value(self, out: &mut Vec<u8>, value: &[u8], unit: usize) {
        if self == Self::ExplicitBe && unit > 1 {
            out.reserve(value.len());
            for number in value.chunks(unit) {
                out.extend(number.iter().rev());
            }
        } else {
            out.extend_from_slice(value);
        }
    }

    fn write_tag(self, out: &mut Vec<u8>, tag: u32) {
        self.write_u16(out, (tag >> 16) as u16);
        self.write_u16(out, tag as u16);
    }

    fn write_u16(self, out: &mut Vec<u8>, number: u16) {
        self.write_value(out, &number.to_le_bytes(), 2);
    }

    fn write_u32(self, out: &mut Vec<u8>, number: u32) {
        self.write_value(out, &number.to_le_bytes(), 4);
    }
}
