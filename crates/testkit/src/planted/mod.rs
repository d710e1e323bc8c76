//! Identified objects with planted identifiers, the answer key to them, and a scorer: a benchmark of de-identification in
//! the form of MIDI-B, and stricter than it.
//!
//! [`patient`] writes all files of one invented patient: several studies, years apart, whose objects refer to each other.
//! Every identifier stands in the [`Key`] with the place where it was planted; so does the clinical text that must stay.
//! Names are invented; equal seeds give equal bytes.

mod charsets;
mod codestreams;
mod containers;
mod descriptors;
mod direct;
mod key;
mod level;
mod md5;
mod objects;
mod patient;
mod person;
mod private;
pub mod score;
mod table;

pub use key::{Action, Category, Check, DateSite, Key, Reference, Token};
pub use patient::{disc, enhanced, patient};

/// A file with what was planted in it.
#[derive(Clone, Debug)]
pub struct Planted {
    /// Its path below the folder of the benchmark, with slashes.
    pub name: String,
    /// The whole file.
    pub bytes: Vec<u8>,
    /// What must go, and what must stay.
    pub key: Key,
}
