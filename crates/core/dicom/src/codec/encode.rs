//! Encoding: the ways in which cleaned frames leave.

use super::samples::{self, Layout};
use super::{CodecError, Frame, jpegls, native, rle};
use crate::{PixelCoding, PixelDescription};

/// How the components of a JPEG-LS image are interleaved (ITU-T T.87 C.2.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Interleave {
    /// A scan a component.
    None,
    /// A line of each component in turn.
    Line,
    /// A sample of each component in turn.
    Sample,
}

/// How far a decoded sample may lie from the original: 0 is lossless (ITU-T T.87 NEAR).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct NearLossless(pub u8);

/// Encodes a frame without loss, extra bits included: [`super::decode_frame`] gives an equal frame back, but for
/// [`Frame::lossless`] and the colour notes of a frame that came from a lossy codestream.
///
/// [`PixelCoding::Native`], [`PixelCoding::Encapsulated`] (the same bytes), [`PixelCoding::Rle`] and
/// [`PixelCoding::JpegLs`] are written; other codings are not supported. The result is not padded to an even length.
///
/// # Errors
/// [`CodecError`]: the frame is not of this description, or the coding is not written here.
pub fn encode_frame(
    coding: PixelCoding,
    description: &PixelDescription,
    frame: &Frame,
) -> Result<Vec<u8>, CodecError> {
    super::check(description)?;
    match coding {
        PixelCoding::Native | PixelCoding::Encapsulated => Ok(native::encode(
            description,
            &words("native pixels", description, frame)?,
        )),
        PixelCoding::Rle => rle::encode(description, &words("RLE", description, frame)?),
        PixelCoding::JpegLs => {
            let interleave = if frame.planes.len() == 1 {
                Interleave::None
            } else {
                Interleave::Line
            };
            encode_jpeg_ls(description, frame, NearLossless(0), interleave)
        }
        _ => Err(CodecError::Unsupported {
            codec: "pixel data",
            what: "encoding to this transfer syntax is",
        }),
    }
}

/// Encodes a frame as JPEG-LS (ITU-T T.87): lossless, or with a bounded error.
///
/// Bits are those of Bits Stored, or of Bits Allocated when the frame has bits outside the value or is signed.
///
/// # Errors
/// [`CodecError`]: the frame is not of this description, has more than 16 bits a sample, or NEAR is out of range.
pub fn encode_jpeg_ls(
    description: &PixelDescription,
    frame: &Frame,
    near: NearLossless,
    interleave: Interleave,
) -> Result<Vec<u8>, CodecError> {
    super::check(description)?;
    const CODEC: &str = "JPEG-LS";
    let d = description;
    if !matches!(d.bits_allocated, 8 | 16) {
        return Err(CodecError::Unsupported {
            codec: CODEC,
            what: "other than 8 or 16 bits allocated are",
        });
    }
    let planes = words(CODEC, d, frame)?;
    let whole_word =
        d.signed || frame.extra_bits.is_some() || d.high_bit + 1 != d.bits_stored || d.bits_stored < 2;
    let precision = if whole_word {
        d.bits_allocated
    } else {
        d.bits_stored
    };
    let planes: Vec<Vec<u16>> = planes
        .iter()
        .map(|p| p.iter().map(|&w| w as u16).collect())
        .collect();
    jpegls::encode(d.columns, d.rows, precision as u8, near.0, interleave, &planes)
}

/// Planes of words of Bits Allocated, of the size that the description says.
fn words(
    codec: &'static str,
    description: &PixelDescription,
    frame: &Frame,
) -> Result<Vec<Vec<u32>>, CodecError> {
    let disagrees = CodecError::Disagrees {
        codec,
        on: "the planes of a frame",
    };
    let layout = Layout::new(codec, description, description.bits_allocated.into())?;
    let planes: Option<Vec<_>> = (0..frame.planes.len())
        .map(|plane| samples::words(layout, frame, plane))
        .collect();
    let planes = planes.ok_or(disagrees.clone())?;
    let right = planes.len() == usize::from(description.samples_per_pixel)
        && planes.iter().all(|plane| plane.len() == description.pixels());
    if right { Ok(planes) } else { Err(disagrees) }
}
