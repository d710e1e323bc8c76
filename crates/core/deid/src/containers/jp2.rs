//! The codestream inside JP2 boxes (ITU-T T.800 annex I), where someone has put them around it.

use super::ContainerError;
use super::cursor::Cursor;

pub(super) const SIGNATURE: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n";
/// Boxes that a file may have: hostile ones have many empty ones.
const MOST_BOXES: usize = 4096;

fn unreadable(fault: &'static str) -> ContainerError {
    let coding = "JP2";
    ContainerError::Unreadable { coding, fault }
}

/// A box: its type and content.
pub(super) struct Boxed<'a> {
    pub(super) kind: [u8; 4],
    pub(super) content: &'a [u8],
}

/// The next box; the last one may run to the end of the bytes. `None` when it is broken.
pub(super) fn next<'a>(bytes: &mut Cursor<'a>) -> Option<Boxed<'a>> {
    let length = bytes.u32()?;
    let kind = bytes.array()?;
    let content = match length {
        0 => bytes.rest().len(),
        1 => usize::try_from(u64::from(bytes.u32()?) << 32 | u64::from(bytes.u32()?))
            .ok()?
            .checked_sub(16)?,
        length => (length as usize).checked_sub(8)?,
    };
    let content = bytes.take(content)?;
    Some(Boxed { kind, content })
}

/// The codestream itself. DICOM ignores what the boxes around it say of colours; only a palette makes other samples
/// of those in the codestream, so it is refused.
pub(super) fn codestream(frame: &[u8]) -> Result<&[u8], ContainerError> {
    if !frame.starts_with(SIGNATURE) {
        return Ok(frame);
    }
    let mut bytes = Cursor::new(frame);
    for _ in 0..MOST_BOXES {
        let boxed = next(&mut bytes).ok_or(unreadable("there is no whole codestream in its boxes"))?;
        match &boxed.kind {
            b"jp2c" => return Ok(boxed.content),
            b"jp2h" | b"jpch" if has_palette(boxed.content) => {
                return Err(unreadable("it has a palette of its own"));
            }
            _ => {}
        }
    }
    Err(unreadable("it has too many boxes"))
}

fn has_palette(header: &[u8]) -> bool {
    let mut bytes = Cursor::new(header);
    std::iter::from_fn(|| next(&mut bytes)).any(|boxed| boxed.kind == *b"pclr")
}
