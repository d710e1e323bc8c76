//! Synthetic scans, a fake modality, a whole gateway in one process.
//!
//! What is here is written without the rooms that it tests: a data set that [`DataSet`] wrote was not written by
//! the reader's own crate. Equal seeds give equal bytes.

mod dataset;
mod encoding;
mod part10;
pub mod peers;
pub mod phantom;
pub mod planted;
mod random;
pub mod vendor;
mod vr;

pub use dataset::{DataSet, Length, Value};
pub use encoding::{Encoding, UNDEFINED_LENGTH};
pub use part10::{IMPLEMENTATION_CLASS, Object};
pub use phantom::{Instance, Modality, Patient, Study};
pub use random::Random;
pub use vr::Vr;
