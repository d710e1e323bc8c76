//! Deflated frames (PS3.5 A.4.13): one raw deflate stream (RFC 1951), and nothing behind its end.

use std::borrow::Cow;

use dicom::PixelDescription;
use flate2::{Decompress, FlushDecompress, Status};

use super::rebuild::Rebuild;
use super::{ContainerError, native};

fn unreadable(fault: &'static str) -> ContainerError {
    let coding = "deflated frame";
    ContainerError::Unreadable { coding, fault }
}

/// Inflates the frame to see where its stream ends; what comes out is counted and not kept.
pub(super) fn clean<'a>(frame: &'a [u8], d: &PixelDescription) -> Result<Cow<'a, [u8]>, ContainerError> {
    let wrong_length = || unreadable("its length is not what the header says");
    let most = native::length(d, usize::MAX).ok_or(wrong_length())? as u64 + 1;
    let mut inflate = Decompress::new(false);
    let mut buffer = vec![0; 32 << 10];
    loop {
        let (read, made) = (inflate.total_in(), inflate.total_out());
        let rest = frame.get(read as usize..).unwrap_or_default();
        let status = inflate
            .decompress(rest, &mut buffer, FlushDecompress::None)
            .map_err(|_| unreadable("the deflate stream is broken"))?;
        if inflate.total_out() > most {
            return Err(wrong_length());
        }
        if status == Status::StreamEnd {
            break;
        }
        if (read, made) == (inflate.total_in(), inflate.total_out()) {
            return Err(unreadable("the deflate stream ends too early"));
        }
    }
    let made = inflate.total_out() as usize;
    let length = native::length(d, made).ok_or(wrong_length())?;
    // Inside the stream, too, one byte may pad the frame.
    if made < length || made > length + length % 2 {
        return Err(wrong_length());
    }
    let mut out = Rebuild::of(frame);
    out.push(frame.get(..inflate.total_in() as usize).unwrap_or_default());
    Ok(out.finish())
}
