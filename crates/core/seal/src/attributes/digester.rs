//! Digests of the attributes of a data set, made as it streams past.

use super::Group;
use super::canonical::canonical;
use super::loose::{Loose, vr_can_be_lost};
use super::tokens::Tokens;
use dicom::scan::Element;
use dicom::{Header, Tag, Vr};

/// The digest of one top-level attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributeDigest {
    /// Its tag.
    pub tag: Tag,
    /// Its group.
    pub group: Group,
    /// Over its canonical value: numbers little-endian, text without padding.
    pub strict: [u8; 32],
    /// Where the attribute is or holds a value whose VR the standard does not tell: a digest that does not
    /// depend on the VR. It serves to recognise the attribute after a change between explicit and implicit VR.
    pub loose: Option<[u8; 32]>,
    /// True when such a value was written without its VR here.
    pub vr_lost: bool,
}

/// Values with a known VR longer than this are digested as they stand, in bytes.
const MAX_WHOLE: usize = 64 << 10;
/// The same for values whose VR can be lost: they may hold a sequence.
const MAX_WHOLE_UNKNOWN: usize = 1 << 20;

enum Value {
    /// Left out of every digest.
    Skipped,
    /// Kept until it is complete, since its end decides what counts.
    Whole,
    /// Too long to keep; its words are turned to little-endian as they pass.
    Streamed { swap: usize },
}

/// Listens to a data set and digests its top-level attributes, sequences with all that they hold.
///
/// The calls are those of [`dicom::scan::Sink`]. Pixel data of the top level is none of its business: whoever owns
/// the digester keeps those calls away from it.
pub struct Digester {
    done: Vec<AttributeDigest>,
    header: Header,
    strict: Tokens,
    loose: Loose,
    needs_loose: bool,
    vr_lost: bool,
    top: Option<Tag>,
    current: Option<Element>,
    value: Value,
    buffer: Vec<u8>,
    carry: Vec<u8>,
}

impl Default for Digester {
    fn default() -> Self {
        Self {
            done: Vec::with_capacity(128),
            header: Header::default(),
            strict: Tokens::default(),
            loose: Loose::default(),
            needs_loose: false,
            vr_lost: false,
            top: None,
            current: None,
            value: Value::Skipped,
            buffer: Vec::new(),
            carry: Vec::new(),
        }
    }
}

impl Digester {
    /// The header values read so far.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many top-level attributes were digested so far.
    pub fn attributes(&self) -> usize {
        self.done.len()
    }

    /// Header and attributes, ascending by tag.
    ///
    /// # Errors
    /// With its tag, when an attribute occurs twice with different values: readers disagree on which one counts.
    pub fn finish(mut self) -> Result<(Header, Vec<AttributeDigest>), Tag> {
        self.done.sort_by_key(|digest| digest.tag);
        self.done.dedup();
        let twice = self.done.windows(2).find_map(|pair| match pair {
            [a, b] if a.tag == b.tag => Some(a.tag),
            _ => None,
        });
        twice.map_or(Ok((self.header, self.done)), Err)
    }

    fn begin(&mut self, element: &Element) {
        if element.depth == 0 {
            self.strict = Tokens::default();
            self.loose = Loose::default();
            self.needs_loose = false;
            self.vr_lost = false;
            self.top = Some(element.tag);
        }
        self.needs_loose |= vr_can_be_lost(element.tag);
        self.vr_lost |= !element.vr_is_known;
        self.strict.tag(element.tag);
        self.loose.tag(element.tag);
    }

    fn end_top_level(&mut self) {
        let Some(tag) = self.top.take() else { return };
        if let Some(group) = Group::of(tag) {
            let loose = self.needs_loose.then(|| self.loose.digest());
            self.done.push(AttributeDigest {
                tag,
                group,
                strict: self.strict.digest(),
                loose,
                vr_lost: self.vr_lost,
            });
        }
    }

