//! The output, value by value: every view of it, held against what the input holds.

use super::classify::{Sort, sort};
use super::date::Date;
use super::gather::{CHARACTER_SET, Gathered};
use super::hit::{Hit, Kind};
use super::library::{Library, Match};
use super::lookalike::{self, Form};
use super::object::Fault;
use super::path::Path;
use super::pattern::View;
use super::structure::{self, Creators, HighBits};
use super::{Kept, bulk, encode, fold, markers, unpack};
use dicom::scan::{Element, Limits, Scanner, Sink};
use dicom::{CharacterSet, Encoding, Tag, TransferSyntax, Vr};

/// Values are searched in windows of this size, which overlap.
const WINDOW: usize = 1 << 20;
const OVERLAP: usize = 4 << 10;
const MAX_HITS: usize = 200;
const MAX_NESTED: u8 = 4;
/// No UID is longer (PS3.5 9.1), with one byte for the dot behind it.
const MAX_UID: usize = 65;
/// The chance of meeting any pattern in an object's samples by accident stays below e^-this: one in a million.
const CERTAINTY: f32 = 13.8;
/// Nats of seven letters or so: names of this length are no words of the language.
const LONG_NAME: f32 = 38.0;

/// How a value is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Text and names.
    Text,
    /// CS, and text of technical groups.
    Code,
    /// IS and DS.
    Number,
    /// UI.
    Uid,
    /// DA, DT, TM, AS.
    Time,
    /// Text among binary: words of four letters and more.
    Blob,
    /// Numbers and native samples.
    Samples,
    /// Codestreams.
    Dense,
}

impl Class {
    fn of(vr: Vr, tag: Tag) -> Self {
        match &vr.0 {
            b"CS" => Self::Code,
            b"IS" | b"DS" => Self::Number,
            b"UI" => Self::Uid,
            b"DA" | b"DT" | b"TM" | b"AS" => Self::Time,
            b"OB" | b"UN" if tag.group() != 0x7FE0 && tag != Tag(0x5400, 0x1010) => Self::Blob,
            b"LO" | b"SH" if is_technical(tag) => Self::Code,
            _ if vr.is_text() => Self::Text,
            _ => Self::Samples,
        }
    }
}

/// What is looked for: two libraries, with the facts that hold for this input.
pub(super) struct Hunt<'a> {
    pub(super) libraries: [(&'a Library, Vec<bool>); 2],
    pub(super) gathered: &'a Gathered,
    pub(super) kept: Kept,
    /// Bytes of the output.
    pub(super) size: u64,
}

/// Buffers that serve value after value.
#[derive(Default)]
struct Views {
    plain: Vec<u8>,
    spaced: Vec<u8>,
    squeezed: Vec<u8>,
}

/// Listens to the output.
pub(super) struct Searcher<'a> {
    hunt: &'a Hunt<'a>,
    hits: Vec<Hit>,
    path: Path,
    sets: Vec<CharacterSet>,
    creators: Vec<Creators>,
    current: Option<(Element, Class)>,
    value: Vec<u8>,
    views: Views,
    seam: bulk::Seam,
    walker: Option<markers::Walker>,
    /// Fragments begun, the offset table included.
    fragments: u32,
    fragment_starts: bool,
    high_bits: HighBits,
    identity_removed: bool,
    nested: u8,
    needed: [f32; 2],
}

impl<'a> Searcher<'a> {
    pub(super) fn new(hunt: &'a Hunt<'a>, syntax: &TransferSyntax) -> Self {
        // ln(bytes x patterns) nats are met by chance once.
        let needed = hunt
            .libraries
            .each_ref()
            .map(|(library, _)| ((hunt.size.max(1) as f32) * library.patterns() as f32).ln() + CERTAINTY);
        Self {
            hunt,
            hits: Vec::new(),
            path: Path::default(),
            sets: vec![CharacterSet::default()],
            creators: vec![Creators::default()],
            current: None,
            value: Vec::new(),
            views: Views::default(),
            seam: bulk::Seam::default(),
            walker: structure::walker(syntax),
            fragments: 0,
            fragment_starts: false,
            high_bits: HighBits::default(),
            identity_removed: false,
            nested: 0,
            needed,
        }
    }

    /// Everything found, and whether (0012,0062) says YES.
    pub(super) fn finish(self) -> (Vec<Hit>, bool) {
        (self.hits, self.identity_removed)
    }

