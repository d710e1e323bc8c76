//! The seal of one object with everything signed about it.

use crate::{Candidate, Error};
use decode::Decoder;
use model::Uid;
use seal::{
    Amended, Amendment, Bundle, BundledInstance, Completion, CompletionStatement, Decoded, Findings, Logged,
    PixelObservation, PixelTruth, Record, SealError, SealVerifier, Statement, compare, needs_decoding,
};
use store::{Instance, Store};
use tlog::{Entry, Kind};

/// A seal whose signature and parts were checked. What the log says of it is checked apart.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The record.
    pub record: Record,
    /// Its statement.
    pub statement: Statement,
    /// Id of the key that signed it.
    pub key: [u8; 8],
    /// PX1 of compressed pixels, with its tiles.
    pub completion: Option<(CompletionStatement, Vec<[u8; 32]>)>,
    /// The amendments, oldest first.
    pub amendments: Vec<Amended>,
}

impl Evidence {
    /// Checks signatures and parts.
    ///
    /// # Errors
    /// When one of them does not fit.
    pub fn open(
        record: Record,
        completion: Option<Completion>,
        amendments: &[Amendment],
        verifier: &SealVerifier,
    ) -> Result<Self, SealError> {
        let (statement, key) = record.open(verifier)?;
        let completion = match completion {
            Some(completion) => Some((completion.open(&record, verifier)?, completion.tiles)),
            None => None,
        };
        let amendments = amendments
            .iter()
            .map(|amendment| amendment.open(&record, verifier))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            record,
            statement,
            key,
            completion,
            amendments,
        })
    }

    /// The evidence that the store holds of an instance.
    ///
    /// # Errors
    /// When it cannot be read or does not fit.
    pub async fn stored(store: &Store, instance: &Instance, verifier: &SealVerifier) -> Result<Self, Error> {
        let record = stored_record(store, instance).await?;
        let completion = stored_completion(store, instance)
            .await?
            .map(|(completion, _)| completion);
        let amendments: Vec<Amendment> = stored_amendments(store, instance)
            .await?
            .into_iter()
            .map(|(amendment, _)| amendment)
            .collect();
        Ok(Self::open(record, completion, &amendments, verifier)?)
    }

    /// The evidence that the store holds of a released copy, by the copy's SOP Instance UID; `None` when no copy went out
    /// under it. It holds nothing of the object that the copy was made of.
    ///
    /// # Errors
    /// When it cannot be read or does not fit.
    pub async fn of_copy(store: &Store, copy: &Uid, verifier: &SealVerifier) -> Result<Option<Self>, Error> {
        match stored_copy(store, copy).await? {
            Some((record, _)) => Ok(Some(Self::open(record, None, &[], verifier)?)),
            None => Ok(None),
        }
    }

    /// The evidence in a bundle for the instance with this digest-checked record.
    ///
    /// # Errors
    /// When a signature or a part does not fit.
    pub fn bundled(instance: &BundledInstance, verifier: &SealVerifier) -> Result<Self, SealError> {
        let amendments: Vec<Amendment> = instance.amendments.iter().map(|a| a.document.clone()).collect();
        let completion = instance.completion.as_ref().map(|c| c.document.clone());
        Self::open(
            instance.record.document.clone(),
            completion,
            &amendments,
            verifier,
        )
    }

    /// True when the object was withdrawn.
    pub fn withdrawn(&self) -> bool {
        self.amendments.iter().any(|amended| amended.withdrawn)
    }
}

/// Finds the instance of a bundle that speaks of this SOP Instance UID.
pub(crate) fn find_in<'b>(
    bundle: &'b Bundle,
    uid: &Uid,
    verifier: &SealVerifier,
) -> Option<&'b BundledInstance> {
    let speaks = |instance: &&BundledInstance| {
        let statement = instance.record.document.open(verifier);
        statement.is_ok_and(|(statement, _)| statement.sop_instance_uid == *uid)
    };
    bundle.instances.iter().find(speaks)
}

pub(crate) async fn stored_record(store: &Store, instance: &Instance) -> Result<Record, Error> {
    let blob = store.open_blob(&instance.blob).await?;
    Ok(Record::decode(&blob.record()?)?)
}

/// The seal of a released copy, with the index of its log entry.
pub(crate) async fn stored_copy(store: &Store, copy: &Uid) -> Result<Option<(Record, u64)>, Error> {
    match store.derived_seal(copy).await? {
        Some(kept) => Ok(Some((Record::decode(&kept.record)?, kept.log_index))),
        None => Ok(None),
    }
}

pub(crate) async fn stored_completion(
    store: &Store,
    instance: &Instance,
) -> Result<Option<(Completion, u64)>, Error> {
    let Some(kept) = store.completion_of(&instance.sop_instance_uid).await? else {
        return Ok(None);
    };
    let bytes = match &kept.blob {
        Some(blob) => store.open_blob(blob).await?.record()?,
        None => kept.record.record.clone(),
    };
    // An empty one says that the pixels do not decode here.
    if bytes.is_empty() {
        return Ok(None);
    }
    Ok(Some((Completion::decode(&bytes)?, kept.record.log_index)))
}

pub(crate) async fn stored_amendments(
    store: &Store,
    instance: &Instance,
) -> Result<Vec<(Amendment, u64)>, Error> {
    let kept = store.amendments_of(&instance.sop_instance_uid).await?;
    kept.into_iter()
        .map(|kept| Ok((Amendment::decode(&kept.record)?, kept.log_index)))
        .collect()
}

/// The log entry that a document of this kind must have.
pub(crate) fn entry_of(kind: Kind, commitment: [u8; 32], time_s: u64) -> Entry {
    Entry {
        kind,
        time_s,
        commitment,
    }
}

/// A document of the store with its log entry's time and proof, as a bundle carries it.
pub(crate) async fn logged<T>(store: &Store, document: T, log_index: u64) -> Result<Logged<T>, Error> {
    let entry = store.log().entry(log_index).await?;
    let proof = store.log().prove(log_index).await?;
    Ok(Logged {
        document,
        entry_time: entry.time_s,
        proof: proof.encode(),
    })
}

/// What changed in the candidate since the evidence was made. Decodes where that is needed, and so blocks.
pub fn examine(evidence: &Evidence, candidate: &Candidate, decoder: &Decoder) -> Findings {
    let Evidence {
        record, statement, ..
    } = evidence;
    let completion = evidence
        .completion
        .as_ref()
        .map(|(statement, tiles)| (statement, tiles.as_slice()));
    let native_over_fragments = matches!(
        (&candidate.observation.pixels, &statement.pixels),
        (PixelObservation::Native(_), PixelTruth::Fragments { .. })
    );
    let decoded = if needs_decoding(record, statement, &candidate.observation) && !native_over_fragments {
        candidate.decode(decoder)
    } else {
        Decoded::NotTried
    };
    compare(
        record,
        statement,
        completion,
        &evidence.amendments,
        &candidate.observation,
        &decoded,
    )
}
