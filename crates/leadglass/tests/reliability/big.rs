//! Gigabytes stream through: memory does not grow with what is sent.

use super::doors::{Answer, c_store, explicit_le, of_stow};
use super::gateway::{Data, Gateway};
use super::scan::{self, ENHANCED_CT};
use super::{http, memory, program};
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use testkit::{DataSet, Encoding, Random, Vr};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

const FRAME: u64 = 512 * 512 * 2;
const GIB_OF_FRAMES: u64 = (1 << 30) / FRAME;
/// The most frames that the 32-bit length of native pixel data can say.
const FRAMES_AT_MOST: u64 = (u32::MAX as u64 - 1) / FRAME;
/// The gateway's peak, in bytes.
const ROOM: u64 = 256 << 20;
const PATIENCE: Duration = Duration::from_mins(10);

/// Noise that repeats itself, at a length that is no multiple of a frame.
struct Noise {
    bytes: Vec<u8>,
    at: usize,
}

impl Noise {
    fn new() -> Self {
        let mut random = Random::new(5, &[]);
        // Twelve bits of each sample.
        let sample = |_| (random.next_u64() as u16 & 0x0fff).to_le_bytes();
        Self {
            bytes: (0..500_009).flat_map(sample).collect(),
            at: 0,
        }
    }

    fn next(&mut self, room: usize) -> &[u8] {
        let start = self.at;
        let end = self.bytes.len().min(start + room);
        self.at = end % self.bytes.len();
        &self.bytes[start..end]
    }
}

impl Read for Noise {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.next(out.len());
        out[..bytes.len()].copy_from_slice(bytes);
        Ok(bytes.len())
    }
}

impl AsyncRead for Noise {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let room = out.remaining();
        out.put_slice(self.get_mut().next(room));
        Poll::Ready(Ok(()))
    }
}

/// A multi-frame scan without its samples, and where they go: the scan, and its bytes up to them.
fn head(random: &mut Random, frames: u64) -> (DataSet, Vec<u8>) {
    let mut scan = scan::without_pixels(random);
    scan.text(scan::SOP_CLASS, Vr::UI, ENHANCED_CT)
        .text(0x0028_0008, Vr::IS, frames.to_string())
        .us(0x0028_0010, &[512])
        .us(0x0028_0011, &[512]);
    let mut bytes = scan.encode(Encoding::ExplicitLe);
    Encoding::ExplicitLe.write_head(&mut bytes, scan::PIXEL_DATA, Vr::OW, (frames * FRAME) as u32);
    (scan, bytes)
}

/// C-STORE of so many objects of so many frames at once.
async fn send(gateway: &Gateway, seed: u64, objects: u64, frames: u64) {
    let send = |number| {
        let port = gateway.dimse;
        tokio::spawn(async move {
            let (scan, head) = head(&mut Random::new(seed, &[number]), frames);
            let object = scan::written(&scan, Encoding::ExplicitLe.transfer_syntax(), Vec::new());
            let data_set = AsyncReadExt::chain(
                std::io::Cursor::new(head),
                AsyncReadExt::take(Noise::new(), frames * FRAME),
            );
            let names = (&object.sop_class, &object.sop_instance, &explicit_le());
            c_store(port, names, data_set, PATIENCE).await
        })
    };
    let sends: Vec<_> = (0..objects).map(send).collect();
    for send in sends {
        assert_eq!(send.await.unwrap(), Answer::Stored);
    }
}

/// STOW-RS of one object as the one part of a multipart body.
fn stow(gateway: &Gateway, seed: u64, frames: u64) -> Answer {
    let (scan, head) = head(&mut Random::new(seed, &[]), frames);
    let object = scan::written(&scan, Encoding::ExplicitLe.transfer_syntax(), head);
    let start = [
        b"--part\r\nContent-Type: application/dicom\r\n\r\n".to_vec(),
        object.part10(),
    ]
    .concat();
    let end = b"\r\n--part--\r\n";
    let length = (start.len() + end.len()) as u64 + frames * FRAME;
    let body = Read::chain(
        Read::chain(&start[..], Read::take(Noise::new(), frames * FRAME)),
        &end[..],
    );
    let content_type = "multipart/related; type=\"application/dicom\"; boundary=part";
    let answer = http::send(
        gateway,
        "POST /dicom-web/studies HTTP/1.1",
        content_type,
        (body, length),
        PATIENCE,
    );
    of_stow(&answer.unwrap())
}

fn tell(what: &str, gateway: &Gateway, begun: Instant) {
    let peak = memory::peak(gateway.id());
    println!(
        "{what}: {:.1} s, peak {} MiB",
        begun.elapsed().as_secs_f64(),
        peak >> 20
    );
    assert!(peak < ROOM, "{what}: {} MiB", peak >> 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_does_not_grow_with_large_objects() {
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let begun = Instant::now();
    send(&gateway, 6, 4, GIB_OF_FRAMES / 16).await;
    tell("4 C-STOREs of 64 MiB at once", &gateway, begun);
    let answer = tokio::task::block_in_place(|| stow(&gateway, 7, GIB_OF_FRAMES / 8));
    assert_eq!(answer, Answer::Stored);
    tell("STOW of 128 MiB", &gateway, begun);
    assert_eq!(program::fsck(&data).instances, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_does_not_grow_with_gigabytes() {
    if std::env::var_os("LEADGLASS_BIG").is_none() {
        println!("skipped: LEADGLASS_BIG=1 sends 21 GiB and needs as much room for temporary files");
        return;
    }
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let begun = Instant::now();
    send(&gateway, 8, 16, GIB_OF_FRAMES).await;
    tell("16 C-STOREs of 1 GiB at once", &gateway, begun);
    let begun = Instant::now();
    send(&gateway, 9, 1, FRAMES_AT_MOST).await;
    tell("a C-STORE of 4 GiB less one frame", &gateway, begun);
    let begun = Instant::now();
    let answer = tokio::task::block_in_place(|| stow(&gateway, 10, GIB_OF_FRAMES));
    assert_eq!(answer, Answer::Stored);
    tell("STOW of 1 GiB", &gateway, begun);
    assert_eq!(program::log_size(&data), 18);
}
