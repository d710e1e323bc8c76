//! What identifies, in the input.

use super::Kept;
use super::classify::{Sort, sort};
use super::date::Date;
use super::generic::{is_generic, is_numbered_image};
use super::hit::{AuditError, Unreadable};
use super::lookalike::{self, Form};
use super::object::{self, Fault, Side};
use super::path::Path;
use super::pattern::{Fact, What};
use super::{fold, meta, unpack};
use dicom::scan::{Element, Limits, Scanner, Sink};
use dicom::{CharacterSet, Encoding, Source, Tag, Vr};
use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

/// Text and facts of one object, at most.
const MAX_TEXT: usize = 64 << 20;
const MAX_FACTS: usize = 100_000;
/// A binary value is read as text up to here.
const MAX_BLOB: usize = 256 << 10;
/// Descriptions that a file's name is held against, in bytes.
const MAX_DESCRIBED: usize = 64 << 10;
/// Data sets in values in data sets.
const MAX_NESTED: u8 = 4;
/// (0008,0005).
pub(super) const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);

/// All that was gathered from one input.
pub(super) struct Gathered {
    pub(super) facts: Vec<Fact>,
    /// The dates of date-typed elements, by the tags on the way to them: shifted dates may equal others.
    pub(super) dates_at: HashSet<(Vec<Tag>, Date)>,
}

/// Gathers from an input, which was known under `name` (already without what it shares with the output's).
pub(super) fn gather(
    source: &(impl Source + ?Sized),
    name: &str,
    kept: Kept,
) -> Result<Gathered, AuditError> {
    let front = object::front(source, Side::Input)?;
    let mut sink = Gatherer::new(kept);
    let elements = meta::elements(front.bytes.get(132..).unwrap_or_default());
    for element in elements {
        let class = sort(element.tag, element.vr, kept);
        sink.take(element.tag, element.vr, class, element.value)
            .map_err(|fault| fault.on(Side::Input))?;
    }
    match object::scan(source, &front, &mut sink) {
        // What stands behind the pixels and is no data set names nobody by an attribute, and no copy has it.
        Ok(()) => {}
        Err(Fault::Unreadable(why)) if sink.pixels_done && !matches!(why, Unreadable::TooMuch) => {}
        Err(fault) => return Err(fault.on(Side::Input)),
    }
    sink.file_name(name);
    sink.finish().map_err(|why| Side::Input.error(why))
}

struct Gatherer {
    kept: Kept,
    path: Path,
    /// The character set that holds at each open level.
    sets: Vec<CharacterSet>,
    current: Option<(Tag, Vr, Sort)>,
    value: Vec<u8>,
    seen: HashSet<u64>,
    known: HashSet<Fact>,
    facts: Vec<Fact>,
    dates_at: HashSet<(Vec<Tag>, Date)>,
    exempt: HashSet<String>,
    exempt_dates: HashSet<Date>,
    described: String,
    total: usize,
    nested: u8,
    in_pixels: bool,
    /// The pixel data of the top level was met whole.
    pixels_done: bool,
}

impl Gatherer {
    fn new(kept: Kept) -> Self {
        Self {
            kept,
            path: Path::default(),
            sets: vec![CharacterSet::default()],
            current: None,
            value: Vec::new(),
            seen: HashSet::new(),
            known: HashSet::new(),
            facts: Vec::new(),
            dates_at: HashSet::new(),
            exempt: HashSet::new(),
            exempt_dates: HashSet::new(),
            described: String::new(),
            total: 0,
            nested: 0,
            in_pixels: false,
            pixels_done: false,
        }
    }

    fn set(&self) -> CharacterSet {
        self.sets.last().copied().unwrap_or_default()
    }

