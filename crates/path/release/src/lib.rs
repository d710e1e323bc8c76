//! A copy goes out: decide, de-identify, audit, account, deliver, in that order by types. And what becomes of it: its
//! retention, its deletion, the end of a permission while it is under way.

mod accounts;
mod audit_feed;
mod courier;
mod deletions;
mod deliver;
mod lease;
mod outgoing;
mod prepare;
mod prepared;
mod receipts;
mod releaser;
mod route;
mod routing;
mod run;
mod stored;
#[cfg(feature = "testing")]
pub mod testing;
mod timing;
mod transcode;

pub use accounts::{
    AccountOf, AuditMessages, Exposed, ExposedStudy, Held, account_of, audit_messages, exposed, who_has,
};
pub use audit_feed::{AuditFeed, AuditSink, FeedError, NotTaken};
pub use courier::{Courier, CourierError};
pub use deliver::{Consignment, Cut, Deliver, Delivery, Failure, Finished, Outcome};
pub use outgoing::Outgoing;
pub use receipts::{Receipts, Refusal, Taken};
pub use releaser::{Doors, Parts, Releaser};
pub use route::{InvalidRoute, Route, RouteFacts, When};
pub use timing::Timing;
