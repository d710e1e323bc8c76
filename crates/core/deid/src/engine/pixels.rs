//! Pixel data and other large values: rebuilt while they are copied.

use super::Withheld;
use super::read::{Bytes, CHUNK};
use crate::containers::{clean_frame, clear_unused_bits, has_unused_bits_set};
use crate::tree::{DataSet, Element, Place, Value};
use crate::write;
use dicom::codec::frames::{Fragment, Offsets, frames};
use dicom::{Photometric, PixelCoding, PixelDescription, Tag, Vr};
use std::borrow::Cow;
use std::io::{Seek, SeekFrom, Write};

const EXTENDED_OFFSETS: Tag = Tag(0x7FE0, 0x0001);
/// A frame's codestream longer than this is not held in memory, in bytes.
const MAX_FRAME: u64 = 1 << 30;

/// How the object's pixels are laid out, as its header said before it was cleaned.
pub(super) struct Picture {
    description: Option<PixelDescription>,
    /// Extended Offset Table, its value.
    extended: Option<Value>,
}

impl Picture {
    pub(super) fn of(set: &DataSet) -> Self {
        let mut header = dicom::Header::default();
        for element in set
            .elements
            .iter()
            .filter(|element| element.tag.group() == 0x0028)
        {
            if let Value::Bytes(bytes) = &element.value {
                header.offer(element.tag, element.vr, bytes);
            }
        }
        Self {
            description: header.pixel_description(),
            extended: set.get(EXTENDED_OFFSETS).map(|element| element.value.clone()),
        }
    }
}

/// True when the pixel data is encapsulated.
pub(super) fn are_encapsulated(set: &DataSet) -> bool {
    matches!(
        set.get(Tag::PIXEL_DATA),
        Some(Element {
            value: Value::Fragments { .. },
            ..
        })
    )
}

/// Writes an element that is pixel data, or whose value is large.
pub(super) fn write(
    element: &Element,
    bytes: &Bytes<'_>,
    coding: PixelCoding,
    picture: &Picture,
    out: &mut (impl Write + Seek),
) -> Result<(), Withheld> {
    match &element.value {
        Value::Fragments { table, places } => encapsulated(*table, places, bytes, coding, picture, out),
        Value::Large { place, big_endian } if element.tag == Tag::PIXEL_DATA => {
            let swap = if *big_endian { element.vr.word() } else { 1 };
            native(element.vr, *place, swap, bytes, picture, out)
        }
        Value::Large { place, big_endian } => {
            let swap = if *big_endian { element.vr.word() } else { 1 };
            let mut head = Vec::with_capacity(12);
            write::header(
                &mut head,
                element.tag,
                element.vr,
                place.length + place.length % 2,
            );
            out.write_all(&head)?;
            copy(*place, u64::from(place.length), swap, bytes, out, |_| {})?;
            pad(place.length.into(), out)
        }
        Value::Bytes(value) => {
            let samples = small(value.clone(), picture)?;
            let mut whole = Vec::with_capacity(samples.len() + 12);
            write::element(
                &mut whole,
                &Element {
                    value: Value::Bytes(samples),
                    ..element.clone()
                },
            );
            Ok(out.write_all(&whole)?)
        }
        Value::Items(_) => Err(Withheld::Pixels("it is written as a sequence")),
    }
}

/// How many bytes native pixel data has, from what the header says.
fn expected(description: &PixelDescription) -> u64 {
    let d = description;
    // A header may claim more than any number holds.
    let samples = if d.photometric == Photometric::YbrFull422 && d.samples_per_pixel == 3 {
        // Two pixels share their chrominance (PS3.3 C.7.6.3.1.2).
        2
    } else {
        d.samples_per_pixel.into()
    };
    let bits = [
        d.rows.into(),
        d.columns.into(),
        d.frames.into(),
        samples,
        d.bits_allocated.into(),
    ];
    bits.into_iter().fold(1, u64::saturating_mul).div_ceil(8)
}

fn description(picture: &Picture) -> Result<PixelDescription, Withheld> {
    picture.description.ok_or(Withheld::Pixels(
        "rows, columns or bits are missing or make no sense",
    ))
}

/// Pixel data that is in memory, cut to its length, unused bits cleared.
fn small(mut samples: Vec<u8>, picture: &Picture) -> Result<Vec<u8>, Withheld> {
    if samples.is_empty() {
        return Ok(samples);
    }
    let description = description(picture)?;
    samples.truncate(usize::try_from(expected(&description)).unwrap_or(usize::MAX));
    clear_unused_bits(&mut samples, &description);
    Ok(samples)
}

fn native(
    vr: Vr,
    place: Place,
    swap: usize,
    bytes: &Bytes<'_>,
    picture: &Picture,
    out: &mut impl Write,
) -> Result<(), Withheld> {
    let description = description(picture)?;
    let length = expected(&description).min(place.length.into());
    // Samples of more than a byte are words (PS3.5 A.2), whatever an implicit encoding left open.
    let vr = if description.bits_allocated > 8 {
        Vr::OW
    } else {
        vr
    };
    let mut head = Vec::with_capacity(12);
    write::header(&mut head, Tag::PIXEL_DATA, vr, (length + length % 2) as u32);
    out.write_all(&head)?;
    copy(place, length, swap, bytes, out, |part| {
        if has_unused_bits_set(part, &description) {
            let samples = part.to_mut();
            clear_unused_bits(samples, &description);
        }
    })?;
    pad(length, out)
}

