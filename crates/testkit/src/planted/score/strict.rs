//! Checks that MIDI-B's scorer does not have: every layer of the file, exact intervals, references, unlinkable keys.

use super::read::Document;
use super::report::Report;
use super::run::{Map, Run};
use crate::planted::key::{Key, Token};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{BTreeMap, BTreeSet};
use time::Date;

/// Elements of group 0002 that a new file needs; all others tell where the object came from.
const META: [u16; 7] = [0x0000, 0x0001, 0x0002, 0x0003, 0x0010, 0x0012, 0x0013];

/// Shorter words are looked for in decoded text and not among samples: in 100,000 objects some are met by chance.
const BY_CHANCE: usize = 6;

/// Looks for words in bytes.
pub(super) struct Hunt<'a> {
    tokens: Vec<&'a Token>,
    /// Which token a pattern is of.
    owners: Vec<usize>,
    digits: Vec<bool>,
    automaton: Option<AhoCorasick>,
}

impl<'a> Hunt<'a> {
    pub(super) fn new(tokens: impl Iterator<Item = &'a Token>) -> Self {
        let mut seen = BTreeSet::new();
        let tokens: Vec<&Token> = tokens
            .filter(|token| token.text.len() >= 4 && seen.insert((token.text.as_str(), token.site.as_str())))
            .collect();
        let (mut patterns, mut owners, mut digits) = (Vec::new(), Vec::new(), Vec::new());
        for (at, token) in tokens.iter().enumerate() {
            for pattern in [Some(token.text.as_bytes().to_vec()), token.raw.clone()]
                .into_iter()
                .flatten()
            {
                digits.push(pattern.iter().all(u8::is_ascii_digit));
                patterns.push(pattern);
                owners.push(at);
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .ok();
        Self {
            tokens,
            owners,
            digits,
            automaton,
        }
    }

    /// The tokens that stand in `bytes`. Digits count only as a whole number: longer ones hold them by chance.
    pub(super) fn find(&self, bytes: &[u8], found: &mut BTreeSet<usize>) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        for hit in automaton.find_overlapping_iter(bytes) {
            let pattern = hit.pattern().as_usize();
            let is_digit =
                |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
            let whole = !is_digit(hit.start().checked_sub(1)) && !is_digit(Some(hit.end()));
            if self.digits.get(pattern).is_some_and(|digits| !digits) || whole {
                found.extend(self.owners.get(pattern));
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at).copied()
    }
}

/// Words planted in this object, in its bytes, its decoded text, and its name.
pub(super) fn words(
    key: &Key,
    file: &[u8],
    document: Option<&Document>,
    name: &str,
    rest: &str,
    report: &mut Report,
) {
    let hunt = Hunt::new(key.tokens.iter());
    // Where each token was found first; the bytes say it where no element does.
    let mut found: BTreeMap<usize, &str> = BTreeMap::new();
    let mut hits = BTreeSet::new();
    if let Some(document) = document {
        for element in &document.elements {
            hunt.find(element.text.as_bytes(), &mut hits);
            for at in std::mem::take(&mut hits) {
                found.entry(at).or_insert(element.path.as_str());
            }
        }
        hunt.find(document.plain.as_deref().unwrap_or_default(), &mut hits);
        hunt.find(document.pixels.as_deref().unwrap_or_default(), &mut hits);
    }
    hunt.find(file, &mut hits);
    // House numbers of four characters stand in compressed pixels by chance.
    hits.retain(|at| hunt.token(*at).is_some_and(|token| token.text.len() >= BY_CHANCE));
    for at in hits {
        found.entry(at).or_insert("bytes outside of values");
    }
    for at in 0..hunt.len() {
        report.strict("planted words in files", !found.contains_key(&at));
    }
    let mut told = BTreeSet::new();
    for (at, place) in &found {
        let Some(token) = hunt.token(*at) else {
            continue;
        };
        if told.insert((token.text.as_str(), *place)) {
            let example = format!(
                "{}, planted at {}, object {}",
                token.text, token.site, key.sop_instance
            );
            report.failure("leak", key.kind, place, example);
        }
    }
    let mut found = BTreeSet::new();
    hunt.find(name.as_bytes(), &mut found);
    hunt.find(rest.as_bytes(), &mut found);
    report.strict("planted words in names and messages", found.is_empty());
    for token in found.iter().filter_map(|at| hunt.token(*at)) {
        report.failure("word in a name or message", key.kind, &token.site, &token.text);
    }
}

/// The layers around the data set, and what it says of itself.
pub(super) fn layers(key: &Key, document: &Document, report: &mut Report) {
    report.strict(
        "preamble is zero",
        document.preamble.iter().all(|byte| *byte == 0),
    );
    let extra = document.meta.iter().find(|(element, _)| !META.contains(element));
    report.strict("file meta is minimal", extra.is_none());
    if let Some((element, _)) = extra {
        report.failure("file meta", key.kind, &format!("(0002,{element:04x})"), "");
    }
    let repeating =
        |group: u16| group & 0xff00 == 0x6000 || group & 0xff00 == 0x5000 && group & 0xff01 == 0x5000;
    let drawn = document.elements.iter().find(|element| {
        repeating(element.tag.group()) && element.tag.group() != 0x5200 || element.tag.group() == 0xfffc
    });
    report.strict("overlays, curves and padding are gone", drawn.is_none());
    if let Some(element) = drawn {
        report.failure("overlay, curve or padding", key.kind, &element.path, "");
    }
    let said = document.at("<(0012,0062)>") == Some("YES")
        && (document.at("<(0012,0063)>").is_some_and(|text| !text.is_empty())
            || document.at("<(0012,0064)>").is_some());
    report.strict("says that it is de-identified", said);
    let longitudinal = document.at("<(0028,0303)>");
    let known = matches!(longitudinal, Some("MODIFIED" | "REMOVED" | "UNMODIFIED"));
    report.strict("says what became of its dates", known);
    if !said || !known {
        report.failure(
            "flags",
            key.kind,
            "(0012,006x), (0028,0303)",
            longitudinal.unwrap_or("absent"),
        );
    }
    if let Some(expected) = &key.samples {
        let same = document
            .samples()
            .map(|(samples, extra)| crate::planted::md5::hex(&samples) == *expected && !extra);
        report.strict("coded pixels decode to the same samples", same == Some(true));
        if same != Some(true) {
            report.failure(
                "samples",
                key.kind,
                "<(7fe0,0010)>",
                if same.is_none() { "not decoded" } else { "differ" },
            );
        }
    }
}

fn day(text: &str) -> Option<i32> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let month = time::Month::try_from(part(4, 6)? as u8).ok()?;
    let date = Date::from_calendar_date(i32::from(part(0, 4)?), month, part(6, 8)? as u8).ok()?;
    Some(date.to_julian_day())
}

/// Days by which dates of a patient moved.
#[derive(Default)]
pub(super) struct Intervals {
    by_patient: BTreeMap<String, Vec<(i32, &'static str, String)>>,
    placeholders: Vec<(String, i32, &'static str, String)>,
    kept: u64,
    gone: u64,
}

impl Intervals {
    pub(super) fn note(&mut self, key: &Key, document: &Document) {
        for site in &key.dates {
            let Some(value) = document.at(&site.path).filter(|value| !value.is_empty()) else {
                self.gone += u64::from(!site.placeholder);
                continue;
            };
            for (old, new) in site.value.split('\\').zip(value.split('\\')) {
                let (Some(before), Some(after)) = (day(old), day(new)) else {
                    continue;
                };
                let path = format!("{} {old} -> {new}", site.path);
                if site.placeholder {
                    self.placeholders
                        .push((key.patient.clone(), after - before, key.kind, path));
                } else {
                    self.kept += 1;
                    self.by_patient.entry(key.patient.clone()).or_default().push((
                        after - before,
                        key.kind,
                        path,
                    ));
                }
            }
        }
    }

    /// The offset of each patient: the one that most of the dates have.
    pub(super) fn offsets(&self) -> BTreeMap<&str, i32> {
        let mut out = BTreeMap::new();
        for (patient, moves) in &self.by_patient {
            let mut counts: BTreeMap<i32, u32> = BTreeMap::new();
            for (days, ..) in moves {
                *counts.entry(*days).or_default() += 1;
            }
            if let Some((days, _)) = counts.into_iter().max_by_key(|(_, count)| *count) {
                out.insert(patient.as_str(), days);
            }
        }
        out
    }

    pub(super) fn finish(&self, report: &mut Report) {
        let offsets = self.offsets();
        for (patient, moves) in &self.by_patient {
            let offset = offsets.get(patient.as_str()).copied().unwrap_or(0);
            for (days, kind, path) in moves {
                report.strict(
                    "dates of a patient move by one offset, not zero",
                    *days == offset && offset != 0,
                );
                if *days != offset || offset == 0 {
                    let place = path.split(' ').next().unwrap_or(path);
                    report.failure(
                        "interval",
                        kind,
                        place,
                        format!("{days} instead of {offset} days: {path}"),
                    );
                }
            }
        }
        for (patient, days, kind, path) in &self.placeholders {
            let offset = offsets.get(patient.as_str()).copied().unwrap_or(0);
            report.strict("placeholder dates are not shifted", *days == 0 || *days != offset);
            if *days == offset && *days != 0 {
                report.failure("placeholder", kind, path, "tells the offset");
            }
        }
        if offsets.len() > 2 {
            let different: BTreeSet<i32> = offsets.values().copied().collect();
            report.strict("patients have different offsets", different.len() > 1);
        }
        let mut dates = super::Tally {
            passed: self.kept,
            failed: self.gone,
        };
        std::mem::swap(
            report
                .strict
                .entry("dates that are still there (for information)")
                .or_default(),
            &mut dates,
        );
    }
}

/// References: what pointed to an object, series, study or frame of reference of the set still does.
pub(super) struct References<'a> {
    /// UIDs that come out: of instances released, and of all their series, studies and frames of reference.
    pub(super) released: BTreeSet<String>,
    /// UIDs of instances kept back.
    pub(super) withheld: BTreeSet<&'a str>,
}

impl References<'_> {
    pub(super) fn check(&self, key: &Key, document: &Document, map: &Map, report: &mut Report) {
        for reference in &key.references {
            let Some(value) = document.at(&reference.path) else {
                continue;
            };
            if value.is_empty() {
                continue;
            }
            let right = map.uid(&reference.uid).is_none_or(|new| new == value);
            let exists = self.released.contains(value) || self.withheld.contains(reference.uid.as_str());
            report.strict("references point to what there is", right && exists);
            if !(right && exists) {
                report.failure(
                    "dangling",
                    key.kind,
                    &reference.path,
                    format!("{} -> {value}", reference.uid),
                );
            }
        }
    }
}

/// What two runs with different keys have in common, which is to be nothing: identifiers, UIDs, offsets.
pub fn linked(first: &Run, second: &Run) -> Vec<String> {
    let mut out = Vec::new();
    let (uids, patients): (BTreeSet<&str>, BTreeSet<&str>) = (
        first.map.uids().map(|(_, new)| new).collect(),
        first.map.patients().map(|(_, new)| new).collect(),
    );
    out.extend(
        second
            .map
            .uids()
            .filter(|(_, new)| uids.contains(new))
            .map(|(_, new)| format!("UID {new}")),
    );
    let same = second.map.patients().filter(|(_, new)| patients.contains(new));
    out.extend(same.map(|(_, new)| format!("patient {new}")));
    out
}
