//! What must be known of a data set before it is written anew.

use super::TranscodeError;
use dicom::codec::frames::Fragment;
use dicom::scan::{Element, Sink};
use dicom::{Header, PixelDescription, Tag};
use model::Uid;

const EXTENDED_OFFSETS: Tag = Tag(0x7FE0, 0x0001);
const SOP_CLASS: Tag = Tag(0x0008, 0x0016);
const SOP_INSTANCE: Tag = Tag(0x0008, 0x0018);

/// Offset tables longer than this are done without, in bytes.
const MAX_OFFSETS: usize = 16 << 20;
/// Values longer than this are not looked at, in bytes.
const MAX_VALUE: u32 = 1 << 10;
/// All values that are looked at, in bytes.
const MAX_HEADER: usize = 1 << 20;
/// More fragments than this are refused: each takes some memory.
const MAX_FRAGMENTS: usize = 4 << 20;

/// The fragments of the compressed pixels.
#[derive(Default)]
pub(super) struct Fragments {
    /// Where the first fragment's item begins, in bytes from the start of the data set; of each, length and first bytes.
    pub(super) at: u64,
    pub(super) list: Vec<Fragment>,
    pub(super) basic_offsets: Vec<u8>,
    pub(super) extended_offsets: Vec<u8>,
}

/// A first look.
#[derive(Default)]
pub(super) struct Survey {
    /// There are compressed pixels at the top level.
    pub(super) fragments: Option<Fragments>,
    header: Header,
    /// What the value that comes is wanted for.
    wanted: Wanted,
    value: Vec<u8>,
    /// Within the pixels at the top level; how many items were met, the first of which is the basic offset table.
    in_pixels: bool,
    items: usize,
    extended_offsets: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
enum Wanted {
    #[default]
    Nothing,
    Header(Tag, dicom::Vr),
    BasicOffsets,
    ExtendedOffsets,
    Start,
}

impl Sink for Survey {
    type Error = TranscodeError;

    fn element(&mut self, element: &Element) -> Result<(), TranscodeError> {
        let length = element.length.unwrap_or(u32::MAX);
        self.value.clear();
        self.wanted = match element.tag {
            _ if element.depth > 0 => Wanted::Nothing,
            EXTENDED_OFFSETS if length as usize <= MAX_OFFSETS => Wanted::ExtendedOffsets,
            tag if length <= MAX_VALUE && self.header.size() < MAX_HEADER => Wanted::Header(tag, element.vr),
            _ => Wanted::Nothing,
        };
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), TranscodeError> {
        match self.wanted {
            Wanted::Nothing => {}
            Wanted::Start => {
                let room = 12_usize.saturating_sub(self.value.len());
                self.value.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            }
            _ => self.value.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), TranscodeError> {
        match self.wanted {
            Wanted::Header(tag, vr) => self.header.offer(tag, vr, &self.value),
            Wanted::ExtendedOffsets => self.extended_offsets = std::mem::take(&mut self.value),
            _ => {}
        }
        self.wanted = Wanted::Nothing;
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), TranscodeError> {
        if element.depth == 0 && element.tag == Tag::PIXEL_DATA {
            self.in_pixels = true;
            self.items = 0;
            self.fragments = Some(Fragments {
                at: element.at,
                extended_offsets: std::mem::take(&mut self.extended_offsets),
                ..Fragments::default()
            });
        }
        Ok(())
    }

    fn fragment(&mut self, length: u32) -> Result<(), TranscodeError> {
        self.value.clear();
        self.wanted = Wanted::Nothing;
        if let Some(fragments) = self.fragments.as_mut().filter(|_| self.in_pixels) {
            if self.items == 0 {
                if length as usize <= MAX_OFFSETS {
                    self.wanted = Wanted::BasicOffsets;
                }
                fragments.at += 8 + u64::from(length);
            } else {
                if fragments.list.len() >= MAX_FRAGMENTS {
                    return Err(TranscodeError::Unwritable("it has too many fragments"));
                }
                fragments.list.push(Fragment {
                    length,
                    start: [0; 12],
                });
                self.wanted = Wanted::Start;
            }
            self.items += 1;
        }
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), TranscodeError> {
        if let Some(fragments) = &mut self.fragments {
            match self.wanted {
                Wanted::BasicOffsets => fragments.basic_offsets = std::mem::take(&mut self.value),
                Wanted::Start => {
                    if let Some(last) = fragments.list.last_mut() {
                        last.start = Fragment::of(&self.value).start;
                    }
                }
                _ => {}
            }
        }
        self.wanted = Wanted::Nothing;
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), TranscodeError> {
        self.in_pixels = false;
        Ok(())
    }
}

impl Survey {
    /// SOP Class and SOP Instance UID.
    pub(super) fn identity(&self) -> Option<(Uid, Uid)> {
        self.header.uid(SOP_CLASS).zip(self.header.uid(SOP_INSTANCE))
    }

    /// How its pixels are laid out.
    pub(super) fn description(&self) -> Option<PixelDescription> {
        self.header.pixel_description()
    }

    /// True when Pixel Representation (0028,0103) says signed.
    pub(super) fn is_signed(&self) -> bool {
        self.header.u16(Tag(0x0028, 0x0103)) == Some(1)
    }

    /// True when a bit plane of the pixels holds an overlay (retired, PS3.3 C.9.2): the decoder does not give it back.
    pub(super) fn has_overlay_in_pixels(&self) -> bool {
        self.header.iter().any(|(tag, _, value)| {
            tag.group() & 0xFF01 == 0x6000 && tag.element() == 0x0102 && value.iter().any(|byte| *byte != 0)
        })
    }
}
