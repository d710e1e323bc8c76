//! Compressed pixels are decoded in a child process with limits.
//!
//! A codec fed by a stranger may crash, spin or eat memory; here that costs one child and gives an error. The child is
//! this same program, started with [`CHILD_COMMAND`]; it reads the fragments, gives up memory, CPU time and all system
//! calls but a few, and only then decodes.

mod child;
mod error;
mod fragments;
mod parent;
mod protocol;
mod sandbox;

pub use child::run_child;
pub use error::DecodeError;
pub use parent::{Decoder, Image};

/// The argument with which this program starts as a decoding child.
pub const CHILD_COMMAND: &str = "decode-child";
