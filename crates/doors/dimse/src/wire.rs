//! One connection: a reusable buffer in front of the socket, and patience with the peer.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

/// Bytes of buffer while nothing large is under way.
const AT_REST: usize = 2 * 1024;

/// Most bytes of buffer for data sets: a PDU of the default length and the headers around it.
const BULK: usize = 132 * 1024;

/// How long, and for how many bytes, a peer's last words are listened to after ours.
const FAREWELL: Duration = Duration::from_secs(1);
const FAREWELL_BYTES: usize = 8 << 20;

/// A byte stream to a peer.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Unpin + Send {
    /// Acknowledges what has arrived at once. Stock peers hold their next small segment back until then
    /// (Nagle), and a delayed acknowledgement would cost 40 ms each time.
    fn acknowledge(&self);

    /// Once closed, what has not reached the peer yet is thrown away, and the peer sees a reset.
    fn forget_on_close(&self);
}

impl Transport for TcpStream {
    fn acknowledge(&self) {
        #[cfg(target_os = "linux")]
        // It only makes things faster: without it the association works as well.
        let _ = socket2::SockRef::from(self).set_tcp_quickack(true);
    }

    fn forget_on_close(&self) {
        // Without it the kernel would go on sending what it holds: an ordinary close, later than wanted.
        let _ = socket2::SockRef::from(self).set_linger(Some(Duration::ZERO));
    }
}

/// Why nothing more comes from, or goes to, the peer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error("the peer closed the connection")]
    Closed,
    #[error("the peer was too slow")]
    TooSlow,
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
}

/// How long to wait for the peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    deadline: Instant,
    progress: Option<(Duration, usize)>,
    seen: usize,
}

impl Patience {
    /// Until this moment, however much comes.
    pub(crate) fn until(deadline: Instant) -> Self {
        Self {
            deadline,
            progress: None,
            seen: 0,
        }
    }

    /// As long as at least `bytes` come in each `window`.
    pub(crate) fn while_progressing(window: Duration, bytes: usize) -> Self {
        Self {
            deadline: Instant::now() + window,
            progress: Some((window, bytes)),
            seen: 0,
        }
    }

    fn note(&mut self, bytes: usize) {
        let Some((window, enough)) = self.progress else {
            return;
        };
        self.seen += bytes;
        if self.seen >= enough {
            self.seen = 0;
            self.deadline = Instant::now() + window;
        }
    }
}

/// A connection with what was read from it and not yet used.
pub(crate) struct Wire<S> {
    stream: S,
    /// Initialised throughout, so that reading needs neither zeroing nor allocation.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The last read filled the buffer: the peer is ahead of us.
    brimming: bool,
}

impl<S: Transport> Wire<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            buffer: vec![0; AT_REST],
            start: 0,
            end: 0,
            brimming: false,
        }
    }

    /// What was read and not yet used.
    pub(crate) fn buffered(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Marks bytes as used.
    pub(crate) fn consume(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Gives all but a small buffer back, if nothing is in it.
    pub(crate) fn shrink(&mut self) {
        if self.buffered().is_empty() && self.buffer.len() > AT_REST {
            self.buffer = vec![0; AT_REST];
        }
    }

    /// Waits until at least one byte is there that was not used.
    pub(crate) async fn some(&mut self, patience: &mut Patience) -> Result<(), WireError> {
        if self.buffered().is_empty() {
            self.fill(patience).await
        } else {
            Ok(())
        }
    }

    /// As [`Wire::some`], for data sets: a peer that fills the buffer gets a larger one. One that trickles does
    /// not, so that a crowd of those takes little memory.
    pub(crate) async fn flow(&mut self, patience: &mut Patience) -> Result<(), WireError> {
        if self.brimming && self.buffered().is_empty() && self.buffer.len() < BULK {
            self.buffer = vec![0; (self.buffer.len() * 8).min(BULK)];
        }
        self.some(patience).await
    }

    /// Waits until `bytes` are there. The buffer grows with what comes, not with what is asked for.
    pub(crate) async fn need(&mut self, bytes: usize, patience: &mut Patience) -> Result<(), WireError> {
        while self.end - self.start < bytes {
            if self.end == self.buffer.len() {
                self.buffer.copy_within(self.start..self.end, 0);
                (self.start, self.end) = (0, self.end - self.start);
            }
            if self.end == self.buffer.len() {
                self.buffer.resize((self.end * 2).min(bytes), 0);
            }
            self.fill(patience).await?;
        }
        Ok(())
    }

    /// Reads once. The caller sees to it that there is room.
    async fn fill(&mut self, patience: &mut Patience) -> Result<(), WireError> {
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let read = timeout_at(patience.deadline, self.stream.read(room));
        let bytes = read.await.map_err(|_| WireError::TooSlow)??;
        if bytes == 0 {
            return Err(WireError::Closed);
        }
        self.brimming = bytes == room.len();
        if !self.brimming {
            self.stream.acknowledge();
        }
        self.end += bytes;
        patience.note(bytes);
        Ok(())
    }

    /// Sends everything, or fails when the peer does not take it in time.
    pub(crate) async fn send(&mut self, bytes: &[u8], within: Duration) -> Result<(), WireError> {
        timeout(within, self.stream.write_all(bytes))
            .await
            .map_err(|_| WireError::TooSlow)?
            .map_err(WireError::Io)
    }

    /// Once this is dropped, bytes that are still on their way to the peer are thrown away.
    pub(crate) fn forget_on_close(&self) {
        self.stream.forget_on_close();
    }

    /// Says a last word and closes. Closing with bytes unread would reset the connection and could take the
    /// word back before the peer has heard it, so what still comes is read for a moment and thrown away.
    pub(crate) async fn farewell(mut self, word: &[u8]) {
        let last = async {
            if self.stream.write_all(word).await.is_err() || self.stream.shutdown().await.is_err() {
                return;
            }
            let mut heard = 0;
            while heard < FAREWELL_BYTES {
                match self.stream.read(&mut self.buffer).await {
                    Ok(bytes) if bytes > 0 => heard += bytes,
                    _ => return,
                }
            }
        };
        // The peer is left to itself after that: there is nothing more to be done for it.
        let _ = timeout(FAREWELL, last).await;
    }
}
