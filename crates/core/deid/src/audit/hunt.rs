//! One value, or a window of it, in every view: each held against what the input holds.

use super::bulk::Seam;
use super::counts::{Class, counts, is_doubtful, needed};
use super::gather::Gathered;
use super::hit::{Hits, Kind};
use super::library::Library;
use super::lookalike::{self, Form};
use super::pattern::View;
use super::{Kept, encode, fold, unpack};
use dicom::{CharacterSet, Vr};

/// No UID is longer (PS3.5 9.1), with one byte for the dot behind it.
const MAX_UID: usize = 65;

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

/// Holds value after value against what is looked for.
pub(super) struct Hunter<'a> {
    hunt: &'a Hunt<'a>,
    needed: [f32; 2],
    views: Views,
    seam: Seam,
    pub(super) hits: Hits,
}

impl<'a> Hunter<'a> {
    pub(super) fn new(hunt: &'a Hunt<'a>) -> Self {
        Self {
            hunt,
            needed: hunt
                .libraries
                .each_ref()
                .map(|(library, _)| needed(hunt.size, library.patterns())),
            views: Views::default(),
            seam: Seam::default(),
            hits: Hits::default(),
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

    /// Text in its character set, and in those that readers guess.
    pub(super) fn text(
        &mut self,
        class: Class,
        vr: Vr,
        set: CharacterSet,
        bytes: &[u8],
        exempt: bool,
        place: &str,
    ) {
        self.plain(class, bytes, place);
        if bytes.is_ascii() && !bytes.contains(&0x1B) {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            self.decoded(class, text, exempt, place);
        } else {
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

    /// Text among binary.
    pub(super) fn text_among(&mut self, bytes: &[u8], place: &str) {
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

    /// Text-like runs in samples or codestreams.
    pub(super) fn runs(&mut self, class: Class, piece: &[u8], place: &str) {
        let mut seam = std::mem::take(&mut self.seam);
        seam.push(piece, |run| self.run(class, run, place));
        self.seam = seam;
    }

    /// The samples or the codestream have ended; what follows is no continuation.
    pub(super) fn end_runs(&mut self) {
        self.seam.end();
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
                self.hits.add(place, Kind::Text);
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
                self.hits.add(place, kind);
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
                    return self.hits.add(place, Kind::Uid);
                }
            }
        }
    }
}