    /// An element begins.
    pub fn element(&mut self, element: &Element) {
        self.current = Some(*element);
        if element.tag.is_group_length() || (element.depth == 0 && Group::of(element.tag).is_none()) {
            self.value = Value::Skipped;
            return;
        }
        self.begin(element);
        let length = element.length.unwrap_or(0) as usize;
        let most = if vr_can_be_lost(element.tag) {
            MAX_WHOLE_UNKNOWN
        } else {
            MAX_WHOLE
        };
        self.value = if length <= most {
            self.buffer.clear();
            Value::Whole
        } else {
            self.strict.streamed(length);
            self.loose.streamed(length);
            self.carry.clear();
            Value::Streamed {
                swap: if element.encoding.is_big_endian() {
                    element.vr.word()
                } else {
                    1
                },
            }
        };
    }

    /// The next bytes of a value or fragment.
    pub fn value(&mut self, bytes: &[u8]) {
        match self.value {
            Value::Skipped => {}
            Value::Whole => self.buffer.extend_from_slice(bytes),
            Value::Streamed { swap } if swap <= 1 => {
                self.strict.bytes(bytes);
                self.loose.bytes(bytes);
            }
            Value::Streamed { swap } => {
                let mut words = std::mem::take(&mut self.carry);
                words.extend_from_slice(bytes);
                let (full, rest) = words.split_at(words.len() - words.len() % swap);
                let swapped: Vec<u8> = full
                    .chunks(swap)
                    .flat_map(|word| word.iter().rev().copied())
                    .collect();
                self.strict.bytes(&swapped);
                self.loose.bytes(&swapped);
                self.carry = rest.to_vec();
            }
        }
    }

    /// The value is complete.
    pub fn element_end(&mut self) {
        let Some(element) = self.current.take() else {
            return;
        };
        match self.value {
            Value::Skipped => return,
            Value::Whole => {
                let vr = if is_creator(element.tag) {
                    Vr(*b"LO")
                } else {
                    element.vr
                };
                let bytes = canonical(element.tag, vr, element.encoding.is_big_endian(), &self.buffer);
                if element.depth == 0 {
                    self.header.offer(element.tag, vr, &bytes);
                }
                self.strict.whole(&bytes);
                self.loose.whole(element.tag, &bytes);
            }
            Value::Streamed { .. } => {
                self.strict.bytes(&self.carry);
                self.loose.bytes(&self.carry);
            }
        }
        if element.depth == 0 {
            self.end_top_level();
        }
    }

    /// A sequence begins.
    pub fn sequence(&mut self, element: &Element) {
        self.begin(element);
        self.strict.sequence();
        self.loose.sequence();
    }

    /// An item begins.
    pub fn item(&mut self) {
        self.strict.item();
        self.loose.item();
    }

    /// An item ends.
    pub fn item_end(&mut self) {
        self.strict.item_end();
        self.loose.item_end();
    }

    /// A sequence ends; `top_level` says that no other is open.
    pub fn sequence_end(&mut self, top_level: bool) {
        self.strict.sequence_end();
        self.loose.sequence_end();
        if top_level {
            self.end_top_level();
        }
    }

    /// Encapsulated pixel data within a sequence (an icon) begins.
    pub fn fragments(&mut self, element: &Element) {
        self.begin(element);
        self.value = Value::Streamed { swap: 1 };
        self.strict.sequence();
        self.loose.sequence();
    }

    /// A fragment of it begins.
    pub fn fragment(&mut self, length: u32) {
        self.strict.streamed(length as usize);
        self.loose.streamed(length as usize);
    }

    /// Encapsulated pixel data within a sequence ends.
    pub fn fragments_end(&mut self) {
        self.strict.sequence_end();
        self.loose.sequence_end();
    }
}

/// A private block's reservation, (gggg,0010-00FF): text whatever is written.
fn is_creator(tag: Tag) -> bool {
    tag.is_private() && (0x10..=0xFF).contains(&tag.element())
}
