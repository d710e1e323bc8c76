//! What all measurements share.

pub mod machine;
pub mod table;
