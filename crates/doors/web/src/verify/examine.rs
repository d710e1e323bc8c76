//! What is said of an uploaded file.

use super::holder;
use super::picture::{self, Picture};
use super::upload::Upload;
use crate::problem::Problem;
use crate::state::Web;
use model::Door;
use seal::{Bundle, PixelObservation, SealError, Verdict};
use serde::Serialize;
use std::sync::Arc;
use verify::{Candidate, Report};

/// Whose seal the report speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Evidence {
    /// The one that is kept here; no bundle came.
    Kept,
    /// The one that is kept here, though a bundle came: amendments made since are in this one only.
    KeptOverBundle,
    /// The one in the bundle.
    Bundle,
    /// There is none here, and the bundle speaks of another object.
    BundleOfOther,
}

/// The report on an uploaded file, with what a page needs beside it.
pub(crate) struct Examined {
    pub(crate) report: Report,
    pub(crate) evidence: Evidence,
    /// The sender did not show to hold the scan, and is not told what it is like.
    pub(crate) withheld: bool,
    /// It was compared, and no sample is another one.
    pub(crate) pixels_same: bool,
    pub(crate) has_pixels: bool,
    pub(crate) pictures: Vec<Picture>,
}

#[derive(Serialize)]
pub(crate) struct Document<'e> {
    #[serde(flatten)]
    report: &'e Report,
    /// Only where it is true: `changed` and `amendments` are not listed, for the file is not like the sealed one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withheld: bool,
}

impl Examined {
    /// The report as `verify --json` writes it.
    pub(crate) fn document(&self) -> Document<'_> {
        Document {
            report: &self.report,
            withheld: self.withheld,
        }
    }
}

fn failed(error: verify::Error) -> Problem {
    tracing::error!(%error, "an uploaded file could not be verified");
    Problem::Failed
}

/// Verifies, in its turn.
pub(crate) async fn examine(web: Arc<Web>, upload: Upload) -> Result<Examined, Problem> {
    let _turn = web.turn().await?;
    let bundle = upload
        .bundle
        .as_deref()
        .map(Bundle::decode)
        .transpose()
        .map_err(|error| match error {
            SealError::Inconsistent { .. } => Problem::BundleDamaged,
            _ => Problem::NotBundle,
        })?;
    let Upload {
        file, held: _held, ..
    } = upload;
    let candidate = tokio::task::spawn_blocking(move || candidate(file))
        .await
        .map_err(|_| Problem::Failed)??;

    let (mut report, evidence) = report(&web, &candidate, bundle.as_ref()).await?;
    let same = matches!(report.verdict, Verdict::Authentic | Verdict::Derived);
    let (mut withheld, mut pixels_same) = (false, same);
    if evidence != Evidence::Bundle && !report.changed.is_empty() {
        let source = report.source.as_ref();
        let is_copy = source.is_some_and(|source| source.door == Door::Release);
        let shown = holder::compare(&web, &candidate, is_copy).await.map_err(failed)?;
        pixels_same = shown.pixels_same;
        if !shown.holds {
            withheld = true;
            report.changed.clear();
            report.amendments.clear();
        }
    }
    let has_pixels = !matches!(candidate.observation.pixels, PixelObservation::None);
    let (decoder, regions) = (web.state.decoder.clone(), report.regions.clone());
    let pictures = tokio::task::spawn_blocking(move || picture::pictures(&candidate, &regions, &decoder));
    let pictures = pictures.await.unwrap_or_default();
    Ok(Examined {
        report,
        evidence,
        withheld,
        pixels_same,
        has_pixels,
        pictures,
    })
}

fn candidate(file: Vec<u8>) -> Result<Candidate, Problem> {
    if file.get(128..132) != Some(b"DICM") {
        return Err(Problem::NotDicom);
    }
    Candidate::bytes(Arc::from(file)).map_err(|_| Problem::Damaged)
}

/// The seal that is kept here counts, for only there are the newest amendments; a bundle, where there is none.
async fn report(
    web: &Web,
    candidate: &Candidate,
    bundle: Option<&Bundle>,
) -> Result<(Report, Evidence), Problem> {
    let kept = match web.verifier().verify(candidate, None).await {
        // What was erased is answered as if it had never been here.
        Err(verify::Error::Store(store::Error::Erased)) => Report::new(Verdict::Unsealed, None),
        kept => kept.map_err(failed)?,
    };
    let unknown = |report: &Report| matches!(report.verdict, Verdict::Unsealed | Verdict::Stripped);
    let Some(bundle) = bundle else {
        return Ok((kept, Evidence::Kept));
    };
    if !unknown(&kept) {
        return Ok((kept, Evidence::KeptOverBundle));
    }
    let bundled = web
        .verifier()
        .verify(candidate, Some(bundle))
        .await
        .map_err(failed)?;
    // That these pixels are known here is worth more than a bundle which proves nothing.
    let proves_less = kept.verdict == Verdict::Stripped && bundled.verdict == Verdict::Unproven;
    if unknown(&bundled) || proves_less {
        return Ok((kept, Evidence::BundleOfOther));
    }
    Ok((bundled, Evidence::Bundle))
}
