//! Layers below the data set: codestreams, colour profiles, unused bits.
//!
//! Each container is rebuilt from what decoding needs; everything else (comments, application segments, thumbnails,
//! boxes, bytes in gaps and behind the end) is not copied. Coded samples are copied byte by byte and never decoded,
//! so no coefficient changes. (One exception: a JPEG frame without an end marker that ends in zeros is decoded, since
//! nothing else tells padding from samples.)
//!
//! What this cannot see, since only a decoder knows where the samples end: bytes inside coded data behind the last
//! sample. For JPEG and JPEG-LS [`dicom::codec::decode_frame`] refuses those. For JPEG 2000 (behind the last packet of
//! a tile-part) and JPEG XL (behind the last frame, and names and profiles inside the codestream) nothing does.

mod cursor;
mod deflated;
mod icc;
mod icc_tags;
mod jp2;
mod jpeg;
mod jpeg2000;
mod jpeg2000_segments;
mod jpeg_ls;
mod jpeg_xl;
mod markers;
mod native;
mod rebuild;
mod rle;
mod unused_bits;

use std::borrow::Cow;

use dicom::{PixelCoding, PixelDescription};

pub use icc::clean_icc;
pub use unused_bits::{clear_unused_bits, has_unused_bits_set};

/// Why a container cannot be cleaned. The message never holds a byte of it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContainerError {
    /// The container breaks its standard, or holds what is not known: what stays could not be told from what goes.
    #[error("{coding}: {fault}; quarantine the object and ask the sender for a readable one")]
    Unreadable {
        /// Which kind of container.
        coding: &'static str,
        /// What is wrong.
        fault: &'static str,
    },
    /// Video, or a transfer syntax that is not known: there is no way to look inside.
    #[error(
        "pixel data of this transfer syntax cannot be cleaned; quarantine the object or ask for another transfer syntax"
    )]
    Opaque,
}

/// One frame's codestream (its fragments joined) with metadata gone and its coded data byte-identical.
///
/// Borrowed when nothing had to go, or only bytes at the end. The result has an even length (PS3.5 A.4), for which one
/// zero may be added; but for [`PixelCoding::Native`], which is cut to the frame. A missing end marker is written.
/// A JP2 file becomes the codestream that it holds: DICOM ignores its boxes (PS3.5 8.2.4).
///
/// # Errors
/// [`ContainerError`]: the codestream is not of this coding, is broken, holds segments that no standard knows here,
/// or is of a coding that cannot be cleaned.
pub fn clean_frame<'a>(
    coding: PixelCoding,
    frame: &'a [u8],
    description: &PixelDescription,
) -> Result<Cow<'a, [u8]>, ContainerError> {
    match coding {
        PixelCoding::Native => native::frame(frame, description).map(Cow::Borrowed),
        PixelCoding::Encapsulated => native::clean(frame, description),
        PixelCoding::Rle => rle::clean(frame, description),
        PixelCoding::Jpeg => jpeg::clean(frame, description),
        PixelCoding::JpegLs => jpeg_ls::clean(frame, description),
        PixelCoding::Jpeg2000 => jpeg2000::clean(jp2::codestream(frame)?),
        PixelCoding::JpegXl => jpeg_xl::clean(frame),
        PixelCoding::DeflatedFrame => deflated::clean(frame, description),
        PixelCoding::Opaque => Err(ContainerError::Opaque),
    }
}
