//! Uncompressed frames: exactly as long as the header says (PS3.5 8.1.1).

use std::borrow::Cow;

use dicom::{Photometric, PixelDescription};

use super::ContainerError;
use super::rebuild::Rebuild;

const UNREADABLE: ContainerError = ContainerError::Unreadable {
    coding: "uncompressed frame",
    fault: "its length is not what the header says",
};

/// Bytes of a frame of which `found` are there: chrominance at half the width makes a shorter frame.
pub(super) fn length(d: &PixelDescription, found: usize) -> Option<usize> {
    let samples = usize::from(d.samples_per_pixel);
    let halved = d.photometric == Photometric::YbrFull422
        && samples == 3
        && d.bits_allocated == 8
        && d.columns.is_multiple_of(2)
        && found / 2 == d.pixels();
    let bits = if halved {
        16
    } else {
        samples.checked_mul(usize::from(d.bits_allocated))?
    };
    Some(d.pixels().checked_mul(bits)?.div_ceil(8))
}

/// The frame without the byte that makes it even.
pub(super) fn frame<'a>(bytes: &'a [u8], d: &PixelDescription) -> Result<&'a [u8], ContainerError> {
    let length = length(d, bytes.len()).ok_or(UNREADABLE)?;
    match bytes.split_at_checked(length) {
        Some((frame, padding)) if padding.len() <= length % 2 => Ok(frame),
        _ => Err(UNREADABLE),
    }
}

/// A frame in fragments: the same with a zero as its padding.
pub(super) fn clean<'a>(bytes: &'a [u8], d: &PixelDescription) -> Result<Cow<'a, [u8]>, ContainerError> {
    let mut out = Rebuild::of(bytes);
    out.push(frame(bytes, d)?);
    Ok(out.finish())
}
