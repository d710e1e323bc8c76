//! The child's side.

use crate::protocol::{Answer, Job, read_fragments, read_head, write_head};
use crate::sandbox;
use dicom::codec::{CodecError, Frame, decode_frame, frames};
use dicom::{PixelCoding, TransferSyntax};
use model::Uid;
use seal::px1::{PixelDigest, PixelDigester, PixelHeader};
use std::io::{self, Read, Write};

/// Reads one job with its fragments, confines itself, decodes, answers.
///
/// # Errors
/// When the parent is gone or the limits cannot be set. The process should end then.
pub fn run_child(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let job: Job = read_head(from)?;
    sandbox::limit(job.memory, job.seconds)?;
    let mut fragments = read_fragments(from)?.into_iter();
    let (extended, basic) = (
        fragments.next().unwrap_or_default(),
        fragments.next().unwrap_or_default(),
    );
    let fragments: Vec<Vec<u8>> = fragments.collect();
    sandbox::confine()?;
    match decode(&job, &extended, &basic, &fragments) {
        Err(why) => write_head(to, &Answer::Undecodable(why))?,
        Ok(Decoded::Digest(digest, lossless)) => {
            let (header, tiles) = (digest.header, digest.tiles.len() as u64);
            write_head(
                to,
                &Answer::Digest {
                    header,
                    tiles,
                    extra: digest.extra,
                    lossless,
                },
            )?;
            digest.tiles.iter().try_for_each(|tile| to.write_all(tile))?;
        }
        Ok(Decoded::Frame(frame, header)) => {
            let plane_bytes = frame.planes.first().map_or(0, Vec::len) as u64;
            let planes = frame.planes.len() as u32;
            write_head(
                to,
                &Answer::Frame {
                    planes,
                    plane_bytes,
                    container: frame.container,
                    header,
                },
            )?;
            frame.planes.iter().try_for_each(|plane| to.write_all(plane))?;
        }
    }
    to.flush()
}

enum Decoded {
    Digest(PixelDigest, bool),
    Frame(Box<Frame>, PixelHeader),
}

fn decode(job: &Job, extended: &[u8], basic: &[u8], fragments: &[Vec<u8>]) -> Result<Decoded, String> {
    let uid = Uid::new(&job.transfer_syntax).map_err(|error| error.to_string())?;
    let coding = TransferSyntax::by_uid(&uid).pixels;
    let starts: Vec<frames::Fragment> = fragments
        .iter()
        .map(|bytes| frames::Fragment::of(bytes))
        .collect();
    let offsets = frames::Offsets { basic, extended };
    let ranges =
        frames::frames(coding, &starts, offsets, job.description.frames).map_err(|e| e.to_string())?;
    let frame_of = |range: std::ops::Range<usize>| -> Result<Frame, CodecError> {
        match fragments.get(range).unwrap_or_default() {
            [one] => decode_one(coding, job, one),
            many => decode_one(coding, job, &many.concat()),
        }
    };
    if let Some(wanted) = job.frame {
        let range = ranges
            .into_iter()
            .nth(wanted as usize)
            .ok_or("there is no such frame")?;
        let frame = frame_of(range).map_err(|error| error.to_string())?;
        let header = PixelHeader::new(&job.description, frame.photometric);
        return Ok(Decoded::Frame(Box::new(frame), header));
    }
    let mut digester = None;
    let mut lossless = true;
    for range in ranges {
        let frame = frame_of(range).map_err(|error| error.to_string())?;
        lossless &= frame.lossless;
        digester
            .get_or_insert_with(|| PixelDigester::new(PixelHeader::new(&job.description, frame.photometric)))
            .frame(&frame);
    }
    let digest = digester
        .and_then(PixelDigester::finish)
        .ok_or("frames are missing")?;
    Ok(Decoded::Digest(digest, lossless))
}

fn decode_one(coding: PixelCoding, job: &Job, codestream: &[u8]) -> Result<Frame, CodecError> {
    decode_frame(coding, &job.description, codestream)
}
