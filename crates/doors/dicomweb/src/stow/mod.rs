//! STOW-RS: objects come in (PS3.18 10.5).

mod body;
mod response;
mod upload;

use crate::Dicomweb;
use crate::media_type::MediaType;
use crate::multipart::{self, Event, Multipart};
use crate::refusal::Refusal;
use crate::uri::{self, Base};
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use body::Body;
use model::Uid;
use response::Outcome;
use upload::{Pending, Upload};

/// `POST /studies`.
pub(crate) async fn store(State(state): State<Dicomweb>, request: Request) -> Result<Response, Refusal> {
    receive(state, None, request).await
}

/// `POST /studies/{study}`.
pub(crate) async fn store_in_study(
    State(state): State<Dicomweb>,
    Path(study): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let study = uri::uid(&study)?;
    receive(state, Some(study), request).await
}

/// How the body is wrapped.
enum Wrapping {
    Multipart(Box<Multipart>),
    /// One object, bare.
    Single,
}

async fn receive(state: Dicomweb, study: Option<Uid>, request: Request) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let limits = state.config.limits;
    accepts_json(&head.headers)?;
    let wrapping = wrapping(&head.headers, limits.parts)?;
    let announced = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limits.request_bytes) {
        return Err(Refusal::TooLarge(format!(
            "a request may have {} bytes",
            limits.request_bytes
        )));
    }
    let base = Base::of(&state.config, &head);
    let mut body = Body::new(body, limits);
    let mut pending = Pending::new(&state, study.clone());
    let complete = match wrapping {
        Wrapping::Single => single(&mut body, &mut pending).await,
        Wrapping::Multipart(parser) => parts(&mut body, *parser, &mut pending).await,
    };
    let outcomes = pending.outcomes().await;
    match complete {
        // What was stored before the body broke is stored: the sender must learn of it.
        Err(_) if outcomes.iter().any(Outcome::is_stored) => {
            let broken = Outcome::Failed {
                sop_class_uid: None,
                sop_instance_uid: None,
                reason: response::CANNOT_UNDERSTAND,
            };
            response::store_instances(
                &state,
                &base,
                study.as_ref(),
                outcomes.into_iter().chain([broken]).collect(),
            )
            .await
        }
        Err(refusal) => Err(refusal),
        Ok(()) => response::store_instances(&state, &base, study.as_ref(), outcomes).await,
    }
}

async fn single(body: &mut Body, pending: &mut Pending) -> Result<(), Refusal> {
    let mut upload = pending.begin();
    while let Some(bytes) = body.next().await? {
        upload.write(bytes).await;
    }
    pending.finish(upload).await;
    Ok(())
}

async fn parts(body: &mut Body, mut parser: Multipart, pending: &mut Pending) -> Result<(), Refusal> {
    let malformed = |error: multipart::MultipartError| Refusal::BadRequest(error.to_string());
    let mut upload: Option<Upload> = None;
    while let Some(bytes) = body.next().await? {
        parser.feed(&bytes);
        while let Some(event) = parser.next().map_err(malformed)? {
            match event {
                Event::Part { content_type } if is_dicom(content_type.as_deref()) => {
                    upload = Some(pending.begin());
                }
                Event::Part { .. } => pending.refuse_media_type(),
                Event::Body(bytes) => {
                    if let Some(upload) = &mut upload {
                        upload.write(bytes).await;
                    }
                }
                Event::PartEnd => {
                    if let Some(upload) = upload.take() {
                        pending.finish(upload).await;
                    }
                }
            }
        }
    }
    parser.finish().map_err(malformed)
}

/// A part without a type is what the whole body was said to hold.
fn is_dicom(content_type: Option<&str>) -> bool {
    content_type
        .is_none_or(|text| MediaType::parse(text).is_some_and(|media| media.essence == "application/dicom"))
}

fn wrapping(headers: &HeaderMap, parts: usize) -> Result<Wrapping, Refusal> {
    let encoded = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity");
    if encoded {
        return Err(Refusal::UnsupportedMediaType("send it without Content-Encoding"));
    }
    let unsupported = Refusal::UnsupportedMediaType(
        "multipart/related; type=\"application/dicom\" or application/dicom is needed",
    );
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(MediaType::parse);
    let Some(media) = content_type else {
        return Err(unsupported);
    };
    match media.essence.as_str() {
        "application/dicom" => Ok(Wrapping::Single),
        "multipart/related" if is_dicom(media.parameter("type")) => {
            let boundary = media.parameter("boundary").unwrap_or_default();
            let parser = Multipart::new(boundary, multipart::Limits { parts });
            let parser = parser.map_err(|error| Refusal::BadRequest(error.to_string()))?;
            Ok(Wrapping::Multipart(Box::new(parser)))
        }
        _ => Err(unsupported),
    }
}

/// The answer is JSON; a requester that takes nothing of the kind learns so before it sends.
fn accepts_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(accept) = headers.get(ACCEPT).and_then(|value| value.to_str().ok()) else {
        return Ok(());
    };
    let covers =
        |media: &MediaType| media.covers("application/dicom+json") || media.covers("application/json");
    if MediaType::parse_list(accept).iter().any(covers) {
        Ok(())
    } else {
        Err(Refusal::NotAcceptable(
            "answers to a store request are application/dicom+json",
        ))
    }
}
