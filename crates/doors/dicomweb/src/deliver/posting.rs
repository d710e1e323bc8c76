//! A delivery under way.

use super::answer;
use super::body::{Body, Course};
use async_trait::async_trait;
use axum::http::HeaderValue;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use consent::Permit;
use model::Uid;
use release::{Cut, Delivery, Failure, Finished, Outcome, Outgoing};
use reqwest::{Client, Response, Url};
use std::sync::Arc;
use std::time::Duration;
use store::DisclosureId;
use tokio::io::AsyncRead;
use tokio::time::{Instant, timeout_at};

/// One copy for a request.
pub struct Copy<R> {
    /// Its SOP Instance UID.
    pub sop_instance: Uid,
    /// The DICOM file.
    pub file: R,
    /// Its bytes.
    pub length: u64,
}

/// A delivery to a recipient's studies resource.
pub struct Posting {
    client: Client,
    url: Url,
    token: Option<HeaderValue>,
    idle: Duration,
    classes: Vec<(Uid, Vec<Uid>)>,
    /// The copy that is being sent.
    under_way: Option<Arc<Course>>,
}

impl Posting {
    pub(super) fn new(
        client: Client,
        url: Url,
        token: Option<HeaderValue>,
        idle: Duration,
        classes: Vec<(Uid, Vec<Uid>)>,
    ) -> Self {
        Self {
            client,
            url,
            token,
            idle,
            classes,
            under_way: None,
        }
    }

    /// Sends one copy. May be dropped midway; then [`Posting::cut`] says what became of it.
    pub async fn post<R: AsyncRead + Unpin + Send + 'static>(&mut self, copy: Copy<R>) -> Outcome {
        let course = Arc::clone(self.under_way.insert(Arc::default()));
        let answered = self.exchange(copy, &course).await;
        self.under_way = None;
        match answered {
            Ok(outcome) if !course.sent() && outcome == Outcome::Delivered => {
                Outcome::NotSent("the recipient answered before it had the copy".to_owned())
            }
            Ok(outcome) => outcome,
            Err(why) if course.stop() => Outcome::Unknown(why),
            Err(why) => Outcome::NotSent(why),
        }
    }

    async fn exchange<R: AsyncRead + Unpin + Send + 'static>(
        &self,
        copy: Copy<R>,
        course: &Arc<Course>,
    ) -> Result<Outcome, String> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| format!("no random number can be had: {error}"))?;
        let boundary = hex::encode(random);
        let head = format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n").into_bytes();
        let tail = format!("\r\n--{boundary}--\r\n").into_bytes();
        let length = copy.length + (head.len() + tail.len()) as u64;
        let body = Body {
            head,
            file: copy.file,
            left: copy.length,
            tail,
            course: Arc::clone(course),
        };
        let content_type = format!("multipart/related; type=\"application/dicom\"; boundary={boundary}");
        let mut request = self
            .client
            .post(self.url.clone())
            .header(ACCEPT, "application/dicom+json")
            .header(CONTENT_TYPE, content_type)
            .header(CONTENT_LENGTH, length)
            .body(reqwest::Body::wrap_stream(body));
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        let response = self.while_taking(request, course).await?;
        let status = response.status().as_u16();
        let deadline = Instant::now() + self.idle;
        let body = timeout_at(deadline, bounded(response)).await.unwrap_or_default();
        Ok(answer::outcome(status, &body, &copy.sop_instance))
    }

    /// Waits for the head of the answer, as long as chunks are taken.
    async fn while_taking(
        &self,
        request: reqwest::RequestBuilder,
        course: &Course,
    ) -> Result<Response, String> {
        let answer = request.send();
        tokio::pin!(answer);
        loop {
            let idle = tokio::time::sleep(self.idle);
            tokio::select! {
                biased;
                // The address is no secret, but it belongs to the record and not into each message.
                answered = &mut answer => return answered.map_err(|error| words(&error.without_url())),
                () = course.taken.notified() => {}
                () = idle => return Err("the recipient did not go on in time".to_owned()),
            }
        }
    }

    /// Ends the delivery at once.
    pub fn cut(self) -> Cut {
        match self.under_way {
            Some(course) if course.stop() => Cut::Perhaps,
            _ => Cut::BeforeEnd,
        }
    }
}

#[async_trait]
impl Delivery for Posting {
    fn takes(&self, sop_class: &Uid) -> Vec<Uid> {
        let of_class = self.classes.iter().filter(|(class, _)| class == sop_class);
        of_class.flat_map(|(_, syntaxes)| syntaxes.clone()).collect()
    }

    async fn deliver(&mut self, copy: Outgoing, _permit: Permit, _disclosure: DisclosureId) -> Outcome {
        let file = match copy.file_stream() {
            Ok(file) => file,
            Err(error) => return Outcome::NotSent(format!("the copy cannot be read: {error}")),
        };
        self.post(Copy {
            sop_instance: copy.sop_instance_uid().clone(),
            file,
            length: copy.file_len(),
        })
        .await
    }

    async fn finish(self: Box<Self>) -> Result<Finished, Failure> {
        Ok(Finished::default())
    }

    async fn abort(self: Box<Self>) -> Cut {
        self.cut()
    }
}

/// The body of an answer; nothing where it is too long or breaks off.
async fn bounded(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > answer::LONGEST {
            return Vec::new();
        }
        body.extend_from_slice(&chunk);
    }
    body
}

/// An error with its causes, which say what reqwest itself does not.
fn words(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
