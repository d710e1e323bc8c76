//! Invented people, and the many ways in which a file names them.

use super::Key;
use super::charsets::{self, CharacterSet, Part};
use super::key::Token;
use crate::Random;

/// Text with the words in it that must go.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Text {
    /// Decoded.
    pub(crate) text: String,
    /// As written.
    pub(crate) bytes: Vec<u8>,
    secrets: Vec<(String, Option<Vec<u8>>)>,
    /// Words are checked in their place alone.
    placed: bool,
}

impl Text {
    /// Plain text that gives nobody away.
    pub(crate) fn ascii(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            bytes: text.as_bytes().to_vec(),
            ..Self::default()
        }
    }

    /// Text that must go as a whole.
    pub(crate) fn secret(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            bytes: text.as_bytes().to_vec(),
            secrets: vec![(text.clone(), None)],
            text,
            placed: false,
        }
    }

    /// The same, where the word may stand elsewhere for another reason.
    pub(crate) fn placed(text: &str) -> Self {
        Self {
            placed: true,
            ..Self::secret(text)
        }
    }

    /// Text in a character set, with an escape sequence before it where that needs one.
    fn part(part: Part, shift: &[u8]) -> Self {
        let (text, bytes) = part;
        let raw = (text.as_bytes() != bytes).then(|| bytes.to_vec());
        Self {
            text: text.to_owned(),
            bytes: [shift, bytes].concat(),
            secrets: vec![(text.to_owned(), raw)],
            placed: false,
        }
    }

    /// This, and then that.
    pub(crate) fn then(mut self, next: &Self) -> Self {
        self.text.push_str(&next.text);
        self.bytes.extend_from_slice(&next.bytes);
        self.secrets.extend(next.secrets.iter().cloned());
        self.placed |= next.placed;
        self
    }

    /// This, then plain text.
    pub(crate) fn and(self, plain: &str) -> Self {
        self.then(&Self::ascii(plain))
    }

    /// The words that must go, blanks between.
    pub(crate) fn words(&self) -> String {
        let words: Vec<&str> = self.secrets.iter().map(|(text, _)| text.as_str()).collect();
        words.join(" ")
    }

    /// Tells the key. Words of less than four bytes are checked in their place alone: anywhere else they may be chance.
    pub(crate) fn tell(&self, key: &mut Key, site: &str) {
        for (text, raw) in self
            .secrets
            .iter()
            .filter(|(text, _)| text.len() >= 4 && !self.placed)
        {
            key.tokens.push(Token {
                text: text.clone(),
                raw: raw.clone().filter(|raw| raw.len() >= 6),
                site: site.to_owned(),
            });
        }
    }
}

/// A person who does not exist.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The value of (0008,0005).
    pub(crate) character_set: Option<&'static str>,
    /// Family name, in the script of the character set.
    pub(crate) family: Text,
    /// Given name, likewise.
    pub(crate) given: Text,
    /// The whole name as PN.
    pub(crate) name: Text,
    /// Patient ID.
    pub(crate) id: String,
    /// YYYYMMDD.
    pub(crate) birth: String,
    /// F, M or O.
    pub(crate) sex: &'static str,
    /// Street and town.
    pub(crate) address: Text,
    /// A telephone number.
    pub(crate) phone: String,
    /// A mail address.
    pub(crate) mail: String,
}

