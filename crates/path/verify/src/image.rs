//! The frame with its altered regions marked, as a PNG.

use crate::{Candidate, Error};
use decode::{Decoder, Image};
use dicom::codec::decode_frame;
use dicom::scan::{Element, Limits, ScanError, Sink};
use dicom::{DataSetError, DataSetReader, Photometric, PixelCoding, PixelDescription, Tag};
use seal::px1::{PixelHeader, Region};

/// 8-bit RGB, row by row.
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

/// Frames larger than this are not drawn, in pixels.
const MAX_PIXELS: usize = 100 << 20;

/// Renders one frame (counted from 1) with the window of its header, or one that fits its samples. Blocks.
///
/// # Errors
/// When it has no such frame or it cannot be decoded.
pub fn render(candidate: &Candidate, frame: u32, decoder: &Decoder) -> Result<Picture, Error> {
    let unreadable = |what: &str| Error::Unreadable(what.to_owned());
    let header = &candidate.observation.header;
    let description = header
        .pixel_description()
        .ok_or_else(|| unreadable("it has no image"))?;
    let index = frame.saturating_sub(1);
    if description.pixels() > MAX_PIXELS || index >= description.frames {
        return Err(unreadable("there is no such frame, or it is too large to draw"));
    }
    let mut data_set = candidate.data_set()?;
    let image = match candidate.transfer_syntax.pixels {
        PixelCoding::Native => native(candidate, &description, index)?,
        _ => decoder
            .frame(&candidate.transfer_syntax, &description, index, &mut data_set)
            .map_err(|error| unreadable(&error.to_string()))?,
    };
    let number = |tag| {
        header
            .text(tag)
            .and_then(|t| t.split('\\').next())
            .and_then(|t| t.trim().parse::<f64>().ok())
    };
    let slope = number(Tag(0x0028, 0x1053))
        .filter(|slope| *slope != 0.0)
        .unwrap_or(1.0);
    let intercept = number(Tag(0x0028, 0x1052)).unwrap_or(0.0);
    let window = number(Tag(0x0028, 0x1050)).zip(number(Tag(0x0028, 0x1051)).filter(|width| *width >= 1.0));
    let window = window.map(|(centre, width)| ((centre - intercept) / slope, width / slope.abs()));
    Ok(picture(&image, &description, window))
}

