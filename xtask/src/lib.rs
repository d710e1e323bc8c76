//! What all measurements share: medians, tables, and the machine they were made on; and the adoption of rule tables.

pub mod deid_docs;
pub mod deid_table;
mod measure;

pub use measure::machine;
pub use measure::table;
