//! The same UID again: the same object, or another one.

use crate::attributes::{levels, patient};
use crate::reception::{Arrival, Arrived, Inner};
use crate::{Reason, Status};
use seal::Verdict;
use store::{Contradiction, Instance, NewQuarantined, StagedBlob};
use tlog::Kind;
use verify::{Candidate, Evidence, examine};

/// How an object stands to the one that is here under its UID.
pub(crate) enum Known {
    /// The same, if perhaps written otherwise without loss.
    Same,
    /// Another one; what differs.
    Other(&'static str),
}

/// What a contradiction is called.
pub(crate) fn words(contradiction: Contradiction) -> &'static str {
    match contradiction {
        Contradiction::StudyOfAnotherPatient => "the study is here under another patient",
        Contradiction::SeriesOfAnotherStudy => "the series is here in another study",
    }
}

/// Holds an arrived object against the seal of the one that is here: only what verifies as authentic, amended
/// ways included, is the same.
pub(crate) async fn compare(
    inner: &Inner,
    existing: &Instance,
    arrived: &Arrived,
    blob: &StagedBlob,
) -> Result<Known, Reason> {
    if existing.sop_class_uid != arrived.identity.sop_class_uid {
        return Ok(Known::Other(
            "the same sop instance uid is here with another sop class",
        ));
    }
    let candidate = Candidate::staged(
        arrived.observation.clone(),
        arrived.identity.clone(),
        arrived.syntax.clone(),
        inner.store.open_staged(blob)?,
    );
    let failed = |error: verify::Error| Reason::Failed(error.to_string());
    let evidence = Evidence::stored(&inner.store, existing, &inner.verifier)
        .await
        .map_err(failed)?;
    if needs_sealed_pixels(&evidence, &candidate) {
        let done = verify::complete(
            &inner.store,
            existing,
            &inner.decoder,
            &inner.key,
            inner.clock.as_ref(),
            inner.random.as_ref(),
        );
        done.await.map_err(failed)?;
        let evidence = Evidence::stored(&inner.store, existing, &inner.verifier)
            .await
            .map_err(failed)?;
        return judge(inner, evidence, candidate).await;
    }
    judge(inner, evidence, candidate).await
}

/// The seal is over fragments, nobody decoded them yet, and the fragments of the candidate are others.
fn needs_sealed_pixels(evidence: &Evidence, candidate: &Candidate) -> bool {
    let over_fragments = matches!(evidence.statement.pixels, seal::PixelTruth::Fragments { .. });
    let native = matches!(candidate.observation.pixels, seal::PixelObservation::Native(_));
    let differs = || seal::needs_decoding(&evidence.record, &evidence.statement, &candidate.observation);
    over_fragments && evidence.completion.is_none() && (native || differs())
}

async fn judge(inner: &Inner, evidence: Evidence, candidate: Candidate) -> Result<Known, Reason> {
    let decoder = inner.decoder.clone();
    let findings = tokio::task::spawn_blocking(move || examine(&evidence, &candidate, &decoder)).await;
    let findings = findings.map_err(|_| Reason::Failed("the comparison failed".into()))?;
    Ok(match Verdict::of(&findings).0 {
        Verdict::Authentic | Verdict::AuthenticAmended => Known::Same,
        Verdict::PixelsAltered => Known::Other("the same sop instance uid is here with other pixels"),
        Verdict::Unproven => Known::Other("the same sop instance uid is here, pixels not provably the same"),
        _ => Known::Other("the same sop instance uid is here with other attributes"),
    })
}

/// Keeps the object apart, with a CONFLICT entry in the log.
pub(crate) async fn quarantine(
    inner: &Inner,
    arrival: &Arrival,
    arrived: &Arrived,
    blob: StagedBlob,
    what: &'static str,
) -> Result<(Status, Option<Reason>, Option<u64>), Reason> {
    let header = &arrived.observation.header;
    let levels = levels(header);
    let shown =
        [&levels.patient, &levels.study, &levels.series, &levels.instance].map(|json| json.reveal().as_str());
    let salt = inner.salt()?;
    let commitment = seal::commitment(&salt, arrived.identity.sop_instance_uid.as_str().as_bytes());
    let new = NewQuarantined {
        patient: Some(patient(header)),
        reason: "conflict".into(),
        detail: what.into(),
        sop_instance_uid: Some(arrived.identity.sop_instance_uid.clone()),
        study_instance_uid: header.uid(dicom::Tag(0x0020, 0x000D)),
        transfer_syntax: Some(arrived.syntax.uid.clone()),
        form: arrived.form,
        source: arrival.source.clone(),
        received_at: inner.clock.now(),
        attributes: model::Redacted::new(format!("[{}]", shown.join(","))),
        entry: inner.entry(Kind::Conflict, commitment),
    };
    let quarantined = inner.store.quarantine(new, Some(blob)).await?;
    Ok((
        Status::Conflict,
        Some(Reason::Conflict(what.into())),
        Some(quarantined.log_index),
    ))
}
