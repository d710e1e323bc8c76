//! `leadglass exposed`: whom a breach at a recipient concerns.

mod letter;

use crate::cli::{Common, Exposed as Options};
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result, bail};
use letter::Occasion;
use release::Exposed;
use serde_json::{Value, json};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, options: &Options) -> Result<ExitCode> {
    let (from, to) = (options.from.first(), options.to.over());
    if from >= to {
        bail!("the period is empty: --from must lie before --to");
    }
    let gateway = Gateway::existing(&common.data).await?;
    let done = find(common, options, &gateway).await;
    gateway.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn find(common: &Common, options: &Options, gateway: &Gateway) -> Result<()> {
    let (store, id) = (&gateway.store, &options.recipient);
    let (from, to) = (options.from.first(), options.to.over());
    let recipient = store.recipient(id).await?;
    let patients = release::exposed(store, id.as_str(), from, to).await?;
    // A name that was misspelt must not look like a breach that concerns nobody.
    if patients.is_empty() && recipient.is_none() && store.copies_at(id).await?.is_empty() {
        bail!("no recipient has the name {id}, and nothing was ever sent to one: see admin recipient list");
    }
    let reader = retrieve::Reader {
        who: "operator".into(),
        via: "exposed",
        purpose: "breach at a recipient".into(),
    };
    let rows: Vec<_> = patients.iter().map(|patient| patient.patient).collect();
    gateway.retrieve.account_search(&reader, &rows).await?;
    let letters = match &options.letters {
        None => Vec::new(),
        Some(folder) => {
            let occasion = Occasion {
                facility: store.facility().await?.name,
                recipient: recipient.as_ref().map_or(id.as_str(), |it| &it.name).to_owned(),
                what_happened: options.what_happened.clone(),
                found_on: options.found_on,
                contact: options.contact.clone(),
                today: model::Date::of(gateway.clock.now()),
            };
            write_letters(gateway, folder, &occasion, &patients).await?
        }
    };
    let listed: Vec<Value> = patients
        .iter()
        .enumerate()
        .map(|(number, patient)| entry(patient, letters.get(number)))
        .collect();
    let sum = |count: fn(&release::ExposedStudy) -> u64| -> u64 {
        patients.iter().flat_map(|it| &it.studies).map(count).sum()
    };
    let studies: usize = patients.iter().map(|it| it.studies.len()).sum();
    let unnamed = patients.iter().filter(|it| it.id.is_none()).count();
    let counts = json!({"patients": patients.len(), "studies": studies, "sent": sum(|it| it.sent),
        "unknown": sum(|it| it.unknown), "erased_patients": unnamed});
    if common.json {
        return output::json(
            &json!({"recipient": id, "from": from, "to": to, "patients": listed, "counts": counts}),
        );
    }
    table(&patients);
    output::line(format!(
        "{} patients, {studies} studies, {} instances sent, {} may have been sent",
        patients.len(),
        sum(|it| it.sent),
        sum(|it| it.unknown)
    ));
    if unnamed > 0 {
        output::note(format!(
            "{unnamed} of the patients were erased here: nothing says who they are"
        ));
    }
    Ok(())
}

fn entry(patient: &Exposed, letter: Option<&Option<PathBuf>>) -> Value {
    let studies: Vec<Value> = patient
        .studies
        .iter()
        .map(|study| {
            let copy = study.copy.as_ref();
            json!({"uid": study.study.as_str(), "release": study.release.number(), "profile": study.profile,
                "sent": study.sent, "unknown": study.unknown, "first_at": study.first_at, "last_at": study.last_at,
                "copy_state": copy.map(|copy| copy.state.as_str()), "copy_due": copy.and_then(|copy| copy.due_at)})
        })
        .collect();
    json!({"patient_id": patient.id.as_ref().map(model::Redacted::reveal), "name": patient.name.as_ref().map(model::Redacted::reveal),
        "studies": studies, "letter": letter})
}

fn table(patients: &[Exposed]) {
    for patient in patients {
        let id = patient.id.as_ref().map_or("(erased)", |id| id.reveal());
        let name = patient.name.as_ref().map_or("", |name| name.reveal());
        output::line(format!("{id}  {name}"));
        for study in &patient.studies {
            let state = study
                .copy
                .as_ref()
                .map_or("no copy confirmed", |copy| copy.state.as_str());
            output::line(format!(
                "    {}  {} sent, {} may have been sent, {} to {}, {}: {state}",
                study.study, study.sent, study.unknown, study.first_at, study.last_at, study.profile
            ));
        }
    }
}

/// One letter a patient, by number: names are no file names.
async fn write_letters(
    gateway: &Gateway,
    folder: &Path,
    occasion: &Occasion,
    patients: &[Exposed],
) -> Result<Vec<Option<PathBuf>>> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut written = Vec::new();
    for (number, patient) in (1_u64..).zip(patients) {
        if patient.id.is_none() {
            written.push(None);
            continue;
        }
        let mut scans = Vec::new();
        for study in &patient.studies {
            scans.push(letter::scan(&gateway.store, study).await?);
        }
        let file = folder.join(format!("letter-{number:06}.html"));
        let page = occasion.letter(patient, &scans);
        write_private(&file, page.as_bytes()).with_context(|| format!("cannot write {}", file.display()))?;
        written.push(Some(file));
    }
    for missing in occasion.missing() {
        output::note(format!("to be filled in by hand in each letter: give {missing}"));
    }
    Ok(written)
}

/// Only its owner may read it.
fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(file)?.write_all(bytes)
}
