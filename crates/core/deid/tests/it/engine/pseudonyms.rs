//! Pseudonyms: consistent within a project, nothing without its key.

use super::{EXPLICIT, apply, apply_file, builtin, file, key, slice, value, within};
use deid::{IdKind, ProjectKey};
use model::Uid;
use std::collections::HashSet;
use std::io::Cursor;
use testkit::{DataSet, Encoding, Vr};

#[test]
fn references_across_objects_lead_to_their_copies() {
    let mut reference = DataSet::new();
    reference
        .text(0x0008_1150, Vr::UI, super::CT)
        .text(0x0008_1155, Vr::UI, "1.2.3.4.5.1");
    let mut other = slice();
    other.text(0x0008_0018, Vr::UI, "1.2.3.4.5.2");
    let (_, sequence) = within(0x0008_1140, reference).get(0x0008_1140).unwrap().clone();
    if let testkit::Value::Sequence(items, length) = sequence {
        other.sequence(0x0008_1140, items, length);
    }
    let profile = builtin("research");
    let (image, other) = (apply(&slice(), &profile), apply(&other, &profile));
    assert_eq!(value(&image, "00080018"), value(&other, "00081140[1].00081155"));
    assert_eq!(value(&other, "00081140[1].00081150").as_deref(), Some(super::CT));
    for tag in ["0020000d", "0020000e", "00200052", "00100020", "00100010"] {
        assert_eq!(value(&image, tag), value(&other, tag), "{tag}");
    }
}

#[test]
fn uids_are_version_8_uuids() {
    let uid = key().uid(&Uid::new("1.2.3").unwrap());
    let number: u128 = uid.strip_prefix("2.25.").unwrap().parse().unwrap();
    assert_eq!(number >> 76 & 15, 8);
    assert_eq!(number >> 62 & 3, 2);
    assert!(uid.len() <= 64);
}

#[test]
fn two_projects_cannot_be_linked() {
    let other = ProjectKey::new(&[8; 32]);
    let ids: Vec<String> = (0..200).map(|n| format!("{:08}", n * 7919)).collect();
    let here: HashSet<String> = ids.iter().map(|id| key().patient(id)).collect();
    let there: HashSet<String> = ids.iter().map(|id| other.patient(id)).collect();
    assert_eq!((here.len(), there.len()), (200, 200));
    assert!(here.is_disjoint(&there));
    let days = |key: &ProjectKey| -> Vec<i64> { ids.iter().map(|id| key.days(id)).collect() };
    let same = days(&key())
        .iter()
        .zip(days(&other))
        .filter(|(a, b)| **a == *b)
        .count();
    assert!(same < 5, "{same} of 200 offsets agree");
    assert!(days(&key()).iter().all(|days| (-3650..=-31).contains(days)));
}

#[test]
fn the_map_names_each_replacement_once() {
    let input = file(&slice(), EXPLICIT, Encoding::ExplicitLe);
    let (output, applied) = apply_file(input.clone(), &builtin("research")).unwrap();
    let new = |kind, old: &str| {
        let found = applied
            .replaced
            .iter()
            .find(|one| one.kind == kind && one.old == old);
        found.map(|one| one.new.clone())
    };
    assert_eq!(new(IdKind::PatientId, "MRN-4711-88"), value(&output, "00100020"));
    assert_eq!(new(IdKind::Uid, "1.2.3.4.5"), value(&output, "0020000d"));
    assert_eq!(new(IdKind::Uid, "1.2.3.4.5.1"), value(&output, "00080018"));
    let mut unique = applied.replaced.iter().map(|one| &one.old).collect::<Vec<_>>();
    unique.dedup();
    assert_eq!(unique.len(), applied.replaced.len());
    let mut out = Cursor::new(Vec::new());
    assert!(
        deid::apply(&input, &key(), &builtin("research"), false, &mut out)
            .unwrap()
            .replaced
            .is_empty()
    );
}

#[test]
fn a_key_is_256_bits_or_none() {
    assert!(ProjectKey::parse("abc").is_err());
    assert!(ProjectKey::parse(&"0".repeat(64)).is_err());
    assert!(ProjectKey::parse(&"zz".repeat(32)).is_err());
    let text = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
    let read = ProjectKey::parse(text).unwrap();
    assert_eq!(read.to_text(), text.trim());
    assert_eq!(format!("{read:?}"), "ProjectKey(..)");
}

#[test]
fn an_item_about_somebody_else_gets_their_pseudonym() {
    let mut other = DataSet::new();
    other
        .text(0x0010_0010, Vr::PN, "Adebayo^Tunde")
        .text(0x0010_0020, Vr::LO, "MRN-5555-01");
    let mut set = slice();
    set.sequence(0x0008_1120, vec![DataSet::new()], testkit::Length::Undefined);
    // (0010,0221) Genetic Modifications Sequence is kept by every profile, and may hold anything.
    set.sequence(0x0010_0221, vec![other], testkit::Length::Undefined);
    let output = apply(&set, &builtin("research"));
    assert_eq!(
        value(&output, "00100221[1].00100020"),
        Some(key().patient("MRN-5555-01"))
    );
    assert_ne!(value(&output, "00100221[1].00100020"), value(&output, "00100020"));
    assert!(!super::holds(&output, "Adebayo"));
}
