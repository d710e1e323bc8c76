//! The story: scans arrive, are sealed, copies are altered, and each alteration shows.

use super::facts::Facts;
use crate::commands::serve::Running;
use crate::gateway;
use anyhow::{Context as _, Result};
use dimse::{Association, Proposal, Request};
use model::{AeTitle, Clock as _, Uid};
use seal::{Bundle, Verdict};
use std::path::Path;
use std::sync::Arc;
use store::FsckOptions;
use testkit::{Encoding, Instance, Modality, Object, Patient, Study, Vr};
use verify::{Candidate, Report, StudyReport, Trust, Verifier};

const WINDOW_CENTER: u32 = 0x0028_1050;
const WINDOW_WIDTH: u32 = 0x0028_1051;
const PIXEL_DATA: u32 = 0x7FE0_0010;

pub(super) async fn tell(running: &Running, folder: &Path, facts: &mut Facts) -> Result<()> {
    let taken = crate::clock::SystemClock.now();
    let mut ct = Study::new(1, Patient::number(1), Modality::Ct, taken);
    (ct.slices, ct.series) = (6, 2);
    let mut mr = Study::new(2, Patient::number(2), Modality::Mr, taken);
    mr.slices = 4;
    let chest = Study::new(3, Patient::number(3), Modality::Dx, taken);
    let scans: Vec<Instance> = [&ct, &mr, &chest]
        .into_iter()
        .flat_map(Study::instances)
        .collect();
    let objects: Vec<Object> = scans
        .iter()
        .map(|scan| scan.object(Encoding::ExplicitLe))
        .collect();

    // Arrival.
    let mut scanner = association(running, &objects).await?;
    let mut accepted = 0;
    for object in &objects {
        accepted += usize::from(send(&mut scanner, object).await? == 0);
    }
    let sent = objects.len();
    facts.hold(
        "every-scan-was-acknowledged-over-the-dicom-network",
        accepted == sent,
        format!("{accepted} of {sent}"),
    );
    let sealed_size = running.gateway.store.log().size().await?;
    facts.hold(
        "every-acknowledged-scan-is-in-the-log",
        sealed_size >= sent as u64,
        format!("log of {sealed_size} entries"),
    );
    let again = send(&mut scanner, objects.first().context("no scan")?).await?;
    let size = running.gateway.store.log().size().await?;
    facts.hold(
        "a-re-sent-scan-is-kept-once",
        again == 0 && size == sealed_size,
        format!("status {again:04x}, log still of {size} entries"),
    );

    // Copies, as somebody outside would hold them.
    let copies = folder.join("copies");
    std::fs::create_dir_all(&copies)?;
    let scan = scans.get(3).context("no scan")?;
    let report = judge(running, scan, &copies.join("unchanged.dcm"), Encoding::ExplicitLe).await?;
    facts.hold(
        "an-unchanged-copy-is-authentic",
        report.verdict == Verdict::Authentic,
        report.verdict.as_str(),
    );
    let said = report
        .source
        .as_ref()
        .is_some_and(|source| source.ae.as_deref() == Some("SCANNER") && !source.authenticated);
    facts.hold(
        "the-seal-says-how-it-arrived",
        said,
        "by the DICOM network from SCANNER, sender not proved",
    );
    let report = judge(running, scan, &copies.join("rewritten.dcm"), Encoding::ImplicitLe).await?;
    facts.hold(
        "a-losslessly-rewritten-copy-is-authentic",
        report.verdict == Verdict::Authentic,
        report.verdict.as_str(),
    );

    let mut tumour = scan.clone();
    let (x, y) = (300, 200);
    let columns = usize::from(ct.matrix);
    let pixels = tumour.data_set.bytes_mut(PIXEL_DATA).context("no pixel data")?;
    for row in y..y + 12 {
        for column in x..x + 12 {
            if let Some(low) = pixels.get_mut(2 * (row * columns + column)) {
                *low ^= 0x40;
            }
        }
    }
    let report = judge(
        running,
        &tumour,
        &copies.join("altered-pixels.dcm"),
        Encoding::ExplicitLe,
    )
    .await?;
    let holds = |report: &Report| {
        report.regions.iter().any(|r| {
            (r.x as usize) <= x && (r.y as usize) <= y && x < (r.x + r.w) as usize && y < (r.y + r.h) as usize
        })
    };
    let found = report.verdict == Verdict::PixelsAltered && holds(&report);
    facts.hold(
        "altered-pixels-are-found-where-they-are",
        found,
        format!(
            "{} with {} region(s)",
            report.verdict.as_str(),
            report.regions.len()
        ),
    );
    let candidate = Candidate::file(&copies.join("altered-pixels.dcm"))?;
    let (decoder, regions) = (gateway::decoder()?, report.regions.clone());
    let png = tokio::task::spawn_blocking(move || {
        verify::render(&candidate, 1, &decoder).and_then(|picture| verify::draw(picture, 1, &regions))
    });
    std::fs::write(copies.join("altered-pixels.png"), png.await??)?;

    let mut window = scan.clone();
    window
        .data_set
        .text(WINDOW_CENTER, Vr::DS, "-500")
        .text(WINDOW_WIDTH, Vr::DS, "20");
    let report = judge(
        running,
        &window,
        &copies.join("other-window.dcm"),
        Encoding::ExplicitLe,
    )
    .await?;
    facts.hold(
        "another-window-is-display-altered",
        report.verdict == Verdict::DisplayAltered,
        report.verdict.as_str(),
    );

    let mut moved = scan.clone();
    moved.data_set.text(0x0028_0030, Vr::DS, "1.5\\1.5");
    let report = judge(
        running,
        &moved,
        &copies.join("other-spacing.dcm"),
        Encoding::ExplicitLe,
    )
    .await?;
    facts.hold(
        "another-pixel-spacing-is-attributes-altered",
        report.verdict == Verdict::AttributesAltered,
        report.verdict.as_str(),
    );

    let mut stolen = scan.clone();
    let other = "2.25.31415926535897932384626433832795028841";
    stolen.sop_instance = Uid::new(other)?;
    stolen
        .data_set
        .text(0x0008_0018, Vr::UI, other)
        .text(0x0010_0010, Vr::PN, "Somebody^Else")
        .text(0x0010_0020, Vr::LO, "X-1");
    let report = judge(
        running,
        &stolen,
        &copies.join("another-patient.dcm"),
        Encoding::ExplicitLe,
    )
    .await?;
    facts.hold(
        "sealed-pixels-under-another-name-are-stripped",
        report.verdict == Verdict::Stripped,
        report.verdict.as_str(),
    );

    let strange = Study::new(99, Patient::number(9), Modality::Mr, taken)
        .instances()
        .next()
        .context("no scan")?;
    let report = judge(
        running,
        &strange,
        &copies.join("unknown.dcm"),
        Encoding::ExplicitLe,
    )
    .await?;
    facts.hold(
        "a-scan-that-never-came-is-unsealed",
        report.verdict == Verdict::Unsealed,
        report.verdict.as_str(),
    );

    // A study with one slice taken out.
    let study: Vec<&Instance> = scans.iter().filter(|scan| scan.study == ct.uid()).collect();
    let (gone, rest) = study.split_last().context("no scan")?;
    let report = study_without(running, rest, &copies.join("study")).await?;
    let named = report
        .whole
        .missing
        .iter()
        .any(|uid| uid == gone.sop_instance.as_str());
    let detail = format!(
        "{}, missing {}",
        report.whole.verdict.as_str(),
        report.whole.missing.len()
    );
    facts.hold(
        "a-slice-taken-out-is-named",
        report.whole.verdict == Verdict::Incomplete && named,
        detail,
    );

    // The same UID with other pixels.
    let status = send(&mut scanner, &tumour.object(Encoding::ExplicitLe)).await?;
    let waiting = running.gateway.store.quarantine_list(true).await?.len();
    facts.hold(
        "the-same-uid-with-other-pixels-is-refused-and-kept-apart",
        status == 0xA900 && waiting == 1,
        format!("status {status:04x}, {waiting} in quarantine"),
    );
    let _ = scanner.release().await;

    offline(running, scan, folder, facts).await?;
    super::copies::tell(taken, facts)?;
    let report = running.gateway.store.fsck(FsckOptions::default()).await?;
    facts.hold(
        "everything-kept-is-sound",
        report.is_sound(),
        format!("{} blobs, log of {} entries", report.blobs, report.log.size),
    );
    Ok(())
}

