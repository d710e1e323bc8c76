//! What the samples are, and where a tile lies.

use dicom::{Photometric, PixelDescription};
use serde::{Deserialize, Serialize};

/// Side of a tile in samples.
pub const TILE: u32 = 64;

/// What PX1 says of the samples beside their values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PixelHeader {
    /// Rows of a frame.
    pub rows: u32,
    /// Columns of a frame. Twice the image's where chrominance stands between luminance samples (YBR_FULL_422).
    pub columns: u32,
    /// Frames.
    pub frames: u32,
    /// Planes of a frame.
    pub planes: u32,
    /// Significant bits of a sample.
    pub bits_stored: u16,
    /// Whether samples are signed.
    pub signed: bool,
    /// 0 grey, 1 palette, 2 RGB, 3 luminance and chrominance, 4 anything else.
    pub colour: u8,
}

impl PixelHeader {
    /// The header of the samples that `description` describes, taken as `photometric`.
    pub fn new(description: &PixelDescription, photometric: Photometric) -> Self {
        Self {
            rows: u32::from(description.rows),
            columns: u32::from(description.columns),
            frames: description.frames,
            planes: u32::from(description.samples_per_pixel),
            bits_stored: description.bits_stored,
            signed: description.signed,
            colour: match photometric {
                Photometric::Monochrome1 | Photometric::Monochrome2 => 0,
                Photometric::PaletteColor => 1,
                Photometric::Rgb | Photometric::YbrRct | Photometric::YbrIct => 2,
                Photometric::YbrFull | Photometric::YbrFull422 | Photometric::YbrPartial420 => 3,
                _ => 4,
            },
        }
    }

    /// Bytes of a canonical sample.
    pub fn container(&self) -> usize {
        match self.bits_stored {
            0..=8 => 1,
            9..=16 => 2,
            17..=32 => 4,
            _ => 8,
        }
    }

    /// Tiles across and down a frame.
    pub fn grid(&self) -> (u32, u32) {
        (self.columns.div_ceil(TILE), self.rows.div_ceil(TILE))
    }

    /// Tiles in all, or `None` where that is beyond counting.
    pub fn tile_count(&self) -> Option<usize> {
        let (across, down) = self.grid();
        let frame = (across as usize)
            .checked_mul(down as usize)?
            .checked_mul(self.planes as usize)?;
        frame.checked_mul(self.frames as usize)
    }

    /// The fields in their order as bytes, for the digests.
    pub fn to_bytes(self) -> [u8; 20] {
        let mut bytes = [0; 20];
        let fields = [self.rows, self.columns, self.frames, self.planes];
        for (slot, field) in bytes.chunks_exact_mut(4).zip(fields) {
            slot.copy_from_slice(&field.to_le_bytes());
        }
        let [low, high] = self.bits_stored.to_le_bytes();
        if let Some(slot) = bytes.get_mut(16..) {
            slot.copy_from_slice(&[low, high, u8::from(self.signed), self.colour]);
        }
        bytes
    }
}
