//! Frames (PS3.18 10.4.1.1.6), native or compressed, as they are stored.

use super::accept::{self, Wrapping};
use super::{base, pieces};
use crate::Dicomweb;
use crate::refusal::Refusal;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use dicom::PixelCoding;
use futures_util::stream::{self, StreamExt};
use model::Uid;
use retrieve::{Pixels, Readable, Target};
use std::io;

/// Frames that one request may name.
const MAX_FRAMES: usize = 10_000;
const OCTET_STREAM: &str = "application/octet-stream";

/// Reads `1,3,5`.
pub(super) fn numbers(list: &str) -> Result<Vec<u32>, Refusal> {
    let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
    let numbers: Option<Vec<u32>> = list.split(',').take(MAX_FRAMES + 1).map(number).collect();
    numbers
        .filter(|numbers| numbers.len() <= MAX_FRAMES)
        .ok_or_else(|| {
            Refusal::BadRequest(format!(
                "not a list of frames: up to {MAX_FRAMES} numbers from 1 with commas between them"
            ))
        })
}

/// Frames of an instance; all of them without numbers.
pub(super) async fn retrieve(
    state: &Dicomweb,
    target: Target,
    numbers: Option<Vec<u32>>,
    head: &Parts,
) -> Result<Response, Refusal> {
    let found = state.retrieve.find(&target).await?;
    let syntax = found
        .instances()
        .first()
        .map(|i| i.transfer_syntax.clone())
        .ok_or(Refusal::NotFound)?;
    let essence = media_type(&dicom::TransferSyntax::by_uid(&syntax));
    let single = numbers.as_ref().is_some_and(|numbers| numbers.len() == 1);
    let wrapping = acceptable(head, essence, single, &syntax)?;
    let readable = state.open_one(found).await?;
    let (data_set, pixels) = readable.pixels().await?;
    let numbers = numbers.unwrap_or_else(|| (1..=pixels.frames()).collect());
    if numbers.iter().any(|number| *number > pixels.frames()) {
        return Err(Refusal::NotFound);
    }
    let content_type = format!("{essence}; transfer-syntax={}", stored_syntax(&pixels, &syntax));
    if wrapping == Wrapping::Single {
        let place = numbers
            .first()
            .and_then(|number| pixels.frame(*number))
            .ok_or(Refusal::NotFound)?;
        let content_type = HeaderValue::from_str(&content_type).map_err(|_| Refusal::Failed)?;
        let body = Body::from_stream(pieces::frame(data_set, place, pixels.swapped_word()));
        return Ok(([(CONTENT_TYPE, content_type)], body).into_response());
    }
    drop(data_set);
    let i = readable.instance();
    let url = base(state, head).instance(&i.study_instance_uid, &i.series_instance_uid, &i.sop_instance_uid);
    let parts = stream::iter(numbers).then({
        let pixels = std::sync::Arc::new(pixels);
        move |number| {
            let (readable, pixels) = (readable.clone(), std::sync::Arc::clone(&pixels));
            let (content_type, location) = (content_type.clone(), Some(format!("{url}/frames/{number}")));
            async move {
                let content = content(&readable, &pixels, number).await?;
                Ok::<_, io::Error>(pieces::Part {
                    content_type,
                    location,
                    content,
                })
            }
        }
    });
    pieces::multipart(essence, parts)
}

async fn content(
    readable: &Readable,
    pixels: &Pixels,
    number: u32,
) -> io::Result<impl futures_util::Stream<Item = io::Result<bytes::Bytes>> + Send + use<>> {
    let place = pixels.frame(number).ok_or(io::ErrorKind::UnexpectedEof)?;
    let data_set = readable.data_set().await.map_err(io::Error::other)?;
    Ok(pieces::frame(data_set, place, pixels.swapped_word()))
}

/// Compressed frames are also given as octets to a requester that says it takes this or any transfer syntax.
fn acceptable(head: &Parts, essence: &str, single: bool, syntax: &Uid) -> Result<Wrapping, Refusal> {
    let natural = accept::wrapping(&head.headers, essence, single, [syntax].into_iter());
    if natural.is_ok() || essence == OCTET_STREAM {
        return natural;
    }
    let says_syntax = |text: &str| text.to_ascii_lowercase().contains("transfer-syntax");
    let said = head
        .headers
        .get(axum::http::header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(says_syntax);
    if said {
        accept::wrapping(&head.headers, OCTET_STREAM, single, [syntax].into_iter())
    } else {
        natural
    }
}

/// The media type of frames as they are stored (PS3.18 table 8.7.3-5).
fn media_type(syntax: &dicom::TransferSyntax) -> &'static str {
    match (syntax.pixels, syntax.uid.as_str()) {
        (PixelCoding::Rle, _) => "image/dicom-rle",
        (PixelCoding::Jpeg, _) => "image/jpeg",
        (PixelCoding::JpegLs, _) => "image/jls",
        (
            PixelCoding::Jpeg2000,
            "1.2.840.10008.1.2.4.201" | "1.2.840.10008.1.2.4.202" | "1.2.840.10008.1.2.4.203",
        ) => "image/jphc",
        (PixelCoding::Jpeg2000, _) => "image/jp2",
        (PixelCoding::JpegXl, _) => "image/jxl",
        _ => OCTET_STREAM,
    }
}

/// Native frames go out in little-endian order, whatever the data set was written in.
fn stored_syntax(pixels: &Pixels, syntax: &Uid) -> String {
    if pixels.is_encapsulated() {
        syntax.to_string()
    } else {
        dicom::uids::EXPLICIT_LE.to_owned()
    }
}
