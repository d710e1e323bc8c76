//! What a profile does to an attribute, in words: the engine's own rules, read aloud.

mod fate;

pub use fate::Fate;

use super::load::RESERVED;
use super::{Opt, Profile};
use crate::dates::Dates;
use crate::engine::effect::{Effect, Origin, effect};
use crate::engine::transform::{CHARACTER_SET, CONTEXT, PATIENT_ID, PATIENT_NAME};
use crate::engine::value::CLASSES;
use crate::rules::{self, Basic, Cell, Row};
use dicom::{Tag, Vr};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// A row of PS3.15 table E.1-1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TableRow {
    /// The attribute's name there.
    pub name: &'static str,
    /// The basic profile's action code.
    pub basic: String,
    /// The options that say something else, with `K` (keep) or `C` (clean).
    pub options: BTreeMap<&'static str, char>,
}

/// What a profile does to an attribute. Shown in plain words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Explanation {
    /// 8 hex digits.
    pub tag: String,
    /// PS3.6; none for private and unknown attributes.
    pub keyword: Option<&'static str>,
    /// Value representation; both where the standard leaves a choice.
    pub vr: Option<String>,
    /// The attribute's row in table E.1-1; none where it is not listed.
    pub table: Option<TableRow>,
    /// The profile's name.
    pub profile: String,
    /// Which rule speaks: `program`, `site`, `basic`, the option's name, `dates`, `outside` or `private`.
    pub rule: &'static str,
    /// What happens, in a word.
    pub fate: Fate,
    /// What happens, in sentences.
    pub what: String,
}

/// What a profile does to an attribute, in words.
pub fn explain(profile: &Profile, tag: Tag) -> Explanation {
    let attribute = dicom::attribute(tag);
    let (rule, fate, what) = decided(profile, tag);
    Explanation {
        tag: tag.to_string(),
        keyword: attribute.map(|attribute| attribute.keyword),
        vr: attribute.map(|attribute| match attribute.other_vr {
            Some(other) => format!("{} or {other}", attribute.vr),
            None => attribute.vr.to_string(),
        }),
        table: rules::row(tag).map(table_row),
        profile: profile.name.clone(),
        rule,
        fate,
        what,
    }
}

fn table_row(row: &Row) -> TableRow {
    let letters = cells(row).into_iter().filter_map(|(option, cell)| {
        let letter = match cell {
            Cell::None => return None,
            Cell::Keep => 'K',
            Cell::Clean => 'C',
        };
        Some((option.name(), letter))
    });
    TableRow {
        name: row.name,
        basic: row.basic.to_string(),
        options: letters.collect(),
    }
}

/// The option columns of a row.
fn cells(row: &Row) -> [(Opt, Cell); 10] {
    let cells = row.options;
    [
        (Opt::RetainSafePrivate, cells.rtn_safe_private),
        (Opt::RetainUids, cells.rtn_uids),
        (Opt::RetainDeviceIdentity, cells.rtn_device),
        (Opt::RetainInstitutionIdentity, cells.rtn_institution),
        (Opt::RetainPatientCharacteristics, cells.rtn_patient),
        (Opt::RetainFullDates, cells.rtn_full_dates),
        (Opt::RetainModifiedDates, cells.rtn_modified_dates),
        (Opt::CleanDescriptors, cells.clean_descriptors),
        (Opt::CleanStructuredContent, cells.clean_structured),
        (Opt::CleanGraphics, cells.clean_graphics),
    ]
}

/// The rule that speaks, and what comes of it. The order is the engine's.
fn decided(profile: &Profile, tag: Tag) -> (&'static str, Fate, String) {
    let program = |fate, what: &str| ("program", fate, what.to_owned());
    if tag.is_private() {
        let (fate, what) = private(profile, tag);
        return ("private", fate, what);
    }
    if tag.is_group_length() {
        return program(
            Fate::Removed,
            "A group length counts bytes that are no longer there.",
        );
    }
    let Some(attribute) = dicom::attribute(tag) else {
        return (
            "outside",
            Fate::Removed,
            "The standard does not know it, so nobody can say what it holds.".to_owned(),
        );
    };
    if tag == PATIENT_ID || tag == PATIENT_NAME {
        return program(
            Fate::Pseudonym,
            "The patient's pseudonym stands there: the same for the same Patient ID under the same key.",
        );
    }
    if tag == CHARACTER_SET {
        return program(
            Fate::Written,
            "The program writes the character set that the copy's text is in.",
        );
    }
    if CONTEXT.contains(&tag) {
        return program(
            Fate::Removed,
            "It says from which list a code was chosen. No meaning hangs on it, and a site can write in it.",
        );
    }
    // Of what no profile decides, the identity of the object goes by its rules; the rest are flags.
    if RESERVED.contains(&tag) && tag.group() != 0x0008 {
        return program(
            Fate::Written,
            "The program writes it: it says how the copy was de-identified.",
        );
    }
    let (effect, origin) = effect(profile, tag);
    let rule = match origin {
        Origin::Site => "site",
        Origin::Basic => "basic",
        Origin::Option(option) => option.name(),
        Origin::Dates => "dates",
        Origin::Outside => "outside",
    };
    let (fate, what) = treated(profile, tag, effect, attribute.vr);
    (rule, fate, what)
}

