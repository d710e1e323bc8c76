//! Reading what came out, into one list of elements with their paths.

use dicom::codec::{decode_frame, frames};
use dicom::part10::FileMeta;
use dicom::scan::{Element as Begun, Limits, ScanError, Sink};
use dicom::{CharacterSet, DataSetError, DataSetReader, Header, PixelCoding, Tag, TransferSyntax, Vr};
use std::collections::BTreeMap;
use std::io::Read;

/// An element with a value, a sequence (without text), or encapsulated pixel data.
pub(super) struct Element {
    pub(super) path: String,
    pub(super) tag: Tag,
    /// Decoded; numbers in decimal digits, backslashes between; other bytes as Latin-1.
    pub(super) text: String,
}

/// A file that came out.
pub(super) struct Document {
    pub(super) preamble: Vec<u8>,
    /// Element numbers of group 0002 with their values.
    pub(super) meta: Vec<(u16, Vec<u8>)>,
    pub(super) elements: Vec<Element>,
    places: BTreeMap<String, usize>,
    /// Pixel data as native bytes in little-endian order.
    pub(super) pixels: Option<Vec<u8>>,
    fragments: Vec<Vec<u8>>,
    header: Header,
    syntax: TransferSyntax,
    /// The data set without deflate.
    pub(super) plain: Option<Vec<u8>>,
}

#[derive(Debug)]
pub(super) struct Unreadable(pub(super) String);

impl From<ScanError> for Unreadable {
    fn from(error: ScanError) -> Self {
        Self(error.to_string())
    }
}

impl From<DataSetError> for Unreadable {
    fn from(error: DataSetError) -> Self {
        Self(error.to_string())
    }
}

/// Nothing longer than this is turned into text.
const TEXT: usize = 1 << 16;

impl Document {
    /// Reads a file.
    pub(super) fn read(file: &[u8]) -> Result<Self, Unreadable> {
        let meta = FileMeta::read(file, true)
            .map_err(|error| Unreadable(error.to_string()))?
            .ok_or_else(|| Unreadable("too short".to_owned()))?;
        let (head, data_set) = file.split_at(meta.data_set_at.min(file.len()));
        let mut collector = Collector::default();
        let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
        reader.push(data_set, &mut collector)?;
        reader.finish(&mut collector)?;
        let plain = meta.transfer_syntax.deflated.then(|| {
            let mut out = Vec::new();
            // What could be read so far is searched, too.
            let _ = flate2::read::DeflateDecoder::new(data_set).read_to_end(&mut out);
            out
        });
        let places = collector
            .elements
            .iter()
            .enumerate()
            .map(|(at, element)| (element.path.clone(), at))
            .collect();
        Ok(Self {
            preamble: head.iter().copied().take(128).collect(),
            meta: group_two(head.get(132..).unwrap_or_default()),
            elements: collector.elements,
            places,
            pixels: collector.pixels,
            fragments: collector.fragments,
            header: collector.header,
            syntax: meta.transfer_syntax,
            plain,
        })
    }

    /// The text at a path, trimmed.
    pub(super) fn at(&self, path: &str) -> Option<&str> {
        let element = self.elements.get(*self.places.get(path)?)?;
        Some(element.text.as_str())
    }

    /// All samples, decoded; `None` when they cannot be. The second is true where bits outside the samples are set.
    pub(super) fn samples(&self) -> Option<(Vec<u8>, bool)> {
        let about = self.header.pixel_description()?;
        let coding = self.syntax.pixels;
        let (mut all, mut extra) = (Vec::new(), false);
        if coding == PixelCoding::Native {
            let native = self.pixels.as_ref()?;
            let size =
                about.pixels() * usize::from(about.samples_per_pixel) * usize::from(about.bits_allocated / 8);
            for frame in native.chunks_exact(size.max(1)) {
                let frame = decode_frame(coding, &about, frame).ok()?;
                extra |= frame.extra_bits.is_some();
                all.extend(frame.planes.concat());
            }
            return Some((all, extra));
        }
        let (table, fragments) = self.fragments.split_first()?;
        let known: Vec<frames::Fragment> = fragments
            .iter()
            .map(|bytes| frames::Fragment::of(bytes))
            .collect();
        let offsets = frames::Offsets {
            basic: table,
            extended: &[],
        };
        for range in frames::frames(coding, &known, offsets, about.frames).ok()? {
            let codestream = fragments.get(range)?.concat();
            let frame = decode_frame(coding, &about, &codestream).ok()?;
            extra |= frame.extra_bits.is_some();
            all.extend(frame.planes.concat());
        }
        Some((all, extra))
    }
}

/// Group 0002, Explicit VR Little Endian.
fn group_two(mut bytes: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut out = Vec::new();
    while let Some(head) = bytes.first_chunk::<8>() {
        let [2, 0, low, high, first, second, short, shorter] = *head else {
            break;
        };
        let vr = Vr([first, second]);
        let (start, length) = if vr.has_long_length() {
            let long = bytes.get(8..12).and_then(|long| long.first_chunk::<4>());
            (12, long.map_or(0, |long| u32::from_le_bytes(*long) as usize))
        } else {
            (8, usize::from(u16::from_le_bytes([short, shorter])))
        };
        let Some(value) = bytes.get(start..start + length) else {
            break;
        };
        out.push((u16::from_le_bytes([low, high]), value.to_vec()));
        bytes = bytes.get(start + length..).unwrap_or_default();
    }
    out
}

/// A data set that is open.
struct Open {
    prefix: String,
    character_set: CharacterSet,
    creators: BTreeMap<(u16, u8), String>,
}

