//! STUB
use dicom::{PixelCoding, PixelDescription};
use std::borrow::Cow;
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    #[error("opaque")]
    Opaque,
}
pub fn clean_frame<'a>(
    _: PixelCoding,
    frame: &'a [u8],
    _: &PixelDescription,
) -> Result<Cow<'a, [u8]>, ContainerError> {
    Ok(Cow::Borrowed(frame))
}
pub fn clean_icc(profile: &[u8]) -> Result<Vec<u8>, ContainerError> {
    Ok(profile.to_vec())
}
pub fn clear_unused_bits(_: &mut [u8], _: &PixelDescription) -> bool {
    false
}
pub fn has_unused_bits_set(_: &[u8], _: &PixelDescription) -> bool {
    false
}
