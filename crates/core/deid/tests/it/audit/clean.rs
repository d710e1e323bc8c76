//! What is no leak.

use super::objects::*;
use deid::audit::{AuditError, Auditor, Kept, Kind, audit};
use testkit::{Encoding, Vr};

#[test]
fn a_clean_copy_is_cleared_and_comes_back() {
    let output = explicit(&clean(), NEW_INSTANCE);
    let input = explicit(&identified(), INSTANCE);
    let cleared = audit(
        &input,
        "scan.dcm",
        output.clone(),
        "out/0001.dcm",
        Kept::default(),
    )
    .unwrap();
    assert_eq!(*cleared.output(), output);
    assert_eq!(cleared.into_output(), output);
}

#[test]
fn the_input_itself_is_full_of_findings() {
    let hits = hits(explicit(&identified(), INSTANCE));
    for (kind, place) in [
        (Kind::Uid, "file meta"),
        (Kind::Uid, "00080018"),
        (Kind::Date, "00080020"),
        (Kind::Identifier, "00080050"),
        (Kind::Place, "00080080"),
        (Kind::Place, "00080081"),
        (Kind::Name, "00080090"),
        (Kind::Contact, "00081030"),
        (Kind::Text, "00081030"),
        (Kind::Place, "00081010"),
        (Kind::Name, "00100010"),
        (Kind::Identifier, "00100020"),
        (Kind::Date, "00100030"),
        (Kind::Identifier, "00181000"),
        (Kind::Identifier, "00400275[1].00401001"),
        (Kind::Name, "00400275[1].00321060"),
        (Kind::Structure, "00120062"),
    ] {
        assert_hit(&hits, kind, place);
    }
}

#[test]
fn what_the_profile_keeps_does_not_count() {
    let input = || explicit(&identified(), INSTANCE);
    let mut set = clean();
    set.text(0x0008_0080, Vr::LO, "Lindenhof Klinikum Altstadt")
        .text(0x0008_1010, Vr::SH, "CTRAUM7B")
        .text(0x0008_0020, Vr::DA, "20190314")
        .text(0x0020_000d, Vr::UI, STUDY);
    let output = explicit(&set, NEW_INSTANCE);
    let kept = Kept {
        uids: true,
        full_dates: true,
        institution: true,
        device: true,
        patient_characteristics: true,
    };
    assert_eq!(hits_of(input(), output.clone(), kept), []);
    assert_eq!(hits_of(input(), output, Kept::default()).len(), 4);
    set.text(0x0010_0030, Vr::DA, "19580723");
    assert_hit(
        &hits_of(input(), explicit(&set, NEW_INSTANCE), kept),
        Kind::Date,
        "00100030",
    );
}

#[test]
fn numbers_that_only_look_alike_are_no_leak() {
    // The accession number's digits in fractions, in a time, in a random UID.
    let found = planted(|set| {
        set.text(0x0018_0050, Vr::DS, "0.482913")
            .text(0x0018_9073, Vr::TM, "004829.13")
            .text(0x0008_1155, Vr::UI, "2.25.48291300482913004829130048291300")
            .text(0x0018_0015, Vr::CS, "HEAD");
    });
    assert_eq!(found, []);
    // As the whole value of a number field, or split by a blank in text, it is the number.
    for (tag, vr, text) in [
        (0x0020_0012, Vr::IS, "482913"),
        (0x0008_103e, Vr::LO, "AXIAL 482 913"),
    ] {
        let found = planted(|set| {
            set.text(tag, vr, text);
        });
        assert_hit(&found, Kind::Identifier, &format!("{tag:08x}"));
    }
}

#[test]
fn a_shifted_date_that_equals_another_is_no_leak() {
    let found = planted(|set| {
        set.text(0x0008_0021, Vr::DA, "20190314");
    });
    assert_eq!(found, []);
    let found = planted(|set| {
        set.text(0x0008_0020, Vr::DA, "20190314");
    });
    assert_hit(&found, Kind::Date, "00080020");
}

