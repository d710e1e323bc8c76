//! A DICOMDIR made anew from cleared objects (PS3.3 annex F, PS3.10 section 8): nothing of the old one is in it.

mod record;

use crate::engine::{Object, Withheld};
use crate::tree::{DataSet, Element, Value};
use crate::write;
use dicom::{Source, Tag, Vr};
use record::{PATIENT, SERIES, STUDY, Type, below_series};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Media Storage Directory Storage.
const DIRECTORY: &str = "1.2.840.10008.1.3.10";
const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
const NEXT: Tag = Tag(0x0004, 0x1400);
const LOWER: Tag = Tag(0x0004, 0x1420);
/// The element number, VR, and 16-bit length before each offset, in bytes.
const ELEMENT_HEADER: usize = 8;
/// Tag and length of an item, in bytes.
const ITEM_HEADER: usize = 8;
/// Offsets are 32 bits wide; a directory that comes near that is refused, in bytes.
const MAX_SIZE: usize = 1 << 30;

/// Why an object is not in the directory. Holds no value of the object.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotListed {
    /// The object cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Withheld),
    /// No such file ID.
    #[error("a file id has 1 to 8 components of 1 to 8 characters A to Z, 0 to 9 and _ (PS3.10 8.2)")]
    FileId,
    /// An identifier is missing that places the object.
    #[error("the object has no {0}: a directory has no place for it")]
    Missing(Tag),
    /// PS3.3 F.5 has no record for it.
    #[error(
        "objects of this sop class have no type of directory record; the file can lie beside the DICOMDIR unlisted"
    )]
    Class,
    /// Two files with one SOP Instance UID.
    #[error("the directory already lists an object of this sop instance uid")]
    Twice,
    /// The directory is full.
    #[error("the directory grows beyond {} MiB; split the objects over several", MAX_SIZE >> 20)]
    Full,
}

/// A file ID component for what is known by this UID or pseudonym: 8 characters A to Z and 0 to 9 (PS3.10 8.2), of its
/// SHA-256. Give it only pseudonyms: a hash of a real identifier can be found by trying.
pub fn file_id(uid: &str) -> String {
    const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let digest = Sha256::digest(uid.as_bytes());
    let mut number = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let mut text = String::with_capacity(8);
    for _ in 0..8 {
        text.extend(LETTERS.get((number % 36) as usize).copied().map(char::from));
        number /= 36;
    }
    text
}

/// Where a record stands among those of its level: by number, then by UID.
type Key = (i64, String);

/// A record with those below it.
struct Node {
    name: &'static str,
    /// The SOP Instance UID of the object whose values it holds: the smallest, whatever the order of arrival.
    from: String,
    record: DataSet,
    lower: BTreeMap<Key, Node>,
}

/// A directory that is being made. The order in which objects are added makes no difference.
#[derive(Default)]
pub struct Directory {
    patients: BTreeMap<Key, Node>,
    instances: BTreeSet<String>,
    size: usize,
}

impl Directory {
    /// Lists a cleared object. `file_id` is where it lies, from the folder of the DICOMDIR on, without dots.
    /// Its header is read; pixels stay where they are.
    ///
    /// # Errors
    /// When it cannot be read, has no place in a directory, or is listed already. The directory is as before.
    pub fn add(&mut self, file_id: &[String], object: &dyn Source) -> Result<(), NotListed> {
        if !is_file_id(file_id) {
            return Err(NotListed::FileId);
        }
        let Object { meta, set, .. } = Object::read(object)?;
        let id = |tag| set.text(tag).map(str::to_owned).ok_or(NotListed::Missing(tag));
        let patient = id(Tag(0x0010, 0x0020))?;
        let study = id(Tag(0x0020, 0x000D))?;
        let series = id(Tag(0x0020, 0x000E))?;
        let instance = id(Tag(0x0008, 0x0018))?;
        let class = id(Tag(0x0008, 0x0016))?;
        let leaf = below_series(&class, set.get(Tag::PIXEL_DATA).is_some()).ok_or(NotListed::Class)?;
        if self.instances.contains(&instance) {
            return Err(NotListed::Twice);
        }

        let number = set
            .text(Tag(0x0020, 0x0013))
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(i64::MAX);
        let mut record = keys(leaf, &set);
        let reference = [
            (Tag(0x0004, 0x1500), Vr(*b"CS"), file_id.join("\\")),
            (Tag(0x0004, 0x1510), Vr(*b"UI"), class),
            (Tag(0x0004, 0x1511), Vr(*b"UI"), instance.clone()),
            (
                Tag(0x0004, 0x1512),
                Vr(*b"UI"),
                meta.transfer_syntax.uid.as_str().to_owned(),
            ),
        ];
        for (tag, vr, text) in reference {
            record.put_text(tag, vr, &text);
        }
        let path = [
            ((0, patient), &PATIENT, keys(&PATIENT, &set)),
            ((0, study), &STUDY, keys(&STUDY, &set)),
            ((0, series), &SERIES, keys(&SERIES, &set)),
            ((number, instance.clone()), leaf, record),
        ];
        let size: usize = path.iter().map(|(.., record)| encoded(record).len() + 64).sum();
        if self.size + size > MAX_SIZE {
            return Err(NotListed::Full);
        }
        self.size += size;

        let mut level = &mut self.patients;
        for (key, kind, record) in path {
            let node = level.entry(key).or_insert_with(|| Node {
                name: kind.name,
                from: instance.clone(),
                record: record.clone(),
                lower: BTreeMap::new(),
            });
            if instance < node.from {
                node.from.clone_from(&instance);
                node.record = record;
            }
            level = &mut node.lower;
        }
        self.instances.insert(instance);
        Ok(())
    }

