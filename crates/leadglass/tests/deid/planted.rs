//! What does not depend on the score: order, keys, exit codes, discs.

use super::runs::{Scene, contents};
use std::collections::BTreeMap;
use testkit::planted::score::{linked, score};
use testkit::planted::{disc, patient};

#[test]
fn threads_and_order_do_not_change_a_byte() {
    let scene = Scene::new((0..4).flat_map(|number| patient(2, number)).collect());
    let one = scene.run("one", 0, &["--threads", "1"]);
    let many = scene.run("many", 0, &["--threads", "4"]);
    let (one, many) = (contents(&one.out), contents(&many.out));
    assert!(!one.is_empty(), "nothing came out");
    assert!(one == many, "the number of threads shows");

    // Patient by patient, the last one first, in runs of their own.
    let mut apart = BTreeMap::new();
    let mut folders: Vec<&str> = scene
        .files
        .iter()
        .filter_map(|file| file.name.split('/').next())
        .collect();
    folders.dedup();
    for (number, folder) in folders.iter().rev().enumerate() {
        apart.extend(contents(&scene.run_part(folder, &format!("part{number}"), 0).out));
    }
    assert!(apart == one, "the order of the files shows");
}

#[test]
fn two_projects_cannot_be_linked() {
    let scene = Scene::new((0..4).flat_map(|number| patient(3, number)).collect());
    let (first, second) = (scene.run("first", 0, &[]), scene.run("second", 1, &[]));
    assert!(first.run.map.uids().count() > 100, "the map is empty");
    assert_eq!(linked(&first.run, &second.run), Vec::<String>::new());
}

#[test]
fn exit_codes() {
    // No patient of these has a document that must be withheld.
    let clean: Vec<_> = (0..2)
        .flat_map(|number| patient(4, number))
        .filter(|file| !file.key.withhold && !file.key.may_withhold)
        .collect();
    assert_eq!(Scene::new(clean).run("out", 0, &[]).code, Some(0));
    let documents: Vec<_> = (0..5)
        .flat_map(|number| patient(4, number))
        .filter(|file| file.key.withhold)
        .collect();
    assert!(!documents.is_empty());
    let scene = Scene::new(documents);
    let done = scene.run("out", 0, &[]);
    assert_eq!(done.code, Some(3));
    assert!(
        done.run
            .lines
            .values()
            .all(|line| line.status == "quarantined" && line.out.is_none())
    );
    assert!(contents(&done.out).is_empty(), "a withheld document came out");
}

#[test]
fn a_disc_gets_a_new_directory() {
    let scene = Scene::new(disc(5, 3));
    let done = scene.run("out", 0, &[]);
    let report = score(&scene.files, &done.run);
    assert_eq!(
        report.of_strict("planted words in files").failed,
        0,
        "{}",
        report.worst(20)
    );
    assert_eq!(
        report.of_strict("planted words in names and messages").failed,
        0,
        "{}",
        report.worst(20)
    );
}
