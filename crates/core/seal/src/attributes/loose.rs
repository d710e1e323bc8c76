//! The digest that does not depend on the VR of what the standard's dictionary does not know.
//!
//! Written in Implicit VR, a private attribute loses its VR: its padding can no longer be told from its value,
//! and a sequence of definite length becomes opaque bytes. Here trailing NULs and spaces of such a value are left
//! out, and bytes that read as a sequence in Implicit VR Little Endian count as one.

use super::canonical::{canonical, trim_end};
use super::tokens::Tokens;
use dicom::scan::{Element, Limits, ScanError, Scanner, Sink};
use dicom::{Encoding, Tag, Vr};

/// Whether the VR of an attribute is lost when the data set is written in Implicit VR.
pub(super) fn vr_can_be_lost(tag: Tag) -> bool {
    Vr::of(tag).is_none()
}

/// Opaque bytes within opaque bytes are looked into this deep.
const MAX_NESTED: u8 = 8;

#[derive(Clone, Default)]
pub(super) struct Loose {
    tokens: Tokens,
    level: u8,
}

impl Loose {
    pub(super) fn tag(&mut self, tag: Tag) {
        self.tokens.tag(tag);
    }

    /// A value that is here as a whole, in canonical bytes as far as its VR was known.
    pub(super) fn whole(&mut self, tag: Tag, value: &[u8]) {
        if !vr_can_be_lost(tag) {
            self.tokens.whole(value);
        } else if value.is_empty() {
            // Nothing, or a sequence without items.
            self.tokens.sequence();
            self.tokens.sequence_end();
        } else if let Some(with_sequence) = self.as_sequence(value) {
            self.tokens = with_sequence;
        } else {
            self.tokens.whole(trim_end(value));
        }
    }

    pub(super) fn streamed(&mut self, length: usize) {
        self.tokens.streamed(length);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.tokens.bytes(bytes);
    }

    pub(super) fn sequence(&mut self) {
        self.tokens.sequence();
    }

    pub(super) fn item(&mut self) {
        self.tokens.item();
    }

    pub(super) fn item_end(&mut self) {
        self.tokens.item_end();
    }

    pub(super) fn sequence_end(&mut self) {
        self.tokens.sequence_end();
    }

    pub(super) fn digest(&mut self) -> [u8; 32] {
        self.tokens.digest()
    }

    /// The digest after this value, if the value reads as items in Implicit VR Little Endian.
    fn as_sequence(&self, value: &[u8]) -> Option<Tokens> {
        const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];
        // The value is scanned as the content of a sequence of undefined length.
        const BEGIN: [u8; 8] = [0x09, 0x00, 0x00, 0x10, 0xFF, 0xFF, 0xFF, 0xFF];
        const END: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
        if self.level >= MAX_NESTED || value.get(..4) != Some(&ITEM) {
            return None;
        }
        let loose = Loose {
            tokens: self.tokens.clone(),
            level: self.level + 1,
        };
        let mut nested = Nested {
            loose,
            current: None,
            buffer: Vec::new(),
        };
        let mut scanner = Scanner::new(Encoding::ImplicitLe, Limits::default());
        scanner.push(&BEGIN, &mut nested).ok()?;
        scanner.push(value, &mut nested).ok()?;
        scanner.push(&END, &mut nested).ok()?;
        scanner.finish(&mut nested).ok()?;
        Some(nested.loose.tokens)
    }
}

/// The content of a sequence found in opaque bytes.
struct Nested {
    loose: Loose,
    current: Option<Element>,
    buffer: Vec<u8>,
}

/// The bytes are no sequence after all.
struct NoSequence;

impl From<ScanError> for NoSequence {
    fn from(_: ScanError) -> Self {
        Self
    }
}

impl Sink for Nested {
    type Error = NoSequence;

    fn element(&mut self, element: &Element) -> Result<(), NoSequence> {
        self.current = Some(*element);
        self.buffer.clear();
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), NoSequence> {
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), NoSequence> {
        let Some(element) = self.current.take() else {
            return Err(NoSequence);
        };
        if !element.tag.is_group_length() {
            self.loose.tag(element.tag);
            self.loose.whole(
                element.tag,
                &canonical(element.tag, element.vr, false, &self.buffer),
            );
        }
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), NoSequence> {
        if element.depth > 0 {
            self.loose.tag(element.tag);
        }
        self.loose.sequence();
        Ok(())
    }

    fn item(&mut self) -> Result<(), NoSequence> {
        self.loose.item();
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), NoSequence> {
        self.loose.item_end();
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), NoSequence> {
        self.loose.sequence_end();
        Ok(())
    }

    fn fragments(&mut self, _: &Element) -> Result<(), NoSequence> {
        Err(NoSequence)
    }

    fn fragment(&mut self, _: u32) -> Result<(), NoSequence> {
        Err(NoSequence)
    }

    fn fragment_end(&mut self) -> Result<(), NoSequence> {
        Err(NoSequence)
    }

    fn fragments_end(&mut self) -> Result<(), NoSequence> {
        Err(NoSequence)
    }
}
