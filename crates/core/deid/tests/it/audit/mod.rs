//! The audit: what is left is found wherever it hides, and what is clean is cleared.

mod clean;
mod corpus;
mod encodings;
mod objects;
mod places;
mod structure;
