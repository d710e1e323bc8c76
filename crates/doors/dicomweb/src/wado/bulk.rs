//! Bulk data (PS3.18 10.4.1.1.5), as the BulkDataURIs of the metadata name it.

use super::accept::{self, Wrapping};
use super::{base, frames, pieces};
use crate::Dicomweb;
use crate::refusal::Refusal;
use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use dicom::{PixelCoding, TransferSyntax};
use futures_util::stream;
use retrieve::{Target, ValuePath};

const OCTET_STREAM: &str = "application/octet-stream";

pub(super) async fn retrieve(
    state: &Dicomweb,
    target: Target,
    value: &str,
    head: &Parts,
) -> Result<Response, Refusal> {
    let path: ValuePath = value
        .parse()
        .map_err(|error: retrieve::InvalidValuePath| Refusal::BadRequest(error.to_string()))?;
    let found = state.retrieve.find(&target).await?;
    let syntax = found
        .instances()
        .first()
        .map(|i| i.transfer_syntax.clone())
        .ok_or(Refusal::NotFound)?;
    let native = TransferSyntax::by_uid(&syntax).pixels == PixelCoding::Native;
    if value.eq_ignore_ascii_case("7fe00010") && !native {
        return frames::retrieve(state, target, None, head).await;
    }
    let wrapping = accept::wrapping(&head.headers, OCTET_STREAM, true, [&syntax].into_iter())?;
    let readable = state.open_one(found).await?;
    let (data_set, value_at) = readable.value(path).await?;
    // Compressed pixels inside a sequence (an icon) have no resource of their own.
    let length = u64::from(value_at.length.ok_or(Refusal::NotFound)?);
    let place = value_at.offset..value_at.offset + length;
    let content = pieces::ranges(data_set, vec![place], value_at.swapped_word());
    match wrapping {
        Wrapping::Single => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static(OCTET_STREAM)),
                (CONTENT_LENGTH, length.into()),
            ];
            Ok((headers, Body::from_stream(content)).into_response())
        }
        Wrapping::Multipart => {
            let i = readable.instance();
            let url = base(state, head).instance(
                &i.study_instance_uid,
                &i.series_instance_uid,
                &i.sop_instance_uid,
            );
            let location = Some(format!("{url}/bulkdata/{value}"));
            let part = pieces::Part {
                content_type: OCTET_STREAM.to_owned(),
                location,
                content,
            };
            pieces::multipart(OCTET_STREAM, stream::once(std::future::ready(Ok(part))))
        }
    }
}
