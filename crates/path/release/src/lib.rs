//! A copy goes out: decide, de-identify, audit, account, deliver, in that order by types. And what becomes of it: its
//! retention, its deletion, the end of a permission while it is under way.

mod courier;
mod deliver;
mod outgoing;
#[cfg(feature = "testing")]
pub mod testing;
#[allow(dead_code, reason = "the room that makes copies calls it")]
mod transcode;

pub use courier::{Courier, CourierError};
pub use deliver::{Consignment, Cut, Deliver, Delivery, Failure, Finished, Outcome};
pub use outgoing::Outgoing;
