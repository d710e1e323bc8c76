//! How the structure of a value enters a digest.

use dicom::Tag;
use sha2::{Digest as _, Sha256};

const TAG: u8 = 1;
const SEQUENCE: u8 = 2;
const ITEM: u8 = 3;
const ITEM_END: u8 = 4;
const SEQUENCE_END: u8 = 5;
const WHOLE: u8 = 6;
const STREAMED: u8 = 7;

/// A digest over tags, values, items and sequences: each part carries its kind and values their length, so that no
/// two structures give the same bytes.
#[derive(Clone, Default)]
pub(super) struct Tokens(Sha256);

impl Tokens {
    pub(super) fn tag(&mut self, tag: Tag) {
        let [a, b] = tag.group().to_le_bytes();
        let [c, d] = tag.element().to_le_bytes();
        self.0.update([TAG, a, b, c, d]);
    }

    /// A value that is here as a whole.
    pub(super) fn whole(&mut self, value: &[u8]) {
        self.0.update([WHOLE]);
        self.0.update((value.len() as u64).to_le_bytes());
        self.0.update(value);
    }

    /// A value of `length` bytes that follows in [`Tokens::bytes`].
    pub(super) fn streamed(&mut self, length: usize) {
        self.0.update([STREAMED]);
        self.0.update((length as u64).to_le_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn sequence(&mut self) {
        self.0.update([SEQUENCE]);
    }

    pub(super) fn item(&mut self) {
        self.0.update([ITEM]);
    }

    pub(super) fn item_end(&mut self) {
        self.0.update([ITEM_END]);
    }

    pub(super) fn sequence_end(&mut self) {
        self.0.update([SEQUENCE_END]);
    }

    pub(super) fn digest(&mut self) -> [u8; 32] {
        std::mem::take(&mut self.0).finalize().into()
    }
}
