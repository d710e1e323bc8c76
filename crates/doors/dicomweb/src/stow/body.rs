//! The body of a request as it comes, with the patience that it deserves.

use crate::Limits;
use crate::refusal::Refusal;
use axum::body::BodyDataStream;
use bytes::Bytes;
use futures_util::StreamExt as _;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Reads a request's body within the limits. Only the time that the sender lets us wait counts against it.
pub(super) struct Body {
    stream: BodyDataStream,
    limits: Limits,
    bytes: u64,
    waited: Duration,
}

impl Body {
    pub(super) fn new(body: axum::body::Body, limits: Limits) -> Self {
        Self {
            stream: body.into_data_stream(),
            limits,
            bytes: 0,
            waited: Duration::ZERO,
        }
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// When the sender is gone, too slow, or sends too much.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        let asked = Instant::now();
        let too_slow = || Refusal::TooSlow(self.limits.bytes_per_second);
        let next = timeout(self.limits.idle, self.stream.next())
            .await
            .map_err(|_| too_slow())?;
        self.waited += asked.elapsed();
        let Some(next) = next else { return Ok(None) };
        let bytes = next.map_err(|_| Refusal::BadRequest("the body of the request broke off".to_owned()))?;
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.request_bytes {
            return Err(Refusal::TooLarge(format!(
                "a request may have {} bytes",
                self.limits.request_bytes
            )));
        }
        let expected = self.waited.as_millis() * u128::from(self.limits.bytes_per_second) / 1000;
        if self.waited > self.limits.idle && u128::from(self.bytes) < expected {
            return Err(too_slow());
        }
        Ok(Some(bytes))
    }
}
