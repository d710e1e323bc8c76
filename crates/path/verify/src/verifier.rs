//! From a candidate and evidence to a report.

use crate::evidence::{entry_of, find_in, stored_amendments, stored_completion, stored_copy};
use crate::report::LogPlace;
use crate::study::FileReport;
use crate::{Candidate, Distrust, Error, Evidence, Report, StudyReport, Trust, examine};
use decode::Decoder;
use model::Uid;
use seal::px1::private_root;
use seal::{
    Bundle, Decoded, Findings, Manifest, PixelFindings, PixelObservation, Record, SealVerifier, Verdict,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::{Instance, Store};
use tlog::{Checkpoint, ConsistencyProof, Entry, Kind, TlogProof};

/// Verifies candidates against a store, against a bundle, or both.
pub struct Verifier {
    store: Option<Store>,
    trust: Option<Trust>,
    own_keys: SealVerifier,
    decoder: Decoder,
    newest: Option<(Checkpoint, String)>,
}

type Found = Result<(Evidence, LogPlace), &'static str>;

impl Verifier {
    /// A verifier that looks seals up in a store. Keys of a trust file, where one is given, count instead of the
    /// store's own.
    pub fn with_store(store: Store, own_key: [u8; 32], trust: Option<Trust>, decoder: Decoder) -> Self {
        Self {
            store: Some(store),
            trust,
            own_keys: SealVerifier::new([own_key]),
            decoder,
            newest: None,
        }
    }

    /// A verifier that has a trust file and nothing else.
    pub fn offline(trust: Trust, decoder: Decoder) -> Self {
        Self {
            store: None,
            trust: Some(trust),
            own_keys: SealVerifier::default(),
            decoder,
            newest: None,
        }
    }

    fn keys(&self) -> SealVerifier {
        self.trust
            .as_ref()
            .map_or_else(|| self.own_keys.clone(), Trust::seal_verifier)
    }

    /// The trust file moved forward to the newest head that was proved to continue it; `None` when it did not move.
    pub fn advanced_trust(&self) -> Option<Trust> {
        let mut trust = self.trust.clone()?;
        let (head, note) = self.newest.as_ref()?;
        let before = trust.checkpoint.clone();
        trust.advance(head, note);
        (trust.checkpoint != before).then_some(trust)
    }

    /// The report on one candidate, against a bundle if one is given, else against the store.
    ///
    /// # Errors
    /// When the store fails. What does not fit gives a report, not an error.
    pub async fn verify(&mut self, candidate: &Candidate, bundle: Option<&Bundle>) -> Result<Report, Error> {
        let Some(uid) = candidate.sop_instance_uid().cloned() else {
            return self.without_seal(candidate).await;
        };
        let report = match bundle {
            Some(bundle) => match find_in(bundle, &uid, &self.keys()) {
                Some(instance) => {
                    let found = self.against_bundle(bundle, instance).await;
                    Some(self.judge(candidate, found).await)
                }
                None if bundle
                    .instances
                    .iter()
                    .any(|i| i.record.document.open(&self.keys()).is_err()) =>
                {
                    Some(Report::new(Verdict::Unproven, Some("bundle-signature")))
                }
                None => None,
            },
            None => match self.store.clone() {
                Some(store) => self.here(&store, candidate, &uid).await?,
                None => None,
            },
        };
        let Some(mut report) = report else {
            return self.without_seal(candidate).await;
        };
        report.sop_instance_uid = Some(uid.as_str().to_owned());
        Ok(report)
    }

    /// The report by what is sealed here under this SOP Instance UID: an object that arrived, or a copy that went out.
    async fn here(
        &mut self,
        store: &Store,
        candidate: &Candidate,
        uid: &Uid,
    ) -> Result<Option<Report>, Error> {
        let arrived = match store.instance(uid).await? {
            Some(instance) => match self.against_store(store, &instance).await {
                Ok(found) => Some(Ok(self.judge(candidate, found).await)),
                // A copy outlives the erasure of what it was made of.
                Err(error @ Error::Store(store::Error::Erased)) => Some(Err(error)),
                Err(error) => return Err(error),
            },
            None => None,
        };
        let fits = |report: &Report| report.verdict.exit_code() == 0 || report.verdict == Verdict::Revoked;
        if let Some(Ok(report)) = &arrived
            && fits(report)
        {
            return arrived.transpose();
        }
        let Some((record, log_index)) = stored_copy(store, uid).await? else {
            return arrived.transpose();
        };
        let found = self.against_copy(store, record, log_index).await?;
        let report = self.judge(candidate, found).await;
        // Where a copy kept the UIDs, object and copy go by one name: what is not the one may be the other.
        match arrived {
            Some(Ok(arrived)) if report.verdict != Verdict::Derived => Ok(Some(arrived)),
            _ => Ok(Some(report)),
        }
    }

    async fn judge(&self, candidate: &Candidate, found: Found) -> Report {
        let (evidence, log) = match found {
            Ok(found) => found,
            Err(reason) => return Report::new(Verdict::Unproven, Some(reason)),
        };
        let (candidate, decoder) = (candidate.clone(), self.decoder.clone());
        let examined = tokio::task::spawn_blocking(move || {
            let findings = examine(&evidence, &candidate, &decoder);
            (evidence, findings)
        });
        match examined.await {
            Err(_) => Report::new(Verdict::Unproven, Some("examination-failed")),
            Ok((evidence, findings)) => report(&evidence, &findings, log),
        }
    }

    /// No seal for this identity: the pixels may still be known here under another one.
    async fn without_seal(&self, candidate: &Candidate) -> Result<Report, Error> {
        let Some(store) = &self.store else {
            return Ok(Report::new(Verdict::Unsealed, None));
        };
        let (owned, decoder) = (candidate.clone(), self.decoder.clone());
        let root = tokio::task::spawn_blocking(move || match &owned.observation.pixels {
            PixelObservation::Native(digest) => Some(private_root(digest)),
            PixelObservation::Encapsulated(_) => match owned.decode(&decoder) {
                Decoded::Pixels { digest, .. } => Some(private_root(&digest)),
                _ => None,
            },
            _ => None,
        });
        let known = match root.await {
            Ok(Some(root)) => !store.find_by_pixel_root(&root).await?.is_empty(),
            _ => false,
        };
        let verdict = if known {
            Verdict::Stripped
        } else {
            Verdict::Unsealed
        };
        let mut report = Report::new(verdict, None);
        report.sop_instance_uid = candidate.sop_instance_uid().map(|uid| uid.as_str().to_owned());
        Ok(report)
    }

    async fn against_store(&mut self, store: &Store, instance: &Instance) -> Result<Found, Error> {
        let evidence = match Evidence::stored(store, instance, &self.keys()).await {
            Ok(evidence) => evidence,
            Err(Error::Seal(_)) => return Ok(Err("seal-signature")),
            Err(error) => return Err(error),
        };
        let mut documents = vec![(Kind::Seal, evidence.record.commitment(), instance.log_index)];
        if let Some((completion, index)) = stored_completion(store, instance).await? {
            documents.push((Kind::Complete, completion.commitment(), index));
        }
        for (amendment, index) in stored_amendments(store, instance).await? {
            documents.push((Kind::Amend, amendment.commitment(), index));
        }
        let place = self.in_own_log(store, documents).await;
        Ok(place.map(|log| (evidence, log)))
    }

    async fn against_copy(&mut self, store: &Store, record: Record, log_index: u64) -> Result<Found, Error> {
        let documents = vec![(Kind::Seal, record.commitment(), log_index)];
        let Ok(evidence) = Evidence::open(record, None, &[], &self.keys()) else {
            return Ok(Err("seal-signature"));
        };
        let place = self.in_own_log(store, documents).await;
        Ok(place.map(|log| (evidence, log)))
    }

    /// Whether the store's log holds all of these documents; the place of the first.
    async fn in_own_log(
        &mut self,
        store: &Store,
        documents: Vec<(Kind, [u8; 32], u64)>,
    ) -> Result<LogPlace, &'static str> {
        let mut place = None;
        for (kind, commitment, index) in documents {
            let (Ok(entry), Ok(proof)) = (store.log().entry(index).await, store.log().prove(index).await)
            else {
                return Err("log-proof-missing");
            };
            let log = self
                .in_log(&entry_of(kind, commitment, entry.time_s), &proof, &[])
                .await?;
            place = place.or(Some(log));
        }
        place.ok_or("log-proof-missing")
    }

    async fn against_bundle(&mut self, bundle: &Bundle, instance: &seal::BundledInstance) -> Found {
        let evidence = Evidence::bundled(instance, &self.keys()).map_err(|_| "bundle-signature")?;
        let consistency: Vec<ConsistencyProof> = bundle
            .consistency
            .iter()
            .filter_map(|text| ConsistencyProof::parse(text).ok())
            .collect();
        let record = (
            Kind::Seal,
            instance.record.document.commitment(),
            &instance.record.proof,
        );
        let mut documents = vec![(record, instance.record.entry_time)];
        if let Some(completion) = &instance.completion {
            let document = (
                Kind::Complete,
                completion.document.commitment(),
                &completion.proof,
            );
            documents.push((document, completion.entry_time));
        }
        for amendment in &instance.amendments {
            let document = (Kind::Amend, amendment.document.commitment(), &amendment.proof);
            documents.push((document, amendment.entry_time));
        }
        let mut place = None;
        for ((kind, commitment, proof), time) in documents {
            let proof = TlogProof::parse(proof).map_err(|_| "log-proof-missing")?;
            let log = self
                .in_log(&entry_of(kind, commitment, time), &proof, &consistency)
                .await?;
            place = place.or(Some(log));
        }
        place.map(|log| (evidence, log)).ok_or("log-proof-missing")
    }

    /// Whether a believed head of the log holds this entry.
    async fn in_log(
        &mut self,
        entry: &Entry,
        proof: &TlogProof,
        consistency: &[ConsistencyProof],
    ) -> Result<LogPlace, &'static str> {
        let (verifier, origin) = match (&self.trust, &self.store) {
            (Some(trust), _) => (
                trust.log_verifier().map_err(|_| "trust-unreadable")?,
                trust.origin.clone(),
            ),
            (None, Some(store)) => (store.log().verifier().clone(), store.log().origin().to_owned()),
            (None, None) => return Err("no-trust"),
        };
        let head = proof
            .verify(&entry.leaf_hash(), &verifier, &origin)
            .map_err(|_| "log-proof-wrong")?;
        if let Some(trust) = &self.trust {
            let mut proofs: Vec<ConsistencyProof> = consistency.to_vec();
            if let (Some(store), Ok(seen)) = (&self.store, trust.seen()) {
                let (old, new) = (head.size.min(seen.size), head.size.max(seen.size));
                if old < new
                    && old > 0
                    && let Ok(proof) = store.log().consistency(old, new).await
                {
                    proofs.push(proof);
                }
            }
            let any = |old: u64, new: u64| {
                let fits = |proof: &&ConsistencyProof| (proof.old_size, proof.new_size) == (old, new);
                if old == 0 {
                    return Some(ConsistencyProof {
                        old_size: 0,
                        new_size: new,
                        hashes: Vec::new(),
                    });
                }
                proofs.iter().find(fits).cloned()
            };
            trust.admit(&head, any).map_err(|distrust| match distrust {
                Distrust::Signature => "log-signature",
                Distrust::Forked => "log-forked",
                Distrust::RolledBack => "log-rolled-back",
                Distrust::NotShown => "log-consistency-not-shown",
            })?;
        }
        let place = LogPlace {
            origin,
            index: proof.index,
            size: head.size,
        };
        if self
            .newest
            .as_ref()
            .is_none_or(|(newest, _)| newest.size < head.size)
        {
            self.newest = Some((head, proof.checkpoint.clone()));
        }
        Ok(place)
    }

    /// The reports on files, brought together study by study.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn verify_studies(
        &mut self,
        files: Vec<(PathBuf, Candidate)>,
        bundle: Option<&Bundle>,
    ) -> Result<Vec<StudyReport>, Error> {
        let mut studies: BTreeMap<Option<Uid>, Vec<FileReport>> = BTreeMap::new();
        for (file, candidate) in files {
            let study = candidate.observation.header.uid(dicom::Tag(0x0020, 0x000D));
            let report = self.verify(&candidate, bundle).await?;
            studies
                .entry(study)
                .or_default()
                .push(FileReport { file, report });
        }
        let mut reports = Vec::new();
        for (study, files) in studies {
            let expected = match &study {
                Some(study) => self.expected(study, bundle).await?,
                None => Vec::new(),
            };
            reports.push(StudyReport::new(study.as_ref(), files, &expected));
        }
        Ok(reports)
    }

    /// What a study should hold: by its manifest in the bundle, else by what is sealed here.
    async fn expected(&self, study: &Uid, bundle: Option<&Bundle>) -> Result<Vec<Uid>, Error> {
        let listed = |manifest: &Manifest| {
            let content = manifest.open(&self.keys()).ok()?;
            let uids = content
                .instances
                .into_iter()
                .map(|entry| entry.sop_instance_uid)
                .collect::<Vec<_>>();
            (content.study_instance_uid == *study).then_some(uids)
        };
        let mut expected = bundle
            .and_then(|b| b.manifest.as_ref())
            .and_then(|m| listed(&m.document))
            .unwrap_or_default();
        if let (Some(store), true) = (&self.store, expected.is_empty()) {
            let instances = store.instances_of_study(study).await?;
            expected = instances
                .into_iter()
                .map(|instance| instance.sop_instance_uid)
                .collect();
        }
        Ok(expected)
    }
}

fn report(evidence: &Evidence, findings: &Findings, log: LogPlace) -> Report {
    let (verdict, reason) = if evidence.withdrawn() {
        (Verdict::Revoked, None)
    } else {
        Verdict::of(findings)
    };
    let mut report = Report::new(verdict, reason);
    report.signer = Some(format!("{:016x}", u64::from_be_bytes(evidence.key)));
    report.sealed_at = Some(evidence.statement.sealed_at.to_string());
    report.source = Some(evidence.statement.source.clone());
    report.log = Some(log);
    report.changed = findings.attributes.iter().map(Into::into).collect();
    report.amendments = evidence.amendments.iter().map(Into::into).collect();
    if let PixelFindings::Altered(regions) = &findings.pixels {
        report.regions.clone_from(regions);
    }
    if findings.hidden_bits_cleared && report.reason.is_none() {
        report.reason = Some("bits outside bits stored are cleared".into());
    }
    report
}
