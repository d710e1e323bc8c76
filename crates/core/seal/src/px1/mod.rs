//! PX1: the canonical digest of decoded samples, equal for every lossless transfer syntax.
//!
//! Samples are cut into planes (one for each of Samples per Pixel), frames and tiles of 64 x 64. Each sample
//! stands in a little-endian container of 1, 2, 4 or 8 bytes chosen by Bits Stored, masked to Bits Stored and
//! sign-extended when signed. The tile digest is SHA-256 over the tile's rows; leaves bind salt and position to it;
//! a tree as in RFC 6962 binds the leaves. Planes stand apart, so that pixels stored plane after plane and pixel after
//! pixel are digested alike in one pass and in fixed memory.

mod digester;
mod extra;
mod geometry;
mod regions;
mod row;
mod tiles;
mod tree;

pub use digester::{NativePixels, PixelDigester};
pub use geometry::{PixelHeader, TILE};
pub use regions::{Region, regions};
pub use tree::{private_root, salted_root};

/// PX1 of one object: what a seal keeps of its pixels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PixelDigest {
    /// What the samples are.
    pub header: PixelHeader,
    /// SHA-256 of each tile's samples, by frame, plane, tile row, tile column.
    pub tiles: Vec<[u8; 32]>,
    /// Over the bits outside Bits Stored (old overlays) and bytes beyond the last frame; `None` when there are none.
    pub extra: Option<[u8; 32]>,
}
