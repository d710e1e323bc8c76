//! A copy goes out: decide, de-identify, audit, account, deliver, in that order by types. And what becomes of it: its
//! retention, its deletion, the end of a permission while it is under way.

mod courier;
mod deletions;
mod deliver;
mod lease;
mod outgoing;
mod prepare;
mod prepared;
mod receipts;
mod releaser;
mod run;
mod stored;
#[cfg(feature = "testing")]
pub mod testing;
mod timing;
mod transcode;

pub use courier::{Courier, CourierError};
pub use deliver::{Consignment, Cut, Deliver, Delivery, Failure, Finished, Outcome};
pub use outgoing::Outgoing;
pub use receipts::{Receipts, Refusal, Taken};
pub use releaser::{Doors, Parts, Releaser};
pub use timing::Timing;
