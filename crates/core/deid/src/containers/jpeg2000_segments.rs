//! Marker segments of JPEG 2000 (ITU-T T.800 annex A, T.814 annex A): which stay, and how long each must be.

use std::collections::BTreeSet;

use super::ContainerError;
use super::cursor::Cursor;
use super::jpeg2000::unreadable;
use super::rebuild::Rebuild;

pub(super) const SIZ: u16 = 0xFF51;
pub(super) const TLM: u16 = 0xFF55;
pub(super) const PLT: u16 = 0xFF58;
const COM: u16 = 0xFF64;
const CAP: u16 = 0xFF50;
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
const PRF: u16 = 0xFF56;
const PLM: u16 = 0xFF57;
const CPF: u16 = 0xFF59;
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
const RGN: u16 = 0xFF5E;
const POC: u16 = 0xFF5F;
const PPM: u16 = 0xFF60;
const PPT: u16 = 0xFF61;
const CRG: u16 = 0xFF63;
/// Decompositions that the standard allows.
const MOST_LEVELS: u8 = 32;

fn short() -> ContainerError {
    unreadable("a marker segment is too short")
}

/// A marker segment and its content.
#[derive(Clone, Copy)]
pub(super) struct Segment<'a> {
    pub(super) code: u16,
    pub(super) content: &'a [u8],
}

impl Segment<'_> {
    /// Bytes with its marker.
    pub(super) fn length(&self) -> usize {
        4 + self.content.len()
    }

    pub(super) fn write(&self, out: &mut Rebuild<'_>) {
        out.push(&self.code.to_be_bytes());
        out.push(&((self.content.len() + 2) as u16).to_be_bytes());
        out.push(self.content);
    }
}

/// The image's size (T.800 A.5.1).
#[derive(Clone, Copy)]
pub(super) struct Size<'a> {
    pub(super) content: &'a [u8],
    components: u16,
    pub(super) tiles: u64,
}

impl<'a> Size<'a> {
    pub(super) fn read(content: &'a [u8]) -> Result<Self, ContainerError> {
        let mut fields = Cursor::new(content);
        let mut sizes = [0; 8];
        fields.u16();
        for size in &mut sizes {
            *size = fields.u32().ok_or(short())?;
        }
        let [columns, rows, _, _, tile_columns, tile_rows, tile_x, tile_y] = sizes;
        let across = |end: u32, origin: u32, size: u32| {
            (size > 0).then(|| u64::from(end.saturating_sub(origin).div_ceil(size)))
        };
        let tiles = across(columns, tile_x, tile_columns)
            .zip(across(rows, tile_y, tile_rows))
            .map(|(across, down)| across * down)
            .ok_or(unreadable("a tile is empty"))?;
        let components = fields.u16().ok_or(short())?;
        let content = content.get(..36 + 3 * usize::from(components)).ok_or(short())?;
        Ok(Self {
            content,
            components,
            tiles,
        })
    }

    /// Bytes of a component's index.
    fn index(&self) -> usize {
        if self.components < 257 { 1 } else { 2 }
    }
}

/// The segments of a header that stay, each cut to its own length.
pub(super) struct Header<'a> {
    pub(super) size: Size<'a>,
    pub(super) segments: Vec<Segment<'a>>,
    /// The style of the first TLM; a segment of that code marks its place.
    pub(super) tile_lengths: Option<u8>,
    main: bool,
    /// The most decompositions that a coding style speaks of.
    levels: u8,
    seen: BTreeSet<(u16, u16)>,
}

impl<'a> Header<'a> {
    pub(super) fn main(size: &Size<'a>) -> Self {
        Self {
            size: *size,
            segments: Vec::new(),
            tile_lengths: None,
            main: true,
            levels: 0,
            seen: BTreeSet::new(),
        }
    }

    pub(super) fn tile_part(main: &Self) -> Self {
        Self {
            main: false,
            levels: main.levels,
            ..Self::main(&main.size)
        }
    }

