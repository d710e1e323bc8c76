//! JPEG 2000 and High-Throughput JPEG 2000 codestreams (ITU-T T.800, T.814).
//!
//! Comments are taken out, of tile-parts too: overwriting them would tell their length. So lengths of tile-parts (Psot)
//! and the table of them (TLM, which some transfer syntaxes demand) are written anew from what is really there.

use std::borrow::Cow;

use super::ContainerError;
use super::cursor::Cursor;
use super::jpeg2000_segments::{Header, PLT, SIZ, Segment, Size, TLM};
use super::rebuild::Rebuild;

const SOC: u16 = 0xFF4F;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: [u8; 2] = [0xFF, 0xD9];
/// SOT with its marker.
const SOT_LENGTH: usize = 12;

pub(super) fn unreadable(fault: &'static str) -> ContainerError {
    let coding = "JPEG 2000";
    ContainerError::Unreadable { coding, fault }
}

pub(super) fn clean(frame: &[u8]) -> Result<Cow<'_, [u8]>, ContainerError> {
    let mut bytes = Cursor::new(frame);
    if (bytes.u16(), bytes.u16()) != (Some(SOC), Some(SIZ)) {
        return Err(unreadable("it does not start with SOC and SIZ"));
    }
    let size = Size::read(bytes.segment().ok_or(unreadable("SIZ is too long"))?)?;
    let mut header = Header::main(&size);
    while let Some(segment) = next_segment(&mut bytes, SOT)? {
        header.add(segment)?;
    }
    header.finish()?;
    let mut out = Rebuild::of(frame);
    out.push(&SOC.to_be_bytes());
    Segment {
        code: SIZ,
        content: size.content,
    }
    .write(&mut out);
    let mut table = header.tile_lengths;
    for segment in &header.segments {
        // At most one of these is in the list: where the first table of lengths stood.
        if segment.code == TLM
            && let Some(style) = table.take()
        {
            tile_lengths(bytes, &header, style, &mut out)?;
        } else {
            segment.write(&mut out);
        }
    }
    let mut count = 0;
    each_tile_part(bytes, &header, |part| {
        part.write(&mut out);
        count += 1;
        Ok(())
    })?;
    if count == 0 {
        return Err(unreadable("there is no tile-part"));
    }
    out.push(&EOC);
    Ok(out.finish())
}

/// The segments of a header up to the marker that ends it, which is consumed.
fn next_segment<'a>(bytes: &mut Cursor<'a>, end: u16) -> Result<Option<Segment<'a>>, ContainerError> {
    let code = bytes.u16().ok_or(unreadable("it ends in a header"))?;
    if code == end {
        return Ok(None);
    }
    if code < 0xFF01 {
        return Err(unreadable("bytes stand where a marker must"));
    }
    let content = bytes
        .segment()
        .ok_or(unreadable("a marker segment is longer than the frame"))?;
    Ok(Some(Segment { code, content }))
}

/// One tile-part.
struct TilePart<'a> {
    tile: u16,
    /// Number of this part, and of all parts of the tile.
    numbers: [u8; 2],
    segments: Vec<Segment<'a>>,
    /// Its packets.
    body: &'a [u8],
    /// It runs to the end of the codestream and says no length.
    open: bool,
}

impl TilePart<'_> {
    fn length(&self) -> usize {
        let segments: usize = self.segments.iter().map(Segment::length).sum();
        SOT_LENGTH + segments + 2 + self.body.len()
    }

    fn write(&self, out: &mut Rebuild<'_>) {
        let length = if self.open { 0 } else { self.length() as u32 };
        out.push(&SOT.to_be_bytes());
        out.push(&10u16.to_be_bytes());
        out.push(&self.tile.to_be_bytes());
        out.push(&length.to_be_bytes());
        out.push(&self.numbers);
        for segment in &self.segments {
            segment.write(out);
        }
        out.push(&SOD.to_be_bytes());
        out.push(self.body);
    }
}

/// Walks over the tile-parts; `bytes` stands behind the marker of the first SOT.
fn each_tile_part<'a>(
    bytes: Cursor<'a>,
    main: &Header<'a>,
    mut part: impl FnMut(TilePart<'a>) -> Result<(), ContainerError>,
) -> Result<(), ContainerError> {
    let mut bytes = bytes;
    loop {
        let read = tile_part(&mut bytes, main)?;
        let open = read.open;
        part(read)?;
        // EOC, its absence, and padding all end the codestream; what stands there is not copied.
        if open || bytes.u16() != Some(SOT) {
            return Ok(());
        }
    }
}

