//! Reports and audit messages, read by other people's software: `fhir.resources` (FHIR R4B), Python's XML parser, pypdf.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; a test that was skipped says so"
)]

#[path = "../sample/mod.rs"]
mod sample;

use disclosure::{Asked, Language, View, balp, dicom_audit, pdf};
use sample::{everything, recorder};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names the Python interpreter to take, first of all.
const PYTHON_VARIABLE: &str = "LEADGLASS_PEER_PYTHON";
/// Names the peers (comma between; `1` for all) whose absence fails a test, where it is skipped otherwise.
const REQUIRED_VARIABLE: &str = "LEADGLASS_REQUIRE_PEERS";

/// A Python that has a module. None, said on standard output, when there is none.
fn python(module: &str) -> Option<PathBuf> {
    let named = std::env::var_os(PYTHON_VARIABLE).map(PathBuf::from);
    let candidates = named.into_iter().chain([PathBuf::from("python3")]);
    let found = candidates.into_iter().find(|python| {
        let mut command = Command::new(python);
        command
            .args(["-c", &format!("import {module}")])
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    });
    if found.is_none() {
        let required = std::env::var(REQUIRED_VARIABLE).unwrap_or_default();
        let required = required.split(',').any(|name| name == "1" || name == "python");
        assert!(!required, "no Python with {module} is here");
        println!("skipped: needs a Python with {module}");
    }
    found
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(python: &Path, script: &str, argument: &Path) -> String {
    let output = Command::new(python)
        .args(["-c", script])
        .arg(argument)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn audit_messages_are_read_by_fhir_resources_and_an_xml_parser() {
    let Some(python) = python("fhir.resources.R4B") else {
        return;
    };
    let (account, folder) = (everything(), folder("audit-messages"));
    let (mut fhir, mut xml) = (0, 0);
    for event in &account.events {
        for (number, message) in balp::messages(event, &account.patient, &recorder())
            .iter()
            .enumerate()
        {
            std::fs::write(
                folder.join(format!("{}-{number}.json", event.id)),
                message.to_string(),
            )
            .unwrap();
            fhir += 1;
        }
        for (number, message) in dicom_audit::messages(event, &account.patient, &recorder())
            .iter()
            .enumerate()
        {
            std::fs::write(folder.join(format!("{}-{number}.xml", event.id)), &message.xml).unwrap();
            xml += 1;
        }
    }
    let read = run(&python, include_str!("audit.py"), &folder);
    assert_eq!(
        read.lines().filter(|line| line.starts_with("fhir ")).count(),
        fhir
    );
    assert_eq!(read.lines().filter(|line| line.starts_with("xml ")).count(), xml);
    assert!(fhir > 30 && xml > 15, "{fhir} {xml}");
}

fn document(python: &Path, name: &str, account: &disclosure::Account, asked: Asked) -> serde_json::Value {
    let file = folder(name).join("report.pdf");
    std::fs::write(&file, pdf(account, asked).unwrap()).unwrap();
    serde_json::from_str(&run(python, include_str!("document.py"), &file)).unwrap()
}

/// The text without its line breaks, which another reader puts where it likes.
fn text(document: &serde_json::Value) -> String {
    let pages = document["pages"].as_array().unwrap();
    let pages: Vec<&str> = pages.iter().map(|page| page.as_str().unwrap()).collect();
    pages.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_pdf_says_what_it_should_to_another_reader() {
    let Some(python) = python("pypdf") else {
        return;
    };
    let account = everything();
    let english = document(&python, "pdf-everything", &account, Asked::default());
    assert_eq!(english["title"], "Who has seen and got my scans");
    assert_eq!(english["language"], "en");
    assert_eq!(english["marked"], true);
    assert_eq!(english["tags"]["/H1"], 1);
    assert_eq!(english["tags"]["/Sect"], account.events.len() - 1);
    assert_eq!(english["outline"].as_array().unwrap().len(), 3);
    let said = text(&english);
    for words in [
        "Zoë Ångström-O'Neil",
        "Copies went to Acme Chest AI Ltd",
        "They say they erased it on 2026-11-21: this is a promise, not proof.",
        "They say they received the request on 2026-11-21.",
        "3 may have been sent",
        "log.example/leadglass",
    ] {
        assert!(said.contains(words), "{words}");
    }
    assert!(!said.contains("Bureau"));
    let pages = english["pages"].as_array().unwrap();
    for (number, page) in pages.iter().enumerate() {
        let foot = format!("Page {} of {}", number + 1, pages.len());
        assert!(page.as_str().unwrap().contains(&foot), "{foot}");
    }
    let spanish = Asked {
        view: View::Legal,
        language: Language::Spanish,
        ..Asked::default()
    };
    let spanish = document(&python, "pdf-legal", &account, spanish);
    assert_eq!(spanish["title"], "Informe legal de divulgaciones");
    assert_eq!(spanish["language"], "es");
    assert!(text(&spanish).contains("County Court"));
}

#[test]
fn no_character_is_lost_in_the_pdf() {
    let Some(python) = python("pypdf") else {
        return;
    };
    let mut account = everything();
    account.facility.name = "漢 Łódź Ελλάδα Київ".to_owned();
    let long = format!("start{}end", "0123456789".repeat(700));
    account.events[0].reasons = vec![long];
    let document = document(&python, "pdf-characters", &account, Asked::default());
    let said = text(&document);
    assert!(said.contains("[U+6F22] Łódź Ελλάδα Київ"), "{}", &said[..100]);
    let without_spaces: String = said.split_whitespace().collect();
    assert!(without_spaces.contains("start0123456789"));
    // The text is longer than a page, so that the page's foot stands in its middle.
    let digits = without_spaces.chars().filter(char::is_ascii_digit).count();
    assert!(digits >= 7000, "{digits}");
}
