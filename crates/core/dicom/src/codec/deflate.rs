//! Deflated Image Frame Compression (PS3.5 A.4.13): a native frame as one raw deflate stream (RFC 1951).

use flate2::{Decompress, FlushDecompress, Status};

use super::{CodecError, Frame, native};
use crate::PixelDescription;

const CODEC: &str = "deflated frame";

pub(super) fn decode(description: &PixelDescription, codestream: &[u8]) -> Result<Frame, CodecError> {
    let bits = description.pixels() * usize::from(description.samples_per_pixel * description.bits_allocated);
    // A padding byte, and one more so that a longer stream shows.
    let most = bits.div_ceil(8) + 2;
    let mut bytes = Vec::new();
    let mut inflate = Decompress::new(false);
    loop {
        let read = usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
        let rest = codestream.get(read..).unwrap_or_default();
        // The buffer grows with what really comes out, not with what the header promises.
        bytes.reserve(
            most.min(bytes.len().max(64 * 1024))
                .saturating_sub(bytes.capacity() - bytes.len()),
        );
        let before = (inflate.total_in(), bytes.len());
        match inflate.decompress_vec(rest, &mut bytes, FlushDecompress::Finish) {
            Ok(Status::StreamEnd) => break,
            Ok(_) if bytes.len() >= most => {
                return Err(CodecError::Disagrees {
                    codec: CODEC,
                    on: "the length of a frame",
                });
            }
            Ok(_) if before == (inflate.total_in(), bytes.len()) => {
                return Err(CodecError::Truncated { codec: CODEC });
            }
            Ok(_) => {}
            Err(_) => {
                return Err(CodecError::Malformed {
                    codec: CODEC,
                    fault: "the deflate stream is broken",
                });
            }
        }
    }
    native::decode(description, &bytes)
}
