//! A facility's own rule that cannot be evaluated.

use super::archive::{bring, study};
use super::desk::{Desk, patient};
use super::party;
use testkit::Modality;

/// Passes the strict check, and overflows when it is evaluated.
const RULE: &str = r#"
name = "Example Hospital"
site_policies = '''
@id("too-long")
@plain("Our clinic lets nobody keep scans for very long.")
forbid (principal, action, resource)
when { 9223372036854775807 + (if context.known then 1 else 0) > 0 };
'''
"#;

#[test]
fn a_rule_that_errs_denies_every_release_with_one_sentence() {
    let desk = Desk::new();
    let scan = study(1, &patient(1), Modality::Dx, 1, 32);
    bring(&desk, std::slice::from_ref(&scan));
    let study = scan.uid().to_string();
    let out = desk.path("out");
    std::fs::create_dir_all(&out).unwrap();
    party::ai(&desk, "acme", &party::folder(&out), "");
    desk.hospital("harbour");

    let before = desk.release(&study, "acme", &["--purpose", "AIANALYSIS"]);
    assert_eq!(before["state"], "done", "{before}");
    let delivered = std::fs::read_dir(&out).unwrap().count();

    let file = desk.file("facility.toml", RULE);
    desk.one(&["admin", "facility", "set", &file]);
    for (recipient, purpose) in [
        ("acme", "AIANALYSIS"),
        ("harbour", "TREAT"),
        ("harbour", "HLEGAL"),
    ] {
        let order = [
            "release",
            "--study",
            &study,
            "--recipient",
            recipient,
            "--purpose",
            purpose,
        ];
        let output = desk.run(&order);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            said.contains("A rule could not be checked, so nothing was sent."),
            "{said}"
        );
        assert_eq!(said.trim().lines().count(), 1, "{said}");
        let document = desk.release(&study, recipient, &["--purpose", purpose]);
        assert_eq!(document["state"], "denied");
        assert_eq!(
            document["reason"],
            "A rule could not be checked, so nothing was sent."
        );
    }
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), delivered);
    assert_eq!(std::fs::read_dir(desk.path("harbour")).unwrap().count(), 0);

    let file = desk.file("facility.toml", "name = \"Example Hospital\"");
    desk.one(&["admin", "facility", "set", &file]);
    let after = desk.release(&study, "acme", &["--purpose", "AIANALYSIS"]);
    assert_eq!(after["state"], "done", "{after}");
}
