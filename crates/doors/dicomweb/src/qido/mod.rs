//! QIDO-RS: what is here (PS3.18 10.6).

mod matching;
mod query;
mod results;

use crate::Dicomweb;
use crate::refusal::Refusal;
use crate::uri::{self, Base};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query as Pairs, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, WARNING};
use axum::response::{IntoResponse, Response};
use query::{Level, Query};
use results::Results;

/// The parameters of a request, in its order.
type Parameters = Result<Pairs<Vec<(String, String)>>, QueryRejection>;

/// `GET /studies`.
pub(crate) async fn studies(
    state: State<Dicomweb>,
    pairs: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    answer(state, Query::new(Level::Study), pairs, request).await
}

/// `GET /series`.
pub(crate) async fn series(
    state: State<Dicomweb>,
    pairs: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    answer(state, Query::new(Level::Series), pairs, request).await
}

/// `GET /instances`.
pub(crate) async fn instances(
    state: State<Dicomweb>,
    pairs: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    answer(state, Query::new(Level::Instance), pairs, request).await
}

/// `GET /studies/{study}/series`.
pub(crate) async fn series_of_study(
    state: State<Dicomweb>,
    Path(study): Path<String>,
    pairs: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    answer(
        state,
        Query::new(Level::Series).in_study(uri::uid(&study)?),
        pairs,
        request,
    )
    .await
}

/// `GET /studies/{study}/instances`.
pub(crate) async fn instances_of_study(
    state: State<Dicomweb>,
    Path(study): Path<String>,
    pairs: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    answer(
        state,
        Query::new(Level::Instance).in_study(uri::uid(&study)?),
        pairs,
        request,
    )
    .await
}

/// `GET /studies/{study}/series/{series}/instances`.
pub(crate) async fn instances_of_series(
    state: State<Dicomweb>,
    Path((study, series)): Path<(String, String)>,
    pairs: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    let query = Query::new(Level::Instance)
        .in_study(uri::uid(&study)?)
        .in_series(uri::uid(&series)?);
    answer(state, query, pairs, request).await
}

async fn answer(
    State(state): State<Dicomweb>,
    query: Query,
    pairs: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, _) = request.into_parts();
    crate::wado::accepts_json(&head.headers)?;
    let Pairs(pairs) = pairs.map_err(|_| Refusal::BadRequest("the query cannot be read".to_owned()))?;
    let query = query.read(&pairs)?;
    let results = Results::find(&state, &query, &Base::of(&state.config, &head)).await?;
    state
        .retrieve
        .account_search(&state.config.reader, &results.patients)
        .await?;
    let mut response = if results.documents.is_empty() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let body = serde_json::Value::Array(results.documents).to_string();
        ([(CONTENT_TYPE, "application/dicom+json")], body).into_response()
    };
    if results.more {
        let text = "299 leadglass \"there are more results: narrow the query or ask with limit and offset\"";
        response
            .headers_mut()
            .insert(WARNING, HeaderValue::from_static(text));
    }
    Ok(response)
}
