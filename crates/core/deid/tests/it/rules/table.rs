//! Table E.1-1.

use super::shared;
use deid::rules::{Basic, Cell, EDITION, Pattern, TABLE, row, rows};
use dicom::Tag;
use serde_json::Value;
use std::collections::HashSet;

#[test]
fn every_line_is_a_row_and_no_row_comes_twice() {
    assert_eq!(EDITION, "2025b");
    assert_eq!(rows().len(), 655);
    assert_eq!(TABLE.lines().count() - 1, rows().len());
    let patterns: HashSet<String> = rows().iter().map(|row| row.tag.to_string()).collect();
    assert_eq!(patterns.len(), rows().len());
    let singles: Vec<Tag> = rows()
        .iter()
        .filter_map(|row| match row.tag {
            Pattern::One(tag) => Some(tag),
            _ => None,
        })
        .collect();
    assert!(singles.is_sorted());
    assert_eq!(singles.len(), 651);
}

#[test]
fn each_row_is_found_by_its_tag() {
    for wanted in rows() {
        if let Pattern::One(tag) = wanted.tag {
            assert_eq!(row(tag), Some(wanted));
        }
    }
    for (tag, name) in [
        (Tag(0x5000, 0x3000), "Curve Data"),
        (Tag(0x501E, 0x0005), "Curve Data"),
        (Tag(0x6000, 0x3000), "Overlay Data"),
        (Tag(0x601E, 0x3000), "Overlay Data"),
        (Tag(0x6002, 0x4000), "Overlay Comments"),
        (Tag(0x0009, 0x0010), "Private Attributes"),
        (Tag(0x5001, 0x3000), "Private Attributes"),
        (Tag(0x6001, 0x3000), "Private Attributes"),
    ] {
        assert_eq!(row(tag).map(|row| row.name), Some(name), "{tag:?}");
    }
    for tag in [
        Tag(0x0028, 0x0010),
        Tag(0x6000, 0x0010),
        Tag(0x7FE0, 0x0010),
        Tag(0x0010, 0x5555),
    ] {
        assert_eq!(row(tag), None, "{tag:?}");
    }
}

/// Thirty attributes as PS3.15 prints them: the action, then the options in the order of the columns.
#[test]
fn attributes_that_everybody_knows() {
    let printed = [
        (0x0008_0012, "X/D", "     KC   "),
        (0x0008_0018, "U", " K        "),
        (0x0008_0020, "Z", "     KC   "),
        (0x0008_0021, "X/D", "     KC   "),
        (0x0008_0023, "Z/D", "     KC   "),
        (0x0008_002A, "X/Z/D", "     KC   "),
        (0x0008_0030, "Z", "     KC   "),
        (0x0008_0050, "Z", "          "),
        (0x0008_0080, "X/Z/D", "   K      "),
        (0x0008_0090, "Z", "          "),
        (0x0008_1010, "X/Z/D", "  K       "),
        (0x0008_1030, "X", "       C  "),
        (0x0008_103E, "X", "       C  "),
        (0x0008_1070, "X/Z/D", "          "),
        (0x0008_1140, "X/Z/U*", " K        "),
        (0x0010_0010, "Z", "          "),
        (0x0010_0020, "Z/D", "          "),
        (0x0010_0030, "Z", "          "),
        (0x0010_0040, "Z", "    K     "),
        (0x0010_1010, "X", "    K     "),
        (0x0010_1030, "X", "    K     "),
        (0x0010_2160, "X", "    K     "),
        (0x0010_4000, "X", "       C  "),
        (0x0018_1000, "X/Z/D", "  K       "),
        (0x0018_1030, "X/D", "       C  "),
        (0x0020_000D, "U", " K        "),
        (0x0020_0010, "Z", "          "),
        (0x0020_4000, "X", "       C  "),
        (0x0040_A730, "D", "        C "),
        (0x0070_0001, "D", "         C"),
        (0x0088_0200, "X", "          "),
    ];
    for (tag, basic, options) in printed {
        let tag = Tag((tag >> 16) as u16, (tag & 0xFFFF) as u16);
        let row = row(tag).unwrap();
        let all = &row.options;
        let letters: String = [
            all.rtn_safe_private,
            all.rtn_uids,
            all.rtn_device,
            all.rtn_institution,
            all.rtn_patient,
            all.rtn_full_dates,
            all.rtn_modified_dates,
            all.clean_descriptors,
            all.clean_structured,
            all.clean_graphics,
        ]
        .map(|cell| match cell {
            Cell::None => ' ',
            Cell::Keep => 'K',
            Cell::Clean => 'C',
        })
        .iter()
        .collect();
        assert_eq!(
            (row.basic.to_string().as_str(), letters.as_str()),
            (basic, options),
            "{tag:?} {}",
            row.name
        );
    }
    assert_eq!(
        row(Tag(0x0009, 0x1001)).unwrap().options.rtn_safe_private,
        Cell::Clean
    );
}

#[test]
fn what_2025_added() {
    for (tag, basic) in [
        (Tag(0x0010, 0x0012), Basic::X),
        (Tag(0x0010, 0x0044), Basic::X),
        (Tag(0x003A, 0x0203), Basic::X),
        (Tag(0x0070, 0x0006), Basic::D),
        (Tag(0x300A, 0x0054), Basic::U),
    ] {
        assert_eq!(row(tag).map(|row| row.basic), Some(basic), "{tag:?}");
    }
}

/// All cells against the table of 2024: what an edition had, the next has too.
#[test]
fn every_cell_is_that_of_the_edition_before() {
    let Some(text) = shared::file("table_E1-1_2024e.json") else {
        return;
    };
    let table: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(table.len(), 621);
    for entry in &table {
        let cell = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let id = cell("id");
        let id = if id.contains("odd") { "private" } else { id };
        let row = rows().iter().find(|row| row.tag.to_string() == id).unwrap();
        assert_eq!(row.basic.to_string(), cell("basicProfile"), "{id}");
        let all = &row.options;
        for (ours, key) in [
            (all.rtn_safe_private, "rtnSafePrivOpt"),
            (all.rtn_uids, "rtnUIDsOpt"),
            (all.rtn_device, "rtnDevIdOpt"),
            (all.rtn_institution, "rtnInstIdOpt"),
            (all.rtn_patient, "rtnPatCharsOpt"),
            (all.rtn_full_dates, "rtnLongFullDatesOpt"),
            (all.rtn_modified_dates, "rtnLongModifDatesOpt"),
            (all.clean_descriptors, "cleanDescOpt"),
            (all.clean_structured, "cleanStructContOpt"),
            (all.clean_graphics, "cleanGraphOpt"),
        ] {
            assert_eq!(Ok(ours), cell(key).parse(), "{id} {key}");
        }
    }
}
