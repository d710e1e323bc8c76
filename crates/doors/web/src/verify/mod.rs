//! The verify page: somebody holds a file; is it the scan that was sealed?
//!
//! What is uploaded is held in memory for as long as the answer takes, and nowhere else.

mod arrival;
mod changes;
mod examine;
mod holder;
mod picture;
mod result;
mod upload;
mod words;

use crate::problem::{Answer, Problem, json, page};
use crate::state::Web;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use examine::Examined;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "verify.html")]
struct Form {
    max_file: u64,
    max_bundle: u64,
}

/// The form.
pub(crate) async fn form(State(web): State<Arc<Web>>) -> Response {
    let limits = &web.state.limits;
    page(&Form {
        max_file: limits.max_file,
        max_bundle: limits.max_bundle,
    })
}

/// The answer to a form.
pub(crate) async fn check(State(web): State<Arc<Web>>, request: Request) -> Response {
    let answer = Answer::wanted(request.headers());
    match examined(&web, request).await {
        Err(problem) => problem.answer(answer),
        Ok(examined) => {
            tracing::info!(
                verdict = examined.report.verdict.as_str(),
                "an uploaded file was verified"
            );
            match answer {
                Answer::Json => json(&examined.document()),
                Answer::Page => page(&result::Page::new(&examined, &web.state.own_key)),
            }
        }
    }
}

async fn examined(web: &Arc<Web>, request: Request) -> Result<Examined, Problem> {
    let upload = upload::receive(web, request).await?;
    let work = examine::examine(Arc::clone(web), upload);
    // On a task of its own: a requester who goes away, or a deadline, must not give the turn to somebody else while
    // the work still runs.
    let work = tokio::spawn(work);
    match tokio::time::timeout(web.state.limits.check, work).await {
        Ok(Ok(examined)) => examined,
        Ok(Err(_)) => Err(Problem::Failed),
        Err(_) => Err(Problem::Unfinished),
    }
}
