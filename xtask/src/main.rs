//! Checks, tests with real peers, benchmarks.
fn main() {}
