//! The DICOMDIR, read by a walk of its own: offsets alone lead from record to record.

use crate::explicit::elements;
use deid::dicomdir::{Directory, NotListed, file_id};
use std::collections::BTreeMap;
use testkit::{DataSet, Encoding, Length, Object, Vr};

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

/// A small object of one class; its UIDs end in the numbers given.
fn object(class: &str, patient: &str, study: u32, series: u32, instance: u32) -> DataSet {
    let mut set = DataSet::new();
    set.text(0x0008_0016, Vr::UI, class)
        .text(0x0008_0018, Vr::UI, format!("2.25.9.{study}.{series}.{instance}"))
        .text(0x0008_0020, Vr::DA, "20240301")
        .text(0x0008_0030, Vr::TM, "101500")
        .text(0x0008_0060, Vr::CS, "CT")
        .text(0x0008_0080, Vr::LO, "HOSPITAL OF NOWHERE")
        .text(0x0008_1030, Vr::LO, "CHEST")
        .text(0x0010_0010, Vr::PN, patient)
        .text(0x0010_0020, Vr::LO, patient)
        .text(0x0010_1010, Vr::AS, "045Y")
        .text(0x0020_000D, Vr::UI, format!("2.25.9.{study}"))
        .text(0x0020_000E, Vr::UI, format!("2.25.9.{study}.{series}"))
        .text(0x0020_0010, Vr::SH, "S1")
        .text(0x0020_0011, Vr::IS, series.to_string())
        .text(0x0020_0013, Vr::IS, instance.to_string());
    if class == CT {
        set.pixels(vec![0; 8]);
    }
    set
}

fn file(set: &DataSet) -> Vec<u8> {
    let uid = |tag| {
        let (_, value) = set.get(tag).unwrap();
        let testkit::Value::Bytes(bytes) = value else {
            unreachable!("a uid is bytes")
        };
        model::Uid::from_bytes(bytes).unwrap()
    };
    Object {
        sop_class: uid(0x0008_0016),
        sop_instance: uid(0x0008_0018),
        transfer_syntax: model::Uid::new("1.2.840.10008.1.2.1").unwrap(),
        data_set: set.encode(Encoding::ExplicitLe),
    }
    .part10()
}

/// Adds an object under a file ID made of its UIDs.
fn add(directory: &mut Directory, study: u32, instance: u32, set: &DataSet) -> Result<(), NotListed> {
    let path = [
        "DICOM".to_owned(),
        file_id(&study.to_string()),
        file_id(&instance.to_string()),
    ];
    directory.add(&path, &file(set))
}

/// A record as the walk finds it.
struct Record {
    kind: String,
    values: BTreeMap<u32, Vec<u8>>,
    lower: Vec<Record>,
}

impl Record {
    fn text(&self, tag: u32) -> String {
        let text = String::from_utf8(self.values[&tag].clone()).unwrap();
        text.trim_matches([' ', '\0']).to_owned()
    }
}

fn offset(values: &BTreeMap<u32, Vec<u8>>, tag: u32) -> usize {
    u32::from_le_bytes(values[&tag].as_slice().try_into().unwrap()) as usize
}

/// Records from the one at `at` on, along their chain, and the place of the last.
fn walk(file: &[u8], mut at: usize, seen: &mut usize) -> (Vec<Record>, usize) {
    let (mut records, mut last) = (Vec::new(), 0);
    while at != 0 {
        assert_eq!(file[at..at + 4], [0xFE, 0xFF, 0x00, 0xE0], "no item at {at}");
        let length = u32::from_le_bytes(file[at + 4..at + 8].try_into().unwrap()) as usize;
        let values = elements(&file[at + 8..at + 8 + length]);
        assert_eq!(values[&0x0004_1410], [0xFF, 0xFF]);
        *seen += length + 8;
        last = at;
        at = offset(&values, 0x0004_1400);
        let (lower, _) = walk(file, offset(&values, 0x0004_1420), seen);
        let mut record = Record {
            kind: String::new(),
            values,
            lower,
        };
        record.kind = record.text(0x0004_1430);
        records.push(record);
    }
    (records, last)
}

/// The whole directory, and a check that the chains lead to every byte of the sequence, once.
fn read(file: &[u8]) -> Vec<Record> {
    assert_eq!(&file[..128], &[0; 128]);
    assert_eq!(&file[128..132], b"DICM");
    let meta_length = u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
    let meta = elements(&file[144..144 + meta_length]);
    assert_eq!(meta[&0x0002_0002], b"1.2.840.10008.1.3.10");
    let top = elements(&file[144 + meta_length..]);
    assert_eq!(
        top.keys().copied().collect::<Vec<_>>(),
        [0x0004_1130, 0x0004_1200, 0x0004_1202, 0x0004_1212, 0x0004_1220]
    );
    let mut seen = 0;
    let (records, last) = walk(file, offset(&top, 0x0004_1200), &mut seen);
    assert_eq!(last, offset(&top, 0x0004_1202));
    assert_eq!(seen, top[&0x0004_1220].len());
    records
}

