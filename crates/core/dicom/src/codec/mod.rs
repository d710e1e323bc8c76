//! Pixel codecs: one compressed frame to its samples, and back for RLE and JPEG-LS.
//!
//! Every decoder reads its codestream's own header first and refuses what disagrees with the DICOM header, so
//! that no codestream makes it allocate more than Rows x Columns x Samples; then it decodes, and refuses a
//! codestream that ends too early. What comes out is canonical: two lossless encodings of one image give equal
//! [`Frame`] samples.

mod bytes;
mod deflate;
mod encode;
mod error;
pub mod frames;
mod guard;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod jpegxl;
mod native;
mod rle;
mod samples;

pub use encode::{Interleave, NearLossless, encode_frame, encode_jpeg_ls};
pub use error::CodecError;

use crate::{Photometric, PixelCoding, PixelDescription};

/// One decoded frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The samples: one plane for each of Samples per Pixel, row-major, in little-endian containers. Value
    /// bits are masked to Bits Stored and sign-extended when signed. A 1-bit image has a byte (0 or 1) a sample.
    pub planes: Vec<Vec<u8>>,
    /// Bytes of a sample: 1, 2 or 4, by Bits Stored.
    pub container: u8,
    /// Bits outside Bits Stored (old overlays), in words of Bits Allocated with the value bits cleared, laid out as
    /// `planes`. `None` when there are none: all zero or, for signed samples, only copies of the sign.
    pub extra_bits: Option<Vec<Vec<u8>>>,
    /// What the samples are, which is not always what the header says: JPEG 2000 gives RGB back after its own
    /// colour transform, and a JPEG codestream may say itself that it is RGB.
    pub photometric: Photometric,
    /// Whether the codestream (not the transfer syntax) codes its samples without loss; see [`lossless`].
    pub lossless: bool,
    /// The codec has undone a colour transform of its own: the samples are what its encoder was given.
    pub rgb_from_ycbcr: bool,
}

/// Decodes one frame. `codestream` is all fragments of the frame joined (see [`frames`]); for
/// [`PixelCoding::Native`] it is the frame's bytes, little-endian.
///
/// # Errors
/// [`CodecError`]: the codestream is broken, too short, of another image than the header describes, or of a kind
/// that is not decoded here.
pub fn decode_frame(
    coding: PixelCoding,
    description: &PixelDescription,
    codestream: &[u8],
) -> Result<Frame, CodecError> {
    check(description)?;
    match coding {
        PixelCoding::Native | PixelCoding::Encapsulated => native::decode(description, codestream),
        PixelCoding::Rle => rle::decode(description, codestream),
        PixelCoding::Jpeg => jpeg::decode(description, codestream),
        PixelCoding::JpegLs => jpegls::decode(description, codestream),
        PixelCoding::Jpeg2000 => jpeg2000::decode(description, codestream),
        PixelCoding::JpegXl => jpegxl::decode(description, codestream),
        PixelCoding::DeflatedFrame => deflate::decode(description, codestream),
        PixelCoding::Opaque => Err(CodecError::Unsupported {
            codec: "pixel data",
            what: "this transfer syntax is",
        }),
    }
}

/// Whether a codestream codes its samples without loss, read from the codestream itself: the JPEG process (and its
/// point transform), the JPEG-LS NEAR parameter, the wavelet of JPEG 2000, the mode of JPEG XL. `None` when it
/// cannot be read.
///
/// It says how the codestream codes, not what was done before: an image rendered to 8 bits and then coded without
/// loss is `true`, and so is a reversible JPEG 2000 codestream whose last bit planes were cut off, or a JPEG XL one
/// whose samples were rounded before.
pub fn lossless(coding: PixelCoding, codestream: &[u8]) -> Option<bool> {
    match coding {
        PixelCoding::Native | PixelCoding::Encapsulated | PixelCoding::Rle | PixelCoding::DeflatedFrame => {
            Some(true)
        }
        PixelCoding::Jpeg => jpeg::lossless(codestream),
        PixelCoding::JpegLs => jpegls::lossless(codestream),
        PixelCoding::Jpeg2000 => jpeg2000::lossless(codestream),
        PixelCoding::JpegXl => jpegxl::lossless(codestream),
        PixelCoding::Opaque => None,
    }
}

fn check(description: &PixelDescription) -> Result<(), CodecError> {
    let d = description;
    let fault = if d.rows == 0 || d.columns == 0 {
        "rows or columns are zero"
    } else if !(1..=4).contains(&d.samples_per_pixel) {
        "samples per pixel are not 1 to 4"
    } else if !matches!(d.bits_allocated, 1 | 8 | 16 | 32) {
        "bits allocated are not 1, 8, 16 or 32"
    } else if d.bits_stored == 0 || d.bits_stored > d.bits_allocated {
        "bits stored are zero or more than bits allocated"
    } else if d.high_bit >= d.bits_allocated || d.high_bit + 1 < d.bits_stored {
        "the high bit does not fit bits allocated and bits stored"
    } else {
        return Ok(());
    };
    Err(CodecError::Description { fault })
}