/// Draws the outline of each region of this frame into the picture and gives it as a PNG.
///
/// # Errors
/// When it cannot be written.
pub fn draw(mut picture: Picture, frame: u32, regions: &[Region]) -> Result<Vec<u8>, Error> {
    let (width, height) = (picture.width, picture.height);
    let thickness = (width.min(height) / 256).clamp(1, 8);
    for region in regions.iter().filter(|region| region.frame == frame) {
        let (right, bottom) = (
            (region.x + region.w).min(width),
            (region.y + region.h).min(height),
        );
        for y in region.y..bottom {
            for x in region.x..right {
                let edge = (x - region.x)
                    .min(right - 1 - x)
                    .min(y - region.y)
                    .min(bottom - 1 - y);
                let at = 3 * (y as usize * width as usize + x as usize);
                if let (true, Some(pixel)) = (edge < thickness, picture.rgb.get_mut(at..at + 3)) {
                    pixel.copy_from_slice(&[255, 59, 48]);
                }
            }
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let failed = |error: png::EncodingError| Error::Io(std::io::Error::other(error.to_string()));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&picture.rgb).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn picture(image: &Image, description: &PixelDescription, window: Option<(f64, f64)>) -> Picture {
    let PixelHeader {
        rows,
        columns,
        signed,
        colour,
        ..
    } = image.header;
    let container = usize::from(image.container.max(1));
    let sample = |plane: &[u8], at: usize| {
        let mut bytes = [0; 8];
        let raw = plane
            .get(at * container..(at + 1) * container)
            .unwrap_or_default();
        for (to, from) in bytes.iter_mut().zip(raw) {
            *to = *from;
        }
        let value = i64::from_le_bytes(bytes);
        let shift = 64 - 8 * container as u32;
        if signed {
            ((value << shift) >> shift) as f64
        } else {
            value as f64
        }
    };
    let pixels = rows as usize * columns as usize;
    let mut rgb = Vec::with_capacity(3 * pixels);
    match image.planes.as_slice() {
        [red, green, blue] => {
            let scale = 255.0 / f64::from((1_u32 << u32::from(description.bits_stored.min(16))) - 1);
            for at in 0..pixels {
                let (a, b, c) = (
                    sample(red, at) * scale,
                    sample(green, at) * scale,
                    sample(blue, at) * scale,
                );
                let (r, g, b) = if colour == 3 {
                    let (cb, cr) = (b - 128.0, c - 128.0);
                    (
                        a + 1.402 * cr,
                        a - 0.344_136 * cb - 0.714_136 * cr,
                        a + 1.772 * cb,
                    )
                } else {
                    (a, b, c)
                };
                rgb.extend([r, g, b].map(|value| value.clamp(0.0, 255.0) as u8));
            }
        }
        planes => {
            let plane = planes.first().map(Vec::as_slice).unwrap_or_default();
            let (centre, width) = window.unwrap_or_else(|| {
                let step = (pixels / 65_536).max(1);
                let mut values: Vec<f64> = (0..pixels).step_by(step).map(|at| sample(plane, at)).collect();
                values.sort_by(f64::total_cmp);
                let at = |part: f64| {
                    values
                        .get((values.len() as f64 * part) as usize)
                        .copied()
                        .unwrap_or(0.0)
                };
                let (low, high) = (at(0.005), at(0.995));
                (f64::midpoint(low, high), (high - low).max(1.0))
            });
            let inverted = description.photometric == Photometric::Monochrome1;
            for at in 0..pixels {
                let grey = ((sample(plane, at) - centre) / width + 0.5).clamp(0.0, 1.0);
                let grey = (if inverted { 1.0 - grey } else { grey } * 255.0) as u8;
                rgb.extend([grey; 3]);
            }
        }
    }
    Picture {
        width: columns,
        height: rows,
        rgb,
    }
}

/// One native frame out of the data set.
fn native(candidate: &Candidate, description: &PixelDescription, index: u32) -> Result<Image, Error> {
    let unreadable = |what: String| Error::Unreadable(what);
    let bits = description.pixels() as u64
        * u64::from(description.samples_per_pixel)
        * u64::from(description.bits_allocated);
    if !bits.is_multiple_of(8) {
        return Err(unreadable(
            "frames that do not end with a byte are not drawn".into(),
        ));
    }
    let frame_bytes = bits / 8;
    let skip = frame_bytes * u64::from(index);
    let mut grab = Grab {
        skip,
        want: frame_bytes as usize,
        bytes: Vec::new(),
        active: false,
        swap: 1,
    };
    let mut reader = DataSetReader::new(&candidate.transfer_syntax, Limits::default());
    let mut source = candidate.data_set()?;
    let mut buffer = vec![0; 256 << 10];
    while grab.bytes.len() < grab.want {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        reader
            .push(buffer.get(..count).unwrap_or_default(), &mut grab)
            .map_err(|Unreadable| unreadable("its data set cannot be read".into()))?;
    }
    let mut bytes = grab.bytes;
    if grab.swap > 1 {
        bytes.chunks_exact_mut(grab.swap).for_each(<[u8]>::reverse);
    }
    let frame =
        decode_frame(PixelCoding::Native, description, &bytes).map_err(|e| unreadable(e.to_string()))?;
    let header = PixelHeader::new(description, frame.photometric);
    Ok(Image {
        header,
        container: frame.container,
        planes: frame.planes,
    })
}

struct Grab {
    skip: u64,
    want: usize,
    bytes: Vec<u8>,
    active: bool,
    swap: usize,
}

struct Unreadable;

impl From<ScanError> for Unreadable {
    fn from(_: ScanError) -> Self {
        Self
    }
}

impl From<DataSetError> for Unreadable {
    fn from(_: DataSetError) -> Self {
        Self
    }
}

impl Sink for Grab {
    type Error = Unreadable;

    fn element(&mut self, element: &Element) -> Result<(), Unreadable> {
        self.active = element.depth == 0 && element.tag == Tag::PIXEL_DATA;
        if self.active && element.encoding.is_big_endian() {
            self.swap = element.vr.word();
        }
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        if self.active {
            let passed = self.skip.min(bytes.len() as u64);
            self.skip -= passed;
            let rest = bytes.get(passed as usize..).unwrap_or_default();
            let take = rest.len().min(self.want - self.bytes.len());
            self.bytes.extend_from_slice(rest.get(..take).unwrap_or_default());
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Unreadable> {
        self.active = false;
        Ok(())
    }
}
