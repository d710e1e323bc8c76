//! De-identification per PS3.15 annex E: a closed world in which only what a rule keeps is kept, every container
//! rebuilt, and an [`audit`] that shares no code with it and must find nothing before a copy is cleared.

pub mod audit;
pub mod containers;
pub mod dates;
pub mod dicomdir;
mod engine;
mod key;
pub mod profile;
pub mod rules;
pub mod text;
mod tree;
mod write;

pub use engine::{Applied, IdKind, Replaced, Withheld, apply};
pub use key::{InvalidKey, ProjectKey};
pub use profile::Profile;
pub use tree::TreeError;
