//! The two files of the form, read into memory within limits.

use crate::problem::{Part, Problem};
use crate::state::{Limits, Web};
use axum::body::{Body, BodyDataStream};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a form may hold beside its files, in bytes.
const AROUND: u64 = 64 << 10;
/// A browser shows the answer to a refused form only when it could send the form to its end. So much of it is taken
/// and thrown away, in bytes and time.
const DISCARD: u64 = 2 << 30;
const DISCARD_TIME: Duration = Duration::from_secs(30);

/// What came with the form.
pub(crate) struct Upload {
    pub(crate) file: Vec<u8>,
    pub(crate) bundle: Option<Vec<u8>>,
    /// Lets others use the memory once this is dropped.
    pub(crate) held: Arc<Meter>,
}

/// Counts what a request holds in memory, wherever it is held: the multipart reader has buffers, too.
pub(crate) struct Meter {
    memory: Arc<Semaphore>,
    most: u64,
    received: Mutex<(u64, Option<OwnedSemaphorePermit>)>,
    refused: OnceLock<Problem>,
}

impl Meter {
    fn take(&self, count: usize) -> Result<(), Problem> {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.0 += count as u64;
        if received.0 > self.most {
            return Err(Problem::TooLarge {
                part: Part::File,
                limit: self.most,
            });
        }
        let count = u32::try_from(count).map_err(|_| Problem::Busy)?;
        let permit = Arc::clone(&self.memory)
            .try_acquire_many_owned(count)
            .map_err(|_| Problem::Busy)?;
        match &mut received.1 {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
        Ok(())
    }

    fn let_go(&self) {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).1 = None;
    }
}

/// Reads the form to its end, also when it is refused.
pub(crate) async fn receive(web: &Web, request: Request) -> Result<Upload, Problem> {
    let limits = web.state.limits;
    let meter = Arc::new(Meter {
        memory: Arc::clone(&web.memory),
        most: limits.max_file + limits.max_bundle + AROUND,
        received: Mutex::new((0, None)),
        refused: OnceLock::new(),
    });
    let request = request.map(|body| metered(body, Arc::clone(&meter)));
    let Ok(read) = tokio::time::timeout(limits.upload, read(request, &limits)).await else {
        return Err(Problem::Slow);
    };
    match (meter.refused.get(), read) {
        (Some(Problem::TooLarge { part, .. }), _) => Err(Problem::TooLarge {
            part: *part,
            limit: limits.max_file,
        }),
        (Some(problem), _) => Err(*problem),
        (None, Err(problem)) => Err(problem),
        (None, Ok((file, bundle))) => Ok(Upload {
            file,
            bundle,
            held: meter,
        }),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the upload ends here")]
struct Ended;

/// The body, counted. It ends with an error where it is refused, after what still comes was thrown away.
fn metered(body: Body, meter: Arc<Meter>) -> Body {
    let counted = stream::unfold((body.into_data_stream(), meter), |(mut body, meter)| async move {
        let taken = match body.next().await? {
            Err(_) => Err(Ended),
            Ok(chunk) => match meter.take(chunk.len()) {
                Ok(()) => Ok(chunk),
                Err(problem) => {
                    let _ = meter.refused.set(problem);
                    meter.let_go();
                    drop(chunk);
                    let _ = tokio::time::timeout(DISCARD_TIME, discard(&mut body)).await;
                    Err(Ended)
                }
            },
        };
        Some((taken, (body, meter)))
    });
    Body::from_stream(counted)
}

async fn discard(body: &mut BodyDataStream) {
    let mut left = DISCARD;
    while let Some(Ok(chunk)) = body.next().await {
        left = left.saturating_sub(chunk.len() as u64);
        if left == 0 {
            return;
        }
    }
}

type Files = (Vec<u8>, Option<Vec<u8>>);

async fn read(request: Request, limits: &Limits) -> Result<Files, Problem> {
    let length = request
        .headers()
        .get("content-length")
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Problem::Form)?;
    let (mut file, mut bundle, mut problem) = (None, None, None);
    while let Some(field) = form.next_field().await.map_err(|_| Problem::Form)? {
        let (part, limit, place) = match field.name() {
            Some("file") => (Part::File, limits.max_file, &mut file),
            Some("bundle") => (Part::Bundle, limits.max_bundle, &mut bundle),
            _ => continue,
        };
        if place.is_some() {
            problem = problem.or(Some(Problem::Twice(part)));
            continue;
        }
        let expected = length.unwrap_or_default().min(limit);
        match content(field, limit, expected).await? {
            Some(bytes) => *place = Some(bytes),
            None => problem = problem.or(Some(Problem::TooLarge { part, limit })),
        }
    }
    // A browser sends an empty file where none was chosen.
    let chosen = |bytes: &Vec<u8>| !bytes.is_empty();
    match problem {
        Some(problem) => Err(problem),
        None => Ok((file.filter(chosen).ok_or(Problem::NoFile)?, bundle.filter(chosen))),
    }
}

/// The content of a field; `None` when it is larger than `limit`.
async fn content(mut field: Field<'_>, limit: u64, expected: u64) -> Result<Option<Vec<u8>>, Problem> {
    let mut bytes = Vec::new();
    let mut fits = true;
    while let Some(chunk) = field.chunk().await.map_err(|_| Problem::Form)? {
        fits = fits && bytes.len() as u64 + chunk.len() as u64 <= limit;
        if fits {
            append(&mut bytes, &chunk, expected);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(fits.then_some(bytes))
}

/// Grows with what has really come, and not beyond what was announced.
fn append(bytes: &mut Vec<u8>, chunk: &Bytes, expected: u64) {
    let needed = bytes.len() + chunk.len();
    if needed > bytes.capacity() {
        let room = (2 * needed)
            .min(usize::try_from(expected).unwrap_or(usize::MAX))
            .max(needed);
        bytes.reserve_exact(room - bytes.len());
    }
    bytes.extend_from_slice(chunk);
}
