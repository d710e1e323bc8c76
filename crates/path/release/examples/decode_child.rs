//! The decoding child alone, for this crate's tests: what ships has it as a sub-command.

use std::io;

fn main() -> io::Result<()> {
    decode::run_child(&mut io::stdin().lock(), &mut io::stdout().lock())
}
