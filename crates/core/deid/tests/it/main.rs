//! What the crate promises, from outside.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod rules;
