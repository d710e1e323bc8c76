//! The gateway: configuration, wiring, sub-commands.
fn main() {}