    /// The DICOMDIR: a whole file, Explicit VR Little Endian. Its UID is a hash of what it lists.
    pub fn finish(self) -> Vec<u8> {
        let mut records = Vec::new();
        let last = flatten(&self.patients, &mut records);
        let mut digest = Sha256::new();
        for record in &records {
            digest.update(&record.body);
        }
        let uid = uid_of(digest.finalize().into());
        let mut file = write::file_head(DIRECTORY, &uid, dicom::uids::EXPLICIT_LE);

        let start = file.len() + ROOT_SIZE;
        let mut at = start;
        let mut places = Vec::with_capacity(records.len());
        for record in &records {
            places.push(at as u32);
            at += ITEM_HEADER + record.body.len();
        }
        let place = |index: Option<usize>| index.and_then(|index| places.get(index)).copied().unwrap_or(0);
        let first = if records.is_empty() { None } else { Some(0) };
        root(&mut file, place(first), place(last), (at - start) as u32);
        for record in &records {
            write::item(&mut file, Tag::ITEM, record.body.len() as u32);
            let (next, lower) = (place(record.next), place(record.lower));
            file.extend_from_slice(&offsets(next, lower));
            file.extend_from_slice(record.body.get(OFFSETS_SIZE..).unwrap_or_default());
        }
        file
    }
}

/// PS3.10 8.2: 1 to 8 components, each of 1 to 8 characters of the set for file IDs (8.5).
fn is_file_id(components: &[String]) -> bool {
    let fits = |component: &String| {
        (1..=8).contains(&component.len())
            && component
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    (1..=8).contains(&components.len()) && components.iter().all(fits)
}

/// The keys of a record, and the character set where one of them needs it.
fn keys(kind: &Type, set: &DataSet) -> DataSet {
    let mut record = kind.keys(set);
    if let Some(charset) = set.bytes(CHARACTER_SET).filter(|_| needs_charset(&record)) {
        let charset = charset.to_vec();
        record.put(CHARACTER_SET, Vr(*b"CS"), Value::Bytes(charset));
    }
    record
}

/// True when some text has bytes beyond ASCII, or escape sequences.
fn needs_charset(set: &DataSet) -> bool {
    set.elements.iter().any(|element| match &element.value {
        Value::Bytes(bytes) => {
            element.vr.follows_character_set() && bytes.iter().any(|b| !b.is_ascii() || *b == 0x1B)
        }
        Value::Items(items) => items.iter().any(needs_charset),
        Value::Large { .. } | Value::Fragments { .. } => false,
    })
}

fn encoded(set: &DataSet) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    for element in &set.elements {
        write::element(&mut out, element);
    }
    out
}

/// A record as it is written, its offsets still zero, and which records it points to.
struct Written {
    body: Vec<u8>,
    next: Option<usize>,
    lower: Option<usize>,
}

/// The records of a level, each followed by what lies below it; gives the last one of this level.
fn flatten(level: &BTreeMap<Key, Node>, records: &mut Vec<Written>) -> Option<usize> {
    let mut before: Option<usize> = None;
    for node in level.values() {
        let here = records.len();
        if let Some(record) = before.and_then(|index| records.get_mut(index)) {
            record.next = Some(here);
        }
        let mut body = offsets(0, 0);
        let kind = Element {
            tag: Tag(0x0004, 0x1430),
            vr: Vr(*b"CS"),
            value: Value::Bytes(node.name.as_bytes().to_vec()),
        };
        write::element(&mut body, &kind);
        body.extend(encoded(&node.record));
        records.push(Written {
            body,
            next: None,
            lower: (!node.lower.is_empty()).then_some(here + 1),
        });
        flatten(&node.lower, records);
        before = Some(here);
    }
    before
}

/// Next record, in-use flag and lower level: what every record begins with.
const OFFSETS_SIZE: usize = 2 * (ELEMENT_HEADER + 4) + ELEMENT_HEADER + 2;

fn offsets(next: u32, lower: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    number(&mut out, NEXT, *b"UL", &next.to_le_bytes());
    number(&mut out, Tag(0x0004, 0x1410), *b"US", &[0xFF, 0xFF]);
    number(&mut out, LOWER, *b"UL", &lower.to_le_bytes());
    out
}

fn number(out: &mut Vec<u8>, tag: Tag, vr: [u8; 2], value: &[u8]) {
    write::header(out, tag, Vr(vr), value.len() as u32);
    out.extend_from_slice(value);
}

/// What [`root`] writes, in bytes: the file-set ID (empty), first and last record, consistency flag, and the header of
/// the sequence.
const ROOT_SIZE: usize = ELEMENT_HEADER + 2 * (ELEMENT_HEADER + 4) + ELEMENT_HEADER + 2 + 12;

fn root(out: &mut Vec<u8>, first: u32, last: u32, length: u32) {
    number(out, Tag(0x0004, 0x1130), *b"CS", &[]);
    number(out, Tag(0x0004, 0x1200), *b"UL", &first.to_le_bytes());
    number(out, Tag(0x0004, 0x1202), *b"UL", &last.to_le_bytes());
    number(out, Tag(0x0004, 0x1212), *b"US", &[0, 0]);
    write::header(out, Tag(0x0004, 0x1220), Vr::SQ, length);
}

/// A version 8 UUID (RFC 9562) under 2.25 (PS3.5 B.2).
fn uid_of(digest: [u8; 32]) -> String {
    let number = digest
        .iter()
        .take(16)
        .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let (version, variant) = (0xF_u128 << 76, 0b11_u128 << 62);
    format!("2.25.{}", number & !version & !variant | 8 << 76 | 0b10 << 62)
}
