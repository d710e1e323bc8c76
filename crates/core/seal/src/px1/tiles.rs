//! Rows of samples to tile digests.

use super::geometry::{PixelHeader, TILE};
use sha2::{Digest as _, Sha256, digest::FixedOutputReset as _};

/// Digests the tiles of one plane of one frame as its rows come in.
pub(super) struct PlaneTiles {
    /// Bytes of one tile's row.
    tile_bytes: usize,
    rows: u32,
    row: u32,
    open: Vec<Sha256>,
    done: Vec<[u8; 32]>,
}

impl PlaneTiles {
    pub(super) fn new(header: &PixelHeader) -> Self {
        let (across, _) = header.grid();
        Self {
            tile_bytes: TILE as usize * header.container(),
            rows: header.rows,
            row: 0,
            open: vec![Sha256::new(); across as usize],
            done: Vec::new(),
        }
    }

    /// Takes the next row of canonical samples.
    pub(super) fn row(&mut self, samples: &[u8]) {
        for (tile, part) in self.open.iter_mut().zip(samples.chunks(self.tile_bytes)) {
            tile.update(part);
        }
        self.row += 1;
        if self.row.is_multiple_of(TILE) || self.row == self.rows {
            self.done.extend(
                self.open
                    .iter_mut()
                    .map(|tile| <[u8; 32]>::from(tile.finalize_fixed_reset())),
            );
        }
        if self.row == self.rows {
            self.row = 0;
        }
    }

    /// The digests of the frame, once its last row is in.
    pub(super) fn take(&mut self) -> std::vec::Drain<'_, [u8; 32]> {
        self.done.drain(..)
    }
}
