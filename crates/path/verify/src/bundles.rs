//! Evidence to hand out: bundles and the trust file.

use crate::evidence::{logged, stored_amendments, stored_completion, stored_copy, stored_record};
use crate::study::close_study;
use crate::{Error, Trust};
use model::{Clock, Uid};
use seal::{Bundle, BundledInstance, SealKey};
use store::{Instance, Random, Store};
use tlog::Checkpoint;

/// Proofs of consistency that a bundle carries at most: from the newest heads that were handed out.
const CONSISTENCY: usize = 32;

async fn bundled(store: &Store, instance: &Instance) -> Result<BundledInstance, Error> {
    let record = stored_record(store, instance).await?;
    let completion = match stored_completion(store, instance).await? {
        Some((completion, log_index)) => Some(logged(store, completion, log_index).await?),
        None => None,
    };
    let mut amendments = Vec::new();
    for (amendment, log_index) in stored_amendments(store, instance).await? {
        amendments.push(logged(store, amendment, log_index).await?);
    }
    Ok(BundledInstance {
        record: logged(store, record, instance.log_index).await?,
        completion,
        amendments,
    })
}

/// Every head that stands in the bundle is remembered as handed out, and proofs lead to it from the heads that
/// were handed out before: so whoever trusts one of those can check, offline, that the log only grew.
async fn with_consistency(store: &Store, mut bundle: Bundle) -> Result<Bundle, Error> {
    let log = store.log();
    let mut heads: Vec<Checkpoint> = Vec::new();
    let proofs = bundle.instances.iter().flat_map(|instance| {
        let amendments = instance.amendments.iter().map(|amendment| &amendment.proof);
        let completion = instance.completion.iter().map(|completion| &completion.proof);
        [&instance.record.proof]
            .into_iter()
            .chain(completion)
            .chain(amendments)
    });
    for proof in proofs.chain(bundle.manifest.iter().map(|manifest| &manifest.proof)) {
        let note = tlog::TlogProof::parse(proof)?.checkpoint;
        let head = Checkpoint::open(&note, log.verifier(), log.origin())?;
        if heads.iter().all(|known| known.size != head.size) {
            heads.push(head);
        }
    }
    let issued = log.issued().await?;
    let skip = issued.len().saturating_sub(CONSISTENCY);
    for head in &heads {
        for (size, _) in issued
            .iter()
            .skip(skip)
            .filter(|(size, _)| *size < head.size && *size > 0)
        {
            bundle
                .consistency
                .push(log.consistency(*size, head.size).await?.encode());
        }
        log.issue(head).await?;
    }
    Ok(bundle)
}

/// The evidence bundle of one instance.
///
/// # Errors
/// When the store cannot be read.
pub async fn bundle_instance(store: &Store, instance: &Instance) -> Result<Bundle, Error> {
    let instances = vec![bundled(store, instance).await?];
    with_consistency(
        store,
        Bundle {
            instances,
            manifest: None,
            consistency: Vec::new(),
        },
    )
    .await
}

/// The evidence bundle of a released copy, by the copy's SOP Instance UID; `None` when no copy went out under it. It
/// holds the copy's own seal and no more: nothing of the object that the copy was made of.
///
/// # Errors
/// When the store cannot be read.
pub async fn bundle_copy(store: &Store, copy: &Uid) -> Result<Option<Bundle>, Error> {
    let Some((record, log_index)) = stored_copy(store, copy).await? else {
        return Ok(None);
    };
    let instances = vec![BundledInstance {
        record: logged(store, record, log_index).await?,
        completion: None,
        amendments: Vec::new(),
    }];
    let bundle = Bundle {
        instances,
        manifest: None,
        consistency: Vec::new(),
    };
    Ok(Some(with_consistency(store, bundle).await?))
}

/// The evidence bundle of a study: closes it, if something arrived since it was closed last.
///
/// # Errors
/// When there is no such study, or the store fails.
pub async fn bundle_study(
    store: &Store,
    study: &Uid,
    key: &SealKey,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Bundle, Error> {
    let mut instances = Vec::new();
    for instance in store.instances_of_study(study).await? {
        instances.push(bundled(store, &instance).await?);
    }
    let (manifest, log_index) = close_study(store, study, key, clock, random).await?;
    let manifest = Some(logged(store, manifest, log_index).await?);
    with_consistency(
        store,
        Bundle {
            instances,
            manifest,
            consistency: Vec::new(),
        },
    )
    .await
}

/// The trust file of this archive's log, as of now.
///
/// # Errors
/// When the store cannot be read.
pub async fn export_trust(store: &Store, key: &SealKey) -> Result<Trust, Error> {
    let log = store.log();
    let checkpoint = log.issue_checkpoint().await?;
    let history = log.issued().await?;
    Ok(Trust::new(
        log.verifier(),
        vec![key.public()],
        checkpoint,
        history,
    ))
}
