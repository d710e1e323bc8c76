//! A data set held in memory, but for what is large: that stays where it lies and is remembered by its place.

use dicom::scan::{Element as Scanned, Limits, ScanError, Scanner, Sink};
use dicom::{DataSetError, Encoding, Tag, Vr};

/// Binary values longer than this stay in the input, in bytes.
const INLINE: u32 = 4 << 10;
/// What a header may hold at most, in bytes. The largest real ones (enhanced multi-frame) stay below 50 MiB.
const MAX_HEADER: u64 = 256 << 20;

/// Data elements in the order in which they were met.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct DataSet {
    pub(crate) elements: Vec<Element>,
}

/// A data element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Element {
    pub(crate) tag: Tag,
    /// As the scanner tells it.
    pub(crate) vr: Vr,
    pub(crate) value: Value,
}

/// Bytes that stay in the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// From the start of the data set.
    pub(crate) at: u64,
    pub(crate) length: u32,
}

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    /// In memory, numbers in little-endian order.
    Bytes(Vec<u8>),
    /// In the input.
    Large { place: Place, big_endian: bool },
    /// Items of a sequence.
    Items(Vec<DataSet>),
    /// Encapsulated pixel data: the Basic Offset Table and the fragments.
    Fragments {
        table: Option<Place>,
        places: Vec<Place>,
    },
}

impl Value {
    /// True for bytes that are ASCII text.
    pub(crate) fn is_ascii(&self) -> bool {
        matches!(self, Self::Bytes(bytes) if bytes.is_ascii())
    }
}

impl DataSet {
    pub(crate) fn get(&self, tag: Tag) -> Option<&Element> {
        self.elements.iter().find(|element| element.tag == tag)
    }

    /// The bytes of a value that is in memory.
    pub(crate) fn bytes(&self, tag: Tag) -> Option<&[u8]> {
        match &self.get(tag)?.value {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A value of ASCII characters without padding; `None` where it is absent or empty.
    pub(crate) fn text(&self, tag: Tag) -> Option<&str> {
        let text = std::str::from_utf8(self.bytes(tag)?).ok()?;
        let text = text.trim_matches([' ', '\0']);
        (!text.is_empty()).then_some(text)
    }

    /// The first number of a US value.
    pub(crate) fn us(&self, tag: Tag) -> Option<u16> {
        self.bytes(tag)?
            .first_chunk()
            .map(|bytes| u16::from_le_bytes(*bytes))
    }

    /// Puts an element in its place, instead of one with this tag.
    pub(crate) fn put(&mut self, tag: Tag, vr: Vr, value: Value) {
        let element = Element { tag, vr, value };
        match self.elements.binary_search_by_key(&tag, |element| element.tag) {
            Ok(at) => {
                if let Some(slot) = self.elements.get_mut(at) {
                    *slot = element;
                }
            }
            Err(at) => self.elements.insert(at, element),
        }
    }

    pub(crate) fn put_text(&mut self, tag: Tag, vr: Vr, text: &str) {
        self.put(tag, vr, Value::Bytes(text.as_bytes().to_vec()));
    }
}

/// Why a data set cannot be held.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TreeError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] DataSetError),
    /// More than fits.
    #[error("the data set holds more than {} MiB beside its pixels", MAX_HEADER >> 20)]
    TooLarge,
    /// Two values for one attribute.
    #[error("element {0} occurs twice with different values: readers disagree on which one counts")]
    Repeated(Tag),
}

impl From<ScanError> for TreeError {
    fn from(error: ScanError) -> Self {
        Self::Unreadable(error.into())
    }
}

/// A sequence that is still open, with its items so far.
struct Open {
    tag: Tag,
    vr: Vr,
    items: Vec<DataSet>,
}

/// The sink that holds a data set.
#[derive(Default)]
pub(crate) struct Tree {
    /// The top level, then the item that is open in each open sequence.
    levels: Vec<DataSet>,
    open: Vec<Open>,
    current: Option<(Scanned, Vec<u8>)>,
    fragments: Option<(Tag, Vr, Vec<Place>, u64)>,
    held: u64,
    /// The pixel data of the top level is complete.
    pixels_done: bool,
    /// Hold large values, too: the input is a stream that cannot be read again.
    all: bool,
}

impl Tree {
    /// `all` holds large values in memory, too, for an input whose bytes are not those of the data set (deflated).
    pub(crate) fn new(all: bool) -> Self {
        Self {
            levels: vec![DataSet::default()],
            all,
            ..Self::default()
        }
    }

    /// The data set, elements in ascending order, an element that was repeated with the same value once.
    ///
    /// # Errors
    /// When an attribute has two values.
    pub(crate) fn finish(mut self) -> Result<DataSet, TreeError> {
        self.levels.truncate(1);
        let mut set = self.levels.pop().unwrap_or_default();
        sort(&mut set)?;
        Ok(set)
    }

    /// True once the pixel data of the top level was met whole: what follows and cannot be read is no data set.
    pub(crate) fn pixels_done(&self) -> bool {
        self.pixels_done
    }

    fn ends_in_pixels(&self) -> bool {
        let [top] = self.levels.as_slice() else {
            return false;
        };
        top.elements
            .last()
            .is_some_and(|element| element.tag == Tag::PIXEL_DATA)
    }

    fn hold(&mut self, bytes: u64) -> Result<(), TreeError> {
        self.held += bytes;
        if self.held > MAX_HEADER {
            return Err(TreeError::TooLarge);
        }
        Ok(())
    }

