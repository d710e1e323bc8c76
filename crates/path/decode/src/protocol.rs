//! What parent and child say to each other: a job and then fragments one way, an answer the other way.

use dicom::PixelDescription;
use seal::px1::PixelHeader;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// What the child is to do.
#[derive(Serialize, Deserialize, Debug)]
pub(crate) struct Job {
    pub(crate) transfer_syntax: String,
    pub(crate) description: PixelDescription,
    /// Give the samples of this frame (counted from 0) instead of PX1 of all frames.
    pub(crate) frame: Option<u32>,
    /// Limits, in bytes and seconds.
    pub(crate) memory: u64,
    pub(crate) seconds: u64,
}

/// The head of the child's answer; bytes follow.
#[derive(Serialize, Deserialize, Debug)]
pub(crate) enum Answer {
    /// PX1: as many tile digests of 32 bytes follow.
    Digest {
        header: PixelHeader,
        tiles: u64,
        extra: Option<[u8; 32]>,
        lossless: bool,
    },
    /// One frame: planes of `plane_bytes` bytes each follow.
    Frame {
        planes: u32,
        plane_bytes: u64,
        container: u8,
        header: PixelHeader,
    },
    /// It does not decode.
    Undecodable(String),
}

/// Marks the end of the fragments.
const END: u32 = u32::MAX;
/// A job or an answer's head is longer than this only when something is wrong.
const MAX_HEAD: u32 = 64 << 10;

pub(crate) fn write_head<T: Serialize>(to: &mut impl Write, head: &T) -> io::Result<()> {
    let bytes = serde_json::to_vec(head)?;
    to.write_all(&(bytes.len() as u32).to_le_bytes())?;
    to.write_all(&bytes)
}

fn read_u32(from: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

pub(crate) fn read_head<T: for<'de> Deserialize<'de>>(from: &mut impl Read) -> io::Result<T> {
    let length = read_u32(from)?;
    if length > MAX_HEAD {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}

pub(crate) fn write_fragment_length(to: &mut impl Write, length: u32) -> io::Result<()> {
    to.write_all(&length.to_le_bytes())
}

pub(crate) fn write_end(to: &mut impl Write) -> io::Result<()> {
    to.write_all(&END.to_le_bytes())
}

/// The extended offset table, then the basic one, then all fragments.
pub(crate) fn read_fragments(from: &mut impl Read) -> io::Result<Vec<Vec<u8>>> {
    let mut fragments = Vec::new();
    loop {
        let length = read_u32(from)?;
        if length == END {
            return Ok(fragments);
        }
        let mut fragment = Vec::new();
        from.take(u64::from(length)).read_to_end(&mut fragment)?;
        if fragment.len() != length as usize {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        fragments.push(fragment);
    }
}
