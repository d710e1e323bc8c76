//! The state machine.

use super::{Element, Sink};
use crate::{Encoding, Tag, Vr};

/// What a data set may hold at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Sequences inside sequences, at most [`MAX_DEPTH`].
    pub depth: u8,
    /// Data elements, items and fragments in all.
    pub elements: u64,
}

/// The deepest nesting that any scanner follows. Real objects stay below 16.
pub const MAX_DEPTH: u8 = 64;

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: MAX_DEPTH,
            elements: 20_000_000,
        }
    }
}

/// Why a data set cannot be read. Names tags and positions, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The stream ends within an element, item or sequence.
    #[error("the data set ends at byte {at} in the middle of an element, item or sequence")]
    Truncated {
        /// Bytes read.
        at: u64,
    },
    /// An element reaches beyond the item or sequence that holds it.
    #[error("element {tag} is longer than what holds it (byte {at})")]
    Overrun {
        /// The element.
        tag: Tag,
        /// Where its value begins.
        at: u64,
    },
    /// The two bytes after the tag are no VR.
    #[error("element {tag} has no readable value representation (byte {at})")]
    BadVr {
        /// The element.
        tag: Tag,
        /// Where its header ends.
        at: u64,
    },
    /// Undefined length where only a definite one is allowed.
    #[error("element {tag} has undefined length, which its value representation does not allow (byte {at})")]
    UndefinedLength {
        /// The element.
        tag: Tag,
        /// Where its value begins.
        at: u64,
    },
    /// Something other than an item where only items may stand, or a delimiter where none may stand.
    #[error("tag {tag} is out of place (byte {at})")]
    Misplaced {
        /// What was met.
        tag: Tag,
        /// Where.
        at: u64,
    },
    /// An attribute occurs twice in one item. Readers disagree on which one counts.
    #[error("element {tag} occurs twice in the same item (byte {at})")]
    Duplicate {
        /// The element.
        tag: Tag,
        /// Where the second one stands.
        at: u64,
    },
    /// Sequences nest deeper than the limit.
    #[error("sequences nest deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: u8,
    },
    /// More elements than the limit.
    #[error("more than {limit} data elements")]
    TooMany {
        /// The limit.
        limit: u64,
    },
}

/// A sequence, or an item of one, that is still open.
#[derive(Clone, Copy)]
struct Level {
    is_item: bool,
    /// The position at which it ends; `None` until its delimiter comes.
    end: Option<u64>,
    encoding: Encoding,
    last: Option<Tag>,
}

const NO_LEVEL: Level = Level {
    is_item: false,
    end: None,
    encoding: Encoding::ImplicitLe,
    last: None,
};

#[derive(Clone, Copy)]
enum State {
    /// Collecting the header of an element, item, fragment or delimiter.
    Header,
    /// Within a value of an element.
    Value { remaining: u32 },
    /// Collecting the header of a fragment.
    FragmentHeader,
    /// Within a fragment.
    Fragment { remaining: u32 },
}

/// Reads a data set as it streams in: a state machine with a fixed stack, so that neither nesting nor a length
/// field can make it allocate or recurse.
pub struct Scanner {
    encoding: Encoding,
    limits: Limits,
    state: State,
    header: [u8; 12],
    filled: usize,
    position: u64,
    levels: [Level; 2 * MAX_DEPTH as usize],
    open: usize,
    count: u64,
}

impl Scanner {
    /// A scanner for a data set written in `encoding`.
    pub fn new(encoding: Encoding, limits: Limits) -> Self {
        Self {
            encoding,
            limits: Limits {
                depth: limits.depth.min(MAX_DEPTH),
                ..limits
            },
            state: State::Header,
            header: [0; 12],
            filled: 0,
            position: 0,
            levels: [NO_LEVEL; 2 * MAX_DEPTH as usize],
            open: 0,
            count: 0,
        }
    }

