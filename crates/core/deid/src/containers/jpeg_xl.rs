//! JPEG XL (ISO/IEC 18181-2): of its boxes those that hold the codestream. A naked codestream stays as it is: it has no
//! segments to drop, and where it ends only its decoder knows.

use std::borrow::Cow;

use super::ContainerError;
use super::cursor::Cursor;
use super::jp2;
use super::rebuild::Rebuild;

const NAKED: &[u8] = b"\xFF\x0A";
const SIGNATURE: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n";
const FILE_TYPE: &[u8] = b"\0\0\0\x14ftypjxl \0\0\0\0jxl ";
/// In the number of a part: it is the last.
const LAST: u32 = 1 << 31;
/// Boxes that a file may have: hostile ones have many empty ones.
const MOST_BOXES: usize = 4096;

fn unreadable(fault: &'static str) -> ContainerError {
    let coding = "JPEG XL";
    ContainerError::Unreadable { coding, fault }
}

pub(super) fn clean(frame: &[u8]) -> Result<Cow<'_, [u8]>, ContainerError> {
    let mut out = Rebuild::of(frame);
    if frame.starts_with(NAKED) {
        out.push(frame);
        return Ok(out.finish());
    }
    let boxes = frame
        .strip_prefix(SIGNATURE)
        .ok_or(unreadable("it is neither a codestream nor a file"))?;
    out.push(SIGNATURE);
    out.push(FILE_TYPE);
    let mut bytes = Cursor::new(boxes);
    let mut parts = 0;
    for _ in 0..MOST_BOXES {
        let boxed = jp2::next(&mut bytes).ok_or(unreadable("there is no whole codestream in its boxes"))?;
        match &boxed.kind {
            // The level says what a decoder must be able to do, and stands before the codestream.
            b"jxll" if parts == 0 => {
                let level = boxed.content.get(..1).ok_or(unreadable("a level is empty"))?;
                push(&mut out, *b"jxll", level)?;
            }
            b"jxlc" if parts == 0 => {
                push(&mut out, *b"jxlc", boxed.content)?;
                return Ok(out.finish());
            }
            b"jxlp" => {
                let mut content = Cursor::new(boxed.content);
                let number = content.u32().ok_or(unreadable("a part has no number"))?;
                if number & !LAST != parts {
                    return Err(unreadable("parts are out of order"));
                }
                push(&mut out, *b"jxlp", boxed.content)?;
                if number & LAST != 0 {
                    return Ok(out.finish());
                }
                parts += 1;
            }
            b"jxlc" => return Err(unreadable("it has two codestreams")),
            _ => {}
        }
    }
    Err(unreadable("it has too many boxes"))
}

fn push(out: &mut Rebuild<'_>, kind: [u8; 4], content: &[u8]) -> Result<(), ContainerError> {
    let length = u32::try_from(content.len() + 8).map_err(|_| unreadable("a box is too large"))?;
    out.push(&length.to_be_bytes());
    out.push(&kind);
    out.push(content);
    Ok(())
}
