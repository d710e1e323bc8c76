//! The parent's side.

use crate::protocol::{Answer, Job, read_head, write_head};
use crate::{CHILD_COMMAND, DecodeError, fragments};
use dicom::{PixelCoding, PixelDescription, TransferSyntax};
use seal::px1::{PixelDigest, PixelHeader};
use std::io::{BufWriter, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// Starts decoding children. Cheap to clone. All calls block: call them off the async threads.
#[derive(Clone, Debug)]
pub struct Decoder {
    program: Arc<PathBuf>,
}

/// One decoded frame, for showing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// What the samples are.
    pub header: PixelHeader,
    /// Bytes of a sample, little-endian.
    pub container: u8,
    /// Samples, plane by plane, row by row.
    pub planes: Vec<Vec<u8>>,
}

/// Address space of a child, in bytes, beyond what its job needs.
const MEMORY: u64 = 1 << 30;
/// Time that every job has, in seconds.
const SECONDS: u64 = 10;
/// Decoded bytes for which a job has one more second.
const BYTES_A_SECOND: u64 = 4 << 20;

impl Decoder {
    /// Children are `program` with [`CHILD_COMMAND`].
    pub fn new(program: PathBuf) -> Self {
        Self {
            program: Arc::new(program),
        }
    }

    /// PX1 of the compressed pixels in a data set, and whether its codestreams say that they lose nothing.
    ///
    /// # Errors
    /// When they do not decode within the limits.
    pub fn digest(
        &self,
        syntax: &TransferSyntax,
        description: &PixelDescription,
        data_set: &mut dyn Read,
    ) -> Result<(PixelDigest, bool), DecodeError> {
        let (answer, bytes) = self.run(syntax, description, None, data_set)?;
        let Answer::Digest {
            header,
            tiles,
            extra,
            lossless,
        } = answer
        else {
            return Err(DecodeError::Crashed);
        };
        let (digests, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || digests.len() as u64 != tiles {
            return Err(DecodeError::Crashed);
        }
        Ok((
            PixelDigest {
                header,
                tiles: digests.to_vec(),
                extra,
            },
            lossless,
        ))
    }

    /// The samples of one frame, counted from 0.
    ///
    /// # Errors
    /// When it does not decode within the limits.
    pub fn frame(
        &self,
        syntax: &TransferSyntax,
        description: &PixelDescription,
        frame: u32,
        data_set: &mut dyn Read,
    ) -> Result<Image, DecodeError> {
        let (answer, bytes) = self.run(syntax, description, Some(frame), data_set)?;
        let Answer::Frame {
            planes,
            plane_bytes,
            container,
            header,
        } = answer
        else {
            return Err(DecodeError::Crashed);
        };
        let planes_in: Vec<Vec<u8>> = bytes
            .chunks_exact((plane_bytes as usize).max(1))
            .map(<[u8]>::to_vec)
            .collect();
        if planes_in.len() != planes as usize {
            return Err(DecodeError::Crashed);
        }
        Ok(Image {
            header,
            container,
            planes: planes_in,
        })
    }

    fn run(
        &self,
        syntax: &TransferSyntax,
        description: &PixelDescription,
        frame: Option<u32>,
        data_set: &mut dyn Read,
    ) -> Result<(Answer, Vec<u8>), DecodeError> {
        if matches!(syntax.pixels, PixelCoding::Opaque | PixelCoding::Native) {
            return Err(DecodeError::Undecodable(
                "no codec here takes this transfer syntax".into(),
            ));
        }
        let frame_bytes = description.pixels() as u64 * u64::from(description.samples_per_pixel) * 4;
        let seconds = SECONDS + frame_bytes.saturating_mul(u64::from(description.frames)) / BYTES_A_SECOND;
        let seconds = seconds.min(600);
        let job = Job {
            transfer_syntax: syntax.uid.as_str().to_owned(),
            description: *description,
            frame,
            memory: MEMORY + frame_bytes.saturating_mul(4).min(8 << 30),
            seconds,
        };
        let mut child = Command::new(self.program.as_path())
            .arg(CHILD_COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(DecodeError::Child)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let child = Arc::new(Mutex::new(child));
        let watchdog = Watchdog::start(Arc::clone(&child), Duration::from_secs(seconds));
        let sent = stdin.map(|stdin| {
            let mut to = BufWriter::with_capacity(64 << 10, stdin);
            write_head(&mut to, &job).map_err(DecodeError::Child)?;
            fragments::send(syntax, data_set, &mut to)
        });
        let mut answer = Vec::new();
        if let (Some(Ok(())), Some(mut stdout)) = (&sent, stdout) {
            // The head, and at most as many bytes as the image has.
            let most = frame_bytes
                .saturating_mul(2)
                .saturating_add(frame_bytes.saturating_mul(u64::from(description.frames)) / 64);
            let _ = (&mut stdout)
                .take(most.saturating_add(1 << 20))
                .read_to_end(&mut answer);
        }
        let late = watchdog.stop();
        end(&child);
        match sent {
            _ if late => return Err(DecodeError::Deadline(seconds)),
            // A child that is gone while it is spoken to has crashed; everything else is the source's fault.
            Some(Err(DecodeError::Child(_))) => return Err(DecodeError::Crashed),
            Some(Err(error)) => return Err(error),
            _ => {}
        }
        let mut rest = answer.as_slice();
        match read_head(&mut rest).map_err(|_| DecodeError::Crashed)? {
            Answer::Undecodable(why) => Err(DecodeError::Undecodable(why)),
            head => Ok((head, rest.to_vec())),
        }
    }
}

fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = child.kill();
    let _ = child.wait();
}

/// Ends a child that takes too long.
struct Watchdog {
    stop: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<bool>,
}

impl Watchdog {
    fn start(child: Arc<Mutex<Child>>, after: Duration) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let late = stopped.recv_timeout(after) == Err(mpsc::RecvTimeoutError::Timeout);
            if late {
                end(&child);
            }
            late
        });
        Self { stop, thread }
    }

    /// True when the child was ended for being late.
    fn stop(self) -> bool {
        let _ = self.stop.send(());
        self.thread.join().unwrap_or(false)
    }
}