    /// A complete value.
    fn take(&mut self, tag: Tag, vr: Vr, class: Sort, bytes: &[u8]) -> Result<(), Fault> {
        if tag == CHARACTER_SET
            && let Some(set) = self.sets.last_mut()
        {
            *set = CharacterSet::from_value(bytes);
            return Ok(());
        }
        self.total += bytes.len();
        if self.total > MAX_TEXT || self.facts.len() > MAX_FACTS {
            return Err(Unreadable::TooMuch.into());
        }
        if bytes.iter().all(|b| matches!(b, b' ' | 0)) {
            return Ok(());
        }
        if let Sort::Date { birth } = class {
            self.dates(tag, bytes, birth);
            return Ok(());
        }
        if !vr.is_text() {
            return self.blob(bytes);
        }
        // Per-frame items repeat their values thousands of times.
        let mut hasher = DefaultHasher::new();
        (class, bytes).hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return Ok(());
        }
        let set = self.set();
        let decoded = set.decode(vr, bytes);
        let text = decoded.text.trim_matches([' ', '\0']);
        let raw = (!bytes.is_ascii() || bytes.contains(&0x1B)).then_some(bytes);
        match class {
            Sort::Name { patient } => self.fact(What::Name { patient }, text, raw),
            Sort::Identifier => self.fact(What::Identifier, text, raw),
            Sort::Place => self.fact(What::Place, text, raw),
            Sort::Contact => {
                self.fact(What::Contact, text, raw);
                self.free_text(text);
            }
            Sort::Uid => {
                for uid in text.split('\\').map(|uid| uid.trim_matches([' ', '\0'])) {
                    self.uid(uid);
                }
            }
            Sort::FreeText => {
                self.describe(text);
                let numbered = matches!(tag.group(), 0x0010 | 0x0032 | 0x0038 | 0x0040 | 0x4008);
                // A run of digits makes a number; b1000 and 320 x 256 describe a protocol.
                let digits = text
                    .split(|c: char| !c.is_ascii_digit())
                    .map(str::len)
                    .max()
                    .unwrap_or_default();
                if numbered && digits >= 5 && text.len() <= 32 && !text.contains(' ') {
                    self.fact(What::Identifier, text, raw);
                }
                self.free_text(text);
            }
            Sort::Exempt => {
                self.exempt.extend(text.split('\\').map(fold::words));
                if let (b"DA" | b"DT", Some(date)) = (&vr.0, Date::of_value(text)) {
                    self.exempt_dates.insert(date);
                }
            }
            Sort::Nothing | Sort::Date { .. } => self.describe(text),
        }
        Ok(())
    }

    fn fact(&mut self, what: What, text: &str, raw: Option<&[u8]>) {
        if text.is_empty() {
            return;
        }
        let fact = Fact {
            what,
            text: text.into(),
            raw: raw.map(Into::into),
        };
        if self.known.insert(fact.clone()) {
            self.facts.push(fact);
        }
    }

    fn uid(&mut self, uid: &str) {
        // Shorter ones are versions and section numbers too.
        if uid.len() >= 10 && !uid.starts_with("1.2.840.10008.") && !self.kept.uids {
            self.fact(What::Uid, uid, None);
        }
    }

    fn dates(&mut self, tag: Tag, bytes: &[u8], birth: bool) {
        let text = String::from_utf8_lossy(bytes);
        for value in text.split(['\\', '-']) {
            if let Some(date) = Date::of_value(value) {
                self.dates_at.insert((self.path.tags(tag), date));
                self.fact(What::Date { date, birth }, "-", None);
            }
        }
    }

    fn describe(&mut self, text: &str) {
        if self.described.len() < MAX_DESCRIBED {
            self.described.push('\\');
            self.described += &fold::words(text);
        }
    }

    /// Identifiers in running text, and names written as DICOM writes them.
    fn free_text(&mut self, text: &str) {
        let mut found = Vec::new();
        lookalike::each(text, |form, piece| found.push((form, piece.to_owned())));
        for (form, piece) in found {
            match form {
                Form::Email | Form::Url | Form::Phone => self.fact(What::Contact, &piece, None),
                Form::Ssn | Form::Number => self.fact(What::Identifier, &piece, None),
                Form::Date(date) => self.fact(What::Date { date, birth: false }, "-", None),
                Form::Uid => self.uid(&piece),
                Form::Name => self.fact(What::Name { patient: false }, &piece, None),
            }
        }
    }

    /// A binary value: a data set, or text somewhere in it.
    fn blob(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if let Some(streams) = unpack::as_sequences(bytes)
            && self.nested < MAX_NESTED
        {
            let outer = self.current.take();
            let (open, sets) = (std::mem::take(&mut self.path), self.sets.clone());
            self.nested += 1;
            let mut read = false;
            for stream in streams {
                let mut scanner = Scanner::new(Encoding::ExplicitLe, Limits::default());
                let done = scanner.push(&stream, self).and_then(|()| scanner.finish(self));
                if let Err(Fault::Unreadable(Unreadable::TooMuch)) = done {
                    return Err(Unreadable::TooMuch.into());
                }
                read = done.is_ok();
                self.path = Path::default();
                self.sets.clone_from(&sets);
                if read {
                    break;
                }
            }
            self.nested -= 1;
            self.path = open;
            self.current = outer;
            if read {
                return Ok(());
            }
        }
        let mut runs = Vec::new();
        unpack::printable(bytes, 6, |run| {
            runs.push(String::from_utf8_lossy(run).into_owned());
        });
        for run in runs {
            // Numbers in binary values are anything; what has a form of its own is taken.
            let mut found = Vec::new();
            lookalike::each(&run, |form, piece| found.push((form, piece.to_owned())));
            for (form, piece) in found {
                match form {
                    Form::Email => self.fact(What::Contact, &piece, None),
                    Form::Uid => self.uid(&piece),
                    _ => {}
                }
            }
            if run.contains('^') {
                self.free_text_names(&run);
            }
        }
        Ok(())
    }

    fn free_text_names(&mut self, run: &str) {
        for word in run.split(|c: char| !(c.is_alphabetic() || matches!(c, '^' | '-' | '\''))) {
            let parts: Vec<&str> = word.split('^').collect();
            let letters = |part: &&str| part.chars().filter(|c| c.is_alphabetic()).count() >= 3;
            if parts.len() >= 2 && parts.iter().take(2).all(letters) && word.len() <= 64 {
                self.fact(What::Name { patient: false }, word, None);
            }
        }
    }

    /// The components of the input's path, unless the image describes itself with them.
    fn file_name(&mut self, name: &str) {
        let components: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let described = std::mem::take(&mut self.described);
        for (at, component) in components.iter().enumerate() {
            let is_file = at + 1 == components.len();
            let stem = match component.rsplit_once('.') {
                Some((stem, end))
                    if is_file && end.len() <= 5 && end.bytes().any(|b| b.is_ascii_alphabetic()) =>
                {
                    stem
                }
                _ => component,
            };
            let words = fold::words(stem);
            let telling = |words: &str| {
                words.len() >= 4
                    && !is_generic(words)
                    && !is_numbered_image(words)
                    && !described.contains(words)
            };
            if telling(&words) {
                self.fact(What::FileName, stem, None);
            }
            for word in words
                .split(' ')
                .filter(|word| is_file && word.len() >= 5 && telling(word))
            {
                self.fact(What::FileName, word, None);
            }
        }
    }

    fn finish(self) -> Result<Gathered, Unreadable> {
        let mut facts = self.facts;
        if facts.len() > MAX_FACTS {
            return Err(Unreadable::TooMuch);
        }
        if !self.exempt.is_empty() || !self.exempt_dates.is_empty() {
            facts.retain(|fact| match fact.what {
                What::Date { date, .. } => !self.exempt_dates.contains(&date),
                What::Uid => !self.kept.uids && !self.exempt.contains(&fold::words(&fact.text)),
                _ => !self.exempt.contains(&fold::words(&fact.text)),
            });
        }
        Ok(Gathered {
            facts,
            dates_at: self.dates_at,
        })
    }
}

