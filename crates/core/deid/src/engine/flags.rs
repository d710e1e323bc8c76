//! What the copy says of its own de-identification: exactly what was executed (PS3.15 E.2, E.3).

use super::Engine;
use crate::dates::Dates;
use crate::profile::{BASIC_PROFILE, Opt};
use crate::rules;
use crate::tree::{DataSet, Value};
use dicom::{Tag, Vr};

/// Writes (0012,0062), (0012,0063), (0012,0064) and (0028,0303); gives the codes of (0012,0064).
pub(super) fn write(engine: &mut Engine<'_>, set: &mut DataSet) -> Vec<&'static str> {
    let executed: Vec<Opt> = engine
        .profile
        .options()
        .filter(|option| engine.touched.executed(*option))
        .collect();
    let codes: Vec<(&str, &str)> = std::iter::once(BASIC_PROFILE)
        .chain(executed.iter().map(|option| option.code()))
        .collect();
    let items = codes.iter().map(|(value, meaning)| {
        let mut item = DataSet::default();
        item.put_text(Tag(0x0008, 0x0100), Vr(*b"SH"), value);
        item.put_text(Tag(0x0008, 0x0102), Vr(*b"SH"), "DCM");
        // Code meanings are at most 64 characters long (PS3.5 6.2 LO).
        item.put_text(Tag(0x0008, 0x0104), Vr(*b"LO"), meaning);
        item
    });
    let method = format!("Leadglass {}\\PS3.15 {}", engine.profile.name, rules::EDITION);
    let longitudinal = match engine.profile.dates {
        Dates::Remove => "REMOVED",
        Dates::Shift | Dates::Year => "MODIFIED",
        Dates::Keep => "UNMODIFIED",
    };
    set.put_text(Tag(0x0012, 0x0062), Vr(*b"CS"), "YES");
    set.put_text(Tag(0x0012, 0x0063), Vr(*b"LO"), &method);
    set.put(Tag(0x0012, 0x0064), Vr::SQ, Value::Items(items.collect()));
    set.put_text(Tag(0x0028, 0x0303), Vr(*b"CS"), longitudinal);
    codes.into_iter().map(|(value, _)| value).collect()
}
