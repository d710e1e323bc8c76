//! Checks of structure along the walk: each element, and the pixels by what the elements before them say.

use super::markers::Walker;
use super::structure::{self, Creators, HighBits};
use dicom::scan::Element;
use dicom::{Tag, TransferSyntax};

/// What the walk has told so far.
pub(super) struct Checks {
    /// Of the data set and of each open item.
    creators: Vec<Creators>,
    high_bits: HighBits,
    walker: Option<Walker>,
    /// Fragments begun, the offset table included.
    fragments: u32,
    fragment_starts: bool,
    identity_removed: bool,
}

impl Checks {
    pub(super) fn new(syntax: &TransferSyntax) -> Self {
        Self {
            creators: vec![Creators::default()],
            high_bits: HighBits::default(),
            walker: structure::walker(syntax),
            fragments: 0,
            fragment_starts: false,
            identity_removed: false,
        }
    }

    /// True when (0012,0062) says YES.
    pub(super) fn is_identity_removed(&self) -> bool {
        self.identity_removed
    }

    /// True when this element may stand here.
    pub(super) fn allow(&self, tag: Tag) -> bool {
        let owned = !tag.is_private() || self.creators.last().is_some_and(|creators| creators.own(tag));
        owned && !structure::is_forbidden(tag)
    }

    /// What an element's whole value tells about the elements behind it; `top` for those of the object itself.
    pub(super) fn learn(&mut self, element: &Element, bytes: &[u8], top: bool) {
        let tag = element.tag;
        if tag.is_private() && (0x10..=0xFF).contains(&tag.element()) {
            let named = bytes.iter().any(|b| !matches!(b, b' ' | 0));
            if let (true, Some(creators)) = (named, self.creators.last_mut()) {
                creators.add(tag);
            }
        } else if top {
            if tag == Tag(0x0012, 0x0062) {
                self.identity_removed = bytes.trim_ascii() == b"YES";
            } else if let (0x0028, Some(number)) = (tag.group(), bytes.first_chunk::<2>()) {
                let big = element.encoding.is_big_endian();
                let number = if big {
                    u16::from_be_bytes(*number)
                } else {
                    u16::from_le_bytes(*number)
                };
                self.high_bits.learn(tag, number);
            }
        }
    }

    pub(super) fn item(&mut self) {
        self.creators.push(Creators::default());
    }

    pub(super) fn item_end(&mut self) {
        self.creators.pop();
    }

    /// Puts a data set of its own in place of the open ones, which are returned.
    pub(super) fn begin_nested(&mut self) -> Vec<Creators> {
        std::mem::replace(&mut self.creators, vec![Creators::default()])
    }

    /// Goes back to the data sets that [`Self::begin_nested`] returned.
    pub(super) fn end_nested(&mut self, open: Vec<Creators>) {
        self.creators = open;
    }

    /// True when the next piece of native samples has nothing beside their values.
    pub(super) fn samples_are_clean(&mut self, piece: &[u8], big_endian: bool) -> bool {
        self.high_bits.are_clean(piece, big_endian)
    }

    pub(super) fn fragments(&mut self) {
        self.fragments = 0;
    }

    pub(super) fn fragment(&mut self) {
        self.fragments += 1;
        self.fragment_starts = true;
    }

    /// True when the next piece of a fragment shows nothing that decoding does not need.
    pub(super) fn codestream_is_clean(&mut self, piece: &[u8]) -> bool {
        if self.fragments > 1
            && let Some(walker) = &mut self.walker
        {
            walker.push(piece, self.fragment_starts);
            self.fragment_starts = false;
            return !walker.take_found();
        }
        true
    }

    /// The open fragment, as in a hit.
    pub(super) fn fragment_place(&self) -> String {
        match self.fragments {
            0 | 1 => "offset table".to_owned(),
            n => format!("fragment {}", n - 1),
        }
    }
}
