//! The words that may stay, each with how freely, and the words that change what may follow them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// How freely a word stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Medical, technical or a function word: stays unless it is the patient's own.
    Strong,
    /// English and no known name: stays.
    Plain,
    /// Medical or technical, and a common name too ("white", "long"): goes beside a name or where a name is due.
    Ambiguous,
    /// A name that medicine uses ("Paget"): stays before what it names ("disease").
    Eponym,
    /// English, and a name or place too: stays only in lower case, away from names.
    Weak,
    /// One letter.
    Single,
    /// Nothing we know: goes.
    Unknown,
}

/// What a word says of the words around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    None,
    /// Dr, Mrs, Prof: a name follows.
    Title,
    /// by, tech, signed: a name or initials follow.
    By,
    /// for, patient, from: a name may follow.
    Person,
    /// MRN, phone: a number that goes follows, however short.
    Id,
    /// room, case, no: a longer number that goes follows.
    Numbered,
    /// at, in, near: a place may follow.
    At,
    /// Hospital, Clinic: its name goes before.
    Place,
    /// March, Okt: part of a date if a number is near.
    Month,
    /// Monday: part of a date if one is near.
    Weekday,
    /// on, since, dated: a date may follow.
    On,
    /// age, aged: an age follows.
    Age,
    /// MD, PhD: a name goes before.
    Degree,
    /// disease, syndrome, sign: an eponym may stand before.
    Named,
}

#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub class: Class,
    pub role: Role,
}

/// The static words are no one's to choose, so a fast hash without a key is safe here.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0u8; 8];
            word.copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
        let mut last = 0u64;
        for &b in chunks.remainder() {
            last = (last << 8) | u64::from(b);
        }
        self.add(last ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

impl Mix {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

type Map = HashMap<&'static str, Entry, BuildHasherDefault<Mix>>;

static WORDS: LazyLock<Map> = LazyLock::new(|| {
    let lists: [(&'static str, Class); 6] = [
        (include_str!("../../data/words/weak.txt"), Class::Weak),
        (include_str!("../../data/words/plain.txt"), Class::Plain),
        (include_str!("../../data/words/eponyms.txt"), Class::Eponym),
        (include_str!("../../data/words/strong.txt"), Class::Strong),
        (include_str!("../../data/words/scripts.txt"), Class::Strong),
        (include_str!("../../data/words/ambiguous.txt"), Class::Ambiguous),
    ];
    let mut map = Map::with_capacity_and_hasher(90_000, BuildHasherDefault::default());
    for (list, class) in lists {
        for word in list.lines() {
            map.insert(
                word,
                Entry {
                    class,
                    role: Role::None,
                },
            );
        }
    }
    for (role, list) in super::roles::ROLES {
        for word in list.split_whitespace() {
            map.entry(word)
                .or_insert(Entry {
                    class: Class::Unknown,
                    role,
                })
                .role = role;
        }
    }
    // Titles and labels are no secret in themselves.
    for word in KEPT_LABELS.split_whitespace() {
        map.entry(word)
            .or_insert(Entry {
                class: Class::Strong,
                role: Role::None,
            })
            .class = Class::Strong;
    }
    map
});

const KEPT_LABELS: &str = "dr mr mrs ms prof md phd rn by for from at in on mrn id acc ssn dob tel fax phone room zip \
    patient pt name attn attending nurse hospital hosp clinic center centre since born age aged \
    klinik klinikum krankenhaus hopital clinique ospedale ziekenhuis universitatsklinikum university institute \
    monday tuesday wednesday thursday friday saturday sunday";

/// What is known of a folded word.
pub(super) fn entry(word: &str) -> Entry {
    WORDS.get(word).copied().unwrap_or(Entry {
        class: Class::Unknown,
        role: Role::None,
    })
}
