//! One row of stored samples to canonical samples.

use super::extra::Extra;
use dicom::PixelDescription;

/// How a stored sample becomes a canonical one.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Bytes of a stored sample.
    stored: usize,
    /// Bytes of a canonical sample.
    container: usize,
    /// Bits below the value.
    shift: u32,
    bits: u32,
    signed: bool,
}

impl Layout {
    pub(super) fn new(description: &PixelDescription, container: usize) -> Self {
        let stored = usize::from(description.bits_allocated.div_ceil(8));
        Self {
            stored,
            container,
            shift: u32::from(description.high_bit + 1 - description.bits_stored),
            bits: u32::from(description.bits_stored),
            signed: description.signed,
        }
    }

    /// True when every sample of the row already is canonical: nothing outside Bits Stored but copies of the
    /// sign, and the same width.
    pub(super) fn is_canonical(&self, row: &[u8]) -> bool {
        if self.stored != self.container || self.shift != 0 {
            return false;
        }
        let whole = self.bits as usize == 8 * self.stored;
        match (self.stored, self.signed) {
            _ if whole => true,
            (1, false) => row.iter().fold(0, |all, byte| all | byte) >> self.bits == 0,
            (2, false) => {
                let (words, _) = row.as_chunks::<2>();
                let all = words.iter().fold(0, |all, word| all | u16::from_le_bytes(*word));
                all >> self.bits == 0
            }
            (2, true) => {
                let unused = 16 - self.bits;
                let (words, _) = row.as_chunks::<2>();
                let changed = words.iter().fold(0, |changed, word| {
                    let sample = i16::from_le_bytes(*word);
                    changed | (((sample << unused) >> unused) ^ sample)
                });
                changed == 0
            }
            _ => false,
        }
    }

    /// Canonical samples of plane `plane` out of a row with `planes` samples a pixel, appended to `out`.
    pub(super) fn convert(
        &self,
        row: &[u8],
        (plane, planes): (usize, usize),
        first_index: u64,
        out: &mut Vec<u8>,
        (extra, extra_plane): (&mut Extra, usize),
    ) {
        let mask = if self.bits >= 64 {
            u64::MAX
        } else {
            (1 << self.bits) - 1
        };
        let sign = 1_u64 << (self.bits - 1);
        let width = 8 * self.stored as u32;
        let all = if width >= 64 { u64::MAX } else { (1 << width) - 1 };
        let samples = row.chunks_exact(self.stored).skip(plane).step_by(planes);
        for (index, sample) in (first_index..).zip(samples) {
            let mut bytes = [0; 8];
            if let Some(slot) = bytes.get_mut(..self.stored) {
                slot.copy_from_slice(sample);
            }
            let raw = u64::from_le_bytes(bytes);
            let value = (raw >> self.shift) & mask;
            let others = raw & !(mask << self.shift) & all;
            let negative = self.signed && value & sign != 0;
            let copies_of_sign = all & !(mask << self.shift) & !((1 << self.shift) - 1);
            if others != 0 && !(negative && others == copies_of_sign) {
                extra.sample(extra_plane, index, others);
            }
            let canonical = if negative { value | !mask } else { value };
            out.extend_from_slice(canonical.to_le_bytes().get(..self.container).unwrap_or_default());
        }
    }
}
