//! dicomweb-client against STOW, QIDO and WADO.

use super::gateway::{Data, Gateway};
use super::{peer, scans};
use std::path::PathBuf;
use testkit::{Encoding, Modality};

#[test]
fn dicomweb_client_gets_what_the_standard_promises() {
    let Some(python) = peer::python_or_skip() else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let instances = scans::study(81, Modality::Ct, 4);
    let files: Vec<PathBuf> = instances
        .iter()
        .enumerate()
        .map(|(number, instance)| {
            scans::write(&data.files(), &number.to_string(), instance, Encoding::ExplicitLe)
        })
        .collect();
    let first = [
        PathBuf::from(gateway.http.to_string()),
        gateway.token_file.clone(),
    ];
    let facts = peer::script(
        &python,
        "dicomweb.py",
        first.into_iter().chain(files.iter().cloned()),
    );
    let wrong: Vec<String> = facts
        .iter()
        .filter(|fact| fact["ok"] != true)
        .map(ToString::to_string)
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} facts:\n{}",
        wrong.len(),
        facts.len(),
        wrong.join("\n")
    );
    assert!(facts.len() >= 30, "only {} facts", facts.len());
    for file in &files {
        assert!(data.verify(file).is_authentic(), "{}", file.display());
    }
    gateway.assert_log_without_phi();
}
