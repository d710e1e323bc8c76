//! Bytes that are read on threads that may block, a piece at a time, no faster than they are taken.

use crate::refusal::Refusal;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use retrieve::{DataSet, Place};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, BufRead, Read, Seek};
use std::ops::Range;
use tokio::task::spawn_blocking;

/// Bytes of a piece. A multiple of every word that may have to be swapped.
const PIECE: usize = 128 << 10;

/// Calls `read` until it has nothing more.
pub(super) fn pieces<S: Send + 'static>(
    source: S,
    read: fn(&mut S) -> io::Result<Option<Bytes>>,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(source, move |mut source| async move {
        let work = move || read(&mut source).map(|piece| piece.map(|bytes| (bytes, source)));
        spawn_blocking(work).await.map_err(io::Error::other)?
    })
}

/// All that a reader has, which must be `length` bytes: an answer that would end early breaks off instead.
pub(super) fn whole<R: Read + Send + 'static>(
    reader: R,
    length: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    pieces((reader, length), |(reader, left)| {
        let piece = take(reader, *left)?;
        *left -= piece.len() as u64;
        Ok((!piece.is_empty()).then(|| piece.into()))
    })
}

/// Places in a data set, one after the other, numbers of `word` bytes swapped.
pub(super) fn ranges<R: BufRead + Seek + Send + 'static>(
    data_set: DataSet<R>,
    ranges: Vec<Range<u64>>,
    word: usize,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    pieces(
        (data_set, VecDeque::from(ranges), word),
        |(data_set, ranges, word)| {
            let Some(range) = ranges.front_mut() else {
                return Ok(None);
            };
            if data_set.position() != range.start {
                data_set.seek_to(range.start)?;
            }
            let mut piece = take(data_set, range.end.saturating_sub(range.start))?;
            if *word > 1 {
                piece.chunks_exact_mut(*word).for_each(<[u8]>::reverse);
            }
            range.start += piece.len() as u64;
            if range.start >= range.end {
                ranges.pop_front();
            }
            Ok(Some(piece.into()))
        },
    )
}

/// A frame as it stands in the data set.
pub(super) fn frame<R: BufRead + Seek + Send + 'static>(
    data_set: DataSet<R>,
    place: Place,
    word: usize,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    match place {
        Place::Bytes(places) => ranges(data_set, places, word).left_stream(),
        Place::Bits(bits) => shifted(data_set, bits).right_stream(),
    }
}

/// Bits, moved so that the first of them is the lowest bit of the first byte; those after the last are zero.
fn shifted<R: BufRead + Seek + Send + 'static>(
    data_set: DataSet<R>,
    bits: Range<u64>,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    pieces((data_set, bits), |(data_set, bits)| {
        let wanted = (bits.end.saturating_sub(bits.start)).min(PIECE as u64 * 8);
        if wanted == 0 {
            return Ok(None);
        }
        let (first, shift) = (bits.start / 8, (bits.start % 8) as u32);
        data_set.seek_to(first)?;
        let mut source = vec![0; ((bits.start + wanted).div_ceil(8) - first) as usize];
        data_set.read_exact(&mut source)?;
        let next = source.iter().skip(1).copied().chain([0]);
        let joined = source
            .iter()
            .zip(next)
            .map(|(low, high)| (u16::from_le_bytes([*low, high]) >> shift) as u8);
        let mut piece: Vec<u8> = joined.take(wanted.div_ceil(8) as usize).collect();
        if let (Some(last), used @ 1..) = (piece.last_mut(), wanted % 8) {
            *last &= (1 << used) - 1;
        }
        bits.start += wanted;
        Ok(Some(piece.into()))
    })
}

/// A piece of at most `left` bytes, full unless those are less.
fn take(reader: &mut impl Read, left: u64) -> io::Result<Vec<u8>> {
    let wanted = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
    let mut piece = Vec::with_capacity(wanted);
    reader.take(wanted as u64).read_to_end(&mut piece)?;
    if piece.len() < wanted {
        Err(io::ErrorKind::UnexpectedEof.into())
    } else {
        Ok(piece)
    }
}

/// One part of a multipart answer.
pub(super) struct Part<S> {
    /// Its Content-Type.
    pub(super) content_type: String,
    /// Where it can be had by itself.
    pub(super) location: Option<String>,
    pub(super) content: S,
}

/// An answer whose parts are opened one after the other, each when the one before has been taken.
///
/// # Errors
/// When the system gives no randomness for a boundary that no content can foresee.
pub(super) fn multipart<S, P>(inner_type: &str, parts: P) -> Result<Response, Refusal>
where
    S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    P: Stream<Item = io::Result<Part<S>>> + Send + 'static,
{
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| Refusal::Failed)?;
    let boundary = hex::encode(random);
    let content_type = format!("multipart/related; type=\"{inner_type}\"; boundary={boundary}");
    let end = format!("--{boundary}--\r\n");
    let wrapped = parts.map_ok(move |part| {
        let mut head = format!("--{boundary}\r\nContent-Type: {}\r\n", part.content_type);
        if let Some(location) = part.location {
            let _ = write!(head, "Content-Location: {location}\r\n");
        }
        head.push_str("\r\n");
        let text = |text: String| stream::once(std::future::ready(Ok(Bytes::from(text))));
        text(head).chain(part.content).chain(text("\r\n".to_owned()))
    });
    let body = wrapped
        .try_flatten()
        .chain(stream::once(std::future::ready(Ok(Bytes::from(end)))));
    let content_type = HeaderValue::from_str(&content_type).map_err(|_| Refusal::Failed)?;
    Ok(([(CONTENT_TYPE, content_type)], Body::from_stream(body)).into_response())
}
