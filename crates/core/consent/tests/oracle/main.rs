//! A second opinion on the rules: an oracle written from `docs/consent.md` alone, by somebody who had not read the policies,
//! and held against them state by state.
//!
//! `LEADGLASS_SWEEP=N` lengthens the sweep: every product in full, and N random states more (run it with `--release`).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; a state has every digit; a long sweep says what it swept"
)]

mod dice;
mod histories;
mod properties;
mod records;
mod states;
mod sweep;
mod tables;
