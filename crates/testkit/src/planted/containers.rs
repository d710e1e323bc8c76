//! From a data set to a file: transfer syntaxes, and identifiers in every layer around the data set.

use super::Planted;
use super::codestreams::{self, with_j2k_comment, with_jpeg_segments};
use super::key::{Action, Category, Key};
use super::level::Level;
use super::md5;
use super::objects::Draft;
use super::person::{Text, word};
use crate::{DataSet, Encoding, Random, Value, Vr};
use dicom::codec::{decode_frame, encode_frame};
use dicom::{Photometric, PixelCoding, PixelDescription};
use std::io::Write;

const PIXEL_DATA: u32 = 0x7fe0_0010;

/// How an object is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wire {
    Native(Encoding),
    Deflated,
    Rle,
    JpegLs,
    Jpeg,
    JpegLossless,
    Jpeg2000,
}

impl Wire {
    /// For objects without pixels, or whose pixels stay native.
    pub(crate) const NATIVE: [Self; 4] = [
        Self::Native(Encoding::ExplicitLe),
        Self::Native(Encoding::ImplicitLe),
        Self::Native(Encoding::ExplicitBe),
        Self::Deflated,
    ];
    /// For images.
    pub(crate) const ALL: [Self; 9] = [
        Self::Native(Encoding::ExplicitLe),
        Self::Native(Encoding::ImplicitLe),
        Self::Rle,
        Self::Native(Encoding::ExplicitBe),
        Self::JpegLs,
        Self::Deflated,
        Self::Jpeg,
        Self::Jpeg2000,
        Self::JpegLossless,
    ];

    fn transfer_syntax(self) -> &'static str {
        match self {
            Self::Native(encoding) => encoding.transfer_syntax(),
            Self::Deflated => "1.2.840.10008.1.2.1.99",
            Self::Rle => "1.2.840.10008.1.2.5",
            Self::JpegLs => "1.2.840.10008.1.2.4.80",
            Self::Jpeg => "1.2.840.10008.1.2.4.50",
            Self::JpegLossless => "1.2.840.10008.1.2.4.70",
            Self::Jpeg2000 => "1.2.840.10008.1.2.4.90",
        }
    }

    fn coding(self) -> PixelCoding {
        match self {
            Self::Native(_) | Self::Deflated => PixelCoding::Native,
            Self::Rle => PixelCoding::Rle,
            Self::JpegLs => PixelCoding::JpegLs,
            Self::Jpeg | Self::JpegLossless => PixelCoding::Jpeg,
            Self::Jpeg2000 => PixelCoding::Jpeg2000,
        }
    }

    fn encoding(self) -> Encoding {
        match self {
            Self::Native(encoding) => encoding,
            _ => Encoding::ExplicitLe,
        }
    }
}

/// Writes an object as a file.
pub(crate) fn finish(draft: Draft, name: String, wire: Wire, random: &mut Random) -> Planted {
    let Draft {
        mut level,
        mut key,
        class,
        uid,
    } = draft;
    if level.set.get(PIXEL_DATA).is_some() {
        pixels(&mut level, &mut key, wire, random);
    }
    if random.below(8) == 0 {
        level.set.put(0x0008_0000, Vr::UL, 4242_u32.to_le_bytes());
        level.set.put(0x0010_0000, Vr::UL, 999_u32.to_le_bytes());
    }
    if random.below(4) == 0 {
        let padding = Text::secret(word(random));
        level.set.put(0xfffc_fffc, Vr::OB, padding.bytes.clone());
        padding.tell(&mut key, "<(fffc,fffc)>");
    }
    let mut bytes = head(&mut key, class, &uid, wire.transfer_syntax(), random);
    let data_set = level.set.encode(wire.encoding());
    if wire == Wire::Deflated {
        bytes.extend(deflate(&data_set));
    } else {
        bytes.extend(data_set);
    }
    Planted { name, bytes, key }
}

/// A raw deflate stream (PS3.5 A.5), padded to an even length.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to memory cannot fail.
    let mut out = encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .unwrap_or_default();
    if out.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// Preamble and file meta information, with names in them.
