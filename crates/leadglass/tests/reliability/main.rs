//! The running gateway under what hospitals and strangers do to it: kills, full disks, huge objects, hostile bytes,
//! conflicting identities. Each door is tried, and all must give the same answer.
//!
//! `LEADGLASS_KILLS=200` kills more often, `LEADGLASS_BIG=1` sends gigabytes.
#![expect(
    clippy::print_stdout,
    reason = "a test that is skipped says so, and figures are told"
)]

#[cfg(test)]
mod associations;
#[cfg(test)]
mod big;
#[cfg(test)]
mod conflicts;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
#[expect(dead_code, reason = "shared with the tests of peers, which need more of it")]
#[path = "../peers/gateway.rs"]
mod gateway;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod http;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod legal;
#[cfg(test)]
mod malformed;
#[cfg(test)]
mod memory;
#[cfg(test)]
#[expect(dead_code, reason = "shared with the tests of peers, which need more of it")]
#[path = "../peers/peer.rs"]
mod peer;
#[cfg(test)]
mod program;
#[cfg(test)]
mod scan;
