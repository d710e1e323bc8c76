//! Whole objects (PS3.18 10.4.1.1.1 to 10.4.1.1.3): data set bytes as they came.

use super::accept::{self, Wrapping};
use super::{base, pieces};
use crate::Dicomweb;
use crate::refusal::Refusal;
use crate::uri::Base;
use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::{self, StreamExt};
use retrieve::{Readable, Target};
use std::io;

pub(super) async fn retrieve(state: &Dicomweb, target: Target, head: &Parts) -> Result<Response, Refusal> {
    let is_instance = matches!(target, Target::Instance { .. });
    let found = state.retrieve.find(&target).await?;
    let syntaxes = found.instances().iter().map(|instance| &instance.transfer_syntax);
    let wrapping = accept::wrapping(&head.headers, "application/dicom", is_instance, syntaxes)?;
    match wrapping {
        Wrapping::Single => single(state.open_one(found).await?).await,
        Wrapping::Multipart => {
            let opened = state.retrieve.open(&state.config.reader, found).await?;
            let base = base(state, head);
            // The first is opened before the answer begins, so that it can still be an error.
            let mut rest = opened.into_iter();
            let first = rest.next().ok_or(Refusal::NotFound)?;
            let first = stream::once(std::future::ready(Ok(part(&first, &base).await?)));
            let rest = stream::iter(rest).then(move |readable| {
                let base = base.clone();
                async move { part(&readable, &base).await.map_err(io::Error::other) }
            });
            pieces::multipart("application/dicom", first.chain(rest))
        }
    }
}

async fn single(readable: Readable) -> Result<Response, Refusal> {
    let length = readable.file_head().len() as u64 + readable.len();
    let content_type = HeaderValue::from_str(&content_type(&readable)).map_err(|_| Refusal::Failed)?;
    let body = Body::from_stream(file(&readable).await?);
    Ok((
        [(CONTENT_TYPE, content_type), (CONTENT_LENGTH, length.into())],
        body,
    )
        .into_response())
}

async fn part(
    readable: &Readable,
    base: &Base,
) -> retrieve::Result<pieces::Part<impl Stream<Item = io::Result<Bytes>> + Send + use<>>> {
    let i = readable.instance();
    let location = base.instance(&i.study_instance_uid, &i.series_instance_uid, &i.sop_instance_uid);
    let content = file(readable).await?;
    Ok(pieces::Part {
        content_type: content_type(readable),
        location: Some(location),
        content,
    })
}

fn content_type(readable: &Readable) -> String {
    format!(
        "application/dicom; transfer-syntax={}",
        readable.instance().transfer_syntax
    )
}

/// A DICOM file: our own head, the data set as it came.
async fn file(readable: &Readable) -> retrieve::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
    let head = stream::once(std::future::ready(Ok(Bytes::from(readable.file_head()))));
    Ok(head.chain(pieces::whole(readable.bytes().await?, readable.len())))
}