    /// Bytes read.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Reads the next bytes.
    ///
    /// # Errors
    /// When the stream breaks the rules of PS3.5 or a limit; or what the sink refused with. The scanner must
    /// not be used after an error.
    pub fn push<S: Sink>(&mut self, mut bytes: &[u8], sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<ScanError>,
    {
        while !bytes.is_empty() {
            match self.state {
                State::Header | State::FragmentHeader => {
                    let wanted = self.wanted();
                    let take = (wanted - self.filled).min(bytes.len());
                    let (head, rest) = bytes.split_at(take);
                    if let Some(slot) = self.header.get_mut(self.filled..self.filled + take) {
                        slot.copy_from_slice(head);
                    }
                    self.filled += take;
                    self.position += take as u64;
                    bytes = rest;
                    if self.count == 0 && self.filled == 8 {
                        self.settle_encoding();
                    }
                    if self.filled == self.wanted() {
                        self.filled = 0;
                        if matches!(self.state, State::FragmentHeader) {
                            self.fragment_header(sink)?;
                        } else {
                            self.element_header(sink)?;
                        }
                    }
                }
                State::Value { remaining } => {
                    let take = (remaining as usize).min(bytes.len());
                    let (value, rest) = bytes.split_at(take);
                    sink.value(value)?;
                    self.position += take as u64;
                    bytes = rest;
                    let remaining = remaining - take as u32;
                    self.state = State::Value { remaining };
                    if remaining == 0 {
                        self.state = State::Header;
                        sink.element_end()?;
                        self.close_finished(sink)?;
                    }
                }
                State::Fragment { remaining } => {
                    let take = (remaining as usize).min(bytes.len());
                    let (value, rest) = bytes.split_at(take);
                    sink.value(value)?;
                    self.position += take as u64;
                    bytes = rest;
                    let remaining = remaining - take as u32;
                    self.state = State::Fragment { remaining };
                    if remaining == 0 {
                        self.state = State::FragmentHeader;
                        sink.fragment_end()?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// [`ScanError::Truncated`] when something was still open.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<ScanError>,
    {
        let _ = sink;
        if self.open > 0 || self.filled > 0 || !matches!(self.state, State::Header) {
            return Err(ScanError::Truncated { at: self.position }.into());
        }
        Ok(())
    }

    fn level(&self) -> Option<&Level> {
        self.open.checked_sub(1).and_then(|at| self.levels.get(at))
    }

    fn current_encoding(&self) -> Encoding {
        self.level().map_or(self.encoding, |level| level.encoding)
    }

    fn expects_items(&self) -> bool {
        self.level().is_some_and(|level| !level.is_item)
    }

    fn depth(&self) -> u8 {
        (self.open / 2 + self.open % 2) as u8
    }

    /// Header bytes needed, as far as the bytes at hand tell.
    fn wanted(&self) -> usize {
        let short = matches!(self.state, State::FragmentHeader) || self.expects_items();
        if short || self.filled < 8 || !self.current_encoding().is_explicit() {
            return 8;
        }
        let vr = Vr([self.header[4], self.header[5]]);
        let delimiter = self.tag().group() == 0xFFFE;
        if !delimiter && (vr.has_long_length() || !vr.is_known()) {
            12
        } else {
            8
        }
    }

    fn u16_at<const AT: usize>(&self) -> u16 {
        let bytes = self
            .header
            .get(AT..)
            .and_then(<[u8]>::first_chunk)
            .copied()
            .unwrap_or_default();
        if self.current_encoding().is_big_endian() {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }
    }

    fn u32_at<const AT: usize>(&self) -> u32 {
        let bytes = self
            .header
            .get(AT..)
            .and_then(<[u8]>::first_chunk)
            .copied()
            .unwrap_or_default();
        if self.current_encoding().is_big_endian() {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    }

    fn tag(&self) -> Tag {
        Tag(self.u16_at::<0>(), self.u16_at::<2>())
    }

    fn count_one(&mut self) -> Result<(), ScanError> {
        self.count += 1;
        if self.count > self.limits.elements {
            return Err(ScanError::TooMany {
                limit: self.limits.elements,
            });
        }
        Ok(())
    }

    /// Where a value of `length` bytes would end, if that lies within what holds it.
    fn end_of(&self, tag: Tag, length: u32) -> Result<u64, ScanError> {
        let end = self.position + u64::from(length);
        match self.level().and_then(|level| level.end) {
            Some(limit) if end > limit => Err(ScanError::Overrun {
                tag,
                at: self.position,
            }),
            _ => Ok(end),
        }
    }

    fn enter(&mut self, level: Level) -> Result<(), ScanError> {
        if !level.is_item && self.depth() >= self.limits.depth {
            return Err(ScanError::TooDeep {
                limit: self.limits.depth,
            });
        }
        match self.levels.get_mut(self.open) {
            Some(slot) => *slot = level,
            None => {
                return Err(ScanError::TooDeep {
                    limit: self.limits.depth,
                });
            }
        }
        self.open += 1;
        Ok(())
    }

    /// Closes items and sequences of definite length that end here.
    fn close_finished<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        while let Some(level) = self.level().copied() {
            if level.end != Some(self.position) {
                break;
            }
            self.open -= 1;
            if level.is_item {
                sink.item_end()?;
            } else {
                sink.sequence_end()?;
            }
        }
        Ok(())
    }

    /// Some writers name an explicit transfer syntax and write no VRs, or the other way round. The first element
    /// shows it: readers go by what is written, and so does the scanner.
    fn settle_encoding(&mut self) {
        let vr = Vr([self.header[4], self.header[5]]);
        let written = vr.is_known() && Vr::of(self.tag()) == Some(vr);
        match self.encoding {
            Encoding::ExplicitLe if !vr.0.iter().all(u8::is_ascii_uppercase) => {
                self.encoding = Encoding::ImplicitLe;
            }
            Encoding::ImplicitLe if written => self.encoding = Encoding::ExplicitLe,
            _ => {}
        }
    }

    fn element_header<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<ScanError>,
    {
        let tag = self.tag();
        self.count_one()?;
        if self
            .level()
            .and_then(|level| level.end)
            .is_some_and(|end| self.position > end)
        {
            return Err(ScanError::Overrun {
                tag,
                at: self.position,
            }
            .into());
        }
        if self.expects_items() {
            return self.item_header(tag, sink);
        }
        let at = self.position;
        if tag.group() == 0xFFFE {
            let closes = tag == Tag::ITEM_END && self.level().is_some_and(|level| level.end.is_none());
            if !closes || self.u32_at::<4>() != 0 {
                return Err(ScanError::Misplaced { tag, at }.into());
            }
            self.open -= 1;
            sink.item_end()?;
            return self.close_finished(sink);
        }
        if tag.group() < 8 && !matches!(tag.group(), 1 | 3 | 4 | 5 | 6 | 7) {
            // Groups 0000 and 0002 are the command set and the file meta information; never a data set's.
            return Err(ScanError::Misplaced { tag, at }.into());
        }
        self.check_repeat(tag)?;
        let encoding = self.current_encoding();
        let (written, length) = if encoding.is_explicit() {
            let vr = Vr([self.header[4], self.header[5]]);
            if !vr.0.iter().all(u8::is_ascii_uppercase) {
                return Err(ScanError::BadVr { tag, at }.into());
            }
            let long = vr.has_long_length() || !vr.is_known();
            (
                Some(vr),
                if long {
                    self.u32_at::<8>()
                } else {
                    u32::from(self.u16_at::<6>())
                },
            )
        } else {
            (None, self.u32_at::<4>())
        };
        let written = written.filter(|vr| vr.is_known() && *vr != Vr::UN);
        let known = written.or_else(|| Vr::of(tag));
        let undefined = length == u32::MAX;
        let depth = self.depth();
        let mut element = Element {
            tag,
            vr: known.unwrap_or(Vr::UN),
            vr_is_known: known.is_some(),
            length: (!undefined).then_some(length),
            at,
            depth,
            encoding,
        };
        if undefined && tag == Tag::PIXEL_DATA {
            self.state = State::FragmentHeader;
            return sink.fragments(&element);
        }
        // A sequence: said so by the stream, or by the dictionary where nothing is written; an undefined length
        // without a VR can be nothing else (CP-246: its items are in Implicit VR Little Endian).
        let implicit = encoding == Encoding::ImplicitLe;
        let is_sequence =
            written == Some(Vr::SQ) || (undefined && written.is_none()) || (implicit && element.vr == Vr::SQ);
        if is_sequence {
            element.vr = Vr::SQ;
            element.vr_is_known = true;
            let inner = if written.is_none() {
                Encoding::ImplicitLe
            } else {
                encoding
            };
            let end = if undefined {
                None
            } else {
                Some(self.end_of(tag, length)?)
            };
            sink.sequence(&element)?;
            self.enter(Level {
                is_item: false,
                end,
                encoding: inner,
                last: None,
            })?;
            return self.close_finished(sink);
        }
        if undefined {
            return Err(ScanError::UndefinedLength { tag, at }.into());
        }
        if element.vr == Vr::SQ {
            // A sequence of the dictionary, written as UN with a definite length: opaque bytes.
            element.vr = Vr::UN;
            element.vr_is_known = false;
        }
        self.end_of(tag, length)?;
        sink.element(&element)?;
        if length == 0 {
            sink.element_end()?;
            return self.close_finished(sink);
        }
        self.state = State::Value { remaining: length };
        Ok(())
    }

    fn item_header<S: Sink>(&mut self, tag: Tag, sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<ScanError>,
    {
        let at = self.position;
        let length = self.u32_at::<4>();
        let level = self.level().copied().unwrap_or(NO_LEVEL);
        if tag == Tag::SEQUENCE_END && level.end.is_none() && length == 0 {
            self.open -= 1;
            sink.sequence_end()?;
            return self.close_finished(sink);
        }
        if tag != Tag::ITEM {
            return Err(ScanError::Misplaced { tag, at }.into());
        }
        let end = if length == u32::MAX {
            None
        } else {
            Some(self.end_of(tag, length)?)
        };
        sink.item()?;
        self.enter(Level {
            is_item: true,
            end,
            encoding: level.encoding,
            last: None,
        })?;
        self.close_finished(sink)
    }

    fn fragment_header<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<ScanError>,
    {
        self.count_one()?;
        let tag = self.tag();
        let length = self.u32_at::<4>();
        let at = self.position;
        if tag == Tag::SEQUENCE_END && length == 0 {
            self.state = State::Header;
            sink.fragments_end()?;
            return self.close_finished(sink);
        }
        if tag != Tag::ITEM {
            return Err(ScanError::Misplaced { tag, at }.into());
        }
        if length == u32::MAX {
            return Err(ScanError::UndefinedLength { tag, at }.into());
        }
        self.end_of(tag, length)?;
        sink.fragment(length)?;
        if length == 0 {
            return sink.fragment_end();
        }
        self.state = State::Fragment { remaining: length };
        Ok(())
    }

    /// Refuses an attribute that occurs twice in a row within an item. At the top level the listener holds both
    /// values against each other, since real files repeat an attribute with the same value.
    fn check_repeat(&mut self, tag: Tag) -> Result<(), ScanError> {
        let at = self.position;
        match self.open.checked_sub(1).and_then(|at| self.levels.get_mut(at)) {
            Some(level) if level.last == Some(tag) => Err(ScanError::Duplicate { tag, at }),
            Some(level) => {
                level.last = Some(tag);
                Ok(())
            }
            None => Ok(()),
        }
    }
}
