//! Hostile and odd objects at every door: one verdict, in time, in little memory, and nothing partial left.

use super::doors::{ANSWERED_WITHIN, Answer, Doors, Told, echo};
use super::malformed::{Case, Expect};
use super::program::{fsck, log_size};
use super::{legal, malformed};
use std::fs;
use std::path::Path;

/// Memory that one object may cost, in bytes.
const ROOM: u64 = 64 << 20;

/// Brings all cases to all doors; gives what is wrong, in words.
async fn try_all(doors: &Doors, cases: &[Case]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut stored = [0_u64; 3];
    let (mut slowest, mut largest) = (std::time::Duration::ZERO, 0);
    for case in cases {
        let told = doors.bring(&case.file).await;
        for (number, told) in told.iter().enumerate() {
            let Some(told) = told else { continue };
            (slowest, largest) = (slowest.max(told.took), largest.max(told.grown));
            stored[number] += u64::from(told.answer == Answer::Stored);
            let complaint = complaint(case, told);
            wrong.extend(complaint.map(|text| format!("{}, by {}: {text}", case.name, Doors::NAMES[number])));
        }
        let answers: Vec<&Answer> = told.iter().flatten().map(|told| &told.answer).collect();
        if answers.windows(2).any(|pair| pair[0] != pair[1]) {
            wrong.push(format!("{}: the doors disagree: {answers:?}", case.name));
        }
        if !echo(doors.dimse.dimse).await || !echo(doors.http.dimse).await {
            wrong.push(format!("{}: no C-ECHO afterwards", case.name));
            break;
        }
    }
    println!(
        "{} objects at three doors; slowest answer {slowest:?}, most memory {} MiB",
        cases.len(),
        largest >> 20
    );
    for (number, data) in doors.archives.iter().enumerate() {
        let (name, checked) = (Doors::NAMES[number], fsck(data));
        if checked.instances != stored[number] || log_size(data) < checked.instances {
            wrong.push(format!(
                "{name}: {} stored, {} kept",
                stored[number], checked.instances
            ));
        }
        if checked.orphans > 0 {
            wrong.push(format!("{name}: {} blobs left behind", checked.orphans));
        }
    }
    doors.dimse.assert_log_without_phi();
    doors.http.assert_log_without_phi();
    wrong
}

fn complaint(case: &Case, told: &Told) -> Option<String> {
    let expected = match case.expect {
        Expect::Same => true,
        Expect::Stored => told.answer == Answer::Stored,
        Expect::Refused => matches!(
            told.answer,
            Answer::NotUnderstood | Answer::DoesNotMatch | Answer::OutOfResources
        ),
    };
    let mut wrong = Vec::new();
    if !expected || matches!(told.answer, Answer::Silent | Answer::Other(_)) {
        wrong.push(format!("{:?}", told.answer));
    }
    if told.took > ANSWERED_WITHIN {
        wrong.push(format!("took {:?}", told.took));
    }
    if told.grown > ROOM {
        wrong.push(format!("took {} MiB", told.grown >> 20));
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_objects_get_one_answer_from_every_door() {
    let wrong = try_all(&Doors::open(), &malformed::cases()).await;
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_and_legal_objects_are_taken_by_every_door() {
    let wrong = try_all(&Doors::open(), &legal::cases()).await;
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_files_of_the_wild_get_one_answer_from_every_door() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dicom-malformed/files");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: needs the malformed files of the shared data beside the workspace");
        return;
    };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let case = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Case::new(name, fs::read(path).unwrap(), Expect::Same)
    };
    let cases: Vec<Case> = files.iter().map(case).collect();
    let wrong = try_all(&Doors::open(), &cases).await;
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
