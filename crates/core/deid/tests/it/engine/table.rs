//! Every row of table E.1-1, under every option.

use super::{EXPLICIT, apply_file, elements, file, holds, slice, within};
use deid::rules::{Cell, Pattern, Row, rows};
use deid::{Profile, rules};
use dicom::Tag;
use testkit::{DataSet, Encoding, Vr};

/// A value of the VR that no rule makes and that would identify.
fn token(vr: [u8; 2]) -> Option<&'static str> {
    Some(match &vr {
        b"AE" | b"CS" | b"LO" | b"LT" | b"PN" | b"SH" | b"ST" | b"UC" | b"UT" | b"UR" => "QXVZKWJY",
        b"UI" => "1.2.826.99887766554433",
        b"DA" => "20370519",
        b"DT" => "20370519083142",
        b"TM" => "083142.776655",
        b"DS" | b"IS" => "77665544",
        b"AS" => "077Y",
        b"OB" | b"OW" | b"UN" => "QXVZKWJY",
        _ => return None,
    })
}

fn vr_of(code: [u8; 2]) -> Option<Vr> {
    use Vr::{AE, AS, CS, DA, DS, DT, IS, LO, LT, OB, OW, PN, SH, ST, TM, UC, UI, UN, UR, UT};
    [
        AE, AS, CS, DA, DS, DT, IS, LO, LT, OB, OW, PN, SH, ST, TM, UC, UI, UN, UR, UT,
    ]
    .into_iter()
    .find(|vr| vr.code() == code)
}

fn cases() -> Vec<(&'static Row, Tag, Vr, &'static str)> {
    let exact = rows().iter().filter_map(|row| match row.tag {
        // An encapsulated document is withheld with its object.
        Pattern::One(tag) if tag.group() >= 8 && number(tag) != 0x0042_0011 => Some((row, tag)),
        _ => None,
    });
    exact
        .filter_map(|(row, tag)| {
            let vr = dicom::attribute(tag)?.vr;
            Some((row, tag, vr_of(vr.0)?, token(vr.0)?))
        })
        .collect()
}

fn number(tag: Tag) -> u32 {
    u32::from(tag.group()) << 16 | u32::from(tag.element())
}

/// The object holds the attribute at the top, and three sequences deep.
fn object(tag: Tag, vr: Vr, token: &str) -> Vec<u8> {
    let mut item = DataSet::new();
    item.text(number(tag), vr, token);
    let deep = within(0x0040_0275, within(0x0008_1115, within(0x0008_1140, item)));
    let mut set = slice();
    if !matches!(number(tag), 0x0008_0018 | 0x0010_0020) {
        set.text(number(tag), vr, token);
    }
    let (vr, value) = deep.get(0x0040_0275).unwrap().clone();
    if let testkit::Value::Sequence(items, length) = value {
        let _ = vr;
        set.sequence(0x0040_0275, items, length);
    }
    file(&set, EXPLICIT, Encoding::ExplicitLe)
}

#[test]
fn the_basic_profile_leaves_no_value_of_any_row() {
    let profile = super::builtin("basic");
    let cases = cases();
    assert!(cases.len() > 500, "only {} rows were tested", cases.len());
    let leaks: Vec<String> = cases
        .into_iter()
        .filter_map(|(_, tag, vr, token)| {
            let (output, _) = apply_file(object(tag, vr, token), &profile).unwrap();
            holds(&output, token).then(|| tag.to_string())
        })
        .collect();
    assert!(leaks.is_empty(), "{leaks:?}");
}

#[test]
fn an_option_keeps_what_its_column_keeps_and_nothing_else() {
    type Column = fn(&rules::Options) -> Cell;
    let columns: [(&str, Column); 5] = [
        ("retain-uids", |o| o.rtn_uids),
        ("retain-device-identity", |o| o.rtn_device),
        ("retain-institution-identity", |o| o.rtn_institution),
        ("retain-patient-characteristics", |o| o.rtn_patient),
        ("retain-full-dates", |o| o.rtn_full_dates),
    ];
    let mut wrong = Vec::new();
    for (option, column) in columns {
        let profile = Profile::read("one", &format!("options = [{option:?}]")).unwrap();
        for (row, tag, vr, token) in cases() {
            let (output, _) = apply_file(object(tag, vr, token), &profile).unwrap();
            let stands = elements(&output)
                .iter()
                .any(|(path, value)| *path == tag.to_string() && value.starts_with(token.as_bytes()));
            let kept = column(&row.options) == Cell::Keep && number(tag) != 0x0008_0018;
            // UIDs are kept or mapped together, or references would dangle; the list that a code was chosen from always
            // goes with the rest of its item; an offset from UTC is none in this test.
            let together = option == "retain-uids" && vr == Vr::UI;
            if together || matches!(number(tag), 0x0008_0106 | 0x0008_0107 | 0x0008_0201) {
                continue;
            }
            // Text that no vocabulary knows is not kept by what cleans it; identity of a person never is.
            let checked = matches!(vr, Vr::CS | Vr::PN | Vr::AE | Vr::UR | Vr::OB | Vr::OW | Vr::UN);
            // What a patient is like must be a known word, too.
            let checked = checked || (option == "retain-patient-characteristics" && vr != Vr::AS);
            if stands != kept && !(kept && checked) {
                wrong.push(format!(
                    "{option} {tag}: kept by the table {kept}, by the program {stands}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
