//! pynetdicom against the DICOM network door.

use super::gateway::{Data, Gateway};
use super::{peer, scans};
use std::path::PathBuf;
use testkit::{Encoding, Modality};

#[test]
fn pynetdicom_gets_what_the_standard_promises() {
    let Some(python) = peer::python_or_skip() else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let instances = scans::study(71, Modality::Ct, 4);
    let files: Vec<PathBuf> = instances
        .iter()
        .enumerate()
        .map(|(number, instance)| {
            scans::write(&data.files(), &number.to_string(), instance, Encoding::ExplicitLe)
        })
        .collect();
    let port = PathBuf::from(gateway.dimse.to_string());
    let facts = peer::script(
        &python,
        "store.py",
        [port].into_iter().chain(files.iter().cloned()),
    );
    let wrong: Vec<String> = facts
        .iter()
        .filter(|fact| fact["ok"] != true)
        .map(ToString::to_string)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(facts.len() >= 17, "only {} facts", facts.len());
    for file in &files {
        assert!(data.verify(file).is_authentic(), "{}", file.display());
    }
    gateway.assert_log_without_phi();
}
