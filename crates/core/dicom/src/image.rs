//! What a header says of its pixels (PS3.3 C.7.6.3).

use serde::{Deserialize, Serialize};

/// Photometric Interpretation (PS3.3 C.7.6.3.1.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Photometric {
    /// Grey, 0 is white.
    Monochrome1,
    /// Grey, 0 is black.
    Monochrome2,
    /// Indices into a palette.
    PaletteColor,
    /// Red, green, blue.
    Rgb,
    /// Luminance and chrominance, full range.
    YbrFull,
    /// Luminance and chrominance, chrominance at half the width.
    YbrFull422,
    /// Luminance and chrominance, chrominance at half the width and height.
    YbrPartial420,
    /// The irreversible colour transform of JPEG 2000.
    YbrIct,
    /// The reversible colour transform of JPEG 2000.
    YbrRct,
    /// The colour space of JPEG XL.
    Xyb,
    /// Anything else.
    Other,
}

impl Photometric {
    /// The interpretation that a code string names; padding is ignored.
    pub fn from_code(code: &str) -> Self {
        match code.trim_matches([' ', '\0']) {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::PaletteColor,
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::YbrFull,
            "YBR_FULL_422" => Self::YbrFull422,
            "YBR_PARTIAL_420" => Self::YbrPartial420,
            "YBR_ICT" => Self::YbrIct,
            "YBR_RCT" => Self::YbrRct,
            "XYB" => Self::Xyb,
            _ => Self::Other,
        }
    }
}

/// Image pixel description (PS3.3 C.7.6.3) as the header gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PixelDescription {
    /// Rows (0028,0010).
    pub rows: u16,
    /// Columns (0028,0011).
    pub columns: u16,
    /// Number of Frames (0028,0008), 1 where it is absent.
    pub frames: u32,
    /// Samples per Pixel (0028,0002).
    pub samples_per_pixel: u16,
    /// Bits Allocated (0028,0100).
    pub bits_allocated: u16,
    /// Bits Stored (0028,0101).
    pub bits_stored: u16,
    /// High Bit (0028,0102).
    pub high_bit: u16,
    /// Pixel Representation (0028,0103) is 1.
    pub signed: bool,
    /// Planar Configuration (0028,0006) is 1: plane after plane.
    pub planar: bool,
    /// Photometric Interpretation (0028,0004).
    pub photometric: Photometric,
}

impl PixelDescription {
    /// Pixels of one frame.
    pub fn pixels(&self) -> usize {
        usize::from(self.rows) * usize::from(self.columns)
    }
}