pub(super) async fn association(running: &Running, objects: &[Object]) -> Result<Association> {
    let mut proposals: Vec<Proposal> = Vec::new();
    for object in objects {
        if proposals
            .iter()
            .all(|proposal| proposal.sop_class != object.sop_class)
        {
            proposals.push(Proposal::object(&object.sop_class, &object.transfer_syntax));
        }
    }
    let request = Request::new(AeTitle::new("SCANNER")?, AeTitle::new("LEADGLASS")?, proposals);
    Ok(Association::request(running.dimse, &request).await?)
}

pub(super) async fn send(scanner: &mut Association, object: &Object) -> Result<u16> {
    let Object {
        sop_class,
        sop_instance,
        transfer_syntax,
        data_set,
    } = object;
    let response = scanner
        .store(sop_class, sop_instance, transfer_syntax, data_set.as_slice())
        .await?;
    Ok(response.status.0)
}

async fn judge(running: &Running, scan: &Instance, file: &Path, encoding: Encoding) -> Result<Report> {
    std::fs::write(file, scan.object(encoding).part10())?;
    let mut verifier = running.gateway.verifier(None)?;
    Ok(verifier.verify(&Candidate::file(file)?, None).await?)
}

async fn study_without(running: &Running, rest: &[&Instance], folder: &Path) -> Result<StudyReport> {
    std::fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    for scan in rest {
        let file = folder.join(format!("{}.dcm", scan.sop_instance));
        std::fs::write(&file, scan.object(Encoding::ExplicitLe).part10())?;
        files.push((file.clone(), Candidate::file(&file)?));
    }
    let mut verifier = running.gateway.verifier(None)?;
    let reports = verifier.verify_studies(files, None).await?;
    reports.into_iter().next().context("no study")
}

