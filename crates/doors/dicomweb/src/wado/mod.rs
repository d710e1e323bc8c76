//! WADO-RS: objects, their metadata, frames and bulk data go out (PS3.18 10.4).

mod accept;
mod bulk;
mod frames;
mod instances;
mod metadata;
mod pieces;

use crate::Dicomweb;
use crate::refusal::Refusal;
use crate::uri::{self, Base};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use retrieve::{Found, Readable, Target};

fn of_study(study: &str) -> Result<Target, Refusal> {
    Ok(Target::Study(uri::uid(study)?))
}

fn of_series((study, series): &(String, String)) -> Result<Target, Refusal> {
    Ok(Target::Series {
        study: Some(uri::uid(study)?),
        series: uri::uid(series)?,
    })
}

fn of_instance(study: &str, series: &str, instance: &str) -> Result<Target, Refusal> {
    let (study, series) = (Some(uri::uid(study)?), Some(uri::uid(series)?));
    Ok(Target::Instance {
        study,
        series,
        instance: uri::uid(instance)?,
    })
}

impl Dicomweb {
    /// The one instance that was found, its read accounted for.
    async fn open_one(&self, found: Found) -> Result<Readable, Refusal> {
        let opened = self.retrieve.open(&self.config.reader, found).await?;
        opened.into_iter().next().ok_or(Refusal::NotFound)
    }
}

/// `GET /studies/{study}`.
pub(crate) async fn study(
    State(state): State<Dicomweb>,
    Path(path): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    instances::retrieve(&state, of_study(&path)?, &request.into_parts().0).await
}

/// `GET /studies/{study}/series/{series}`.
pub(crate) async fn series(
    State(state): State<Dicomweb>,
    Path(path): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    instances::retrieve(&state, of_series(&path)?, &request.into_parts().0).await
}

/// `GET /studies/{study}/series/{series}/instances/{instance}`.
pub(crate) async fn instance(
    State(state): State<Dicomweb>,
    Path((study, series, instance)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    instances::retrieve(
        &state,
        of_instance(&study, &series, &instance)?,
        &request.into_parts().0,
    )
    .await
}

/// `GET …/metadata` of a study.
pub(crate) async fn study_metadata(
    State(state): State<Dicomweb>,
    Path(path): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    metadata::retrieve(&state, of_study(&path)?, &request.into_parts().0).await
}

/// `GET …/metadata` of a series.
pub(crate) async fn series_metadata(
    State(state): State<Dicomweb>,
    Path(path): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    metadata::retrieve(&state, of_series(&path)?, &request.into_parts().0).await
}

/// `GET …/metadata` of an instance.
pub(crate) async fn instance_metadata(
    State(state): State<Dicomweb>,
    Path((study, series, instance)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    metadata::retrieve(
        &state,
        of_instance(&study, &series, &instance)?,
        &request.into_parts().0,
    )
    .await
}

/// `GET …/frames/{frames}`.
pub(crate) async fn frames(
    State(state): State<Dicomweb>,
    Path((study, series, instance, frames)): Path<(String, String, String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let numbers = frames::numbers(&frames)?;
    let target = of_instance(&study, &series, &instance)?;
    frames::retrieve(&state, target, Some(numbers), &request.into_parts().0).await
}

/// `GET …/bulkdata/{value}`, as the BulkDataURIs of the metadata name it.
pub(crate) async fn bulk_data(
    State(state): State<Dicomweb>,
    Path((study, series, instance, value)): Path<(String, String, String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let target = of_instance(&study, &series, &instance)?;
    bulk::retrieve(&state, target, &value, &request.into_parts().0).await
}

pub(crate) use accept::json as accepts_json;

fn base(state: &Dicomweb, head: &axum::http::request::Parts) -> Base {
    Base::of(&state.config, head)
}