    fn push(&mut self, tag: Tag, vr: Vr, value: Value) {
        if let Some(level) = self.levels.last_mut() {
            level.elements.push(Element { tag, vr, value });
        }
    }
}

fn sort(set: &mut DataSet) -> Result<(), TreeError> {
    if !set.elements.is_sorted_by(|a, b| a.tag < b.tag) {
        set.elements.sort_by_key(|element| element.tag);
        if let Some([a, _]) = set
            .elements
            .array_windows()
            .find(|[a, b]| a.tag == b.tag && a != b)
        {
            return Err(TreeError::Repeated(a.tag));
        }
        set.elements.dedup();
    }
    for element in &mut set.elements {
        if let Value::Items(items) = &mut element.value {
            items.iter_mut().try_for_each(sort)?;
        }
    }
    Ok(())
}

/// True for VRs whose long values are worth leaving where they are.
fn stays(vr: Vr) -> bool {
    matches!(&vr.0, b"OB" | b"OW" | b"OF" | b"OD" | b"OL" | b"OV" | b"UN")
}

/// A sequence of the dictionary that was written as UN with a length (PS3.5 6.2.2): bytes to the scanner.
fn is_unread_sequence(element: &Scanned) -> bool {
    element.vr == Vr::UN && Vr::of(element.tag) == Some(Vr::SQ)
}

/// The items of such a sequence, which are in Implicit VR Little Endian; `None` when the bytes are something else.
fn items_of(tag: Tag, value: &[u8]) -> Option<Value> {
    let mut header = [0; 8];
    let (group, rest) = header.split_first_chunk_mut::<2>()?;
    let (element, length) = rest.split_first_chunk_mut::<2>()?;
    *group = tag.group().to_le_bytes();
    *element = tag.element().to_le_bytes();
    length.copy_from_slice(&u32::try_from(value.len()).ok()?.to_le_bytes());
    let mut tree = Tree::new(true);
    let mut scanner = Scanner::new(Encoding::ImplicitLe, Limits::default());
    scanner.push(&header, &mut tree).ok()?;
    scanner.push(value, &mut tree).ok()?;
    scanner.finish(&mut tree).ok()?;
    let value = tree.finish().ok()?.elements.pop()?.value;
    matches!(value, Value::Items(_)).then_some(value)
}

impl Sink for Tree {
    type Error = TreeError;

    fn element(&mut self, element: &Scanned) -> Result<(), TreeError> {
        let length = element.length.unwrap_or_default();
        // An element costs memory beyond its value, and there may be millions.
        self.hold(64)?;
        if self.all || length <= INLINE || !stays(element.vr) || is_unread_sequence(element) {
            self.current = Some((*element, Vec::new()));
        } else {
            let place = Place {
                at: element.at,
                length,
            };
            let big_endian = element.encoding == Encoding::ExplicitBe;
            self.push(element.tag, element.vr, Value::Large { place, big_endian });
        }
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), TreeError> {
        if self.current.is_some() {
            self.hold(bytes.len() as u64)?;
        }
        if let Some((_, value)) = &mut self.current {
            value.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), TreeError> {
        if let Some((element, mut value)) = self.current.take() {
            if element.encoding == Encoding::ExplicitBe && element.vr.word() > 1 {
                value.chunks_mut(element.vr.word()).for_each(<[u8]>::reverse);
            }
            let items = if is_unread_sequence(&element) {
                items_of(element.tag, &value)
            } else {
                None
            };
            match items {
                Some(items) => self.push(element.tag, Vr::SQ, items),
                None => self.push(element.tag, element.vr, Value::Bytes(value)),
            }
        }
        self.pixels_done |= self.ends_in_pixels();
        Ok(())
    }

    fn sequence(&mut self, element: &Scanned) -> Result<(), TreeError> {
        self.hold(64)?;
        self.open.push(Open {
            tag: element.tag,
            vr: element.vr,
            items: Vec::new(),
        });
        Ok(())
    }

    fn item(&mut self) -> Result<(), TreeError> {
        self.hold(64)?;
        self.levels.push(DataSet::default());
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), TreeError> {
        if self.levels.len() > 1
            && let (Some(item), Some(open)) = (self.levels.pop(), self.open.last_mut())
        {
            open.items.push(item);
        }
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), TreeError> {
        if let Some(open) = self.open.pop() {
            self.push(open.tag, open.vr, Value::Items(open.items));
        }
        Ok(())
    }

    fn fragments(&mut self, element: &Scanned) -> Result<(), TreeError> {
        self.fragments = Some((element.tag, element.vr, Vec::new(), element.at));
        Ok(())
    }

    fn fragment(&mut self, length: u32) -> Result<(), TreeError> {
        const ITEM_HEADER: u64 = 8;
        self.hold(16)?;
        if let Some((_, _, places, at)) = &mut self.fragments {
            let start = *at + ITEM_HEADER;
            places.push(Place { at: start, length });
            *at = start + u64::from(length);
        }
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), TreeError> {
        if let Some((tag, vr, mut places, _)) = self.fragments.take() {
            // The first item is the Basic Offset Table.
            let table = places.drain(..places.len().min(1)).next();
            self.push(tag, vr, Value::Fragments { table, places });
        }
        self.pixels_done |= self.ends_in_pixels();
        Ok(())
    }
}