/// A word that sounds like a name and is none: `Vorzumelka`.
pub(crate) fn word(random: &mut Random) -> String {
    const STARTS: [&str; 16] = [
        "vor", "zel", "quin", "brax", "thul", "jev", "kro", "myx", "plev", "zhud", "gwar", "fyd", "skov",
        "dzim", "hux", "wrey",
    ];
    const MIDDLES: [&str; 16] = [
        "zum", "ifo", "agu", "ekk", "ozi", "uva", "ylo", "abz", "iqu", "omv", "efa", "ugo", "izh", "awk",
        "ojj", "uxe",
    ];
    const ENDS: [&str; 12] = [
        "elka", "ovsk", "undi", "agha", "ezzo", "iwa", "okun", "ybek", "arro", "ithe", "umba", "eqvi",
    ];
    let mut pick = |list: &[&'static str]| {
        let at = random.below(list.len() as u64) as usize;
        list.get(at).copied().unwrap_or("zor")
    };
    let text = [pick(&STARTS), pick(&MIDDLES), pick(&MIDDLES), pick(&ENDS)].concat();
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

/// Digits that do not begin with 0.
pub(crate) fn digits(random: &mut Random, count: usize) -> String {
    let first = 1 + random.below(9);
    let rest = (1..count).map(|_| random.below(10).to_string());
    std::iter::once(first.to_string()).chain(rest).collect()
}

impl Person {
    /// The patient with a number.
    pub(crate) fn new(random: &mut Random, number: u64) -> Self {
        let at = if number.is_multiple_of(2) {
            0
        } else {
            1 + (number / 2 % (charsets::ALL.len() as u64 - 1)) as usize
        };
        let set = charsets::ALL.get(at);
        let year = 1920 + random.below(85);
        let birth = format!("{year}{:02}{:02}", 1 + random.below(12), 1 + random.below(28));
        let id = match number % 5 {
            0 => digits(random, 9),
            1 => format!("MRN-{}", digits(random, 8)),
            2 => format!(
                "{}-{}-{}",
                digits(random, 3),
                digits(random, 3),
                digits(random, 4)
            ),
            3 => format!("{}{}", word(random).to_uppercase(), digits(random, 4)),
            _ => format!("{}/{}", digits(random, 7), 10 + random.below(89)),
        };
        let (family, given, name) = names(random, set);
        let address = Text::secret(word(random) + "allee")
            .and(" ")
            .then(&Text::secret(format!("{}{}", 100 + random.below(899), "b")))
            .and(", ")
            .then(&Text::secret(word(random) + "stad"));
        Self {
            character_set: set.and_then(|set| set.declared),
            mail: format!(
                "{}@{}.example",
                word(random).to_lowercase(),
                word(random).to_lowercase()
            ),
            phone: format!("+1 {} 555 {}", 201 + random.below(700), digits(random, 4)),
            family,
            given,
            name,
            id,
            birth,
            sex: if number % 7 == 3 {
                "O"
            } else if random.below(2) == 0 {
                "F"
            } else {
                "M"
            },
            address,
        }
    }

    /// Given and family name, as people write it in notes.
    pub(crate) fn full(&self) -> Text {
        self.given.clone().and(" ").then(&self.family)
    }

    /// A physician: a name in Latin letters, never the same one.
    pub(crate) fn physician(random: &mut Random) -> Text {
        let (family, given) = (Text::secret(word(random)), Text::secret(word(random)));
        family.and("^").then(&given).and("^^Dr")
    }

    /// Age in years on a day, as AS.
    pub(crate) fn age(&self, date: &str) -> u32 {
        let year = |text: &str| {
            text.get(..4)
                .and_then(|year| year.parse::<u32>().ok())
                .unwrap_or(0)
        };
        let before = date.get(4..) < self.birth.get(4..);
        year(date)
            .saturating_sub(year(&self.birth))
            .saturating_sub(u32::from(before))
    }
}

fn names(random: &mut Random, set: Option<&CharacterSet>) -> (Text, Text, Text) {
    let listed = set.and_then(|set| {
        let at = random.below(set.names.len() as u64) as usize;
        Some((set.shift, set.names.get(at)?))
    });
    let Some((
        shift,
        [
            latin_family,
            latin_given,
            family,
            given,
            spoken_family,
            spoken_given,
        ],
    )) = listed
    else {
        let (family, given) = (Text::secret(word(random)), Text::secret(word(random)));
        let name = family.clone().and("^").then(&given);
        return (family, given, name);
    };
    let (own_family, own_given) = (Text::part(*family, shift), Text::part(*given, shift));
    let own = own_family.clone().and("^").then(&own_given);
    let mut name = own;
    if !latin_family.0.is_empty() {
        let latin = Text::part(*latin_family, b"")
            .and("^")
            .then(&Text::part(*latin_given, b""));
        name = latin.and("=").then(&name);
    }
    if !spoken_family.0.is_empty() {
        let spoken = Text::part(*spoken_family, shift)
            .and("^")
            .then(&Text::part(*spoken_given, shift));
        name = name.and("=").then(&spoken);
    }
    (own_family, own_given, name)
}
