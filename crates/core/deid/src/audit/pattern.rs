//! Facts of the input, and the byte patterns that a fact can leave in an output.

use super::date::Date;
use super::generic::is_generic;
use super::hit::Kind;
use super::{encode, fold, name};

/// Something that identifies, found in the input.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Fact {
    pub(super) what: What,
    /// The decoded text, trimmed. For a date, nothing.
    pub(super) text: Box<str>,
    /// The bytes as they stand in the input, where they are not the text's.
    pub(super) raw: Option<Box<[u8]>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum What {
    Name {
        patient: bool,
    },
    Identifier,
    Date {
        date: Date,
        birth: bool,
    },
    Uid,
    Place,
    Contact,
    /// A component of the input's path, or a word of it.
    FileName,
}

impl Fact {
    pub(super) fn kind(&self) -> Kind {
        match self.what {
            What::Name { .. } => Kind::Name,
            What::Identifier | What::FileName => Kind::Identifier,
            What::Date { .. } => Kind::Date,
            What::Uid => Kind::Uid,
            What::Place => Kind::Place,
            What::Contact => Kind::Contact,
        }
    }
}

/// Which form of the output a pattern is looked for in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum View {
    /// The bytes, ASCII letters lower-case.
    Plain,
    /// [`fold::spaced`].
    Spaced,
    /// [`fold::squeezed`].
    Squeezed,
}

/// What may stand beside a match: at an edge that counts, no letter beside a letter and no digit beside a digit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Edges {
    Free,
    /// One edge must be clean.
    One,
    Both,
    /// The first edge must be clean: a time may follow a date.
    Start,
}

/// Bytes to look for.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) bytes: Vec<u8>,
    pub(super) view: View,
    pub(super) edges: Edges,
    /// Which fact, by its number in the library.
    pub(super) fact: usize,
    pub(super) kind: Kind,
    /// Fewer than four characters: counts as a whole word of text alone.
    pub(super) short: bool,
    /// Digits alone: elsewhere they may be a measure.
    pub(super) digits: bool,
    /// How unlikely it is met by chance, in nats.
    pub(super) surprise: Surprise,
}

/// Nats of a pattern in two worlds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surprise {
    /// Among bytes that are all equally likely: compressed pixels.
    pub(super) dense: f32,
    /// Among native samples, whose neighbours are alike and few values common.
    pub(super) native: f32,
}

impl Surprise {
    fn of(bytes: &[u8]) -> Self {
        let (mut dense, mut native) = (0.0, 0.0);
        for byte in bytes {
            let (even, alike): (f32, f32) = match byte {
                b'a'..=b'z' => (128.0, 40.0),
                b'0'..=b'9' => (256.0, 10.0),
                b' ' => (2.0, 2.0),
                _ => (256.0, 20.0),
            };
            dense += even.ln();
            native += alike.ln();
        }
        Self { dense, native }
    }
}

/// Collects the patterns of facts.
pub(super) struct Expansion<'a> {
    pub(super) patterns: &'a mut Vec<Pattern>,
    fact: usize,
    kind: Kind,
}

/// Values of this many characters and more are also looked for in hex, base64 and backwards.
const ENCODED_FROM: usize = 6;

impl<'a> Expansion<'a> {
    /// Appends the patterns of a fact, which has number `at`.
    pub(super) fn expand(patterns: &'a mut Vec<Pattern>, fact: &Fact, at: usize) {
        let mut all = Self {
            patterns,
            fact: at,
            kind: fact.kind(),
        };
        match fact.what {
            What::Name { patient } => all.name(&fact.text, patient),
            What::Identifier => all.identifier(&fact.text),
            What::Date { date, birth } => all.date(date, birth),
            What::Uid => all.encoded(fact.text.as_bytes()),
            What::Place => all.place(&fact.text),
            What::Contact => all.contact(&fact.text),
            What::FileName => all.file_name(&fact.text),
        }
        if let Some(raw) = fact.raw.as_deref() {
            let parts = raw.split(|b| matches!(b, b'^' | b'=' | b'\\'));
            for part in parts.chain([raw]).map(<[u8]>::trim_ascii) {
                if part.len() >= 6 && !part.is_ascii() || part.contains(&0x1B) && part.len() >= 8 {
                    all.push(View::Plain, Edges::Free, part.to_ascii_lowercase());
                }
            }
        }
    }

