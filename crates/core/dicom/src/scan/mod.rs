//! The pre-scan: a data set read as it streams in, iteratively and in fixed memory (PS3.5 section 7).

mod scanner;
mod sink;

pub use scanner::{Limits, MAX_DEPTH, ScanError, Scanner};
pub use sink::{Element, Sink};
