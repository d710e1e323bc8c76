//! Bits outside Bits Stored: old overlays live there, and edits could hide there.

use sha2::{Digest as _, Sha256};

/// A digest over the samples whose other bits say something. Samples without such bits cost nothing.
#[derive(Default)]
pub(super) struct Extra {
    planes: Vec<Option<Sha256>>,
    beyond: Option<Sha256>,
}

impl Extra {
    /// The sample at `index` of the plane (counted through all frames) has these other bits.
    pub(super) fn sample(&mut self, plane: usize, index: u64, bits: u64) {
        if self.planes.len() <= plane {
            self.planes.resize_with(plane + 1, || None);
        }
        if let Some(slot) = self.planes.get_mut(plane) {
            let hash = slot.get_or_insert_default();
            hash.update(index.to_le_bytes());
            hash.update(bits.to_le_bytes());
        }
    }

    /// Bytes beyond the last frame.
    pub(super) fn beyond(&mut self, bytes: &[u8]) {
        self.beyond.get_or_insert_default().update(bytes);
    }

    pub(super) fn digest(self) -> Option<[u8; 32]> {
        if self.planes.is_empty() && self.beyond.is_none() {
            return None;
        }
        let mut all = Sha256::new();
        for hash in self.planes.into_iter().chain([self.beyond]) {
            match hash {
                Some(hash) => all.update(hash.finalize()),
                None => all.update([0; 32]),
            }
        }
        Some(all.finalize().into())
    }
}