/// Two patients, three studies, four series, seven objects of four types.
fn several() -> Vec<(u32, u32, DataSet)> {
    let report = "1.2.840.10008.5.1.4.1.1.88.33";
    let dose = "1.2.840.10008.5.1.4.1.1.481.2";
    let mut sr = object(report, "LG0B", 3, 4, 7);
    let mut title = DataSet::new();
    title
        .text(0x0008_0100, Vr::SH, "18748-4")
        .text(0x0008_0102, Vr::SH, "LN")
        .text(0x0008_0104, Vr::LO, "Diagnostic Imaging Report");
    sr.sequence(0x0040_A043, vec![title], Length::Undefined)
        .text(0x0040_A491, Vr::CS, "COMPLETE")
        .text(0x0040_A493, Vr::CS, "UNVERIFIED");
    vec![
        (1, 10, object(CT, "LG0A", 1, 1, 10)),
        (1, 2, object(CT, "LG0A", 1, 1, 2)),
        (1, 3, object(CT, "LG0A", 1, 1, 3)),
        (1, 1, object("1.2.840.10008.5.1.4.1.1.11.1", "LG0A", 1, 2, 1)),
        (2, 1, object(dose, "LG0A", 2, 3, 1)),
        (3, 6, object(CT, "LG0B", 3, 5, 6)),
        (3, 7, sr),
    ]
}

fn directory(objects: &[(u32, u32, DataSet)]) -> Vec<u8> {
    let mut directory = Directory::default();
    for (study, instance, set) in objects {
        add(&mut directory, *study, *instance, set).unwrap();
    }
    directory.finish()
}

#[test]
fn offsets_lead_to_every_record_in_order() {
    let patients = read(&directory(&several()));
    let names = |records: &[Record]| records.iter().map(|one| one.kind.clone()).collect::<Vec<_>>();
    assert_eq!(names(&patients), ["PATIENT", "PATIENT"]);
    assert_eq!(patients[0].text(0x0010_0020), "LG0A");
    assert_eq!(names(&patients[0].lower), ["STUDY", "STUDY"]);
    let series = &patients[0].lower[0].lower;
    assert_eq!(names(series), ["SERIES", "SERIES"]);
    assert_eq!(names(&series[0].lower), ["IMAGE", "IMAGE", "IMAGE"]);
    let numbers: Vec<String> = series[0].lower.iter().map(|one| one.text(0x0020_0013)).collect();
    assert_eq!(numbers, ["2", "3", "10"]);
    assert_eq!(names(&series[1].lower), ["PRESENTATION"]);
    assert_eq!(names(&patients[0].lower[1].lower[0].lower), ["RT DOSE"]);
    assert_eq!(names(&patients[1].lower[0].lower[0].lower), ["SR DOCUMENT"]);
    assert_eq!(names(&patients[1].lower[0].lower[1].lower), ["IMAGE"]);
}

#[test]
fn the_order_of_adding_makes_no_difference() {
    let mut objects = several();
    // Objects of one study that disagree about it.
    objects[1].2.text(0x0008_1030, Vr::LO, "ABDOMEN");
    let expected = directory(&objects);
    for turn in 0..objects.len() {
        objects.rotate_left(1);
        if turn % 2 == 0 {
            objects.reverse();
        }
        assert_eq!(directory(&objects), expected);
    }
}

#[test]
fn a_record_refers_to_its_file_and_holds_no_more_than_it_must() {
    let file = directory(&several());
    let patients = read(&file);
    let image = &patients[0].lower[0].lower[0].lower[0];
    let expected = format!("DICOM\\{}\\{}", file_id("1"), file_id("2"));
    assert_eq!(image.text(0x0004_1500), expected);
    assert_eq!(image.text(0x0004_1510), CT);
    assert_eq!(image.text(0x0004_1511), "2.25.9.1.1.2");
    assert_eq!(image.text(0x0004_1512), "1.2.840.10008.1.2.1");
    let keys: Vec<u32> = image
        .values
        .keys()
        .copied()
        .filter(|tag| *tag > 0x0004_FFFF)
        .collect();
    assert_eq!(keys, [0x0020_0013]);
    for kept_out in ["HOSPITAL", "045Y"] {
        assert!(
            !file
                .windows(kept_out.len())
                .any(|part| part == kept_out.as_bytes())
        );
    }
}

