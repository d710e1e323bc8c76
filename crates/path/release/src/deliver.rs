//! How copies leave: the trait that the doors implement.

use crate::Outgoing;
use async_trait::async_trait;
use consent::{Destination, Permit};
use model::{Purpose, RecipientId, Timestamp, Uid};
use store::{DisclosureId, ReleaseId};

/// What is about to be delivered, for the negotiation.
#[derive(Clone, Debug)]
pub struct Consignment {
    /// The release.
    pub release: ReleaseId,
    /// To whom.
    pub recipient: RecipientId,
    /// What for.
    pub purpose: Purpose,
    /// The SOP classes in it, each with the transfer syntaxes in which copies could be had, best first.
    pub classes: Vec<(Uid, Vec<Uid>)>,
    /// When copies must be deleted.
    pub due: Option<Timestamp>,
}

/// Reaches destinations. A door implements it for its protocol.
#[async_trait]
pub trait Deliver: Send + Sync {
    /// Begins a delivery: reaches the destination and agrees on what it takes. No bytes of a scan leave yet.
    ///
    /// # Errors
    /// When the destination cannot be reached, or refuses.
    async fn begin(
        &self,
        destination: &Destination,
        consignment: &Consignment,
    ) -> Result<Box<dyn Delivery>, Failure>;
}

/// A delivery under way.
#[async_trait]
pub trait Delivery: Send {
    /// The transfer syntaxes in which the destination takes this SOP class, best first; none when it does not take the class.
    fn takes(&self, sop_class: &Uid) -> Vec<Uid>;

    /// True when the destination keeps evidence bundles beside the copies.
    fn wants_evidence(&self) -> bool {
        false
    }

    /// Delivers one copy. Its account is durable: that is what a `DisclosureId` means. May be dropped midway; then
    /// [`abort`](Self::abort) follows.
    async fn deliver(&mut self, copy: Outgoing, permit: Permit, disclosure: DisclosureId) -> Outcome;

    /// Ends the delivery in order, after the last copy.
    ///
    /// # Errors
    /// When the recipient takes back what it confirmed (storage commitment), or does not keep what it must.
    async fn finish(self: Box<Self>) -> Result<Finished, Failure>;

    /// Ends it at once, and says what became of the copy that was under way.
    async fn abort(self: Box<Self>) -> Cut;
}

/// What became of one copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The recipient said that it has this instance.
    Delivered,
    /// The recipient said that it does not take this instance: it will not be tried again. The text holds no PHI.
    Refused(String),
    /// It did not get there whole; the delivery is over, another may be tried.
    NotSent(String),
    /// Its last byte left, and no answer came; the delivery is over, another may be tried.
    Unknown(String),
}

/// What the recipient confirmed at the end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Finished {
    /// SOP Instance UIDs for which it committed to keep them, where commitment was asked for.
    pub committed: Vec<Uid>,
    /// SOP Instance UIDs that it says it does not keep after all.
    pub not_kept: Vec<Uid>,
}

/// Where a copy under way was cut off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// Before its last byte left, or between two copies: the recipient does not have it.
    BeforeEnd,
    /// After its last byte left: the recipient may have it.
    Perhaps,
}

/// Why a delivery could not begin, or not end in order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Nobody answers, or not in time.
    #[error("the recipient cannot be reached: {0}")]
    Unreachable(String),
    /// It answers and refuses.
    #[error("the recipient refuses: {0}")]
    Refused(String),
    /// This destination is set up wrongly.
    #[error("the destination cannot be used: {0}")]
    Misconfigured(String),
    /// No way to such a destination is built in.
    #[error("no door leads to such a destination")]
    NoDoor,
}
