//! Pixels to PX1, in one pass: native ones as they stream in, decoded ones frame by frame.

use super::PixelDigest;
use super::extra::Extra;
use super::geometry::PixelHeader;
use super::row::Layout;
use super::tiles::PlaneTiles;
use dicom::codec::Frame;
use dicom::{Photometric, PixelDescription, Vr};

/// Digests decoded frames.
pub struct PixelDigester {
    header: PixelHeader,
    planes: Vec<PlaneTiles>,
    tiles: Vec<[u8; 32]>,
    extra: Extra,
    frames: u32,
}

impl PixelDigester {
    /// A digester for the frames that `header` describes.
    pub fn new(header: PixelHeader) -> Self {
        let planes = (0..header.planes).map(|_| PlaneTiles::new(&header)).collect();
        Self {
            header,
            planes,
            tiles: Vec::new(),
            extra: Extra::default(),
            frames: 0,
        }
    }

    /// Takes the next decoded frame.
    pub fn frame(&mut self, frame: &Frame) {
        let row_bytes = self.header.columns as usize * self.header.container();
        for (tiles, samples) in self.planes.iter_mut().zip(&frame.planes) {
            samples.chunks_exact(row_bytes).for_each(|row| tiles.row(row));
        }
        let pixels = u64::from(self.header.rows) * u64::from(self.header.columns);
        let first = u64::from(self.frames) * pixels;
        for (plane, words) in frame.extra_bits.iter().flatten().enumerate() {
            let width = (words.len() as u64 / pixels.max(1)).max(1) as usize;
            let samples = frame.planes.get(plane).map(Vec::as_slice).unwrap_or_default();
            let values = samples.chunks_exact(self.header.container());
            for (index, (word, value)) in (first..).zip(words.chunks_exact(width).zip(values)) {
                let mut bytes = [0; 8];
                if let Some(slot) = bytes.get_mut(..width.min(8)) {
                    slot.copy_from_slice(word.get(..width.min(8)).unwrap_or_default());
                }
                let others = u64::from_le_bytes(bytes);
                let negative = self.header.signed && value.last().is_some_and(|byte| byte & 0x80 != 0);
                let all = if width >= 8 {
                    u64::MAX
                } else {
                    (1 << (8 * width)) - 1
                };
                let bits = u32::from(self.header.bits_stored);
                let copies_of_sign = if bits >= 64 { 0 } else { all & !((1 << bits) - 1) };
                if others != 0 && !(negative && others == copies_of_sign) {
                    self.extra.sample(plane, index, others);
                }
            }
        }
        self.end_frame();
    }

    fn end_frame(&mut self) {
        for plane in &mut self.planes {
            self.tiles.extend(plane.take());
        }
        self.frames += 1;
    }

    /// PX1 of the frames taken; `None` when it were not as many as the header says.
    pub fn finish(self) -> Option<PixelDigest> {
        let complete = self.header.tile_count() == Some(self.tiles.len());
        complete.then(|| PixelDigest {
            header: self.header,
            tiles: self.tiles,
            extra: self.extra.digest(),
        })
    }
}

/// Tiles at most, unless the pixels hold a kilobyte and more for each.
const MAX_TILES: u64 = 256 << 10;

/// Digests native pixel data as it streams in, in whatever chunks.
pub struct NativePixels {
    digester: PixelDigester,
    layout: Layout,
    /// Bytes of a big-endian word to turn around, or 1.
    swap: usize,
    /// Samples are single bits, eight to a byte.
    bits: bool,
    /// Planes stand one after the other.
    planar: bool,
    carry: Vec<u8>,
    row: Vec<u8>,
    row_bytes: usize,
    rows_left: u64,
    plane: usize,
    row_in_plane: u32,
    canonical: Vec<u8>,
}