#[test]
fn a_key_that_must_have_a_value_has_one() {
    let mut set = object(CT, "LG0A", 1, 1, 1);
    for tag in [0x0008_0020, 0x0020_0010, 0x0020_0013] {
        set.empty(tag, Vr::SH);
    }
    set.remove(0x0020_0011);
    let patients = read(&directory(&[(1, 1, set)]));
    let study = &patients[0].lower[0];
    assert_eq!(study.text(0x0008_0020), "19000101");
    assert_eq!(study.text(0x0020_0010), "REMOVED");
    assert_eq!(study.lower[0].text(0x0020_0011), "0");
    assert_eq!(study.lower[0].lower[0].text(0x0020_0013), "0");
}

#[test]
fn the_character_set_goes_with_text_that_needs_it() {
    let mut set = object(CT, "LG0A", 1, 1, 1);
    set.text(0x0008_0005, Vr::CS, "ISO_IR 192")
        .text(0x0008_1030, Vr::LO, "Schädel");
    let patients = read(&directory(&[(1, 1, set)]));
    let study = &patients[0].lower[0];
    assert_eq!(study.text(0x0008_0005), "ISO_IR 192");
    assert_eq!(study.text(0x0008_1030), "Schädel");
    assert!(!patients[0].values.contains_key(&0x0008_0005));
}

#[test]
fn a_document_title_keeps_its_modifiers_alone() {
    let item = |relationship: &str, code: &str| {
        let mut concept = DataSet::new();
        concept
            .text(0x0008_0100, Vr::SH, code)
            .text(0x0008_0102, Vr::SH, "DCM");
        let mut item = DataSet::new();
        item.text(0x0040_A010, Vr::CS, relationship)
            .text(0x0040_A040, Vr::CS, "CODE")
            .sequence(0x0040_A043, vec![concept], Length::Defined);
        item
    };
    let mut set = object("1.2.840.10008.5.1.4.1.1.88.59", "LG0A", 1, 1, 1);
    set.sequence(
        0x0040_A730,
        vec![item("HAS CONCEPT MOD", "113011"), item("CONTAINS", "113012")],
        Length::Defined,
    );
    let file = directory(&[(1, 1, set)]);
    let holds = |text: &[u8]| file.windows(text.len()).any(|part| part == text);
    assert!(holds(b"KEY OBJECT DOC") && holds(b"113011"));
    assert!(!holds(b"113012"));
}

#[test]
fn what_has_no_place_is_refused_and_changes_nothing() {
    let mut directory = Directory::default();
    add(&mut directory, 1, 1, &object(CT, "LG0A", 1, 1, 1)).unwrap();
    let twice = add(&mut directory, 1, 1, &object(CT, "LG0A", 1, 1, 1));
    assert!(matches!(twice, Err(NotListed::Twice)));
    let mut anonymous = object(CT, "LG0A", 1, 1, 2);
    anonymous.remove(0x0020_000E);
    let missing = add(&mut directory, 1, 2, &anonymous);
    assert!(matches!(missing, Err(NotListed::Missing(_))));
    let unknown = add(&mut directory, 1, 3, &object("1.2.3.4", "LG0A", 1, 1, 3));
    assert!(matches!(unknown, Err(NotListed::Class)));
    for path in [vec![], vec!["lower".to_owned()], vec!["NINE_CHAR".to_owned()]] {
        let refused = directory.add(&path, &file(&object(CT, "LG0A", 1, 1, 4)));
        assert!(matches!(refused, Err(NotListed::FileId)));
    }
    assert!(matches!(
        directory.add(&["A".to_owned()], &b"no dicom".to_vec()),
        Err(NotListed::Unreadable(_))
    ));
    let patients = read(&directory.finish());
    assert_eq!(patients[0].lower[0].lower[0].lower.len(), 1);
}

#[test]
fn an_empty_directory_is_a_directory() {
    assert!(read(&Directory::default().finish()).is_empty());
}

#[test]
fn file_ids_are_of_the_set_for_file_ids_and_differ() {
    let ids: std::collections::BTreeSet<String> =
        (0..20_000).map(|n| file_id(&format!("2.25.{n}"))).collect();
    assert_eq!(ids.len(), 20_000);
    assert!(
        ids.iter()
            .all(|id| { id.len() == 8 && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) })
    );
    assert_eq!(file_id("2.25.1"), file_id("2.25.1"));
}