    pub(super) fn hit(&mut self, place: &str, kind: Kind) {
        let known = self.hits.iter().any(|hit| hit.kind == kind && hit.place == place);
        if !known && self.hits.len() < MAX_HITS {
            self.hits.push(Hit {
                place: place.to_owned(),
                kind,
            });
        }
    }

    /// A file name, as text.
    pub(super) fn name(&mut self, name: &str, place: &str) {
        self.decoded(Class::Text, name, false, place);
        self.plain(Class::Text, name.as_bytes(), place);
        if let Some(plain) = encode::percent_decoded(name.as_bytes()) {
            self.decoded(Class::Text, &String::from_utf8_lossy(&plain), false, place);
        }
    }

    /// A value of the file meta information.
    pub(super) fn meta(&mut self, tag: Tag, vr: Vr, value: &[u8]) {
        let class = Class::of(vr, tag);
        if !structure::belongs_in_meta(tag) {
            self.hit("file meta", Kind::Structure);
        }
        self.whole(class, tag, vr, value, "file meta");
    }

    /// Raw bytes that may be text.
    pub(super) fn bytes(&mut self, bytes: &[u8], place: &str) {
        self.blob(bytes, place);
    }

    /// A value, or a window of a long one.
    fn whole(&mut self, class: Class, tag: Tag, vr: Vr, bytes: &[u8], place: &str) {
        if bytes.len() < 2 || bytes.iter().all(|b| matches!(b, b' ' | 0)) {
            return;
        }
        match class {
            Class::Blob => return self.blob(bytes, place),
            Class::Samples | Class::Dense => return self.runs(class, bytes, place),
            _ => {}
        }
        let kept = self.hunt.kept;
        let exempt = sort(tag, vr, kept) == Sort::Exempt || is_written_by_others(tag);
        self.plain(class, bytes, place);
        if bytes.is_ascii() && !bytes.contains(&0x1B) {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            self.decoded(class, text, exempt, place);
        } else {
            let set = self.sets.last().copied().unwrap_or_default();
            let decoded = set.decode(vr, bytes);
            self.decoded(class, &decoded.text, exempt, place);
            // The declared set may be wrong, and readers guess.
            match std::str::from_utf8(bytes) {
                Ok(text) if text == decoded.text => {}
                Ok(text) => self.decoded(class, text, exempt, place),
                Err(_) => {
                    let latin: String = bytes.iter().map(|b| char::from(*b)).collect();
                    self.decoded(class, &latin, exempt, place);
                }
            }
        }
        if let Some(plain) = encode::percent_decoded(bytes) {
            self.decoded(class, &String::from_utf8_lossy(&plain), exempt, place);
        }
        if let Some(narrow) = unpack::without_nuls(bytes) {
            self.decoded(class, &String::from_utf8_lossy(&narrow), exempt, place);
        }
    }

    /// The bytes as they stand: UIDs, encoded forms, foreign encodings.
    fn plain(&mut self, class: Class, bytes: &[u8], place: &str) {
        let mut plain = std::mem::take(&mut self.views.plain);
        plain.clear();
        plain.extend(bytes.iter().map(u8::to_ascii_lowercase));
        self.uids(&plain, place);
        self.match_view(class, View::Plain, &plain, false, false, place);
        self.views.plain = plain;
    }

    /// Decoded text: names, numbers, dates, places, whatever stands between their parts.
    fn decoded(&mut self, class: Class, text: &str, exempt: bool, place: &str) {
        let mut views = std::mem::take(&mut self.views);
        fold::spaced(text, &mut views.spaced);
        let private_use = class == Class::Uid && (text.starts_with("2.25.") || text.contains("\\2.25."));
        self.match_view(class, View::Spaced, &views.spaced, private_use, exempt, place);
        if matches!(class, Class::Text | Class::Code | Class::Blob) {
            fold::squeezed(&views.spaced, &mut views.squeezed);
            self.match_view(class, View::Squeezed, &views.squeezed, false, exempt, place);
        }
        self.views = views;
        if matches!(class, Class::Text | Class::Code) && !exempt {
            let mut looks = false;
            lookalike::each(text, |form, _| {
                looks |= matches!(form, Form::Email | Form::Url | Form::Ssn | Form::Phone);
            });
            if looks {
                self.hit(place, Kind::Text);
            }
        }
    }

