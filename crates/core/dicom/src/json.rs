//! The DICOM JSON Model (PS3.18 annex F), written while a data set streams by.
//!
//! ```
//! use dicom::{DataSetReader, TransferSyntax, json::JsonModel, scan::Limits, uids};
//! let syntax = TransferSyntax::by_uid(&uids::IMPLICIT_LE.parse().unwrap());
//! let mut model = JsonModel::new(|_| None);
//! let mut reader = DataSetReader::new(&syntax, Limits::default());
//! reader.push(b"\x10\x00\x20\x00\x04\x00\x00\x00ID-7", &mut model)?;
//! reader.finish(&mut model)?;
//! assert_eq!(model.finish(), br#"{"00100020":{"vr":"LO","Value":["ID-7"]}}"#);
//! # Ok::<(), dicom::DataSetError>(())
//! ```

mod attribute;
mod bulk;
mod number;
mod value;

pub use attribute::attribute;
pub use bulk::{BulkData, Place};

use crate::scan::{Element, Sink};
use crate::{CharacterSet, DataSetError, Tag, Vr};

/// How much of a value stands in the document itself.
#[derive(Clone, Copy, Debug)]
pub struct Inline {
    /// Binary values (OB, OD, OF, OL, OV, OW, UN) of more bytes than this go to a BulkDataURI. At most as
    /// [`Inline::other`].
    pub binary: u32,
    /// All other values of more bytes than this go to a BulkDataURI. It bounds the memory of a [`JsonModel`].
    pub other: u32,
}

impl Default for Inline {
    fn default() -> Self {
        Self {
            binary: 1024,
            other: 64 * 1024,
        }
    }
}

/// Writes the DICOM JSON Model of the data set that a scanner reads.
///
/// Group lengths are left out, text becomes UTF-8 and (0008,0005) says so, big-endian values are swapped.
/// Pixel data always goes to a BulkDataURI. Memory stays within [`Inline::other`] and what
/// [`take`](JsonModel::take) leaves behind.
pub struct JsonModel<F> {
    out: Vec<u8>,
    inline: Inline,
    bulk_data_uri: F,
    keeps: fn(&Element) -> bool,
    /// Something stands before the next element or item that a comma must part it from.
    comma: bool,
    /// A sequence was opened and has no item yet.
    empty_sequence: bool,
    /// Sequences open that are not written.
    skipped: u32,
    root: Context,
    levels: Vec<Level>,
    current: Current,
    captured: Vec<u8>,
}

/// What elements that came before say about the values that follow.
#[derive(Clone, Copy)]
struct Context {
    characters: CharacterSet,
    /// (0028,0103) Pixel Representation, on which US or SS depends.
    signed: bool,
}

/// An open sequence.
struct Level {
    place: Place,
    context: Context,
}

/// What becomes of the value that streams in.
enum Current {
    /// Nothing.
    Ignored,
    /// It is captured: for the document, or only because values that follow depend on it.
    Captured { element: Element, written: bool },
}

impl<F: FnMut(&BulkData<'_>) -> Option<String>> JsonModel<F> {
    /// A document without content yet. `bulk_data_uri` names the place where a value is found that does not
    /// stand in the document; without a name the attribute goes without a value.
    pub fn new(bulk_data_uri: F) -> Self {
        Self {
            out: vec![b'{'],
            inline: Inline::default(),
            bulk_data_uri,
            keeps: |_| true,
            comma: false,
            empty_sequence: false,
            skipped: 0,
            root: Context {
                characters: CharacterSet::default(),
                signed: false,
            },
            levels: Vec::new(),
            current: Current::Ignored,
            captured: Vec::new(),
        }
    }

    /// With other bounds on what stands in the document.
    pub fn with_inline(mut self, inline: Inline) -> Self {
        self.inline = Inline {
            binary: inline.binary.min(inline.other),
            ..inline
        };
        self
    }

    /// Leaves out every attribute that `keeps` refuses, with all that a sequence holds.
    pub fn with_only(mut self, keeps: fn(&Element) -> bool) -> Self {
        self.keeps = keeps;
        self
    }

    /// Takes what has been written so far, to be passed on while the data set still streams.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Bytes written and not taken.
    pub fn pending(&self) -> usize {
        self.out.len()
    }

    /// Closes the document and returns what has not been taken.
    pub fn finish(mut self) -> Vec<u8> {
        self.out.push(b'}');
        self.out
    }

    fn context(&mut self) -> &mut Context {
        self.levels
            .last_mut()
            .map_or(&mut self.root, |level| &mut level.context)
    }

    /// Writes `"00100010":{"vr":"PN"`; the caller closes the brace.
    fn open_attribute(&mut self, tag: Tag, vr: Vr) {
        if self.comma {
            self.out.push(b',');
        }
        let name = format!("\"{:04X}{:04X}\":{{\"vr\":\"{vr}\"", tag.group(), tag.element());
        self.out.extend_from_slice(name.as_bytes());
        self.comma = true;
    }

    fn writes(&self, element: &Element) -> bool {
        !element.tag.is_group_length() && (self.keeps)(element)
    }

    fn write_bulk(&mut self, element: &Element) {
        let vr = self.vr_of(element);
        self.open_attribute(element.tag, vr);
        let places: Vec<Place> = self.levels.iter().map(|level| level.place).collect();
        let bulk = BulkData {
            tag: element.tag,
            vr,
            length: element.length,
            within: &places,
        };
        if let Some(uri) = (self.bulk_data_uri)(&bulk) {
            self.out.extend_from_slice(b",\"BulkDataURI\":");
            value::string(&mut self.out, &uri);
        }
        self.out.push(b'}');
    }

    /// The element's VR; where the dictionary says US or SS, what Pixel Representation says (PS3.5 A.1).
    fn vr_of(&mut self, element: &Element) -> Vr {
        let chosen = !element.encoding.is_explicit()
            && element.vr == Vr(*b"US")
            && value::depends_on_sign(element.tag);
        if chosen && self.context().signed {
            Vr(*b"SS")
        } else {
            element.vr
        }
    }

    /// True when the value stands in the document.
    fn is_inline(&self, element: &Element) -> bool {
        let limit = if value::is_binary(element.vr) {
            self.inline.binary
        } else {
            self.inline.other
        };
        let pixels = matches!(element.tag, Tag::PIXEL_DATA | Tag(0x7FE0, 0x0008 | 0x0009));
        let length = element.length.unwrap_or(u32::MAX);
        length == 0 || (length <= limit && !pixels)
    }
}

