//! What the crate promises, from outside.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod text;
