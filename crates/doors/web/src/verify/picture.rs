//! The picture of an uploaded file, small enough to go into a page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decode::Decoder;
use seal::px1::Region;
use std::io::Cursor;
use verify::Candidate;

/// Altered frames that are shown at most.
const FRAMES: usize = 3;
/// Frames larger than this are not shown, in pixels.
const MAX_PIXELS: usize = 40 << 20;
/// The longer side of a shown picture, in pixels.
const SIDE: u32 = 1024;

/// One frame.
pub(crate) struct Picture {
    /// Counted from 1.
    pub(crate) frame: u32,
    /// Columns of the frame, whatever the size of the PNG.
    pub(crate) width: u32,
    /// Rows of the frame.
    pub(crate) height: u32,
    /// The PNG as a `data:` URI.
    pub(crate) uri: String,
}

/// The frames with altered regions, else the first. Empty where it cannot be shown. Blocks.
pub(crate) fn pictures(candidate: &Candidate, regions: &[Region], decoder: &Decoder) -> Vec<Picture> {
    let Some(description) = candidate.observation.header.pixel_description() else {
        return Vec::new();
    };
    if description.pixels() > MAX_PIXELS || description.pixels() == 0 {
        return Vec::new();
    }
    let mut frames: Vec<u32> = regions.iter().map(|region| region.frame).collect();
    frames.dedup();
    frames.truncate(FRAMES);
    if frames.is_empty() {
        frames.push(1);
    }
    frames
        .into_iter()
        .filter_map(|frame| picture(candidate, frame, decoder))
        .collect()
}

fn picture(candidate: &Candidate, frame: u32, decoder: &Decoder) -> Option<Picture> {
    let rendered = verify::render(candidate, frame, decoder).ok()?;
    let rgb = Raster::read(&verify::draw(rendered, frame, &[]).ok()?)?;
    let (width, height) = (rgb.width, rgb.height);
    let png = rgb.reduced(SIDE).png()?;
    Some(Picture {
        frame,
        width,
        height,
        uri: format!("data:image/png;base64,{}", STANDARD.encode(png)),
    })
}

/// 8-bit RGB, row by row.
struct Raster {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Raster {
    fn read(png: &[u8]) -> Option<Self> {
        let mut reader = png::Decoder::new(Cursor::new(png)).read_info().ok()?;
        let mut rgb = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut rgb).ok()?;
        (info.color_type == png::ColorType::Rgb).then_some(Self {
            width: info.width,
            height: info.height,
            rgb,
        })
    }

    /// Averaged over squares so that neither side is longer than `side`.
    fn reduced(self, side: u32) -> Self {
        let step = self.width.max(self.height).div_ceil(side).max(1);
        if step == 1 {
            return self;
        }
        let (width, height) = (self.width.div_ceil(step), self.height.div_ceil(step));
        let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
        for y in 0..height {
            for x in 0..width {
                let (mut sums, mut count) = ([0_u32; 3], 0);
                for row in y * step..((y + 1) * step).min(self.height) {
                    let from = 3 * (row as usize * self.width as usize + (x * step) as usize);
                    let to = from + 3 * step.min(self.width - x * step) as usize;
                    for pixel in self.rgb.get(from..to).unwrap_or_default().as_chunks::<3>().0 {
                        for (sum, value) in sums.iter_mut().zip(pixel) {
                            *sum += u32::from(*value);
                        }
                        count += 1;
                    }
                }
                rgb.extend(sums.map(|sum| (sum / count.max(1)) as u8));
            }
        }
        Self { width, height, rgb }
    }

    fn png(&self) -> Option<Vec<u8>> {
        let pixels = self.rgb.as_chunks::<3>().0;
        let grey = pixels.iter().all(|[r, g, b]| r == g && g == b);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_color(if grey {
            png::ColorType::Grayscale
        } else {
            png::ColorType::Rgb
        });
        let mut writer = encoder.write_header().ok()?;
        if grey {
            let plane: Vec<u8> = pixels.iter().map(|[grey, ..]| *grey).collect();
            writer.write_image_data(&plane).ok()?;
        } else {
            writer.write_image_data(&self.rgb).ok()?;
        }
        writer.finish().ok()?;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Raster;

    #[test]
    fn a_large_picture_is_averaged_to_the_side() {
        let rgb = (0..5_u32 * 3).flat_map(|at| [(at * 10) as u8; 3]).collect();
        let small = Raster {
            width: 5,
            height: 3,
            rgb,
        }
        .reduced(3);
        assert_eq!((small.width, small.height), (3, 2));
        // Squares of 2 x 2, cut at the right and the lower edge.
        let grey: Vec<u8> = small.rgb.iter().step_by(3).copied().collect();
        assert_eq!(grey, [30, 50, 65, 105, 125, 140]);
    }

    #[test]
    fn a_picture_survives_png() {
        for rgb in [vec![7; 12], (0..12).collect::<Vec<u8>>()] {
            let png = Raster {
                width: 2,
                height: 2,
                rgb,
            }
            .png()
            .unwrap();
            assert!(png.starts_with(b"\x89PNG"));
        }
    }
}