impl<F: FnMut(&BulkData<'_>) -> Option<String>> Sink for JsonModel<F> {
    type Error = DataSetError;

    fn element(&mut self, element: &Element) -> Result<(), DataSetError> {
        self.captured.clear();
        self.current = Current::Ignored;
        if self.skipped > 0 {
            return Ok(());
        }
        let written = self.writes(element);
        let governs = matches!(element.tag, SPECIFIC_CHARACTER_SET | PIXEL_REPRESENTATION);
        if (written || governs) && self.is_inline(element) {
            self.current = Current::Captured {
                element: *element,
                written,
            };
        } else if written {
            self.write_bulk(element);
        }
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), DataSetError> {
        if matches!(self.current, Current::Captured { .. }) {
            self.captured.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), DataSetError> {
        let Current::Captured { element, written } = std::mem::replace(&mut self.current, Current::Ignored)
        else {
            return Ok(());
        };
        let mut bytes = std::mem::take(&mut self.captured);
        if element.encoding.is_big_endian() && element.vr.word() > 1 {
            bytes
                .chunks_exact_mut(element.vr.word())
                .for_each(<[u8]>::reverse);
        }
        match element.tag {
            SPECIFIC_CHARACTER_SET => {
                self.context().characters = CharacterSet::from_value(&bytes);
                if bytes.iter().any(u8::is_ascii_alphanumeric) {
                    bytes = b"ISO_IR 192".to_vec();
                }
            }
            PIXEL_REPRESENTATION => self.context().signed = bytes.first() == Some(&1),
            _ => {}
        }
        if written {
            let vr = self.vr_of(&element);
            let characters = self.context().characters;
            self.open_attribute(element.tag, vr);
            value::write(&mut self.out, vr, &characters, &bytes);
            self.out.push(b'}');
        }
        self.captured = bytes;
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), DataSetError> {
        if self.skipped > 0 || !self.writes(element) {
            self.skipped += 1;
            return Ok(());
        }
        self.open_attribute(element.tag, Vr(*b"SQ"));
        self.empty_sequence = true;
        let context = *self.context();
        self.levels.push(Level {
            place: Place {
                sequence: element.tag,
                item: 0,
            },
            context,
        });
        Ok(())
    }

    fn item(&mut self) -> Result<(), DataSetError> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.empty_sequence {
            self.out.extend_from_slice(b",\"Value\":[");
        } else {
            self.out.push(b',');
        }
        self.out.push(b'{');
        self.empty_sequence = false;
        self.comma = false;
        // Each item starts with what holds outside the sequence, whatever the item before it declared.
        let outer = self
            .levels
            .iter()
            .rev()
            .nth(1)
            .map_or(self.root, |level| level.context);
        if let Some(level) = self.levels.last_mut() {
            level.place.item = level.place.item.saturating_add(1);
            level.context = outer;
        }
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), DataSetError> {
        if self.skipped == 0 {
            self.out.push(b'}');
            self.comma = true;
        }
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), DataSetError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        self.levels.pop();
        self.out
            .extend_from_slice(if self.empty_sequence { b"}" } else { b"]}" });
        self.empty_sequence = false;
        self.comma = true;
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), DataSetError> {
        self.current = Current::Ignored;
        if self.skipped == 0 && self.writes(element) {
            self.write_bulk(element);
        }
        Ok(())
    }

    fn fragment(&mut self, _: u32) -> Result<(), DataSetError> {
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), DataSetError> {
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), DataSetError> {
        Ok(())
    }
}

const SPECIFIC_CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
const PIXEL_REPRESENTATION: Tag = Tag(0x0028, 0x0103);

#[cfg(test)]
mod tests;