fn tile_part<'a>(bytes: &mut Cursor<'a>, main: &Header<'a>) -> Result<TilePart<'a>, ContainerError> {
    // With the marker that is behind us.
    let available = bytes.rest().len() + 2;
    let mut fields = Cursor::new(bytes.segment().ok_or(unreadable("SOT is too long"))?);
    let fields = (fields.u16(), fields.u32(), fields.array());
    let (Some(tile), Some(length), Some(numbers)) = fields else {
        return Err(unreadable("SOT is too short"));
    };
    if u64::from(tile) >= main.size.tiles {
        return Err(unreadable("a tile is not in the image"));
    }
    let mut header = Header::tile_part(main);
    while let Some(segment) = next_segment(bytes, SOD)? {
        header.add(segment)?;
    }
    header.finish()?;
    let taken = available - bytes.rest().len();
    let open = length == 0;
    let body_length = if open {
        // No two bytes of a packet are above FF8F (T.800 B.10.1, D.4.1), so the first EOC is the end.
        let end = bytes.rest().windows(2).position(|pair| pair == EOC);
        end.unwrap_or(bytes.rest().len())
    } else {
        (length as usize)
            .checked_sub(taken)
            .ok_or(unreadable("a tile-part is shorter than its header"))?
    };
    let body = bytes
        .take(body_length)
        .ok_or(unreadable("a tile-part is longer than the frame"))?;
    let mut segments = header.segments;
    if !lengths_are_true(&segments, body.len()) {
        segments.retain(|segment| segment.code != PLT);
    }
    Ok(TilePart {
        tile,
        numbers,
        segments,
        body,
        open,
    })
}

/// Whether packet lengths (PLT, T.800 A.7.3) are whole numbers and sum up to the packets that are there. No decoder
/// needs them, so those that say something else go.
fn lengths_are_true(segments: &[Segment<'_>], body: usize) -> bool {
    let (mut sum, mut number) = (0u64, 0u64);
    for segment in segments.iter().filter(|segment| segment.code == PLT) {
        for &byte in segment.content.iter().skip(1) {
            number = (number << 7 | u64::from(byte & 0x7F)) & u64::from(u32::MAX);
            if byte & 0x80 == 0 {
                sum += number;
                number = 0;
            }
        }
    }
    number == 0 && sum == body as u64
}

/// Writes the table of tile-part lengths (TLM, T.800 A.7.1) in the style that the first one had, where that can hold
/// them.
fn tile_lengths<'a>(
    bytes: Cursor<'a>,
    main: &Header<'a>,
    style: u8,
    out: &mut Rebuild<'_>,
) -> Result<(), ContainerError> {
    let mut parts: Vec<(u16, u32)> = Vec::new();
    each_tile_part(bytes, main, |part| {
        let length = u32::try_from(part.length()).map_err(|_| unreadable("a tile-part is too long"))?;
        parts.push((part.tile, length));
        Ok(())
    })?;
    let in_order = parts
        .iter()
        .enumerate()
        .all(|(index, part)| index == usize::from(part.0));
    let named = match style >> 4 & 3 {
        0 if in_order => 0,
        0 | 1 if parts.iter().all(|part| part.0 < 256) => 1,
        _ => 2,
    };
    let long = style & 0x40 != 0 || parts.iter().any(|part| part.1 > u16::MAX.into());
    let entry = named + if long { 4 } else { 2 };
    for (number, parts) in parts.chunks((usize::from(u16::MAX) - 4) / entry).enumerate() {
        let number = u8::try_from(number).map_err(|_| unreadable("it has too many tile-parts"))?;
        let mut content = vec![number, (named as u8) << 4 | u8::from(long) << 6];
        for (tile, length) in parts {
            content.extend(tile.to_be_bytes().get(2 - named..).unwrap_or_default());
            content.extend(
                length
                    .to_be_bytes()
                    .get(if long { 0 } else { 2 }..)
                    .unwrap_or_default(),
            );
        }
        let content = &content;
        Segment { code: TLM, content }.write(out);
    }
    Ok(())
}