struct Collector {
    elements: Vec<Element>,
    levels: Vec<Open>,
    /// Paths of open sequences, with the number of the next item.
    sequences: Vec<(String, usize)>,
    current: Option<(Begun, Vec<u8>)>,
    pixels: Option<Vec<u8>>,
    fragments: Vec<Vec<u8>>,
    header: Header,
}

impl Default for Collector {
    fn default() -> Self {
        Self {
            elements: Vec::new(),
            levels: vec![Open {
                prefix: String::new(),
                character_set: CharacterSet::default(),
                creators: BTreeMap::new(),
            }],
            sequences: Vec::new(),
            current: None,
            pixels: None,
            fragments: Vec::new(),
            header: Header::default(),
        }
    }
}

impl Collector {
    fn path(&self, tag: Tag) -> String {
        let level = self.levels.last();
        let prefix = level.map_or("", |level| level.prefix.as_str());
        let block = (tag.element() >> 8) as u8;
        let creator = level.and_then(|level| level.creators.get(&(tag.group(), block)));
        match creator {
            Some(creator) if tag.is_private() && block >= 0x10 => {
                let low = tag.element() & 0xff;
                format!(
                    "{prefix}<({:04x},\"{}\",{low:02x})>",
                    tag.group(),
                    creator.to_uppercase()
                )
            }
            _ => format!("{prefix}<({:04x},{:04x})>", tag.group(), tag.element()),
        }
    }

    fn keep(&mut self, begun: &Begun, mut bytes: Vec<u8>) {
        let tag = begun.tag;
        if begun.encoding.is_big_endian() {
            for word in bytes.chunks_exact_mut(begun.vr.word()) {
                word.reverse();
            }
        }
        let path = self.path(tag);
        let top = self.levels.len() == 1;
        let Some(level) = self.levels.last_mut() else {
            return;
        };
        if tag == Tag(0x0008, 0x0005) {
            level.character_set = CharacterSet::from_value(&bytes);
        }
        let text = text(level.character_set, begun.vr, &bytes);
        if tag.is_private() && (0x10..=0xff).contains(&tag.element()) {
            level
                .creators
                .insert((tag.group(), tag.element() as u8), text.trim().to_owned());
        }
        if top {
            self.header.offer(tag, begun.vr, &bytes);
            if tag == Tag::PIXEL_DATA {
                self.pixels = Some(bytes);
            }
        }
        self.elements.push(Element { path, tag, text });
    }
}

fn numbers<const N: usize>(bytes: &[u8], show: impl Fn([u8; N]) -> String) -> String {
    let (values, _) = bytes.as_chunks::<N>();
    values
        .iter()
        .map(|value| show(*value))
        .collect::<Vec<_>>()
        .join("\\")
}

fn text(set: CharacterSet, vr: Vr, bytes: &[u8]) -> String {
    let bytes = bytes.get(..TEXT).unwrap_or(bytes);
    match &vr.0 {
        b"US" => numbers(bytes, |value| u16::from_le_bytes(value).to_string()),
        b"SS" => numbers(bytes, |value| i16::from_le_bytes(value).to_string()),
        b"UL" => numbers(bytes, |value| u32::from_le_bytes(value).to_string()),
        b"SL" => numbers(bytes, |value| i32::from_le_bytes(value).to_string()),
        b"FL" => numbers(bytes, |value| f32::from_le_bytes(value).to_string()),
        b"FD" => numbers(bytes, |value| f64::from_le_bytes(value).to_string()),
        _ if vr.is_text() => {
            let decoded = set.decode(vr, bytes);
            decoded.text.trim_matches([' ', '\0']).to_owned()
        }
        _ => bytes
            .iter()
            .map(|byte| char::from(*byte))
            .collect::<String>()
            .trim_matches(['\0', ' '])
            .to_owned(),
    }
}

impl Sink for Collector {
    type Error = Unreadable;

    fn element(&mut self, element: &Begun) -> Result<(), Unreadable> {
        self.current = Some((*element, Vec::new()));
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        if let Some((_, value)) = &mut self.current {
            value.extend_from_slice(bytes);
        } else if let Some(fragment) = self.fragments.last_mut() {
            fragment.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Unreadable> {
        if let Some((begun, bytes)) = self.current.take() {
            self.keep(&begun, bytes);
        }
        Ok(())
    }

    fn sequence(&mut self, element: &Begun) -> Result<(), Unreadable> {
        let path = self.path(element.tag);
        self.elements.push(Element {
            path: path.clone(),
            tag: element.tag,
            text: String::new(),
        });
        self.sequences.push((path, 0));
        Ok(())
    }

    fn item(&mut self) -> Result<(), Unreadable> {
        let character_set = self
            .levels
            .last()
            .map_or_else(CharacterSet::default, |level| level.character_set);
        if let Some((path, number)) = self.sequences.last_mut() {
            let prefix = format!("{path}[<{number:04}>]");
            *number += 1;
            self.levels.push(Open {
                prefix,
                character_set,
                creators: BTreeMap::new(),
            });
        }
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Unreadable> {
        self.levels.pop();
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Unreadable> {
        self.sequences.pop();
        Ok(())
    }

    fn fragments(&mut self, element: &Begun) -> Result<(), Unreadable> {
        self.elements.push(Element {
            path: self.path(element.tag),
            tag: element.tag,
            text: String::new(),
        });
        Ok(())
    }

    fn fragment(&mut self, _length: u32) -> Result<(), Unreadable> {
        self.fragments.push(Vec::new());
        Ok(())
    }
}
