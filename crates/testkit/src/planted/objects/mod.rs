//! The kinds of objects.

pub(crate) mod documents;
pub(crate) mod enhanced;
pub(crate) mod images;
pub(crate) mod presentation;
pub(crate) mod reports;
pub(crate) mod segmentation;
pub(crate) mod therapy;
pub(crate) mod visit;
pub(crate) mod waveform;

pub(crate) use visit::{Draft, Instance, Visit};