    fn push(&mut self, view: View, edges: Edges, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        if bytes.len() < 2 {
            return;
        }
        let characters = bytes.iter().filter(|b| **b < 0x80 || **b >= 0xC0).count();
        let unspaced = std::str::from_utf8(&bytes).is_ok_and(|text| text.chars().all(fold::is_unspaced));
        self.patterns.push(Pattern {
            view,
            edges: if unspaced { Edges::Free } else { edges },
            fact: self.fact,
            kind: self.kind,
            short: characters < 4 && !unspaced,
            digits: bytes.iter().all(|b| b.is_ascii_digit() || *b == b' '),
            surprise: Surprise::of(&bytes),
            bytes,
        });
    }

    /// Words with blanks, and the same without.
    fn words(&mut self, spaced: &str, edges: Edges) {
        self.push(View::Spaced, edges, spaced);
        if spaced.contains(' ') {
            let squeezed = spaced.replace(' ', "");
            let edges = if squeezed.len() >= 8 {
                Edges::Free
            } else {
                Edges::Both
            };
            if squeezed.len() >= 5 {
                self.push(View::Squeezed, edges, squeezed);
            }
        }
    }

    /// Hex, base64 and backwards, of the bytes as they are written.
    fn encoded(&mut self, written: &[u8]) {
        if written.len() < ENCODED_FROM {
            return;
        }
        self.push(View::Plain, Edges::Free, encode::hex(written));
        for base64 in encode::base64_anywhere(written) {
            self.push(View::Plain, Edges::Free, base64.to_ascii_lowercase());
        }
        let digits = written.iter().all(u8::is_ascii_digit);
        let edges = if digits { Edges::Both } else { Edges::Free };
        let backwards: Vec<u8> = written.iter().rev().map(u8::to_ascii_lowercase).collect();
        if backwards.iter().ne(written.to_ascii_lowercase().iter()) {
            self.push(View::Plain, edges, backwards);
        }
    }

    fn name(&mut self, value: &str, patient: bool) {
        for components in name::groups(value) {
            for spelling in name::spellings(&components) {
                let length = spelling.text.chars().count();
                let digits = spelling.text.bytes().all(|b| b.is_ascii_digit());
                let edges = match (spelling.single, length) {
                    // Two letters are a word of any language; of three, only the patient's and whole words.
                    (true, ..=1) => continue,
                    (true, 2..=3) if !patient && spelling.text.is_ascii() => continue,
                    (true, ..=3) if digits => continue,
                    (true, _) if digits => Edges::Both,
                    // Within longer words, short names are met by chance: Stern in sternum.
                    (true, ..=5) => Edges::Both,
                    (true, 6..=7) => Edges::One,
                    (true, _) => Edges::Free,
                    (false, _) => Edges::Both,
                };
                self.words(&spelling.text, edges);
                if spelling.single && length >= ENCODED_FROM {
                    self.in_each_case(&spelling.text);
                }
            }
            let words = components.iter().flat_map(|part| part.split(' '));
            for word in words.filter(|word| !is_generic(&fold::words(word))) {
                self.encoded(word.as_bytes());
                self.wide(word);
            }
            let used: Vec<&str> = components
                .iter()
                .copied()
                .filter(|part| !part.is_empty())
                .collect();
            if used.len() > 1 && used.iter().any(|part| !is_generic(&fold::words(part))) {
                self.encoded(used.join("^").as_bytes());
                self.encoded(used.join(" ").as_bytes());
                let backwards: String = used
                    .concat()
                    .chars()
                    .rev()
                    .filter(|c| c.is_alphanumeric())
                    .collect();
                if backwards.len() >= 8 {
                    self.push(View::Squeezed, Edges::Free, fold::words(&backwards));
                }
            }
        }
    }

