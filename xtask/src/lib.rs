//! What all measurements share: medians, tables, and the machine they were made on.

pub mod deid_docs;
mod measure;

pub use measure::machine;
pub use measure::table;