    /// Takes a segment in, or leaves it out.
    pub(super) fn add(&mut self, segment: Segment<'a>) -> Result<(), ContainerError> {
        let Segment { code, content } = segment;
        let wide = self.size.index();
        let component = |content: &'a [u8]| -> Result<u16, ContainerError> {
            let index = content.get(..wide).ok_or(short())?;
            let index = index.iter().fold(0, |index, &byte| index << 8 | u16::from(byte));
            if index < self.size.components {
                Ok(index)
            } else {
                Err(unreadable("a component is not in the image"))
            }
        };
        let here = match code {
            CAP | PRF | CPF | TLM | PLM | PPM | CRG => self.main,
            PLT | PPT => !self.main,
            COD | COC | QCD | QCC | RGN | POC | COM => true,
            _ => false,
        };
        if !here {
            return Err(unreadable("a marker is not known, or stands where it may not"));
        }
        // What may stand only once: of a component, of a number, or at all.
        let (once, length) = match code {
            // Not needed to decode: comments, the place of components on a screen, lengths of packets (PLM).
            COM | CRG | PLM => return Ok(()),
            COD => (0, coding_style(content, 5, content.first(), &mut self.levels)?),
            COC => {
                let style = content.get(wide);
                let length = coding_style(content, wide + 1, style, &mut self.levels)?;
                (component(content)?, length)
            }
            QCC => (component(content)?, content.len()),
            RGN => (component(content)?, wide + 2),
            QCD => (0, content.len()),
            POC => (0, progressions(content, 5 + 2 * wide)?),
            CAP => {
                let parts = Cursor::new(content).u32().ok_or(short())?;
                (0, 4 + 2 * parts.count_ones() as usize)
            }
            // Numbers of profiles: of one word today.
            PRF | CPF if content.len() > 8 => return Err(unreadable("a profile is too long")),
            PRF | CPF => (0, content.len() & !1),
            TLM => {
                let &[_, style, ..] = content else {
                    return Err(short());
                };
                if self.tile_lengths.is_some() {
                    return Ok(());
                }
                self.tile_lengths = Some(style);
                (0, 2)
            }
            _ => (content.first().copied().ok_or(short())?.into(), content.len()),
        };
        if !self.seen.insert((code, once)) {
            return Err(unreadable("a marker segment stands twice"));
        }
        let content = content.get(..length).ok_or(short())?;
        self.segments.push(Segment { code, content });
        Ok(())
    }

    /// Cuts quantisation to as many steps as there are sub-bands (T.800 A.6.4).
    pub(super) fn finish(&mut self) -> Result<(), ContainerError> {
        let wide = self.size.index();
        let bands = 3 * usize::from(self.levels) + 1;
        for Segment { code, content } in &mut self.segments {
            let before = match *code {
                QCD => 0,
                QCC => wide,
                _ => continue,
            };
            let most = match content.get(before).ok_or(short())? & 0x1F {
                0 => bands,
                1 => 2,
                2 => 2 * bands,
                _ => return Err(unreadable("a quantisation is not known")),
            };
            *content = content.get(..before + 1 + most).unwrap_or(content);
        }
        Ok(())
    }
}

/// The length of a coding style whose decompositions stand at `at` (T.800 A.6.1, A.6.2).
fn coding_style(
    content: &[u8],
    at: usize,
    style: Option<&u8>,
    most: &mut u8,
) -> Result<usize, ContainerError> {
    let (&levels, &style) = content.get(at).zip(style).ok_or(short())?;
    if levels > MOST_LEVELS {
        return Err(unreadable("it has too many decompositions"));
    }
    *most = levels.max(*most);
    let precincts = if style & 1 == 1 {
        usize::from(levels) + 1
    } else {
        0
    };
    Ok(at + 5 + precincts)
}

/// Changes of progression, each of `size` bytes and of an order that there is (T.800 A.6.6).
fn progressions(content: &[u8], size: usize) -> Result<usize, ContainerError> {
    let entries = content.chunks_exact(size);
    let length = content.len() - entries.remainder().len();
    if entries
        .clone()
        .all(|entry| entry.last().is_some_and(|&order| order <= 4))
    {
        Ok(length)
    } else {
        Err(unreadable("a progression is not known"))
    }
}