    /// Encoded forms of a folded word, which nobody writes in lower case alone.
    fn in_each_case(&mut self, word: &str) {
        let upper = word.to_uppercase();
        let capitalised: String = upper.chars().take(1).chain(word.chars().skip(1)).collect();
        for form in [word, &upper, &capitalised] {
            self.encoded(form.as_bytes());
        }
    }

    /// UTF-16 of what is not ASCII; ASCII in UTF-16 is found by leaving out the NULs.
    fn wide(&mut self, word: &str) {
        if word.chars().count() >= 2 && word.chars().all(|c| !c.is_ascii()) {
            for bytes in encode::utf16(word) {
                self.push(View::Plain, Edges::Free, bytes.to_ascii_lowercase());
            }
        }
    }

    fn identifier(&mut self, value: &str) {
        for value in value.split('\\').map(str::trim) {
            let words = fold::words(value);
            let squeezed = words.replace(' ', "");
            if is_generic(&words) || is_generic(&squeezed) || squeezed.chars().count() < 2 {
                continue;
            }
            let digits = squeezed.bytes().all(|b| b.is_ascii_digit());
            if digits {
                let core = squeezed.trim_start_matches('0');
                self.push(View::Spaced, Edges::Both, core);
                if core.len() >= 6 {
                    self.push(View::Squeezed, Edges::Both, core);
                }
            } else {
                let edges = if squeezed.len() >= 6 {
                    Edges::Free
                } else {
                    Edges::Both
                };
                self.push(View::Spaced, edges, words);
                if squeezed.len() >= 5 {
                    self.push(View::Squeezed, edges, squeezed.as_str());
                }
                let runs = squeezed.split(|c: char| !c.is_ascii_digit());
                if let Some(run) = runs
                    .max_by_key(|run| run.len())
                    .map(|run| run.trim_start_matches('0'))
                    && run.len() >= 6
                {
                    self.push(View::Spaced, Edges::Both, run);
                }
            }
            self.encoded(value.as_bytes());
        }
    }

    fn date(&mut self, date: Date, birth: bool) {
        for spelling in date.spaced() {
            self.push(View::Spaced, Edges::Both, spelling);
        }
        self.push(View::Spaced, Edges::Start, date.compact());
        if birth {
            for spelling in date.with_short_year() {
                self.push(View::Spaced, Edges::Both, spelling);
            }
        }
    }

    fn place(&mut self, value: &str) {
        let whole = [value];
        let parts = value
            .split(['\\', ',', ';', '\r', '\n'])
            .filter(|part| part.trim().len() >= 6);
        for part in whole.into_iter().chain(parts) {
            let words = fold::words(part);
            let digits = words.bytes().all(|b| b.is_ascii_digit() || b == b' ');
            if words.chars().count() < 4 || words.split(' ').all(is_generic) || (digits && words.len() < 7) {
                continue;
            }
            let edges = if words.len() >= 8 && !digits {
                Edges::Free
            } else {
                Edges::Both
            };
            self.words(&words.replace('\\', " "), edges);
            self.encoded(part.trim().as_bytes());
        }
    }

    fn contact(&mut self, value: &str) {
        for value in value.split('\\') {
            let words = fold::words(value);
            if words.len() < 6 || is_generic(&words) {
                continue;
            }
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            let letters = words.bytes().filter(u8::is_ascii_alphabetic).count();
            if letters >= 4 {
                self.words(&words, Edges::Both);
                self.encoded(value.trim().as_bytes());
            }
            if (7..=15).contains(&digits.len()) && letters < 6 {
                let core = digits.trim_start_matches('0');
                let core = core
                    .len()
                    .checked_sub(10)
                    .and_then(|from| core.get(from..))
                    .unwrap_or(core);
                let edges = if core.len() >= 9 { Edges::Free } else { Edges::Both };
                self.push(View::Squeezed, edges, core);
            }
        }
    }

    fn file_name(&mut self, component: &str) {
        let words = fold::words(component);
        let edges = if words.len() >= 8 {
            Edges::Free
        } else {
            Edges::Both
        };
        self.words(&words, edges);
    }
}
