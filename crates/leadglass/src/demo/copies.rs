//! Copies without a name: what leaves holds nothing of the patient, and what still does is not cleared.

use super::facts::Facts;
use anyhow::{Context as _, Result};
use deid::audit::{AuditError, Auditor};
use deid::{Applied, Profile, ProjectKey, profile};
use model::Timestamp;
use std::io::Cursor;
use testkit::{Encoding, Instance, Modality, Patient, Study, Vr};

const PATIENT_NAME: u32 = 0x0010_0010;
const STUDY_DESCRIPTION: u32 = 0x0008_1030;
const PROFILE: &str = "research";
/// Between the two visits, in milliseconds: 400 days.
const LATER: i64 = 400 * 86_400_000;

pub(super) fn tell(taken: Timestamp, facts: &mut Facts) -> Result<()> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    let key = ProjectKey::new(&secret);
    let profile = profile::builtin(PROFILE).context("no such profile")??;
    let patient = Patient {
        name: "Zylberstein^Wanda".into(),
        id: "MRN-4711-88".into(),
        ..Patient::number(7)
    };
    let mut visits = Vec::new();
    for visit in [Timestamp::from_millis(taken.millis() - LATER), taken] {
        let mut study = Study::new(9, patient.clone(), Modality::Ct, visit);
        (study.slices, study.matrix) = (1, 64);
        let mut scan = study.instances().next().context("no scan")?;
        scan.data_set.text(
            STUDY_DESCRIPTION,
            Vr::LO,
            "CT CHEST W CONTRAST for Wanda Zylberstein",
        );
        visits.push(scan);
    }
    let mut auditor = Auditor::new();
    let mut copies = 0;
    let mut held = 0;
    for scan in &visits {
        let (input, copy, applied) = copy(scan, &key, &profile)?;
        let name = format!("{}.dcm", applied.sop_instance);
        let cleared = auditor
            .audit(&input, "scan.dcm", copy, &name, profile.kept())
            .context("not cleared")?;
        let copy = String::from_utf8_lossy(cleared.output()).into_owned();
        held += ["Zylberstein", "Wanda", &patient.id, &patient.birth_date]
            .into_iter()
            .filter(|word| copy.contains(word))
            .count();
        held += usize::from(!copy.contains("CT CHEST W CONTRAST"));
        copies += 1;
    }
    facts.hold(
        "a-de-identified-copy-holds-nothing-of-the-patient-and-keeps-its-clinical-words",
        held == 0,
        format!("{copies} copies cleared, profile {PROFILE}"),
    );

    let scan = visits.first().context("no scan")?;
    let (input, _, _) = copy(scan, &key, &profile)?;
    let mut other = scan.clone();
    // As a de-identifier with a fault would do it: everything treated, and the name left in one place.
    other
        .data_set
        .text(PATIENT_NAME, Vr::PN, "")
        .text(STUDY_DESCRIPTION, Vr::LO, "CT CHEST");
    let (_, leaky, _) = copy(&other, &key, &profile)?;
    let at = leaky
        .windows(8)
        .position(|window| window == b"CT CHEST")
        .context("no description")?;
    let mut leaky = leaky;
    if let Some(place) = leaky.get_mut(at..at + 8) {
        place.copy_from_slice(b"CT Wanda");
    }
    let found = match auditor.audit(&input, "scan.dcm", leaky, "copy.dcm", profile.kept()) {
        Err(AuditError::Found(hits)) => hits.first().map(ToString::to_string),
        _ => None,
    };
    facts.hold(
        "a-copy-with-a-name-left-in-it-is-not-cleared",
        found.is_some(),
        found.unwrap_or_else(|| "it was cleared".into()),
    );
    Ok(())
}

fn copy(scan: &Instance, key: &ProjectKey, profile: &Profile) -> Result<(Vec<u8>, Vec<u8>, Applied)> {
    let input = scan.object(Encoding::ExplicitLe).part10();
    let mut out = Cursor::new(Vec::new());
    let applied = deid::apply(&input, key, profile, false, &mut out)?;
    Ok((input, out.into_inner(), applied))
}