impl Sink for Gatherer {
    type Error = Fault;

    fn element(&mut self, element: &Element) -> Result<(), Fault> {
        let (tag, vr) = (element.tag, element.vr);
        let class = sort(tag, vr, self.kept);
        let blob = matches!(vr, Vr::UN | Vr::OB) && tag.group() != 0x7FE0;
        self.value.clear();
        self.current = (vr.is_text() || blob).then_some((tag, vr, class));
        self.in_pixels = tag == Tag::PIXEL_DATA && element.depth == 0;
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if let Some((_, vr, _)) = self.current {
            let room = if vr.is_text() { MAX_TEXT } else { MAX_BLOB }.saturating_sub(self.value.len());
            if vr.is_text() && bytes.len() > room {
                return Err(Unreadable::TooMuch.into());
            }
            self.value.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Fault> {
        self.pixels_done |= self.in_pixels;
        if let Some((tag, vr, class)) = self.current.take() {
            let value = std::mem::take(&mut self.value);
            self.take(tag, vr, class, &value)?;
            // The buffer serves the next value, unless a long one made it large.
            if value.capacity() <= MAX_BLOB {
                self.value = value;
            }
        }
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), Fault> {
        self.path.enter(element.tag);
        Ok(())
    }

    fn item(&mut self) -> Result<(), Fault> {
        self.sets.push(self.set());
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Fault> {
        self.sets.pop();
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Fault> {
        self.path.leave();
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Fault> {
        self.current = None;
        self.in_pixels = element.depth == 0;
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), Fault> {
        self.pixels_done |= self.in_pixels;
        Ok(())
    }
}