#[test]
fn generic_patients_are_audited_without_false_alarm() {
    for name in [
        "ANONYMOUS",
        "PHANTOM^HEAD",
        "TEST^PATIENT",
        "X^Y",
        "^",
        "CT^HEAD",
        "SIEMENS^PHANTOM",
    ] {
        let mut set = identified();
        set.text(0x0010_0010, Vr::PN, name)
            .text(0x0010_0020, Vr::LO, "0001")
            .text(0x0008_0090, Vr::PN, "UNKNOWN");
        let mut out = clean();
        out.text(0x0008_103e, Vr::LO, "CT HEAD test patient 0001 phantom");
        let found = hits_of(
            explicit(&set, INSTANCE),
            explicit(&out, NEW_INSTANCE),
            Kept::default(),
        );
        assert_eq!(found, [], "{name}");
    }
}

#[test]
fn a_series_is_audited_like_single_objects() {
    let mut auditor = Auditor::new();
    for number in 0..40 {
        let mut input = identified();
        let instance = format!("{SERIES}.{number}");
        input.text(0x0008_0018, Vr::UI, &instance);
        if number == 20 {
            input.text(0x0010_0010, Vr::PN, "Quendel^Friedrich");
        }
        let input = explicit(&input, &instance);
        let mut output = clean();
        if number == 25 {
            // Somebody else's name is no leak of this patient.
            output.text(0x0008_103e, Vr::LO, "Quendel");
        }
        let good = auditor.audit(&input, "a", explicit(&output, NEW_INSTANCE), "b", Kept::default());
        assert!(good.is_ok(), "{number}: {:?}", good.err());
        output.text(0x0020_4000, Vr::LT, format!("see {instance}, then Dr. Hartmann"));
        let bad = auditor.audit(&input, "a", explicit(&output, NEW_INSTANCE), "b", Kept::default());
        let Err(AuditError::Found(found)) = bad else {
            panic!("{number}: cleared")
        };
        assert_hit(&found, Kind::Uid, "00204000");
        assert_hit(&found, Kind::Name, "00204000");
    }
}

#[test]
fn findings_never_say_the_value() {
    let error = audit(
        &explicit(&identified(), INSTANCE),
        "scan.dcm",
        explicit(&identified(), INSTANCE),
        "Gruenwald.dcm",
        Kept::default(),
    )
    .unwrap_err();
    let said = format!("{error} {error:?}").to_lowercase();
    for value in [
        "gr", "annelie", "81726354", "1958", "hartmann", "linden", "113619",
    ] {
        let value = if value == "gr" { "grünwald" } else { value };
        assert!(!said.contains(value), "{said}");
    }
}

#[test]
fn broken_objects_are_refused() {
    let good = explicit(&clean(), NEW_INSTANCE);
    let input = explicit(&identified(), INSTANCE);
    let cut = good[..good.len() - 3].to_vec();
    let kept = Kept::default();
    assert!(matches!(
        audit(&input, "a", cut, "b", kept),
        Err(AuditError::Output(_))
    ));
    assert!(matches!(
        audit(&input[..300], "a", good.clone(), "b", kept),
        Err(AuditError::Input(_))
    ));
    let mut longer = good;
    longer.extend_from_slice(b"Gruenwald");
    assert!(audit(&input, "a", longer, "b", kept).is_err());
}

#[test]
fn every_encoding_of_the_data_set_is_read() {
    for encoding in Encoding::ALL {
        let syntax = encoding.transfer_syntax();
        let input = file(&identified().encode(encoding), INSTANCE, syntax, |_| {});
        let good = file(&clean().encode(encoding), NEW_INSTANCE, syntax, |_| {});
        assert_eq!(hits_of(input.clone(), good, Kept::default()), [], "{syntax}");
        let mut bad = clean();
        bad.text(0x0008_103e, Vr::LO, "Annelie G.");
        let bad = file(&bad.encode(encoding), NEW_INSTANCE, syntax, |_| {});
        assert_hit(&hits_of(input, bad, Kept::default()), Kind::Name, "0008103e");
    }
}
