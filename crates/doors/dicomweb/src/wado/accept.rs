//! What a requester takes, held against what is stored (PS3.18 8.7).

use crate::media_type::MediaType;
use crate::refusal::Refusal;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use model::Uid;

/// How the answer is wrapped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wrapping {
    /// `multipart/related` with this type inside.
    Multipart,
    /// The one thing that was asked for, bare.
    Single,
}

/// The media types of the Accept header, the most wanted first; everything when there is none.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<MediaType> {
    let texts: Vec<&str> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    if texts.is_empty() {
        MediaType::parse_list("*/*")
    } else {
        MediaType::parse_list(&texts.join(","))
    }
}

/// How to answer with parts of media type `essence`, each stored in the transfer syntaxes given.
///
/// A requester that names no transfer syntax gets what is stored: nothing is converted here.
///
/// # Errors
/// [`Refusal::NotAcceptable`] when the requester takes nothing that there is.
pub(super) fn wrapping<'a>(
    headers: &HeaderMap,
    essence: &str,
    single_allowed: bool,
    stored: impl Iterator<Item = &'a Uid> + Clone,
) -> Result<Wrapping, Refusal> {
    for media in accepted(headers) {
        let wanted = media.parameter("transfer-syntax");
        if !stored
            .clone()
            .all(|syntax| wanted.is_none_or(|wanted| wanted == "*" || wanted == syntax.as_str()))
        {
            continue;
        }
        if media.essence.starts_with("multipart/") || media.essence == "*/*" {
            let inner = media.parameter("type").and_then(MediaType::parse);
            if media.covers("multipart/related") && inner.is_none_or(|inner| inner.covers(essence)) {
                return Ok(Wrapping::Multipart);
            }
        } else if single_allowed && media.covers(essence) {
            return Ok(Wrapping::Single);
        }
    }
    Err(Refusal::NotAcceptable(
        "it is here only as it is stored, in its own transfer syntax",
    ))
}

/// Metadata is JSON.
///
/// # Errors
/// [`Refusal::NotAcceptable`] when the requester takes no JSON.
pub(crate) fn json(headers: &HeaderMap) -> Result<(), Refusal> {
    let covers =
        |media: &MediaType| media.covers("application/dicom+json") || media.covers("application/json");
    if accepted(headers).iter().any(covers) {
        Ok(())
    } else {
        Err(Refusal::NotAcceptable("it is here as application/dicom+json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn negotiate(accept: Option<&str>, single: bool) -> Option<Wrapping> {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        }
        let stored: Uid = "1.2.840.10008.1.2.1".parse().unwrap();
        wrapping(&headers, "application/dicom", single, [&stored].into_iter()).ok()
    }

    #[test]
    fn objects() {
        use Wrapping::{Multipart, Single};
        for (accept, single, expected) in [
            (None, true, Some(Multipart)),
            (Some("*/*"), true, Some(Multipart)),
            (
                Some(r#"multipart/related; type="application/dicom""#),
                true,
                Some(Multipart),
            ),
            (
                Some("multipart/related;type=application/dicom;transfer-syntax=*"),
                true,
                Some(Multipart),
            ),
            (
                Some(r#"multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1"#),
                true,
                Some(Multipart),
            ),
            (
                Some(
                    r#"multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.50"#,
                ),
                true,
                None,
            ),
            (Some(r#"multipart/related; type="image/jpeg""#), true, None),
            (Some("application/dicom"), true, Some(Single)),
            (Some("application/dicom"), false, None),
            (
                Some("application/dicom; transfer-syntax=1.2.840.10008.1.2"),
                true,
                None,
            ),
            (
                Some(
                    "application/dicom; transfer-syntax=1.2.840.10008.1.2, application/dicom;transfer-syntax=*;q=0.5",
                ),
                true,
                Some(Single),
            ),
            (Some("text/html"), true, None),
            (Some("*/*;q=0"), true, None),
            (Some("nonsense"), true, None),
        ] {
            assert_eq!(negotiate(accept, single), expected, "{accept:?}");
        }
    }
}
