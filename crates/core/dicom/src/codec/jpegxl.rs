//! JPEG XL (ISO/IEC 18181), decoded by jxl-oxide.

use jxl_oxide::frame::Encoding;
use jxl_oxide::image::BitDepth;
use jxl_oxide::{AllocTracker, FrameHeader, JxlImage};

use super::guard::guarded;
use super::samples::{self, Layout};
use super::{CodecError, Frame};
use crate::{Photometric, PixelDescription};

const CODEC: &str = "JPEG XL";
/// What the decoder may hold for a sample: a 32-bit number and some copies of it, and for small images its tables.
const BYTES_A_SAMPLE: usize = 64;
const BYTES_AT_LEAST: usize = 64 << 20;

pub(super) fn decode(description: &PixelDescription, codestream: &[u8]) -> Result<Frame, CodecError> {
    guarded(CODEC, || decode_unguarded(description, codestream))
}

fn decode_unguarded(d: &PixelDescription, codestream: &[u8]) -> Result<Frame, CodecError> {
    let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
    let samples = d.pixels() * usize::from(d.samples_per_pixel);
    let limit = BYTES_AT_LEAST + samples * BYTES_A_SAMPLE;
    let image = open(codestream, limit)?;
    let precision = agree(&image, d)?;
    let layout = Layout::new(CODEC, d, precision)?;
    if !image.is_loading_done() {
        return Err(CodecError::Truncated { codec: CODEC });
    }
    if image.num_loaded_keyframes() != 1 {
        return Err(CodecError::Unsupported {
            codec: CODEC,
            what: "an animation is",
        });
    }
    let lossless = is_lossless(&image);
    let render = image
        .render_frame(0)
        .map_err(|_| malformed("the coded samples are corrupt"))?;
    let mut stream = render.stream_no_alpha();
    let channels = stream.channels() as usize;
    let size = (u32::from(d.columns), u32::from(d.rows));
    if (stream.width(), stream.height()) != size || channels != usize::from(d.samples_per_pixel) {
        return Err(malformed(
            "the decoder gives another image than the codestream promises",
        ));
    }
    // The decoder gives numbers from 0 to 1: of at most 16 bits, each integer comes back exactly.
    let highest = ((1u32 << precision) - 1) as f32;
    let mut planes: Vec<Vec<u16>> = (0..channels).map(|_| Vec::with_capacity(d.pixels())).collect();
    let mut line = vec![0f32; usize::from(d.columns) * channels];
    for _ in 0..d.rows {
        stream.write_to_buffer(&mut line);
        for pixel in line.chunks_exact(channels) {
            for (plane, sample) in planes.iter_mut().zip(pixel) {
                plane.push((sample * highest).round().clamp(0.0, highest) as u16);
            }
        }
    }
    // Of three channels the decoder gives RGB, unless they were coded as they are.
    let converted = channels == 3 && (!lossless || d.photometric == Photometric::Xyb);
    let photometric = if converted {
        Photometric::Rgb
    } else {
        d.photometric
    };
    let mut frame = samples::frame(layout, &planes, photometric, lossless);
    frame.rgb_from_ycbcr = converted;
    Ok(frame)
}

fn open(codestream: &[u8], limit: usize) -> Result<JxlImage, CodecError> {
    JxlImage::builder()
        .alloc_tracker(AllocTracker::with_limit(limit))
        .read(codestream)
        .map_err(|_| CodecError::Malformed {
            codec: CODEC,
            fault: "the header is corrupt",
        })
}

/// Header and codestream must describe one image; its precision.
fn agree(image: &JxlImage, d: &PixelDescription) -> Result<u32, CodecError> {
    let header = image.image_header();
    let disagrees = |on| CodecError::Disagrees { codec: CODEC, on };
    if (header.size.width, header.size.height) != (d.columns.into(), d.rows.into()) {
        return Err(disagrees("rows and columns"));
    }
    if image.pixel_format().channels() != usize::from(d.samples_per_pixel) {
        return Err(disagrees("samples per pixel"));
    }
    if header.metadata.orientation != 1 {
        return Err(CodecError::Unsupported {
            codec: CODEC,
            what: "a turned image is",
        });
    }
    match header.metadata.bit_depth {
        BitDepth::IntegerSample { bits_per_sample } if (1..=16).contains(&bits_per_sample) => {
            Ok(bits_per_sample)
        }
        _ => Err(CodecError::Unsupported {
            codec: CODEC,
            what: "a sample of more than 16 bits is",
        }),
    }
}

/// Samples coded as they are: not in XYB, not by the DCT, not smoothed and without synthetic noise.
fn is_lossless(image: &JxlImage) -> bool {
    let mut frames = (0..image.num_loaded_frames()).filter_map(|index| image.frame(index));
    let as_they_are = |header: &FrameHeader| {
        let filter = &header.restoration_filter;
        let smoothed = filter.gab.enabled() || filter.epf.enabled();
        header.encoding == Encoding::Modular && !header.do_ycbcr && !smoothed && !header.flags.noise()
    };
    !image.image_header().metadata.xyb_encoded && frames.all(|frame| as_they_are(frame.header()))
}

/// Lossless when the samples are coded as they are.
pub(super) fn lossless(codestream: &[u8]) -> Option<bool> {
    let read = || {
        let image = open(codestream, BYTES_AT_LEAST)?;
        Ok((image.num_loaded_frames() > 0).then(|| is_lossless(&image)))
    };
    guarded(CODEC, read).ok().flatten()
}
