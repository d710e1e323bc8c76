//! Invented patients.

use crate::Random;

/// A patient who does not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Patient {
    /// `Phantom^` and a given name, in UTF-8.
    pub name: String,
    /// `PHANTOM-` and a number.
    pub id: String,
    /// YYYYMMDD.
    pub birth_date: String,
    /// F, M or O.
    pub sex: &'static str,
}

const GIVEN_NAMES: [(&str, &str); 24] = [
    ("Ada", "F"),
    ("Blaise", "M"),
    ("Chien-Shiung", "F"),
    ("Dorothy", "F"),
    ("Emmy", "F"),
    ("Fritz", "M"),
    ("Grace", "F"),
    ("Henrietta", "F"),
    ("Inge", "F"),
    ("José", "M"),
    ("Katherine", "F"),
    ("Lise", "F"),
    ("Maria", "F"),
    ("Noor", "O"),
    ("Otto", "M"),
    ("Prasanta", "M"),
    ("Quirin", "M"),
    ("Rosalind", "F"),
    ("Søren", "M"),
    ("Tu", "F"),
    ("Ursula", "F"),
    ("Vera", "F"),
    ("Wilhelm", "M"),
    ("Zoë", "F"),
];

impl Patient {
    /// The patient with a number. Different numbers are different persons; names come again after 24.
    pub fn number(number: u64) -> Self {
        let mut random = Random::new(number, &[0x70_61_74]);
        let turn = (number % GIVEN_NAMES.len() as u64) as usize;
        let (given, sex) = GIVEN_NAMES.get(turn).copied().unwrap_or(("Ada", "F"));
        let birth_date = format!(
            "19{:02}{:02}{:02}",
            30 + random.below(65),
            1 + random.below(12),
            1 + random.below(28)
        );
        Self {
            name: format!("Phantom^{given}"),
            id: format!("PHANTOM-{number:06}"),
            birth_date,
            sex,
        }
    }
}
