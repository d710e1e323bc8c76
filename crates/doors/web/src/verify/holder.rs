//! Whether a file shows that its sender holds the scan it names.
//!
//! Whoever knows no more than a SOP Instance UID could make a file that claims it, and read off the report which
//! attributes the sealed scan has, or guess a birth date until it is not listed as changed any more. So what changed is
//! listed for files that are mostly the sealed ones.

use crate::state::Web;
use seal::px1::Region;
use seal::{PixelFindings, PixelObservation, SealVerifier};
use verify::{Candidate, Error, Evidence, Trust};

/// How a file stands to the sealed one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Shown {
    /// Most of its pixels, or most of its attributes, are those of the sealed one.
    pub(super) holds: bool,
    /// It has pixels, and all are those of the sealed one.
    pub(super) pixels_same: bool,
}

/// Compares a file with what is sealed here under its SOP Instance UID: the scan that came in, or the copy that went out.
pub(super) async fn compare(web: &Web, candidate: &Candidate, is_copy: bool) -> Result<Shown, Error> {
    let state = &web.state;
    let keys = match &state.trust {
        Some(trust) => Trust::seal_verifier(trust),
        None => SealVerifier::new([state.own_key]),
    };
    let Some(uid) = candidate.sop_instance_uid() else {
        return Ok(Shown::default());
    };
    let evidence = if is_copy {
        Evidence::of_copy(&state.store, uid, &keys).await?
    } else if let Some(instance) = state.store.instance(uid).await? {
        Some(Evidence::stored(&state.store, &instance, &keys).await?)
    } else {
        None
    };
    let Some(evidence) = evidence else {
        return Ok(Shown::default());
    };
    let (owned, decoder) = (candidate.clone(), state.decoder.clone());
    let shown = tokio::task::spawn_blocking(move || {
        let findings = verify::examine(&evidence, &owned, &decoder);
        let has_pixels = !matches!(owned.observation.pixels, PixelObservation::None);
        let pixels_same = has_pixels && findings.pixels == PixelFindings::Same;
        let most_pixels = match &findings.pixels {
            PixelFindings::Altered(regions) => 2 * area(regions) < pixels_of(&owned),
            _ => pixels_same,
        };
        let most_attributes = 2 * findings.attributes.len() < evidence.record.leaves.len();
        Shown {
            holds: most_pixels || most_attributes,
            pixels_same,
        }
    });
    Ok(shown.await.unwrap_or_default())
}

fn area(regions: &[Region]) -> u64 {
    regions
        .iter()
        .map(|region| u64::from(region.w) * u64::from(region.h))
        .sum()
}

fn pixels_of(candidate: &Candidate) -> u64 {
    let description = candidate.observation.header.pixel_description();
    description.map_or(0, |d| d.pixels() as u64 * u64::from(d.frames))
}
