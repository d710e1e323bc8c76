//! Requests that cannot be answered with what they asked for: what is wrong, and what to do.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, VARY};
use axum::response::{Html, IntoResponse, Response};

/// Seconds after which to try again when too many files are being checked.
const RETRY_SECONDS: &str = "20";

/// How the requester wants to be answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    Page,
    Json,
}

impl Answer {
    /// JSON for those who ask for it; a page for browsers, and for those who do not say.
    pub(crate) fn wanted(headers: &HeaderMap) -> Self {
        let accept = headers
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let names = |media_type: &str| {
            accept
                .split(',')
                .any(|part| part.split(';').next().is_some_and(|t| t.trim() == media_type))
        };
        if names("application/json") && !names("text/html") {
            Self::Json
        } else {
            Self::Page
        }
    }
}

/// Which of the two files of the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    File,
    Bundle,
}

impl Part {
    fn field(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Bundle => "bundle",
        }
    }

    fn plain(self) -> &'static str {
        match self {
            Self::File => "scan file",
            Self::Bundle => "seal file",
        }
    }
}

/// Why there is no answer. Its texts name what the requester can change, and nothing of what was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("no file came: put the DICOM file into the form field `file`")]
    NoFile,
    #[error("the form cannot be read: send multipart/form-data with the fields `file` and `bundle`")]
    Form,
    #[error("the form field `{}` came twice: send one file at a time", .0.field())]
    Twice(Part),
    #[error("the form field `{}` is too large: at most {limit} bytes", part.field())]
    TooLarge { part: Part, limit: u64 },
    #[error("the upload took too long: try again over a faster connection")]
    Slow,
    #[error("too many files are being checked: try again later")]
    Busy,
    #[error("the examination took too long: try again later, or run `leadglass verify`")]
    Unfinished,
    #[error("`file` is not a DICOM file: choose a file that a scanner or an archive wrote")]
    NotDicom,
    #[error("`file` is a damaged DICOM file: get it again from where it came")]
    Damaged,
    #[error("`bundle` is not an evidence bundle: choose a .lgseal file, or none")]
    NotBundle,
    #[error("`bundle` is damaged: get it again from where it came")]
    BundleDamaged,
    #[error("the gateway failed: look into its log")]
    Failed,
    #[error("nothing of that name is here")]
    NotFound,
    #[error("this method is not allowed here")]
    Method,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    title: &'static str,
    happened: String,
    next: &'static str,
    to_form: bool,
}

impl Problem {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoFile | Self::Form | Self::Twice(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unfinished => StatusCode::GATEWAY_TIMEOUT,
            Self::NotDicom | Self::Damaged | Self::NotBundle | Self::BundleDamaged => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// Title, what happened, what to do.
    fn words(self) -> (&'static str, String, &'static str) {
        let (title, happened, next) = match self {
            Self::NoFile => (
                "No file came with the form",
                "We got the form, but no scan file was in it.",
                "Go back, choose a file and try again.",
            ),
            Self::Form => (
                "We could not read the form",
                "What came to us was cut off, or was not sent by this form.",
                "Go back to the form and send the file once more.",
            ),
            Self::Twice(_) => (
                "That was more than one file",
                "We can check one scan at a time.",
                "Send the first file, read its answer, then send the next.",
            ),
            Self::TooLarge { part, limit } => {
                let happened = format!(
                    "The {} may have up to {} MB. Yours has more.",
                    part.plain(),
                    limit >> 20
                );
                return (
                    "This file is too big for this page",
                    happened,
                    "Send a single picture of the study. For big files, use the program “leadglass verify” on your own machine.",
                );
            }
            Self::Slow => (
                "The upload took too long",
                "The file did not reach us in time.",
                "Try again, best with a faster or more steady link.",
            ),
            Self::Busy => (
                "We are busy right now",
                "Many people are checking scans at this moment.",
                "Wait half a minute, then send the file again.",
            ),
            Self::Unfinished => (
                "The check took too long",
                "We had to stop before the check was done. So we can say nothing about this file.",
                "Try again later. For big files, use the program “leadglass verify” on your own machine.",
            ),
            Self::NotDicom => (
                "This is not a DICOM file",
                "Scans are stored in a kind of file that is called DICOM. The file you sent is some other kind, such as a photo or a PDF.",
                "Look on the disc or in the folder you got from the hospital. The files may have no ending, or end in “.dcm”.",
            ),
            Self::Damaged => (
                "This file is damaged",
                "It starts like a scan, but we cannot read it to its end. It may have been cut off on its way.",
                "Copy it once more from where you got it, and try again. A file that cannot be read cannot be checked.",
            ),
            Self::NotBundle => (
                "The second file is not a seal file",
                "A seal file comes from a Leadglass gateway and ends in “.lgseal”. The one you sent is some other kind.",
                "Choose the right file. Or leave that field empty: we then look the seal up here.",
            ),
            Self::BundleDamaged => (
                "The seal file is damaged",
                "Some of its bytes are not as they were made. So it proves nothing.",
                "Get the seal file once more. Or leave that field empty: we then look the seal up here.",
            ),
            Self::Failed => (
                "Something went wrong on our side",
                "We could not check the file. This says nothing about your scan.",
                "Try again later. If it goes on, tell the people who run this gateway.",
            ),
            Self::NotFound => (
                "There is nothing here",
                "The address may be old, or have a typing slip in it.",
                "Start again from the first page.",
            ),
            Self::Method => (
                "That is not possible here",
                "This page does not take that kind of request.",
                "Start again from the first page.",
            ),
        };
        (title, happened.to_owned(), next)
    }

    /// The answer: a page, or one JSON document.
    pub(crate) fn answer(self, answer: Answer) -> Response {
        let mut response = match answer {
            Answer::Json => json(&serde_json::json!({ "error": self.to_string() })),
            Answer::Page => {
                let (title, happened, next) = self.words();
                let to_form = !matches!(self, Self::NotFound | Self::Method);
                page(&ProblemPage {
                    title,
                    happened,
                    next,
                    to_form,
                })
            }
        };
        *response.status_mut() = self.status();
        match self {
            Self::Busy => {
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
            }
            Self::Slow => {
                response
                    .headers_mut()
                    .insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

/// A page that says that nothing is at this address.
pub async fn not_found(headers: HeaderMap) -> Response {
    crate::headers::protect(Problem::NotFound.answer(Answer::wanted(&headers))).await
}

pub(crate) async fn method_not_allowed(headers: HeaderMap) -> Response {
    Problem::Method.answer(Answer::wanted(&headers))
}

/// A rendered template. What it says may depend on what the requester accepts.
pub(crate) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => ([(VARY, "accept")], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "the page could not be made: look into the log of the service\n",
            )
                .into_response()
        }
    }
}

/// A JSON document.
pub(crate) fn json(document: &impl serde::Serialize) -> Response {
    match serde_json::to_string(document) {
        Ok(text) => ([(CONTENT_TYPE, "application/json"), (VARY, "accept")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a report could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
