//! PX1 for what was sealed over its fragments.

use crate::evidence::stored_record;
use crate::{Candidate, Error};
use decode::Decoder;
use model::Clock;
use seal::px1::private_root;
use seal::{Completion, Decoded, SealKey};
use std::io;
use store::{Instance, NewCompletion, Random, Recording, Store};
use tlog::{Entry, Kind};

/// A completion larger than this is kept beside the index, in bytes.
const INLINE: usize = 64 << 10;

/// Decodes a sealed instance in a child and completes its seal with PX1. Where the pixels do not decode here, an empty
/// completion says so, and the fragments stay the truth.
///
/// # Errors
/// When the store fails, or no child can be started: then the instance stays pending.
pub async fn complete(
    store: &Store,
    instance: &Instance,
    decoder: &Decoder,
    key: &SealKey,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<(), Error> {
    let record = stored_record(store, instance).await?;
    let candidate = Candidate::stored(store, instance).await?;
    let decoder = decoder.clone();
    let decoded = tokio::task::spawn_blocking(move || candidate.decode(&decoder)).await;
    let now = clock.now();
    let mut salt = [0; 32];
    random.fill(&mut salt)?;
    let (bytes, pixel_root, commitment) = match decoded {
        Ok(Decoded::Pixels { digest, lossless }) => {
            let completion = Completion::new(&record, &digest, lossless, now, salt, key);
            (
                completion.encode(),
                Some(private_root(&digest)),
                completion.commitment(),
            )
        }
        Ok(Decoded::Failed) => (Vec::new(), None, seal::commitment(&salt, b"undecodable")),
        Ok(Decoded::NotTried) | Err(_) => {
            return Err(io::Error::other("the decoding child cannot be started").into());
        }
    };
    let (inline, blob) = if bytes.len() > INLINE {
        (Vec::new(), Some(store.blobs().create()?.finish(&bytes)?))
    } else {
        (bytes, None)
    };
    let new = NewCompletion {
        sop_instance_uid: instance.sop_instance_uid.clone(),
        record: inline,
        pixel_root,
        made_at: now,
        entry: Entry {
            kind: Kind::Complete,
            time_s: now.seconds() as u64,
            commitment,
        },
    };
    match store.complete(new, blob).await? {
        // Another process may have completed it meanwhile.
        Recording::Recorded { .. } | Recording::Superseded | Recording::NotFound => Ok(()),
    }
}

/// Completes what is pending, at most `limit` instances; gives how many were looked at.
///
/// # Errors
/// When the store fails.
pub async fn complete_pending(
    store: &Store,
    limit: u32,
    decoder: &Decoder,
    key: &SealKey,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<usize, Error> {
    let pending = store.pending_completions(limit).await?;
    for instance in &pending {
        complete(store, instance, decoder, key, clock, random).await?;
    }
    Ok(pending.len())
}
