//! Phantoms: invented patients with drawn anatomy, complete enough for any reader, the same for the same seed.

mod canvas;
mod chest;
mod ct;
mod modules;
mod mr;
mod noise;
mod patient;
mod study;
mod vessels;

pub use patient::Patient;
pub use study::{Instance, Modality, Study};
