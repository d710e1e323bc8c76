//! All patterns of a set of facts in one automaton, for the first object of a series and those after it.

use super::pattern::{Edges, Expansion, Fact, Pattern, View, What};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::HashMap;

/// UIDs of which encoded forms are looked for. An object with more has them in tables.
const ENCODED_UIDS: usize = 64;

/// Facts and how to find them.
pub(super) struct Library {
    facts: HashMap<Fact, usize>,
    /// UIDs are looked up whole: there may be thousands.
    uids: HashMap<Box<[u8]>, usize>,
    patterns: Vec<Pattern>,
    automaton: Option<AhoCorasick>,
}

/// A match of a pattern, by its number in the library, and where.
pub(super) struct Match<'a> {
    pub(super) pattern: &'a Pattern,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Library {
    /// The library of these facts; `None` where the automaton would be too large to build.
    pub(super) fn new(facts: impl IntoIterator<Item = Fact>, few: bool) -> Option<Self> {
        let mut library = Self {
            facts: HashMap::new(),
            uids: HashMap::new(),
            patterns: Vec::new(),
            automaton: None,
        };
        for fact in facts {
            let at = library.facts.len();
            if fact.what == What::Uid {
                library
                    .uids
                    .insert(fact.text.as_bytes().to_ascii_lowercase().into(), at);
            }
            if fact.what != What::Uid || library.uids.len() <= ENCODED_UIDS {
                Expansion::expand(&mut library.patterns, &fact, at);
            }
            library.facts.insert(fact, at);
        }
        library
            .patterns
            .sort_by(|a, b| (&a.bytes, a.view as u8, a.fact).cmp(&(&b.bytes, b.view as u8, b.fact)));
        library
            .patterns
            .dedup_by(|a, b| a.bytes == b.bytes && a.view == b.view && a.fact == b.fact);
        if !library.patterns.is_empty() {
            let kind = if few {
                AhoCorasickKind::NoncontiguousNFA
            } else {
                AhoCorasickKind::ContiguousNFA
            };
            let automaton = AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .kind(Some(kind))
                .prefilter(false)
                .build(library.patterns.iter().map(|pattern| &pattern.bytes))
                .ok()?;
            library.automaton = Some(automaton);
        }
        Some(library)
    }

    /// How many facts it holds.
    pub(super) fn len(&self) -> usize {
        self.facts.len()
    }

    /// The number of a fact.
    pub(super) fn number(&self, fact: &Fact) -> Option<usize> {
        self.facts.get(fact).copied()
    }

    /// How many patterns there are, at least 1.
    pub(super) fn patterns(&self) -> usize {
        self.patterns.len().max(1)
    }

    /// The fact that this UID is.
    pub(super) fn uid(&self, uid: &[u8]) -> Option<usize> {
        self.uids.get(uid).copied()
    }

    /// True where UIDs are hunted at all.
    pub(super) fn has_uids(&self) -> bool {
        !self.uids.is_empty()
    }

    /// Calls `found` for each pattern of `view` whose edges are clean in `text`.
    pub(super) fn search<'a>(&'a self, view: View, text: &[u8], mut found: impl FnMut(Match<'a>)) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        for hit in automaton.find_overlapping_iter(text) {
            let Some(pattern) = self.patterns.get(hit.pattern().as_usize()) else {
                continue;
            };
            if pattern.view == view && edges_are_clean(pattern, text, hit.start(), hit.end()) {
                found(Match {
                    pattern,
                    start: hit.start(),
                    end: hit.end(),
                });
            }
        }
    }
}

fn edges_are_clean(pattern: &Pattern, text: &[u8], start: usize, end: usize) -> bool {
    if pattern.edges == Edges::Free {
        return true;
    }
    let clean_end = || is_edge(pattern.bytes.last(), text.get(end));
    let clean_start = || {
        let before = text.get(..start).unwrap_or_default();
        // A number with leading zeros is the same number.
        let zeros = if pattern.digits {
            before.iter().rev().take_while(|b| **b == b'0').count()
        } else {
            0
        };
        is_edge(pattern.bytes.first(), before.iter().rev().nth(zeros))
    };
    match pattern.edges {
        Edges::Free => true,
        Edges::One => clean_start() || clean_end(),
        Edges::Both => clean_start() && clean_end(),
        Edges::Start => clean_start(),
    }
}

/// True where what stands beside a match does not continue it: a digit a number, a letter a word.
fn is_edge(edge: Option<&u8>, beside: Option<&u8>) -> bool {
    let letter = |b: u8| b.is_ascii_alphabetic() || b >= 0x80;
    match (edge, beside) {
        (Some(edge), Some(beside)) => {
            !(edge.is_ascii_digit() && beside.is_ascii_digit() || letter(*edge) && letter(*beside))
        }
        _ => true,
    }
}