/// What an effect means for a value of this VR.
fn treated(profile: &Profile, tag: Tag, effect: Effect, vr: Vr) -> (Fate, String) {
    const TYPES: &str = "Where the object's IOD demands the attribute, it stays without a value (type 2) or with a dummy (type 1).";
    match effect {
        Effect::Drop => (Fate::Removed, format!("It is removed. {TYPES}")),
        Effect::Clean if CLASSES.contains(&tag) => (
            Fate::Kept,
            "The UID of a class stays: it says what an object is, not which one it is.".to_owned(),
        ),
        Effect::Code => (
            Fate::Code,
            "It is part of a code. The code stays, with the meaning that the dictionary gives it, when the dictionary knows it; else the whole item goes, or a code for \"unknown\" stands there where the IOD demands one.".to_owned(),
        ),
        Effect::Binary if tag == Tag::PIXEL_DATA => (
            Fate::Kept,
            "The samples are kept. Bits that are no part of a sample are cleared, and each compressed frame is rebuilt from what decoding needs. Text and faces in the picture are not looked for.".to_owned(),
        ),
        Effect::Binary if is_binary(vr) => (Fate::Kept, "The bytes are kept: they hold no text.".to_owned()),
        Effect::Icc => (
            Fate::Cleaned,
            "The colour profile is rebuilt without its texts; one that cannot be read is removed.".to_owned(),
        ),
        Effect::Basic(basic) => basic_action(basic, vr, TYPES),
        Effect::Keep if is_free_text(vr) || vr.0 == *b"AE" => (
            Fate::Kept,
            "The text is kept as it is, unless it repeats an identifier of the patient: then it is cleaned.".to_owned(),
        ),
        Effect::Keep | Effect::Clean | Effect::Label | Effect::Date | Effect::Binary => {
            by_representation(profile, effect, vr, TYPES)
        }
    }
}

/// An action of the basic profile (PS3.15 table E.1-1a).
fn basic_action(basic: Basic, vr: Vr, types: &str) -> (Fate, String) {
    let goes_through = matches!(basic, Basic::D | Basic::U | Basic::XZU);
    match basic {
        _ if goes_through && vr == Vr::SQ => items(),
        Basic::U => mapped(),
        Basic::D if vr.0 == *b"UI" => mapped(),
        Basic::D => (
            Fate::Dummy,
            "A dummy value stands there, the same in every object.".to_owned(),
        ),
        Basic::Z | Basic::ZD => (
            Fate::Empty,
            "It stays without a value. Where the object's IOD demands a value (type 1), a dummy stands there."
                .to_owned(),
        ),
        Basic::X | Basic::XZ | Basic::XD | Basic::XZD | Basic::XZU if vr == Vr::SQ => (
            Fate::Removed,
            "It is removed. Where the object's IOD demands the sequence, it stays without items (type 2), or its items are gone through (type 1).".to_owned(),
        ),
        Basic::X | Basic::XZ | Basic::XD | Basic::XZD | Basic::XZU => {
            (Fate::Removed, format!("It is removed. {types}"))
        }
    }
}

fn items() -> (Fate, String) {
    (
        Fate::Items,
        "The sequence stays, and each attribute in its items is treated by its own rule. An item whose code the dictionary does not know goes.".to_owned(),
    )
}

fn mapped() -> (Fate, String) {
    (
        Fate::Mapped,
        "Another UID stands there, the same for the same UID in every object under the same key. UIDs that DICOM itself registers stay.".to_owned(),
    )
}