impl NativePixels {
    /// A digester for native pixel data of `length` bytes as it stands in the stream; `None` where the description
    /// does not fit the length, so that only the bytes themselves can be sealed.
    pub fn new(description: &PixelDescription, vr: Vr, big_endian: bool, length: u64) -> Option<Self> {
        let mut description = *description;
        let allocated = description.bits_allocated;
        let bits = allocated == 1;
        if !(bits || matches!(allocated, 8 | 16 | 32 | 64)) || description.samples_per_pixel > 4 {
            return None;
        }
        let frame_samples = u64::from(description.rows) * u64::from(description.columns);
        let mut header = PixelHeader::new(&description, description.photometric);
        let samples = frame_samples * u64::from(description.frames);
        let halved = description.photometric == Photometric::YbrFull422
            && allocated == 8
            && description.samples_per_pixel == 3
            && length.div_ceil(2) == samples;
        if halved {
            header.columns *= 2;
            header.planes = 1;
            description.planar = false;
        }
        let planes = u64::from(header.planes);
        let row_samples = u64::from(header.columns) * if description.planar { 1 } else { planes };
        let all_rows =
            u64::from(header.rows) * u64::from(header.frames) * if description.planar { planes } else { 1 };
        let needed = if bits {
            (all_rows * row_samples).div_ceil(8)
        } else {
            all_rows.checked_mul(row_samples * u64::from(allocated / 8))?
        };
        // Frames of a few pixels would cost more in digests than they hold: their bytes are sealed as they stand.
        let tiles = header.tile_count()? as u64;
        if length < needed || tiles > MAX_TILES.max(length / 1024) {
            return None;
        }
        if bits {
            (
                description.bits_allocated,
                description.bits_stored,
                description.high_bit,
            ) = (8, 1, 0);
            header.bits_stored = 1;
        }
        let swap = if big_endian { vr.word() } else { 1 };
        Some(Self {
            layout: Layout::new(&description, header.container()),
            swap,
            bits,
            planar: description.planar,
            carry: Vec::new(),
            row: Vec::new(),
            row_bytes: row_samples as usize * if bits { 1 } else { usize::from(allocated / 8) },
            rows_left: all_rows,
            plane: 0,
            row_in_plane: 0,
            canonical: Vec::new(),
            digester: PixelDigester::new(header),
        })
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.swap > 1 {
            let mut words = std::mem::take(&mut self.carry);
            words.extend_from_slice(bytes);
            let (full, rest) = words.split_at(words.len() - words.len() % self.swap);
            let swapped: Vec<u8> = full
                .chunks(self.swap)
                .flat_map(|word| word.iter().rev().copied())
                .collect();
            self.carry = rest.to_vec();
            self.little_endian(&swapped);
        } else {
            self.little_endian(bytes);
        }
    }

    fn little_endian(&mut self, bytes: &[u8]) {
        if self.bits {
            for part in bytes.chunks(4096) {
                let samples: Vec<u8> = part
                    .iter()
                    .flat_map(|byte| (0..8).map(move |bit| (byte >> bit) & 1))
                    .collect();
                self.samples(&samples);
            }
        } else {
            self.samples(bytes);
        }
    }

    fn samples(&mut self, mut bytes: &[u8]) {
        if !self.row.is_empty() && self.rows_left > 0 {
            let take = (self.row_bytes - self.row.len()).min(bytes.len());
            let (head, rest) = bytes.split_at(take);
            self.row.extend_from_slice(head);
            bytes = rest;
            if self.row.len() < self.row_bytes {
                return;
            }
            let row = std::mem::take(&mut self.row);
            self.whole_row(&row);
            self.row = row;
            self.row.clear();
        }
        while self.rows_left > 0 && bytes.len() >= self.row_bytes {
            let (row, rest) = bytes.split_at(self.row_bytes);
            self.whole_row(row);
            bytes = rest;
        }
        if self.rows_left > 0 {
            self.row.extend_from_slice(bytes);
        } else if bytes.iter().any(|byte| *byte != 0) {
            self.digester.extra.beyond(bytes);
        }
    }

    fn whole_row(&mut self, row: &[u8]) {
        let header = self.digester.header;
        let planes = if self.planar { 1 } else { header.planes as usize };
        let first = (u64::from(self.digester.frames) * u64::from(header.rows) + u64::from(self.row_in_plane))
            * u64::from(header.columns);
        let ready = planes == 1 && self.layout.is_canonical(row);
        for plane in 0..planes {
            let target = if self.planar { self.plane } else { plane };
            let Some(tiles) = self.digester.planes.get_mut(target) else {
                continue;
            };
            if ready {
                tiles.row(row);
                continue;
            }
            self.canonical.clear();
            let extra = (&mut self.digester.extra, target);
            self.layout
                .convert(row, (plane, planes), first, &mut self.canonical, extra);
            tiles.row(&self.canonical);
        }
        self.rows_left -= 1;
        self.row_in_plane += 1;
        if self.row_in_plane == header.rows {
            self.row_in_plane = 0;
            self.plane += 1;
            if !self.planar || self.plane == header.planes as usize {
                self.plane = 0;
                self.digester.end_frame();
            }
        }
    }

    /// PX1 of the pixels; `None` when bytes are missing.
    pub fn finish(self) -> Option<PixelDigest> {
        self.digester.finish()
    }
}
