//! What somebody can say about a copy who has neither archive nor network.

use super::desk::Desk;
use serde_json::Value;
use std::path::Path;

/// Verifies a copy with its bundle and the trust file alone, and looks for the patient in it.
pub(crate) fn is_derived(desk: &Desk, copy: &Path, patient: &testkit::Patient) {
    let (bundle, trust, nowhere) = (
        desk.path("copy.lgseal"),
        desk.path("trust.json"),
        desk.path("nowhere"),
    );
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    desk.lines(&["trust", "--out", &text(&trust)]);
    desk.lines(&["bundle", &text(copy), "--out", &text(&bundle)]);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_leadglass"))
        .args([
            "verify",
            &text(copy),
            "--bundle",
            &text(&bundle),
            "--trust",
            &text(&trust),
            "--json",
            "--data",
        ])
        .arg(nowhere)
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(
        (said["verdict"].as_str(), output.status.code()),
        (Some("derived"), Some(12)),
        "{}: {said}",
        copy.display()
    );
    names_nobody(copy, patient);
}

/// Fails when a file holds name, ID or day of birth of the patient.
pub(crate) fn names_nobody(copy: &Path, patient: &testkit::Patient) {
    let bytes = std::fs::read(copy).unwrap();
    let given = patient.name.split('^').next_back().unwrap();
    for word in [
        patient.name.as_str(),
        given,
        &patient.id,
        "PHANTOM",
        &patient.birth_date,
    ] {
        let found = bytes.windows(word.len()).any(|part| part == word.as_bytes());
        // Short names are found in pixels by chance.
        assert!(!found || word.len() < 5, "{word} stands in {}", copy.display());
    }
}
