//! The gateway against real peers: DCMTK, GDCM, pynetdicom, pydicom, dicomweb-client, and against forgers.
//!
//! A peer that is not on this machine skips its tests, which say so; LEADGLASS_REQUIRE_PEERS makes them fail instead.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod dcmtk;
#[cfg(test)]
mod dicomweb;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod pynetdicom;
#[cfg(test)]
mod scans;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod transcoding;
