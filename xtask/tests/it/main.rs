//! What holds for the workspace as a whole.

#![cfg_attr(test, expect(clippy::print_stdout, reason = "a test that is skipped says so"))]

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod deid_docs;
#[cfg(test)]
mod deid_table;
