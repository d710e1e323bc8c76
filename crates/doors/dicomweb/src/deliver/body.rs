//! The body of a request with one copy: head, DICOM file, tail, as they are pulled.

use futures_util::Stream;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::Notify;

const CHUNK: usize = 64 << 10;

/// How far a body got, and whether to stop.
#[derive(Debug, Default)]
pub(super) struct Course {
    stop: AtomicBool,
    sent: AtomicBool,
    /// A chunk was taken.
    pub(super) taken: Notify,
}

impl Course {
    /// No further chunk is given out. True when the last one was already: the recipient may have the copy.
    pub(super) fn stop(&self) -> bool {
        self.stop.store(true, Ordering::SeqCst);
        self.sent()
    }

    /// True when the last chunk of the copy was given to the network.
    pub(super) fn sent(&self) -> bool {
        self.sent.load(Ordering::SeqCst)
    }
}

/// Streams a copy between two delimiters.
pub(super) struct Body<R> {
    pub(super) head: Vec<u8>,
    pub(super) file: R,
    /// Bytes of the file that are to come.
    pub(super) left: u64,
    pub(super) tail: Vec<u8>,
    pub(super) course: Arc<Course>,
}

impl<R: AsyncRead + Unpin> Stream for Body<R> {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if !this.head.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut this.head))));
        }
        if this.left == 0 {
            let tail = std::mem::take(&mut this.tail);
            return Poll::Ready((!tail.is_empty()).then_some(Ok(tail)));
        }
        let mut chunk = vec![0; CHUNK.min(usize::try_from(this.left).unwrap_or(CHUNK))];
        let mut buffer = ReadBuf::new(&mut chunk);
        if let Err(error) = std::task::ready!(Pin::new(&mut this.file).poll_read(cx, &mut buffer)) {
            return Poll::Ready(Some(Err(error)));
        }
        let read = buffer.filled().len();
        if read == 0 {
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        this.left -= read as u64;
        if this.left == 0 {
            // Before the question whether to stop: whoever stops sees either this, or no last chunk.
            this.course.sent.store(true, Ordering::SeqCst);
        }
        if this.course.stop.load(Ordering::SeqCst) {
            return Poll::Ready(Some(Err(io::ErrorKind::Interrupted.into())));
        }
        this.course.taken.notify_one();
        chunk.truncate(read);
        Poll::Ready(Some(Ok(chunk)))
    }
}