fn pad(length: u64, out: &mut impl Write) -> Result<(), Withheld> {
    if length % 2 == 1 {
        out.write_all(&[0])?;
    }
    Ok(())
}

/// Copies the first `length` bytes of a value in pieces, each brought to little-endian order and then changed.
fn copy(
    place: Place,
    length: u64,
    swap: usize,
    bytes: &Bytes<'_>,
    out: &mut impl Write,
    change: impl Fn(&mut Cow<'_, [u8]>),
) -> Result<(), Withheld> {
    let mut done = 0;
    while done < length {
        let piece = usize::try_from(length - done).unwrap_or(CHUNK).min(CHUNK);
        let mut part = bytes.part(place.at + done, piece)?;
        if swap > 1 {
            part.to_mut().chunks_mut(swap).for_each(<[u8]>::reverse);
        }
        change(&mut part);
        out.write_all(&part)?;
        done += piece as u64;
    }
    Ok(())
}

/// Encapsulated frames, each rebuilt and in one fragment, with a Basic Offset Table of their own (PS3.5 A.4).
fn encapsulated(
    table: Option<Place>,
    places: &[Place],
    bytes: &Bytes<'_>,
    coding: PixelCoding,
    picture: &Picture,
    out: &mut (impl Write + Seek),
) -> Result<(), Withheld> {
    if matches!(coding, PixelCoding::Native | PixelCoding::Opaque) {
        return Err(Withheld::Pixels(
            "it is encapsulated, and the transfer syntax does not say how",
        ));
    }
    let description = description(picture)?;
    let frames = frame_places(table, places, bytes, coding, picture, description.frames)?;
    let mut head = Vec::with_capacity(20);
    write::header(&mut head, Tag::PIXEL_DATA, Vr::OB, u32::MAX);
    // No table where none was, so that frames which needed no cleaning give the same bytes. Offsets are 32 bits wide:
    // where they might not suffice, there is none either.
    let had_table = table.is_some_and(|table| table.length > 0) || picture.extended.is_some();
    let total: u64 = places.iter().map(|place| u64::from(place.length) + 16).sum();
    let offsets_at = (had_table && total < u64::from(u32::MAX)).then_some(out.stream_position()? + 20);
    let entries = if offsets_at.is_some() { frames.len() } else { 0 };
    write::item(&mut head, Tag::ITEM, (entries * 4) as u32);
    head.resize(head.len() + entries * 4, 0);
    out.write_all(&head)?;
    let (mut offsets, mut offset) = (Vec::with_capacity(entries * 4), 0_u32);
    for frame in frames {
        let codestream = gather(frame, bytes)?;
        let cleaned = clean_frame(coding, &codestream, &description)?;
        let odd = cleaned.len() % 2;
        let length = u32::try_from(cleaned.len() + odd).map_err(|_| Withheld::TooLarge)?;
        let mut head = Vec::with_capacity(8);
        write::item(&mut head, Tag::ITEM, length);
        out.write_all(&head)?;
        out.write_all(&cleaned)?;
        pad(cleaned.len() as u64, out)?;
        offsets.extend_from_slice(&offset.to_le_bytes());
        offset = offset.wrapping_add(length + 8);
    }
    let mut end = Vec::with_capacity(8);
    write::item(&mut end, Tag::SEQUENCE_END, 0);
    out.write_all(&end)?;
    if let Some(at) = offsets_at {
        out.seek(SeekFrom::Start(at))?;
        out.write_all(&offsets)?;
        out.seek(SeekFrom::End(0))?;
    }
    Ok(())
}

/// Which fragments make which frame.
fn frame_places<'p>(
    table: Option<Place>,
    places: &'p [Place],
    bytes: &Bytes<'_>,
    coding: PixelCoding,
    picture: &Picture,
    count: u32,
) -> Result<Vec<&'p [Place]>, Withheld> {
    let fragments: Result<Vec<Fragment>, Withheld> = places
        .iter()
        .map(|place| {
            let start = bytes.part(place.at, place.length.min(12) as usize)?;
            Ok(Fragment {
                length: place.length,
                ..Fragment::of(&start)
            })
        })
        .collect();
    let basic = table.map_or(Ok(Cow::Borrowed(&[][..])), |place| bytes.of(place))?;
    let extended = match &picture.extended {
        Some(Value::Bytes(value)) => Cow::Borrowed(value.as_slice()),
        Some(Value::Large { place, .. }) => bytes.of(*place)?,
        _ => Cow::Borrowed(&[][..]),
    };
    let offsets = Offsets {
        basic: &basic,
        extended: &extended,
    };
    let ranges = frames(coding, &fragments?, offsets, count).map_err(|_| {
        Withheld::Pixels("its fragments cannot be told apart into the frames that the header promises")
    })?;
    Ok(ranges.into_iter().filter_map(|range| places.get(range)).collect())
}

/// A frame's codestream.
fn gather<'b>(frame: &[Place], bytes: &Bytes<'b>) -> Result<Cow<'b, [u8]>, Withheld> {
    if let [one] = frame {
        return bytes.of(*one);
    }
    if frame.iter().map(|place| u64::from(place.length)).sum::<u64>() > MAX_FRAME {
        return Err(Withheld::TooLarge);
    }
    let mut whole = Vec::new();
    for place in frame {
        whole.extend_from_slice(&bytes.of(*place)?);
    }
    Ok(Cow::Owned(whole))
}
