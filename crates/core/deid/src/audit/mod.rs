//! Independent second pass over the output.