    fn match_view(
        &mut self,
        class: Class,
        view: View,
        text: &[u8],
        private_use: bool,
        exempt: bool,
        place: &str,
    ) {
        let hunt = self.hunt;
        for ((library, active), needed) in hunt.libraries.iter().zip(self.needed) {
            let mut kinds: Vec<Kind> = Vec::new();
            library.search(view, text, |found| {
                let pattern = found.pattern;
                let holds = active.get(pattern.fact).copied().unwrap_or(false)
                    && !kinds.contains(&pattern.kind)
                    && counts(class, text, &found, private_use, needed)
                    && !(exempt && is_doubtful(&found));
                if holds {
                    kinds.push(pattern.kind);
                }
            });
            for kind in kinds {
                self.hit(place, kind);
            }
        }
    }

    /// UIDs among lower-case bytes: looked up whole, and with components appended.
    fn uids(&mut self, plain: &[u8], place: &str) {
        if self.hunt.libraries.iter().all(|(library, _)| !library.has_uids()) {
            return;
        }
        for run in plain.split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))) {
            if run.len() < 10 {
                continue;
            }
            let digits = run.split(|b| !(b.is_ascii_digit() || *b == b'.'));
            for part in digits.filter(|part| part.len() >= 10).chain([run]) {
                let part = part.trim_ascii();
                let part = part.strip_suffix(b".").unwrap_or(part);
                let longer = part
                    .iter()
                    .enumerate()
                    .take(MAX_UID)
                    .filter(|(at, byte)| **byte == b'.' && *at >= 24)
                    .filter_map(|(at, _)| part.get(..at));
                let known = longer.chain([part]).any(|uid| {
                    self.hunt.libraries.iter().any(|(library, active)| {
                        library.uid(uid).is_some_and(|at| active.get(at) == Some(&true))
                    })
                });
                if known {
                    return self.hit(place, Kind::Uid);
                }
            }
        }
    }

    /// Text-like runs in samples or codestreams.
    fn runs(&mut self, class: Class, piece: &[u8], place: &str) {
        let mut seam = std::mem::take(&mut self.seam);
        seam.push(piece, |run| self.run(class, run, place));
        self.seam = seam;
    }

    fn run(&mut self, class: Class, run: &[u8], place: &str) {
        let text = std::str::from_utf8(run).unwrap_or_default();
        let mut plain = std::mem::take(&mut self.views.plain);
        plain.clear();
        plain.extend(run.iter().map(u8::to_ascii_lowercase));
        if run.len() >= 18 && text.matches('.').count() >= 4 {
            self.uids(&plain, place);
        }
        self.match_view(class, View::Plain, &plain, false, false, place);
        self.views.plain = plain;
        let mut spaced = std::mem::take(&mut self.views.spaced);
        fold::spaced(text, &mut spaced);
        self.match_view(class, View::Spaced, &spaced, false, false, place);
        self.views.spaced = spaced;
    }

    /// A binary value: as data set, as text, unpacked.
    fn blob(&mut self, bytes: &[u8], place: &str) {
        if bytes.iter().all(|b| *b == 0) {
            return;
        }
        self.blob_text(bytes, place);
        unpack::inflated(bytes, |content| self.blob_text(content, place));
        if let Some(streams) = unpack::as_sequences(bytes)
            && self.nested < MAX_NESTED
        {
            let path = std::mem::take(&mut self.path);
            let (sets, creators) = (self.sets.clone(), std::mem::take(&mut self.creators));
            self.nested += 1;
            let mut inside = Vec::new();
            for stream in streams {
                let before = self.hits.len();
                self.creators = vec![Creators::default()];
                let mut scanner = Scanner::new(Encoding::ExplicitLe, Limits::default());
                let read = scanner
                    .push(&stream, self)
                    .and_then(|()| scanner.finish(self))
                    .is_ok();
                self.path = Path::default();
                self.sets.clone_from(&sets);
                // Paths inside mean nothing outside; a stream that cannot be read has no structure to judge.
                inside.extend(self.hits.drain(before.min(self.hits.len())..).map(|hit| hit.kind));
                if read {
                    break;
                }
                inside.retain(|kind| *kind != Kind::Structure);
            }
            self.nested -= 1;
            (self.path, self.creators, self.current) = (path, creators, None);
            for kind in inside {
                self.hit(place, kind);
            }
        }
    }

    fn blob_text(&mut self, bytes: &[u8], place: &str) {
        let mut plain: Vec<u8> = Vec::new();
        plain.extend(bytes.iter().map(u8::to_ascii_lowercase));
        self.match_view(Class::Dense, View::Plain, &plain, false, false, place);
        let mut text = |run: &[u8]| {
            let plain = run.to_ascii_lowercase();
            self.uids(&plain, place);
            let latin: String = run.iter().map(|b| char::from(*b)).collect();
            let text = std::str::from_utf8(run).unwrap_or(&latin);
            self.decoded(Class::Blob, text, false, place);
            if let Some(decoded) = encode::percent_decoded(run) {
                self.decoded(Class::Blob, &String::from_utf8_lossy(&decoded), false, place);
            }
        };
        unpack::printable(bytes, 4, &mut text);
        if let Some(narrow) = unpack::without_nuls(bytes) {
            unpack::printable(&narrow, 6, &mut text);
        }
    }

    fn checks(&mut self, element: &Element) {
        let tag = element.tag;
        let owned = !tag.is_private() || self.creators.last().is_some_and(|creators| creators.own(tag));
        if structure::is_forbidden(tag) || !owned {
            self.hit(&self.path.to(tag), Kind::Structure);
        }
    }

    /// What an element's whole value tells about the elements behind it.
    fn learn(&mut self, element: &Element, bytes: &[u8]) {
        let tag = element.tag;
        if tag == CHARACTER_SET {
            if let Some(set) = self.sets.last_mut() {
                *set = CharacterSet::from_value(bytes);
            }
        } else if tag.is_private() && (0x10..=0xFF).contains(&tag.element()) {
            let named = bytes.iter().any(|b| !matches!(b, b' ' | 0));
            if let (true, Some(creators)) = (named, self.creators.last_mut()) {
                creators.add(tag);
            }
        } else if element.depth == 0 && self.nested == 0 {
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

    /// Dates in date-typed elements count where they stood in the input: elsewhere a shifted date may equal another.
    /// The first of January does not: it is what a profile that keeps the year alone writes.
    fn unshifted(&mut self, tag: Tag, bytes: &[u8], place: &str) {
        let text = String::from_utf8_lossy(bytes);
        for value in text.split(['\\', '-']) {
            if let Some(date) = Date::of_value(value)
                && self.nested == 0
                && (date.month, date.day) != (1, 1)
                && self.hunt.gathered.dates_at.contains(&(self.path.tags(tag), date))
                && !(self.hunt.kept.full_dates && sort(tag, Vr(*b"DA"), self.hunt.kept) == Sort::Exempt)
            {
                self.hit(place, Kind::Date);
            }
        }
    }

    /// Hands on what is collected; keeps an overlap where more comes.
    fn flush(&mut self, last: bool) {
        let Some((element, class)) = self.current else {
            return;
        };
        let value = std::mem::take(&mut self.value);
        let place = self.path.to(element.tag);
        if class == Class::Time && matches!(&element.vr.0, b"DA" | b"DT") {
            self.unshifted(element.tag, &value, &place);
        }
        if last {
            self.learn(&element, &value);
        }
        self.whole(class, element.tag, element.vr, &value, &place);
        self.current = Some((element, class));
        self.value = value;
        let keep = if last { 0 } else { OVERLAP.min(self.value.len()) };
        let from = self.value.len() - keep;
        self.value.drain(..from);
    }

    fn fragment_place(&self) -> String {
        match self.fragments {
            0 | 1 => "offset table".to_owned(),
            n => format!("fragment {}", n - 1),
        }
    }
}

/// True where a match of this pattern, in a value of this class, is no accident.
fn counts(class: Class, text: &[u8], found: &Match<'_>, private_use: bool, needed: f32) -> bool {
    let pattern = found.pattern;
    let whole = || {
        let beside = |at: Option<&u8>| at.is_none_or(|b| *b == b'\\');
        let before = text.get(..found.start).unwrap_or_default();
        let zeros = before.iter().rev().take_while(|b| **b == b'0').count();
        beside(before.iter().rev().nth(zeros)) && beside(text.get(found.end))
    };
    let word = |at: Option<&u8>| at.is_none_or(|b| matches!(b, b' ' | b'\\'));
    let length = pattern.bytes.len();
    match class {
        Class::Text if pattern.short => {
            word(found.start.checked_sub(1).and_then(|at| text.get(at))) && word(text.get(found.end))
        }
        Class::Text => true,
        Class::Code => !pattern.short,
        Class::Number => {
            // Numbers counted up are everybody's.
            let counted = b"1234567890".starts_with(&pattern.bytes);
            !pattern.short && (!pattern.digits || (length >= 6 && !counted && whole()))
        }
        Class::Uid if pattern.digits => {
            let component =
                word(found.start.checked_sub(1).and_then(|at| text.get(at))) && word(text.get(found.end));
            !private_use && length >= 7 && component && !pattern.bytes.contains(&b' ')
        }
        Class::Uid => !pattern.short,
        Class::Time => !pattern.short && !pattern.digits,
        Class::Blob => !pattern.short && (!pattern.digits || length >= 6),
        Class::Samples => pattern.surprise.native >= needed,
        Class::Dense => pattern.surprise.dense >= needed,
    }
}

/// True for texts that are a maker's or the de-identifier's own: maker, model, (0012,00xx).
fn is_written_by_others(tag: Tag) -> bool {
    tag.group() == 0x0012 || matches!(tag, Tag(0x0008, 0x0070 | 0x1090))
}

/// True for names and dates that may be words and numbers, where the profile keeps or writes text itself.
fn is_doubtful(found: &Match<'_>) -> bool {
    let pattern = found.pattern;
    match pattern.kind {
        Kind::Place => true,
        Kind::Name => pattern.surprise.dense < LONG_NAME,
        Kind::Date => pattern.bytes.contains(&b' '),
        _ => false,
    }
}

/// True for technical descriptions, in which words of two and three letters are abbreviations.
fn is_technical(tag: Tag) -> bool {
    matches!(tag.group(), 0x0018 | 0x0028 | 0x0054 | 0x300A)
}

impl Sink for Searcher<'_> {
    type Error = Fault;

    fn element(&mut self, element: &Element) -> Result<(), Fault> {
        self.checks(element);
        self.value.clear();
        self.current = Some((*element, Class::of(element.vr, element.tag)));
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Some((element, class)) = self.current else {
            if self.fragments > 1
                && let Some(walker) = &mut self.walker
            {
                walker.push(bytes, self.fragment_starts);
                self.fragment_starts = false;
                if walker.take_found() {
                    self.hit(&self.fragment_place(), Kind::Structure);
                }
            }
            let place = self.fragment_place();
            self.runs(Class::Dense, bytes, &place);
            return Ok(());
        };
        if class == Class::Samples && element.length.is_some_and(|length| length > 64) {
            let place = self.path.to(element.tag);
            let top = element.depth == 0 && self.nested == 0 && element.tag == Tag::PIXEL_DATA;
            if top && !self.high_bits.are_clean(bytes, element.encoding.is_big_endian()) {
                self.hit(&place, Kind::Structure);
            }
            self.runs(class, bytes, &place);
            return Ok(());
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = WINDOW.saturating_sub(self.value.len()).max(1);
            let (now, later) = rest.split_at(room.min(rest.len()));
            self.value.extend_from_slice(now);
            rest = later;
            if self.value.len() >= WINDOW {
                self.flush(false);
            }
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Fault> {
        if self.value.is_empty() {
            self.seam.end();
        } else {
            self.flush(true);
            self.seam.end();
        }
        self.current = None;
        self.value.clear();
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), Fault> {
        self.checks(element);
        self.path.enter(element.tag);
        Ok(())
    }

    fn item(&mut self) -> Result<(), Fault> {
        self.path.item();
        self.sets.push(self.sets.last().copied().unwrap_or_default());
        self.creators.push(Creators::default());
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Fault> {
        self.sets.pop();
        self.creators.pop();
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Fault> {
        self.path.leave();
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Fault> {
        self.checks(element);
        self.current = None;
        self.fragments = 0;
        Ok(())
    }

    fn fragment(&mut self, _length: u32) -> Result<(), Fault> {
        self.fragments += 1;
        self.fragment_starts = true;
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), Fault> {
        self.seam.end();
        Ok(())
    }
}