/// A value that is treated by what it is.
fn by_representation(profile: &Profile, effect: Effect, vr: Vr, types: &str) -> (Fate, String) {
    let said = |fate, what: &str| (fate, what.to_owned());
    match &vr.0 {
        b"SQ" => items(),
        _ if is_free_text(vr) && effect == Effect::Label => said(
            Fate::Cleaned,
            "Technical text: known words, names of models and versions stay; the rest goes, and first of all what repeats an identifier.",
        ),
        _ if is_free_text(vr) => said(
            Fate::Cleaned,
            "The text is cleaned: known words stay; names, long numbers and every unknown word go, and first of all what repeats an identifier. When nothing is left, the attribute goes.",
        ),
        b"CS" => said(
            Fate::Checked,
            "Each value stays when it is a term of the standard or a technical word; any other goes.",
        ),
        b"DA" | b"DT" | b"TM" => date(profile.dates, vr, types),
        b"UI" if profile.has(Opt::RetainUids) => said(Fate::Kept, "The profile keeps UIDs."),
        b"UI" => mapped(),
        b"AS" => said(
            Fate::Checked,
            "The age stays; above 89 years it is written as 90.",
        ),
        b"DS" | b"IS" => said(
            Fate::Checked,
            "Each value stays when it is a number and no identifier of the patient; else the attribute goes.",
        ),
        b"AT" | b"FL" | b"FD" | b"SL" | b"SS" | b"SV" | b"UL" | b"US" | b"UV" => {
            said(Fate::Kept, "Binary numbers stay as they are.")
        }
        _ => (
            Fate::Removed,
            format!("Values of this representation are never kept. {types}"),
        ),
    }
}

fn date(dates: Dates, vr: Vr, types: &str) -> (Fate, String) {
    let is_time = vr.0 == *b"TM";
    match dates {
        Dates::Keep => (Fate::Kept, "The profile keeps dates and times.".to_owned()),
        Dates::Shift if is_time => (
            Fate::Kept,
            "The time of day stays: dates move by whole days.".to_owned(),
        ),
        Dates::Shift => (
            Fate::Shifted,
            "The date moves into the past, by the same number of days for everything of one patient, so that intervals stay exact. What cannot be read as a date goes.".to_owned(),
        ),
        Dates::Year if !is_time => (Fate::Year, "The year alone stays.".to_owned()),
        Dates::Year | Dates::Remove => (Fate::Removed, format!("It is removed. {types}")),
    }
}

fn private(profile: &Profile, tag: Tag) -> (Fate, String) {
    if !profile.has(Opt::RetainSafePrivate) {
        let what = "The profile removes all private elements.";
        return (Fate::Removed, what.to_owned());
    }
    if tag.element() < 0x1000 {
        let what = "A private creator stays where an element of its block does; anything else here goes.";
        return (Fate::Listed, what.to_owned());
    }
    let number = (tag.element() & 0xFF) as u8;
    let here = |one: &&super::SitePrivate| one.group == tag.group() && one.element == number;
    let what = "It depends on the private creator of its block: the element stays when creator, group and the last two digits are on the list of safe ones, its text cleaned, UIDs mapped and dates treated; else it goes.";
    let vouched: Vec<String> = profile
        .private
        .iter()
        .filter(here)
        .map(|one| format!("{:?}", one.creator))
        .collect();
    if vouched.is_empty() {
        return (Fate::Listed, what.to_owned());
    }
    let what = format!("{what} The site vouches for that of {}.", vouched.join(", "));
    (Fate::Listed, what)
}

fn is_free_text(vr: Vr) -> bool {
    matches!(&vr.0, b"LO" | b"SH" | b"LT" | b"ST" | b"UC" | b"UT")
}

fn is_binary(vr: Vr) -> bool {
    matches!(&vr.0, b"OB" | b"OW" | b"OF" | b"OD" | b"OL" | b"OV")
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tag)?;
        if let Some(keyword) = self.keyword {
            write!(f, " {keyword}")?;
        }
        if let Some(vr) = &self.vr {
            write!(f, " ({vr})")?;
        }
        match &self.table {
            Some(row) => {
                write!(f, "\ntable E.1-1: {}, basic profile {}", row.name, row.basic)?;
                for (option, letter) in &row.options {
                    write!(f, ", {option} {letter}")?;
                }
            }
            None => f.write_str("\nnot in table E.1-1")?,
        }
        let rule = match self.rule {
            "program" => "what the program always does",
            "site" => "the profile's own decision",
            "basic" => "the basic profile",
            "dates" => "the profile's treatment of dates",
            "outside" => "the rules for what table E.1-1 does not list",
            "private" => "the rules for private elements",
            option => option,
        };
        write!(
            f,
            "\nprofile {}: {}, by {rule}\n{}",
            self.profile,
            self.fate.word(),
            self.what
        )
    }
}
