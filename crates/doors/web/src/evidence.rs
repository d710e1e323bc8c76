//! Evidence bundles of released copies, for whoever holds a copy and does not trust its file name.
//!
//! A copy's bundle holds nothing of the scan that it was made of, so it needs no log-in. Bundles of scans that came in are
//! never given out here: they open commitments on whose scan it is.

use crate::problem::{Answer, Problem};
use crate::state::Web;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use model::Uid;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// A bundle stays true; a later one proves the same seal against a newer head of the log.
const CACHING: &str = "public, max-age=3600";
/// Bundles that are made at the same time.
const TURNS: usize = 2;
/// How long a request waits for its turn.
const WAIT: Duration = Duration::from_secs(10);
/// What the bundles that were made last may hold together, in bytes.
const KEPT: usize = 8 << 20;

/// Bundles that were made last, so that asking again and again costs nothing.
#[derive(Default)]
struct Kept {
    bundles: VecDeque<(Uid, Bytes)>,
    bytes: usize,
}

impl Kept {
    fn find(&self, copy: &Uid) -> Option<Bytes> {
        let found = self.bundles.iter().find(|(kept, _)| kept == copy);
        found.map(|(_, bundle)| bundle.clone())
    }

    fn keep(&mut self, copy: Uid, bundle: Bytes) {
        if bundle.len() > KEPT || self.find(&copy).is_some() {
            return;
        }
        self.bytes += bundle.len();
        self.bundles.push_back((copy, bundle));
        while self.bytes > KEPT
            && let Some((_, oldest)) = self.bundles.pop_front()
        {
            self.bytes -= oldest.len();
        }
    }
}

/// Where bundles are made, a few at a time: each is a write to the index.
pub(crate) struct Desk {
    turns: Semaphore,
    kept: Mutex<Kept>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            turns: Semaphore::new(TURNS),
            kept: Mutex::default(),
        }
    }
}

impl Desk {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bundle of the copy with this SOP Instance UID.
pub(crate) async fn file(
    State(web): State<Arc<Web>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match bundle(&web, &name).await {
        Ok(bundle) => {
            let headers = [
                (CONTENT_TYPE, "application/octet-stream"),
                (CONTENT_DISPOSITION, "attachment"),
                (CACHE_CONTROL, CACHING),
            ];
            (headers, bundle).into_response()
        }
        Err(problem) => problem.answer(Answer::wanted(&headers)),
    }
}

async fn bundle(web: &Web, name: &str) -> Result<Bytes, Problem> {
    let uid = name.strip_suffix(".lgseal").ok_or(Problem::NotFound)?;
    let copy = Uid::new(uid).map_err(|_| Problem::NotFound)?;
    if let Some(bundle) = web.desk.kept().find(&copy) {
        return Ok(bundle);
    }
    let Ok(Ok(_turn)) = tokio::time::timeout(WAIT, web.desk.turns.acquire()).await else {
        return Err(Problem::Busy);
    };
    // Whoever had the turn before may have made it.
    if let Some(bundle) = web.desk.kept().find(&copy) {
        return Ok(bundle);
    }
    let made = made(web, &copy).await.map_err(|error| {
        tracing::error!(%error, "the evidence of a copy could not be put together");
        Problem::Failed
    })?;
    let bundle = made.ok_or(Problem::NotFound)?;
    web.desk.kept().keep(copy, bundle.clone());
    Ok(bundle)
}

async fn made(web: &Web, copy: &Uid) -> Result<Option<Bytes>, verify::Error> {
    let store = &web.state.store;
    let Some(seal) = store.derived_seal(copy).await? else {
        return Ok(None);
    };
    // A copy that kept its UIDs goes by the name of a scan that came in: who asks by that name may not learn that copies
    // of the scan went out. What came in under it later is the copy, come back.
    let original = store.instance(copy).await?;
    if original.is_some_and(|original| original.received_at <= seal.made_at) {
        return Ok(None);
    }
    let bundle = verify::bundle_copy(store, copy).await?;
    Ok(bundle.map(|bundle| Bytes::from(bundle.encode())))
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Kept};
    use bytes::Bytes;
    use model::Uid;

    #[test]
    fn what_is_kept_is_bounded_and_the_newest_stays() {
        let mut kept = Kept::default();
        let bundle = Bytes::from(vec![0; KEPT / 3]);
        let uid = |n: usize| Uid::new(&format!("2.25.{n}")).unwrap();
        for n in 1..=50 {
            kept.keep(uid(n), bundle.clone());
            kept.keep(uid(n), bundle.clone());
        }
        assert_eq!(kept.bundles.len(), 3);
        assert!(kept.find(&uid(50)).is_some() && kept.find(&uid(47)).is_none());
        kept.keep(uid(51), Bytes::from(vec![0; KEPT + 1]));
        assert!(kept.find(&uid(51)).is_none() && kept.find(&uid(50)).is_some());
    }
}
