//! What is packed inside a value: data sets in UN values, zlib and gzip streams, text among binary.

use flate2::{Decompress, FlushDecompress, Status};

/// Streams tried in one value, and bytes that come out of all of them.
const MAX_STREAMS: usize = 64;
const MAX_OUT: usize = 8 << 20;

/// Calls `found` with the content of each deflate stream in `bytes`: zlib (RFC 1950), as in PDF and PNG, and gzip
/// (RFC 1952). A broken stream gives what came out before it broke.
pub(super) fn inflated(bytes: &[u8], mut found: impl FnMut(&[u8])) {
    let mut left = MAX_OUT;
    let mut tried = 0;
    for (at, pair) in bytes.windows(2).enumerate() {
        let [first, second] = *pair else { continue };
        let zlib =
            first == 0x78 && (u16::from(first) << 8 | u16::from(second)) % 31 == 0 && second & 0x20 == 0;
        let gzip = first == 0x1F && second == 0x8B && bytes.get(at + 2) == Some(&8);
        if !zlib && !gzip {
            continue;
        }
        tried += 1;
        if tried > MAX_STREAMS || left == 0 {
            return;
        }
        let body = if gzip {
            gzip_body(bytes.get(at..).unwrap_or_default())
        } else {
            bytes.get(at..)
        };
        let mut out = Vec::new();
        let mut stream = Decompress::new(zlib);
        let body = body.unwrap_or_default();
        while out.len() < left {
            let read = usize::try_from(stream.total_in()).unwrap_or(usize::MAX);
            out.reserve((16 << 10).min(left - out.len()));
            let before = (read, out.len());
            let status = stream.decompress_vec(
                body.get(read..).unwrap_or_default(),
                &mut out,
                FlushDecompress::None,
            );
            let now = (
                usize::try_from(stream.total_in()).unwrap_or(usize::MAX),
                out.len(),
            );
            if !matches!(status, Ok(Status::Ok | Status::BufError)) || before == now {
                break;
            }
        }
        left = left.saturating_sub(out.len());
        if out.len() >= 4 {
            found(&out);
        }
    }
}

/// The deflate stream behind a gzip header.
fn gzip_body(bytes: &[u8]) -> Option<&[u8]> {
    let flags = *bytes.get(3)?;
    let mut rest = bytes.get(10..)?;
    if flags & 4 != 0 {
        let length = u16::from_le_bytes(*rest.first_chunk()?);
        rest = rest.get(2 + usize::from(length)..)?;
    }
    for named in [8, 16] {
        if flags & named != 0 {
            let end = rest.iter().position(|b| *b == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

/// A value that begins with an item, as a data set of one private sequence in Explicit VR Little Endian; twice, since
/// its items may be in implicit (CP-246) or explicit VR.
pub(super) fn as_sequences(value: &[u8]) -> Option<[Vec<u8>; 2]> {
    const ITEM: &[u8] = &[0xFE, 0xFF, 0x00, 0xE0];
    value.starts_with(ITEM).then(|| {
        [*b"UN", *b"SQ"].map(|vr| {
            let mut stream = vec![0x09, 0x00, 0x01, 0x10];
            stream.extend_from_slice(&vr);
            stream.extend_from_slice(&[0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
            stream.extend_from_slice(value);
            // Items whose sequence had undefined length bring its delimiter with them.
            if !value.ends_with(&[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]) {
                stream.extend_from_slice(&[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
            }
            stream
        })
    })
}

/// Calls `found` with each run of at least `least` printable characters.
pub(super) fn printable<'a>(bytes: &'a [u8], least: usize, mut found: impl FnMut(&'a [u8])) {
    for run in bytes.split(|b| !is_printable(*b)) {
        if run.len() >= least {
            found(run);
        }
    }
}

fn is_printable(byte: u8) -> bool {
    (0x20..0x7F).contains(&byte) || byte >= 0xA0 || matches!(byte, b'\t' | b'\r' | b'\n')
}

/// `bytes` without NULs, where enough of them stand inside to be UTF-16; a trailing pad is none.
pub(super) fn without_nuls(bytes: &[u8]) -> Option<Vec<u8>> {
    let inside = bytes.strip_suffix(&[0]).unwrap_or(bytes);
    let nuls = inside.split(|b| *b == 0).count() - 1;
    (nuls >= 3).then(|| bytes.iter().filter(|b| **b != 0).copied().collect())
}
