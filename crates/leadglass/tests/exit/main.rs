//! The way out, from outside: the built program, the officer's commands, and real peers that receive.
//!
//! `LEADGLASS_KILLS=200` kills more often, `LEADGLASS_COHORT=1000` asks for more patients.
#![expect(
    clippy::print_stdout,
    reason = "a test that is skipped says so, and figures are told"
)]

#[cfg(test)]
mod archive;
#[cfg(test)]
mod cohort;
#[cfg(test)]
mod deletion;
#[cfg(test)]
#[expect(
    dead_code,
    reason = "shared with the tests of the office, which need more of it"
)]
#[path = "../office/desk.rs"]
mod desk;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod http;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod orthanc;
#[cfg(test)]
mod party;
#[cfg(test)]
#[expect(dead_code, reason = "shared with the tests of peers, which need more of it")]
#[path = "../peers/peer.rs"]
mod peer;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod revocation;
#[cfg(test)]
mod storescp;
