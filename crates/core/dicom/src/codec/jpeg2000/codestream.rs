//! The markers of a JPEG 2000 codestream (ITU-T T.800 annex A), read before anything is decoded.

use super::CODEC;
use crate::codec::CodecError;
use crate::codec::bytes::Bytes;

const SOC: u16 = 0xFF4F;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;
/// More tiles than this are refused: the standard's limit.
const MOST_TILES: u64 = 65_535;
/// Bytes of an SOT segment with its marker.
const SOT_LENGTH: usize = 12;

/// A component, from SIZ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Component {
    pub(super) precision: u8,
    pub(super) signed: bool,
    pub(super) subsampled: bool,
}

/// What the markers say of the image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Codestream {
    pub(super) columns: u32,
    pub(super) rows: u32,
    pub(super) components: Vec<Component>,
    /// All wavelet transforms are reversible.
    pub(super) reversible: bool,
    /// Some tile has its components transformed (RCT or ICT).
    pub(super) colour_transform: bool,
    /// All tiles are there, and the last tile-part ends within the codestream.
    pub(super) complete: bool,
}

/// The codestream itself: what stands in a JP2 box, where someone has put one around it.
pub(super) fn locate(fragments: &[u8]) -> Option<&[u8]> {
    if fragments.starts_with(&SOC.to_be_bytes()) {
        return Some(fragments);
    }
    let mut bytes = Bytes::new(fragments);
    loop {
        let length = bytes.u32_be()?;
        let kind: [u8; 4] = bytes.array()?;
        let content = match length {
            0 => bytes.rest().len(),
            1 => usize::try_from(u64::from(bytes.u32_be()?) << 32 | u64::from(bytes.u32_be()?))
                .ok()?
                .checked_sub(16)?,
            length => (length as usize).checked_sub(8)?,
        };
        let content = bytes.take(content.min(bytes.rest().len()))?;
        if kind == *b"jp2c" {
            return content.starts_with(&SOC.to_be_bytes()).then_some(content);
        }
    }
}

/// Reads the main header and the header of each tile-part.
pub(super) fn read(codestream: &[u8]) -> Result<Codestream, CodecError> {
    let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
    let truncated = CodecError::Truncated { codec: CODEC };
    let mut bytes = Bytes::new(codestream);
    if (bytes.u16_be(), bytes.u16_be()) != (Some(SOC), Some(SIZ)) {
        return Err(malformed("it does not start with SOC and SIZ"));
    }
    let size = bytes.segment().ok_or(truncated.clone())?;
    let (mut image, tiles) = size_of(size).ok_or(malformed("SIZ is too short"))?;
    if tiles == 0 || tiles > MOST_TILES {
        return Err(malformed("the number of tiles is out of range"));
    }
    let mut seen = vec![false; tiles as usize];
    let mut styles = 0;
    loop {
        let start = bytes.position();
        match bytes.u16_be() {
            Some(SOT) => {
                let [tile_high, tile_low, a, b, c, d, ..] = *bytes.segment().ok_or(truncated.clone())? else {
                    return Err(malformed("SOT is too short"));
                };
                let tile = usize::from(u16::from_be_bytes([tile_high, tile_low]));
                *seen
                    .get_mut(tile)
                    .ok_or(malformed("a tile is not in the image"))? = true;
                tile_header(&mut bytes, &mut image)?;
                let left = codestream.len().saturating_sub(start);
                match u32::from_be_bytes([a, b, c, d]) as usize {
                    // The last tile-part runs to the end of the codestream.
                    0 => {
                        image.complete = seen.iter().all(|&tile| tile);
                        return Ok(image);
                    }
                    length if length < SOT_LENGTH + 2 => return Err(malformed("a tile-part is too short")),
                    length if length > left => return Err(truncated),
                    length => {
                        let end = start + length;
                        if end < bytes.position() {
                            return Err(malformed("a tile-part is too short"));
                        }
                        bytes.take(end - bytes.position());
                    }
                }
            }
            // The end of the codestream without its marker is met, and every tile-part before it is whole.
            Some(EOC) | None => break,
            Some(SOD) => return Err(malformed("a marker stands where none may")),
            Some(code @ 0xFF01..=0xFFFF) => {
                let content = bytes.segment().ok_or(truncated.clone())?;
                styles += usize::from(code == COD);
                style(code, content, image.components.len(), &mut image)?;
            }
            // Padding behind the last tile-part.
            Some(_) if seen.iter().all(|&tile| tile) => break,
            Some(_) => return Err(malformed("a marker is missing")),
        }
    }
    if styles == 0 {
        return Err(malformed("there is no COD"));
    }
    image.complete = seen.iter().all(|&tile| tile);
    Ok(image)
}

/// SIZ, and the number of tiles (T.800 A.5.1, B.3).
fn size_of(segment: &[u8]) -> Option<(Codestream, u64)> {
    let mut fields = Bytes::new(segment);
    fields.u16_be()?;
    let [x, y, x0, y0] = [
        fields.u32_be()?,
        fields.u32_be()?,
        fields.u32_be()?,
        fields.u32_be()?,
    ];
    let [tile_x, tile_y, tile_x0, tile_y0] = [
        fields.u32_be()?,
        fields.u32_be()?,
        fields.u32_be()?,
        fields.u32_be()?,
    ];
    let count = fields.u16_be()?;
    let mut components = Vec::with_capacity(count.into());
    for _ in 0..count {
        let [depth, across, down] = fields.array()?;
        components.push(Component {
            precision: (depth & 0x7F) + 1,
            signed: depth & 0x80 != 0,
            subsampled: (across, down) != (1, 1),
        });
    }
    let tiles = |end: u32, origin: u32, size: u32| {
        Some(u64::from(
            end.checked_sub(origin)?.checked_add(size.checked_sub(1)?)? / size,
        ))
    };
    let tiles = tiles(x, tile_x0, tile_x)? * tiles(y, tile_y0, tile_y)?;
    let image = Codestream {
        columns: x.checked_sub(x0)?,
        rows: y.checked_sub(y0)?,
        components,
        reversible: true,
        colour_transform: false,
        complete: false,
    };
    Some((image, tiles))
}

/// The markers of a tile-part up to its data.
fn tile_header(bytes: &mut Bytes<'_>, image: &mut Codestream) -> Result<(), CodecError> {
    let truncated = CodecError::Truncated { codec: CODEC };
    loop {
        let code = bytes.u16_be().ok_or(truncated.clone())?;
        if code == SOD {
            return Ok(());
        }
        if code < 0xFF01 {
            return Err(CodecError::Malformed {
                codec: CODEC,
                fault: "a marker is missing",
            });
        }
        let content = bytes.segment().ok_or(truncated.clone())?;
        let components = image.components.len();
        style(code, content, components, image)?;
    }
}

/// COD and COC: which wavelet, and whether components are transformed (T.800 A.6.1, A.6.2).
fn style(code: u16, content: &[u8], components: usize, image: &mut Codestream) -> Result<(), CodecError> {
    let wavelet = match (code, content) {
        (COD, &[_, _, _, _, transform, _, _, _, _, wavelet, ..]) => {
            image.colour_transform |= transform & 1 == 1;
            wavelet
        }
        (COC, &[_, _, _, _, _, _, wavelet, ..]) if components < 257 => wavelet,
        (COC, &[_, _, _, _, _, _, _, wavelet, ..]) => wavelet,
        (COD | COC, _) => {
            return Err(CodecError::Malformed {
                codec: CODEC,
                fault: "a coding style is too short",
            });
        }
        _ => return Ok(()),
    };
    image.reversible &= wavelet == 1;
    Ok(())
}
