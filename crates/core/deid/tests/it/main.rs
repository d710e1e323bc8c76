//! What the crate promises, from outside.
