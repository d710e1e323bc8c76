//! What the scanner tells.

use crate::{Encoding, Tag, Vr};

/// A data element as it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Element {
    /// Its tag.
    pub tag: Tag,
    /// Its VR: the one written, or the dictionary's where none or UN is written, else UN.
    pub vr: Vr,
    /// False when the VR is neither written in the stream (UN counts as not written) nor in the standard's dictionary.
    pub vr_is_known: bool,
    /// Its value's length in bytes as written; `None` for undefined length (PS3.5 7.1.1).
    pub length: Option<u32>,
    /// Where its value begins, in bytes from the start of the data set as scanned (inflated, where it was deflated).
    pub at: u64,
    /// How many sequences it stands in: 0 at the top level.
    pub depth: u8,
    /// How this element is written. Inside a UN sequence it is Implicit VR Little Endian (CP-246), whatever
    /// the transfer syntax says.
    pub encoding: Encoding,
}

/// Listens to a scan. Calls come in the order of the stream; a value may come in any number of chunks.
///
/// An element with a value: [`element`](Sink::element), [`value`](Sink::value) any number of times,
/// [`element_end`](Sink::element_end). A sequence: [`sequence`](Sink::sequence), for each item
/// [`item`](Sink::item), its elements, [`item_end`](Sink::item_end), then [`sequence_end`](Sink::sequence_end).
/// Encapsulated pixel data: [`fragments`](Sink::fragments), for each fragment (the first is the basic offset
/// table) [`fragment`](Sink::fragment), values, [`fragment_end`](Sink::fragment_end), then
/// [`fragments_end`](Sink::fragments_end).
///
/// A method that is not written listens to nothing. An error stops the scan and reaches the caller of `push`
/// unchanged.
pub trait Sink {
    /// Why the listener stops the scan.
    type Error;

    /// An element with a value begins.
    fn element(&mut self, element: &Element) -> Result<(), Self::Error> {
        let _ = element;
        Ok(())
    }

    /// The next bytes of the value (of an element or of a fragment), as they stand in the stream.
    fn value(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        let _ = bytes;
        Ok(())
    }

    /// The element's value is complete.
    fn element_end(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// A sequence begins.
    fn sequence(&mut self, element: &Element) -> Result<(), Self::Error> {
        let _ = element;
        Ok(())
    }

    /// An item of the innermost open sequence begins.
    fn item(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// The item ends.
    fn item_end(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// The sequence ends.
    fn sequence_end(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Encapsulated pixel data begins (PS3.5 A.4).
    fn fragments(&mut self, element: &Element) -> Result<(), Self::Error> {
        let _ = element;
        Ok(())
    }

    /// A fragment of `length` bytes begins.
    fn fragment(&mut self, length: u32) -> Result<(), Self::Error> {
        let _ = length;
        Ok(())
    }

    /// The fragment is complete.
    fn fragment_end(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Encapsulated pixel data ends.
    fn fragments_end(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}
