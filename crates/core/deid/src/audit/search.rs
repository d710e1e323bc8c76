//! The walk over the output: each value goes to the hunt, each element through the checks.

use super::checks::Checks;
use super::classify::{Sort, sort};
use super::counts::{Class, is_exempt};
use super::date::Date;
use super::gather::CHARACTER_SET;
use super::hit::{Hit, Kind};
use super::hunt::{Hunt, Hunter};
use super::object::Fault;
use super::path::Path;
use super::{structure, unpack};
use dicom::scan::{Element, Limits, Scanner, Sink};
use dicom::{CharacterSet, Encoding, Tag, TransferSyntax, Vr};

/// Values are searched in windows of this size, which overlap.
const WINDOW: usize = 1 << 20;
const OVERLAP: usize = 4 << 10;
const MAX_NESTED: u8 = 4;

/// Listens to the output.
pub(super) struct Searcher<'a> {
    hunt: &'a Hunt<'a>,
    hunter: Hunter<'a>,
    checks: Checks,
    path: Path,
    sets: Vec<CharacterSet>,
    current: Option<(Element, Class)>,
    value: Vec<u8>,
    nested: u8,
}

impl<'a> Searcher<'a> {
    pub(super) fn new(hunt: &'a Hunt<'a>, syntax: &TransferSyntax) -> Self {
        Self {
            hunt,
            hunter: Hunter::new(hunt),
            checks: Checks::new(syntax),
            path: Path::default(),
            sets: vec![CharacterSet::default()],
            current: None,
            value: Vec::new(),
            nested: 0,
        }
    }

    /// Everything found, and whether (0012,0062) says YES.
    pub(super) fn finish(self) -> (Vec<Hit>, bool) {
        (self.hunter.hits.all(), self.checks.is_identity_removed())
    }

    pub(super) fn hit(&mut self, place: &str, kind: Kind) {
        self.hunter.hits.add(place, kind);
    }

    /// A file name, as text.
    pub(super) fn name(&mut self, name: &str, place: &str) {
        self.hunter.name(name, place);
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
            Class::Blob => self.blob(bytes, place),
            Class::Samples | Class::Dense => self.hunter.runs(class, bytes, place),
            _ => {
                let set = self.sets.last().copied().unwrap_or_default();
                let exempt = is_exempt(tag, vr, self.hunt.kept);
                self.hunter.text(class, vr, set, bytes, exempt, place);
            }
        }
    }

    /// A binary value: as data set, as text, unpacked.
    fn blob(&mut self, bytes: &[u8], place: &str) {
        if bytes.iter().all(|b| *b == 0) {
            return;
        }
        self.hunter.text_among(bytes, place);
        unpack::inflated(bytes, |content| self.hunter.text_among(content, place));
        if let Some(streams) = unpack::as_sequences(bytes)
            && self.nested < MAX_NESTED
        {
            let path = std::mem::take(&mut self.path);
            let sets = self.sets.clone();
            self.nested += 1;
            let mut inside = Vec::new();
            for stream in streams {
                let before = self.hunter.hits.len();
                let open = self.checks.begin_nested();
                let mut scanner = Scanner::new(Encoding::ExplicitLe, Limits::default());
                let read = scanner
                    .push(&stream, self)
                    .and_then(|()| scanner.finish(self))
                    .is_ok();
                self.checks.end_nested(open);
                self.path = Path::default();
                self.sets.clone_from(&sets);
                // Paths inside mean nothing outside; a stream that cannot be read has no structure to judge.
                inside.extend(self.hunter.hits.take_from(before).map(|hit| hit.kind));
                if read {
                    break;
                }
                inside.retain(|kind| *kind != Kind::Structure);
            }
            self.nested -= 1;
            (self.path, self.current) = (path, None);
            for kind in inside {
                self.hit(place, kind);
            }
        }
    }

    fn check(&mut self, element: &Element) {
        if !self.checks.allow(element.tag) {
            self.hit(&self.path.to(element.tag), Kind::Structure);
        }
    }

    /// True for elements of the object itself.
    fn is_top(&self, element: &Element) -> bool {
        element.depth == 0 && self.nested == 0
    }

    /// What an element's whole value tells about the elements behind it.
    fn learn(&mut self, element: &Element, bytes: &[u8]) {
        if element.tag != CHARACTER_SET {
            let top = self.is_top(element);
            self.checks.learn(element, bytes, top);
        } else if let Some(set) = self.sets.last_mut() {
            *set = CharacterSet::from_value(bytes);
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
}

impl Sink for Searcher<'_> {
    type Error = Fault;

    fn element(&mut self, element: &Element) -> Result<(), Fault> {
        self.check(element);
        self.value.clear();
        self.current = Some((*element, Class::of(element.vr, element.tag)));
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Some((element, class)) = self.current else {
            let place = self.checks.fragment_place();
            if !self.checks.codestream_is_clean(bytes) {
                self.hit(&place, Kind::Structure);
            }
            self.hunter.runs(Class::Dense, bytes, &place);
            return Ok(());
        };
        if class == Class::Samples && element.length.is_some_and(|length| length > 64) {
            let place = self.path.to(element.tag);
            let pixels = self.is_top(&element) && element.tag == Tag::PIXEL_DATA;
            if pixels
                && !self
                    .checks
                    .samples_are_clean(bytes, element.encoding.is_big_endian())
            {
                self.hit(&place, Kind::Structure);
            }
            self.hunter.runs(class, bytes, &place);
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
        if !self.value.is_empty() {
            self.flush(true);
        }
        self.hunter.end_runs();
        self.current = None;
        self.value.clear();
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), Fault> {
        self.check(element);
        self.path.enter(element.tag);
        Ok(())
    }

    fn item(&mut self) -> Result<(), Fault> {
        self.path.item();
        self.sets.push(self.sets.last().copied().unwrap_or_default());
        self.checks.item();
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Fault> {
        self.sets.pop();
        self.checks.item_end();
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Fault> {
        self.path.leave();
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Fault> {
        self.check(element);
        self.current = None;
        self.checks.fragments();
        Ok(())
    }

    fn fragment(&mut self, _length: u32) -> Result<(), Fault> {
        self.checks.fragment();
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), Fault> {
        self.hunter.end_runs();
        Ok(())
    }
}
