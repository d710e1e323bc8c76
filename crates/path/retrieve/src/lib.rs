//! The one accounted read path for those inside.
//!
//! [`Retrieve::find`] tells which instances a target names; [`Retrieve::open`] first makes the read durable in the
//! accounting and the transparency log, and only then gives [`Readable`]s, which alone yield bytes.

mod access;
mod data_set;
mod error;
pub mod part10;
mod pixels;
mod retrieve;
mod target;
mod value;
mod walk;

pub use access::Reader;
pub use data_set::DataSet;
pub use error::{Error, Result};
pub use pixels::{Pixels, Place};
pub use retrieve::{Found, Readable, Retrieve};
pub use target::Target;
pub use value::{InvalidValuePath, Value, ValuePath};
pub use walk::{Halt, Walk};