/// What somebody without this archive can check, with a bundle and a trust file alone.
async fn offline(running: &Running, scan: &Instance, folder: &Path, facts: &mut Facts) -> Result<()> {
    let gateway = &running.gateway;
    let instance = gateway
        .store
        .instance(&scan.sop_instance)
        .await?
        .context("no such instance")?;
    let bundle = verify::bundle_instance(&gateway.store, &instance).await?;
    let trust: Trust = verify::export_trust(&gateway.store, &gateway.key).await?;
    let bytes = bundle.encode();
    std::fs::write(folder.join("copies/unchanged.lgseal"), &bytes)?;
    trust.save(&folder.join("copies/trust.json"))?;
    let copy: Arc<[u8]> = scan.object(Encoding::ExplicitLe).part10().into();
    let candidate = Candidate::bytes(copy)?;
    let mut verifier = Verifier::offline(trust.clone(), gateway::decoder()?);
    let report = verifier.verify(&candidate, Some(&bundle)).await?;
    let detail = format!("{}, bundle of {} bytes", report.verdict.as_str(), bytes.len());
    facts.hold(
        "a-copy-is-verified-offline-with-its-bundle",
        report.verdict == Verdict::Authentic,
        detail,
    );
    let mut fooled = 0;
    for at in (0..bytes.len()).step_by(97) {
        let mut flipped = bytes.clone();
        if let Some(byte) = flipped.get_mut(at) {
            *byte ^= 1;
        }
        let Ok(bundle) = Bundle::decode(&flipped) else {
            continue;
        };
        let mut verifier = Verifier::offline(trust.clone(), gateway::decoder()?);
        let report = verifier.verify(&candidate, Some(&bundle)).await?;
        fooled += usize::from(report.verdict == Verdict::Authentic);
    }
    facts.hold(
        "a-bundle-with-a-flipped-byte-proves-nothing",
        fooled == 0,
        format!("{fooled} believed"),
    );
    Ok(())
}
