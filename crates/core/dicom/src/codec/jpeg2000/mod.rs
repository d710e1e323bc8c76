//! JPEG 2000 and High-Throughput JPEG 2000 (ITU-T T.800, T.814), decoded by OpenJPEG's port to Rust.

mod codestream;

use codestream::Codestream;
use jpeg2k::{DecodeParameters, Image};

use super::guard::guarded;
use super::samples::{self, Layout};
use super::{CodecError, Frame};
use crate::{Photometric, PixelDescription};

const CODEC: &str = "JPEG 2000";
/// The decoder counts in 32 bits, and its transforms need some of them.
const MOST_BITS: u8 = 26;

pub(super) fn decode(description: &PixelDescription, fragments: &[u8]) -> Result<Frame, CodecError> {
    let d = description;
    let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
    // The codestream alone: boxes around it could say something else of its colours.
    let codestream = codestream::locate(fragments).ok_or(malformed("there is no codestream"))?;
    let header = codestream::read(codestream)?;
    let precision = agree(&header, d)?;
    let layout = Layout::new(CODEC, d, precision)?;
    let planes = guarded(CODEC, || decode_planes(codestream, d))?;
    // After the inverse colour transform samples are what the encoder was given: RGB, unless the header says that
    // it was given something else.
    let transformed = matches!(d.photometric, Photometric::YbrRct | Photometric::YbrIct);
    let photometric = if transformed {
        Photometric::Rgb
    } else {
        d.photometric
    };
    let mut frame = samples::frame(layout, &planes, photometric, header.reversible);
    frame.rgb_from_ycbcr = header.colour_transform;
    Ok(frame)
}

/// The samples of each component, which are as many and as large as the description says.
fn decode_planes(codestream: &[u8], d: &PixelDescription) -> Result<Vec<Vec<i32>>, CodecError> {
    let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
    let image = Image::from_bytes_with(codestream, DecodeParameters::new().strict(true))
        .map_err(|_| malformed("the coded samples are corrupt"))?;
    let components = image.components();
    let size = (u32::from(d.columns), u32::from(d.rows));
    if components.len() != usize::from(d.samples_per_pixel)
        || components.iter().any(|c| (c.width(), c.height()) != size)
    {
        return Err(malformed(
            "the decoder gives another image than the codestream promises",
        ));
    }
    Ok(components
        .iter()
        .map(|component| component.data().to_vec())
        .collect())
}

/// Header and codestream must describe one image; the precision that all components share.
fn agree(image: &Codestream, d: &PixelDescription) -> Result<u32, CodecError> {
    let disagrees = |on| CodecError::Disagrees { codec: CODEC, on };
    if (image.columns, image.rows) != (d.columns.into(), d.rows.into()) {
        return Err(disagrees("rows and columns"));
    }
    if image.components.len() != usize::from(d.samples_per_pixel) {
        return Err(disagrees("samples per pixel"));
    }
    if !image.complete {
        return Err(CodecError::Truncated { codec: CODEC });
    }
    let Some((first, others)) = image.components.split_first() else {
        return Err(disagrees("samples per pixel"));
    };
    if first.subsampled || others.iter().any(|other| other != first) {
        return Err(CodecError::Unsupported {
            codec: CODEC,
            what: "components that differ are",
        });
    }
    if first.precision > MOST_BITS {
        return Err(CodecError::Unsupported {
            codec: CODEC,
            what: "a sample of more than 26 bits is",
        });
    }
    Ok(first.precision.into())
}

/// Lossless when all wavelet transforms are reversible.
pub(super) fn lossless(fragments: &[u8]) -> Option<bool> {
    codestream::read(codestream::locate(fragments)?)
        .ok()
        .map(|image| image.reversible)
}
