//! Adopting an edition of Table E.1-1.

use std::path::Path;
use xtask::deid_table::{Edition, run};

const HEADER: &str = "Group,Element,Name,VR,VM,Basic Prof.,Rtn. UIDs Opt.,Rtn. Dev. Id. Opt.,Rtn. Inst. Id. Opt.,\
    Rtn. Pat. Chars. Opt.,Rtn. Long. Full Dates Opt.,Rtn. Long. Modif. Dates Opt.,Clean Desc. Opt.,\
    Clean Struct. Cont. Opt.,Clean Graph. Opt.,TCIA element_sig_pattern,Final CTP Script,Documentation References";

fn compiled() -> Edition {
    Edition::compiled().unwrap()
}

fn own(rows: &[&str]) -> Edition {
    let header = compiled().to_csv().lines().next().unwrap().to_owned();
    let text = [&[header.as_str()], rows].concat().join("\n");
    Edition::read(&text, &compiled()).unwrap()
}

#[test]
fn the_table_reads_itself_and_writes_itself() {
    let compiled = compiled();
    assert_eq!(compiled.to_csv(), deid::rules::TABLE);
    let again = Edition::read(deid::rules::TABLE, &compiled).unwrap();
    assert_eq!(again, compiled);
    assert_eq!(compiled.difference(&again), "0 rows added, 0 removed\n");
}

#[test]
fn rows_added_removed_and_changed_are_shown() {
    let old = own(&[
        "00080050,Accession Number,Z,,,,,,,,,,",
        "00100010,Patient's Name,Z,,,,,,,,,,",
    ]);
    let new = own(&[
        "00100010,Patient's Name,X,,,,,K,,,,,",
        "00100020,Patient ID,Z/D,,,,,,,,,,",
    ]);
    let shown = old.difference(&new);
    let expected = "+ 00100020 Patient ID: Z/D\n\
        - 00080050 Accession Number: Z\n\
        ~ 00100010 Patient's Name, basic: \"Z\" -> \"X\"\n\
        ~ 00100010 Patient's Name, rtn_patient: \"\" -> \"K\"\n\
        1 rows added, 1 removed\n\
        1 cells changed in basic\n\
        1 cells changed in rtn_patient\n";
    assert_eq!(shown, expected);
}

#[test]
fn the_json_of_the_standard() {
    let text = r#"[
        {"name":"Icon Image Sequence (see Note 12)","tag":"(0088,0200)","stdCompIOD":"Y","basicProfile":"X","id":"00880200"},
        {"name":"Curve Data","tag":"(50XX,XXXX)","basicProfile":"X","cleanGraphOpt":"C","id":"50xxxxxx"},
        {"name":"Private Attributes","tag":"x","basicProfile":"X","rtnSafePrivOpt":"C","id":"ggggeeee-where-gggg-is-odd"}
    ]"#;
    let expected = own(&[
        "00880200,Icon Image Sequence,X,,,,,,,,,,",
        "50xxxxxx,Curve Data,X,,,,,,,,,,C",
        "private,Private Attributes,X,C,,,,,,,,,",
    ]);
    assert_eq!(Edition::read(text, &compiled()).unwrap(), expected);
}

#[test]
fn words_that_stand_for_several_codes_keep_the_code_they_can_stand_for() {
    let known = own(&[
        "00080050,Accession Number,Z,,,,,,,,,,",
        "00080020,Study Date,Z,,,,,,K,C,,,",
        "00100010,Patient's Name,D,,,,,,,,,,",
        "00340002,Flow Identifier,D,,,,,,,,,,",
        "00081070,Operators' Name,X/Z/D,,,,,,,,,,",
    ]);
    let rows = [
        // A date set to a fixed one can be Z; "blank" cannot be D; bytes are removed where a dummy is asked; a name is not.
        r#"0008,0020,Study Date,DA,,func:set_fixed_datetime,,,,,keep,keep,,,,"(0008,0020)",x,y"#,
        "0010,0010,Patient's Name,PN,,blank,,,,,,,,,,,,",
        "0034,0002,Flow Identifier,OB,,remove,,,,,,,,,,,,",
        "0008,1070,Operators' Name,PN,,remove,,,,,,,,,,,,",
        "0010,0012,Name to Use,LT,,remove,,,,,,,func:clean_descriptors_with_llm,,,,,",
        "0010,1010,Patient's Age,AS,,remove,,,,func:check_patient_age,,,,,,,,",
        "0088,0200,Icon Image Sequence,SQ,,,,,,,,,,,,,,",
    ];
    let text = [&[HEADER], rows.as_slice()].concat().join("\r\n");
    let expected = own(&[
        "00080020,Study Date,Z,,,,,,K,C,,,",
        "00100010,Patient's Name,Z,,,,,,,,,,",
        "00340002,Flow Identifier,D,,,,,,,,,,",
        "00081070,Operators' Name,X,,,,,,,,,,",
        "00100012,Name to Use,X,,,,,,,,C,,",
        "00101010,Patient's Age,X,,,,,K,,,,,",
    ]);
    assert_eq!(Edition::read(&text, &known).unwrap(), expected);
}

#[test]
fn what_the_engine_could_not_read_is_refused() {
    let compiled = compiled();
    let header = compiled.to_csv().lines().next().unwrap().to_owned();
    for row in [
        "00100010,Patient's Name,Q,,,,,,,,,,",
        "00100010,Patient's Name,X,J,,,,,,,,,",
        "0010001,Patient's Name,X,,,,,,,,,,",
        "00100010,Patient's Name,X,,,",
        r#"00100010,"Name, Patient's",X,,,,,,,,,,"#,
    ] {
        assert!(
            Edition::read(&format!("{header}\n{row}\n"), &compiled).is_err(),
            "{row}"
        );
    }
    let unknown = format!("{HEADER}\n0010,0010,Patient's Name,PN,,func:new,,,,,,,,,,,,\n");
    assert!(Edition::read(&unknown, &compiled).is_err());
    assert!(Edition::read("hello", &compiled).is_err());
}

#[test]
fn adopting_writes_the_table_and_its_name() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("crates/core/deid/data");
    std::fs::create_dir_all(&data).unwrap();
    let file = root.path().join("new.csv");
    std::fs::write(&file, deid::rules::TABLE).unwrap();
    let shown = run(&file, root.path(), None).unwrap();
    assert!(shown.contains("0 rows added, 0 removed"), "{shown}");
    assert!(!data.join("e1_1.csv").exists());
    run(&file, root.path(), Some("2031a")).unwrap();
    assert_eq!(
        std::fs::read_to_string(data.join("e1_1.csv")).unwrap(),
        deid::rules::TABLE
    );
    assert_eq!(
        std::fs::read_to_string(data.join("e1_1.edition")).unwrap(),
        "2031a\n"
    );
}

/// The two editions that stand beside the workspace: the newer is the table, the older lacks what was added since.
#[test]
fn two_published_editions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/deid");
    let (older, newer) = (
        folder.join("table_E1-1_2024e.json"),
        folder.join("table_E1-1_2025b.csv"),
    );
    if !older.exists() || !newer.exists() {
        println!("skipped: no shared tables");
        return;
    }
    let last = |file: &Path| {
        run(file, Path::new("."), None)
            .unwrap()
            .lines()
            .last()
            .unwrap()
            .to_owned()
    };
    assert_eq!(last(&newer), "0 rows added, 0 removed");
    assert_eq!(last(&older), "0 rows added, 34 removed");
}
