//! Applying profiles to whole objects.

mod closed_world;
mod dates;
mod flags;
mod layers;
mod pseudonyms;
mod table;
mod withheld;

use deid::{Applied, Profile, ProjectKey, Withheld, profile};
use model::Uid;
use std::io::Cursor;
use testkit::{DataSet, Encoding, Length, Object, Value, Vr};

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";

/// The key of every test that does not ask for another.
pub(crate) fn key() -> ProjectKey {
    ProjectKey::new(&[7; 32])
}

pub(crate) fn builtin(name: &str) -> Profile {
    profile::builtin(name).unwrap().unwrap()
}

/// A small CT slice of an invented patient.
pub(crate) fn slice() -> DataSet {
    let mut set = DataSet::new();
    set.text(0x0008_0005, Vr::CS, "ISO_IR 100")
        .text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x0008_0016, Vr::UI, CT)
        .text(0x0008_0018, Vr::UI, "1.2.3.4.5.1")
        .text(0x0008_0020, Vr::DA, "20240229")
        .text(0x0008_0030, Vr::TM, "101112.5")
        .text(0x0008_0050, Vr::SH, "ACC-778899")
        .text(0x0008_0060, Vr::CS, "CT")
        .text(0x0008_0070, Vr::LO, "SIEMENS")
        .text(0x0008_0090, Vr::PN, "Okonkwo^Adaeze")
        .text(0x0008_1030, Vr::LO, "CT CHEST W CONTRAST")
        .text(0x0010_0010, Vr::PN, "Zylberstein^Wanda")
        .text(0x0010_0020, Vr::LO, "MRN-4711-88")
        .text(0x0010_0030, Vr::DA, "19610704")
        .text(0x0010_0040, Vr::CS, "F")
        .text(0x0010_1010, Vr::AS, "062Y")
        .text(0x0018_0060, Vr::DS, "120")
        .text(0x0020_000D, Vr::UI, "1.2.3.4.5")
        .text(0x0020_000E, Vr::UI, "1.2.3.4.5.0")
        .text(0x0020_0010, Vr::SH, "ST-9")
        .text(0x0020_0013, Vr::IS, "17")
        .text(0x0020_0052, Vr::UI, "1.2.3.4.5.99");
    pixels(&mut set, 4, 4, 16, 12);
    set
}

/// Describes and puts grey pixels: a ramp that stays within the bits stored.
pub(crate) fn pixels(set: &mut DataSet, rows: u16, columns: u16, allocated: u16, stored: u16) {
    set.us(0x0028_0002, &[1])
        .text(0x0028_0004, Vr::CS, "MONOCHROME2")
        .us(0x0028_0010, &[rows])
        .us(0x0028_0011, &[columns])
        .us(0x0028_0100, &[allocated])
        .us(0x0028_0101, &[stored])
        .us(0x0028_0102, &[stored - 1])
        .us(0x0028_0103, &[0]);
    let count = usize::from(rows) * usize::from(columns);
    let samples: Vec<u8> = if allocated == 16 {
        (0..count)
            .flat_map(|n| ((n * 37 % (1 << stored)) as u16).to_le_bytes())
            .collect()
    } else {
        (0..count).map(|n| (n * 37 % 256) as u8).collect()
    };
    set.pixels(samples);
}

/// The object as a file in this transfer syntax.
pub(crate) fn file(set: &DataSet, syntax: &str, encoding: Encoding) -> Vec<u8> {
    let text = |tag| match set.get(tag) {
        Some((_, Value::Bytes(bytes))) => String::from_utf8(bytes.clone()).unwrap(),
        _ => String::new(),
    };
    let object = Object {
        sop_class: Uid::new(&text(0x0008_0016)).unwrap(),
        sop_instance: Uid::new(&text(0x0008_0018)).unwrap(),
        transfer_syntax: Uid::new(syntax).unwrap(),
        data_set: set.encode(encoding),
    };
    object.part10()
}

pub(crate) fn apply_file(input: Vec<u8>, profile: &Profile) -> Result<(Vec<u8>, Applied), Withheld> {
    let mut out = Cursor::new(Vec::new());
    let applied = deid::apply(&input, &key(), profile, true, &mut out)?;
    Ok((out.into_inner(), applied))
}

/// What comes out, as bytes.
pub(crate) fn apply(set: &DataSet, profile: &Profile) -> Vec<u8> {
    apply_file(file(set, EXPLICIT, Encoding::ExplicitLe), profile)
        .unwrap()
        .0
}

/// The elements of what comes out: path of tags and items, and value.
pub(crate) fn elements(output: &[u8]) -> Vec<(String, Vec<u8>)> {
    crate::listing::elements(output)
}

/// The value at a path of what comes out, as text without padding.
pub(crate) fn value(output: &[u8], path: &str) -> Option<String> {
    let (_, bytes) = elements(output).into_iter().find(|(at, _)| at == path)?;
    Some(
        String::from_utf8_lossy(&bytes)
            .trim_end_matches([' ', '\0'])
            .to_owned(),
    )
}

pub(crate) fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

/// A sequence with one item.
pub(crate) fn within(tag: u32, item: DataSet) -> DataSet {
    let mut set = DataSet::new();
    set.sequence(tag, vec![item], Length::Undefined);
    set
}
