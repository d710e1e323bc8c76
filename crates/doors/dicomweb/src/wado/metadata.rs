//! Metadata (PS3.18 10.4.1.1.4): the DICOM JSON Model, written while the data set is read and its pixels are passed over.

use super::{accept, base, pieces};
use crate::Dicomweb;
use crate::refusal::Refusal;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dicom::json::{BulkData, JsonModel};
use futures_util::Stream;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use retrieve::{Readable, Target, Walk};
use std::io;
use store::BlobReader;

/// Bytes of JSON that are gathered before they are sent.
const GATHERED: usize = 64 << 10;

type BulkDataUri = Box<dyn FnMut(&BulkData<'_>) -> Option<String> + Send>;

pub(super) async fn retrieve(state: &Dicomweb, target: Target, head: &Parts) -> Result<Response, Refusal> {
    accept::json(&head.headers)?;
    let found = state.retrieve.find(&target).await?;
    let opened = state.retrieve.open(&state.config.reader, found).await?;
    let base = base(state, head);
    let text = |text: &'static str| stream::once(std::future::ready(Ok(Bytes::from_static(text.as_bytes()))));
    let documents = stream::iter(opened).enumerate().then(move |(at, readable)| {
        let i = readable.instance();
        let url = base.instance(&i.study_instance_uid, &i.series_instance_uid, &i.sop_instance_uid);
        let comma = if at == 0 { "" } else { "," };
        async move {
            let document = document(&readable, url).await.map_err(io::Error::other)?;
            Ok::<_, io::Error>(text(comma).chain(document))
        }
    });
    let body = text("[").chain(documents.try_flatten()).chain(text("]"));
    Ok((
        [(CONTENT_TYPE, "application/dicom+json")],
        Body::from_stream(body),
    )
        .into_response())
}

/// A data set that is being turned into JSON.
struct Writing {
    walk: Walk<BlobReader>,
    /// None once the document is complete.
    model: Option<JsonModel<BulkDataUri>>,
}

async fn document(
    readable: &Readable,
    url: String,
) -> retrieve::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
    let walk = Walk::new(readable.data_set().await?, &readable.transfer_syntax());
    let uri: BulkDataUri = Box::new(move |bulk| Some(format!("{url}/bulkdata/{bulk}")));
    let writing = Writing {
        walk,
        model: Some(JsonModel::new(uri)),
    };
    Ok(pieces::pieces(writing, |writing| {
        let Some(mut model) = writing.model.take() else {
            return Ok(None);
        };
        loop {
            let more = writing
                .walk
                .step(&mut model)
                .map_err(retrieve::Error::from)
                .map_err(io::Error::other)?;
            if !more {
                return Ok(Some(model.finish().into()));
            }
            if model.pending() >= GATHERED {
                let piece = model.take().into();
                writing.model = Some(model);
                return Ok(Some(piece));
            }
        }
    }))
}