pub(crate) fn head(key: &mut Key, class: &str, uid: &str, syntax: &str, random: &mut Random) -> Vec<u8> {
    let mut preamble = Vec::new();
    if random.below(2) == 0 {
        let hidden = Text::secret(word(random));
        preamble.extend_from_slice(&hidden.bytes);
        hidden.tell(key, "preamble");
    }
    preamble.resize(128, 0);
    let mut meta = DataSet::new();
    meta.put(0x0002_0001, Vr::OB, [0, 1])
        .text(0x0002_0002, Vr::UI, class)
        .text(0x0002_0003, Vr::UI, uid)
        .text(0x0002_0010, Vr::UI, syntax)
        .text(0x0002_0012, Vr::UI, crate::IMPLEMENTATION_CLASS)
        .text(0x0002_0013, Vr::SH, "LEADGLASS_TEST");
    let spots = [
        (0x0002_0016, Vr::AE),
        (0x0002_0017, Vr::AE),
        (0x0002_0018, Vr::AE),
        (0x0002_0026, Vr::UR),
        (0x0002_0102, Vr::OB),
    ];
    for (tag, vr) in spots {
        if random.below(2) == 0 {
            let mut text = word(random).to_uppercase();
            text.truncate(16);
            meta.text(tag, vr, &text);
            key.token(&format!("file meta {tag:08x}"), text);
        }
    }
    if meta.get(0x0002_0102).is_some() {
        meta.text(0x0002_0100, Vr::UI, "1.3.6.1.4.1.99999.1");
    }
    let meta = meta.encode(Encoding::ExplicitLe);
    let mut length = DataSet::new();
    length.put(0x0002_0000, Vr::UL, (meta.len() as u32).to_le_bytes());
    [
        preamble,
        b"DICM".to_vec(),
        length.encode(Encoding::ExplicitLe),
        meta,
    ]
    .concat()
}

fn number(set: &DataSet, tag: u32) -> u16 {
    match set.get(tag) {
        Some((_, Value::Bytes(bytes))) => bytes.first_chunk().map_or(0, |two| u16::from_le_bytes(*two)),
        _ => 0,
    }
}

fn description(set: &DataSet) -> PixelDescription {
    let frames = match set.get(0x0028_0008) {
        Some((_, Value::Bytes(text))) => String::from_utf8_lossy(text).trim().parse().unwrap_or(1),
        _ => 1,
    };
    let samples = number(set, 0x0028_0002);
    PixelDescription {
        rows: number(set, 0x0028_0010),
        columns: number(set, 0x0028_0011),
        frames,
        samples_per_pixel: samples,
        bits_allocated: number(set, 0x0028_0100),
        bits_stored: number(set, 0x0028_0101),
        high_bit: number(set, 0x0028_0102),
        signed: number(set, 0x0028_0103) == 1,
        planar: number(set, 0x0028_0006) == 1,
        photometric: if samples == 3 {
            Photometric::Rgb
        } else {
            Photometric::Monochrome2
        },
    }
}

/// Native samples stay as they are, or are coded; the key learns how to see that they are the same.
fn pixels(level: &mut Level, key: &mut Key, wire: Wire, random: &mut Random) {
    let native = match level.set.get(PIXEL_DATA) {
        Some((_, Value::Bytes(bytes))) => bytes.clone(),
        _ => return,
    };
    match wire {
        Wire::Native(_) | Wire::Deflated => {
            let digest = md5::hex(&native);
            key.check(
                Action::PixelsRetained,
                "<(7fe0,0010)>",
                &digest,
                &digest,
                Category::Practice,
            );
        }
        Wire::Rle | Wire::JpegLs => encapsulate(level, key, wire, &native, random),
        Wire::Jpeg | Wire::JpegLossless | Wire::Jpeg2000 => fixed(level, key, wire, random),
    }
}

