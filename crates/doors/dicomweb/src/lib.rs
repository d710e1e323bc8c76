//! STOW-RS, QIDO-RS and WADO-RS (PS3.18).
//!
//! [`router`] gives the routes, to be mounted at `/dicom-web`. Objects stream in through the intake and out through the
//! accounted read path; neither is ever held whole in memory. Every request needs the bearer token. [`deliver`] is how
//! released copies leave by STOW-RS.

mod auth;
mod config;
pub mod deliver;
mod media_type;
pub mod multipart;
mod qido;
mod refusal;
mod stow;
mod uri;
mod wado;

pub use config::{Config, Limits};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use intake::Intake;
use retrieve::Retrieve;
use std::sync::Arc;
use store::Store;

/// What the routes work with. Cheap to clone.
#[derive(Clone)]
pub struct Dicomweb {
    intake: Intake,
    retrieve: Retrieve,
    store: Store,
    config: Arc<Config>,
}

impl Dicomweb {
    /// A DICOMweb service over an intake and the store that it fills.
    pub fn new(intake: Intake, retrieve: Retrieve, store: Store, config: Config) -> Self {
        Self {
            intake,
            retrieve,
            store,
            config: Arc::new(config),
        }
    }
}

/// The routes of PS3.18 chapter 10, below whatever path they are mounted at.
pub fn router(state: Dicomweb) -> Router {
    Router::new()
        .route("/studies", get(qido::studies).post(stow::store))
        .route("/series", get(qido::series))
        .route("/instances", get(qido::instances))
        .route("/studies/{study}", get(wado::study).post(stow::store_in_study))
        .route("/studies/{study}/metadata", get(wado::study_metadata))
        .route("/studies/{study}/series", get(qido::series_of_study))
        .route("/studies/{study}/instances", get(qido::instances_of_study))
        .route("/studies/{study}/series/{series}", get(wado::series))
        .route(
            "/studies/{study}/series/{series}/metadata",
            get(wado::series_metadata),
        )
        .route(
            "/studies/{study}/series/{series}/instances",
            get(qido::instances_of_series),
        )
        .route(
            "/studies/{study}/series/{series}/instances/{instance}",
            get(wado::instance),
        )
        .route(
            "/studies/{study}/series/{series}/instances/{instance}/metadata",
            get(wado::instance_metadata),
        )
        .route(
            "/studies/{study}/series/{series}/instances/{instance}/frames/{frames}",
            get(wado::frames),
        )
        .route(
            "/studies/{study}/series/{series}/instances/{instance}/bulkdata/{*value}",
            get(wado::bulk_data),
        )
        .fallback(refusal::not_found)
        .method_not_allowed_fallback(refusal::method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&state.config), auth::require_token))
        .with_state(state)
}
