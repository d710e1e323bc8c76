//! STOW-RS, QIDO-RS and WADO-RS.

mod media_type;
pub mod multipart;