/// Frames coded here, with names in what decoders skip: comments, bytes after a segment, a fragment after the last frame.
fn encapsulate(level: &mut Level, key: &mut Key, wire: Wire, native: &[u8], random: &mut Random) {
    let about = description(&level.set);
    let size = about.pixels() * usize::from(about.samples_per_pixel) * usize::from(about.bits_allocated / 8);
    let mut fragments = Vec::new();
    let mut samples = Vec::new();
    for frame in native.chunks_exact(size.max(1)) {
        let coded = decode_frame(PixelCoding::Native, &about, frame).and_then(|frame| {
            samples.extend(frame.planes.concat());
            encode_frame(wire.coding(), &about, &frame)
        });
        let Ok(coded) = coded else {
            return;
        };
        let hidden = word(random);
        let coded = if wire == Wire::JpegLs {
            let (exif, maker) = (word(random), word(random));
            for text in [&exif, &maker] {
                key.token("JPEG-LS segment", text.clone());
            }
            with_jpeg_segments(&coded, &hidden, &exif, &maker)
        } else {
            let even = coded.len() % 2;
            [coded, vec![0; even], hidden.as_bytes().to_vec()].concat()
        };
        key.token("end of frame or comment in it", hidden);
        fragments.push(coded);
    }
    key.samples = Some(md5::hex(&samples));
    if about.frames > 1 {
        with_table(level, key, fragments, random);
    } else {
        level.set.fragments(fragments);
    }
}

/// Several frames with a basic offset table, and a fragment that no frame has asked for.
fn with_table(level: &mut Level, key: &mut Key, mut fragments: Vec<Vec<u8>>, random: &mut Random) {
    let mut at = 0_u32;
    let mut table = Vec::new();
    for fragment in &fragments {
        table.extend(at.to_le_bytes());
        at += 8 + fragment.len().next_multiple_of(2) as u32;
    }
    if random.below(3) == 0 {
        let hidden = word(random);
        key.token("fragment after the last frame", hidden.clone());
        fragments.push(hidden.into_bytes());
        key.may_withhold = true;
    }
    let all = std::iter::once(table).chain(fragments).collect();
    level.set.fragments(Vec::new());
    level.set.replace(PIXEL_DATA, Vr::OB, Value::Fragments(all));
}

/// A codestream that stands in this crate, with names in its comments.
fn fixed(level: &mut Level, key: &mut Key, wire: Wire, random: &mut Random) {
    let words: [String; 3] = std::array::from_fn(|_| word(random));
    let [comment, exif, maker] = &words;
    let original = codestreams::bytes(match wire {
        Wire::Jpeg => codestreams::GRAY_JPG,
        Wire::JpegLossless => codestreams::LOSSLESS_JPG,
        _ => codestreams::GRAY_J2K,
    });
    let codestream = if wire == Wire::Jpeg2000 {
        with_j2k_comment(&original, comment)
    } else {
        for text in [exif, maker] {
            key.token("JPEG segment", text.clone());
        }
        with_jpeg_segments(&original, comment, exif, maker)
    };
    key.token("comment in a codestream", comment.clone());
    level.set.remove(0x0028_0008);
    level.set.remove(0x0028_0006);
    level.set.remove(0x0028_0009);
    level
        .set
        .us(0x0028_0002, &[1])
        .text(0x0028_0004, Vr::CS, "MONOCHROME2")
        .us(0x0028_0010, &[32])
        .us(0x0028_0011, &[32])
        .us(0x0028_0100, &[8])
        .us(0x0028_0101, &[8])
        .us(0x0028_0102, &[7])
        .us(0x0028_0103, &[0])
        .fragments(vec![codestream]);
    if wire == Wire::Jpeg {
        level
            .set
            .text(0x0028_2110, Vr::CS, "01")
            .text(0x0028_2112, Vr::DS, "4")
            .text(0x0028_2114, Vr::CS, "ISO_10918_1");
    }
    let gone = ["<(0028,2110)>", "<(0028,0004)>", "<(0028,0009)>"];
    key.checks
        .retain(|check| check.action != Action::TextRetained || !gone.contains(&check.path.as_str()));
    key.samples = decode_frame(wire.coding(), &description(&level.set), &original)
        .ok()
        .map(|frame| md5::hex(&frame.planes.concat()));
}
