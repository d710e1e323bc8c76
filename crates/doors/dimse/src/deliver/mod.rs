//! Copies leave by C-STORE: [`StoreScu`] reaches a destination, [`Consigned`] is a delivery to it.
//!
//! What a recipient is told and what it answers is here; which copy may leave was decided before.

mod answer;
mod commit;
mod consigned;
mod contexts;

pub use consigned::{Consigned, Copy};

use crate::{Commitments, Error, Timeouts};
use async_trait::async_trait;
use consent::Destination;
use model::AeTitle;
use release::{Consignment, Deliver, Delivery, Failure};
use std::time::Duration;

/// Delivers to [`Destination::Dicom`] under this gateway's AE title.
#[derive(Clone, Debug)]
pub struct StoreScu {
    /// The calling AE title.
    pub calling: AeTitle,
    /// How long to wait for recipients.
    pub timeouts: Timeouts,
    /// Where reports of storage commitment arrive that come by an association of their own: the same as the SCP's.
    pub commitments: Commitments,
    /// How long a delivery's end waits for such reports. After that, nothing is known of commitment, which is no failure.
    pub commitment_wait: Duration,
}

impl StoreScu {
    /// One with the usual time-outs.
    pub fn new(calling: AeTitle) -> Self {
        Self {
            calling,
            timeouts: Timeouts::default(),
            commitments: Commitments::default(),
            commitment_wait: Duration::from_secs(10),
        }
    }

    /// Reaches a destination and agrees on presentation contexts: one for each SOP class in each transfer syntax, since of
    /// several in one context a recipient picks one alone.
    ///
    /// # Errors
    /// When the destination's words are unusable, nobody answers, or the recipient rejects the association.
    pub async fn reach(
        &self,
        destination: &Destination,
        consignment: &Consignment,
    ) -> Result<Consigned, Failure> {
        let Destination::Dicom {
            host,
            port,
            ae_title,
            commitment,
        } = destination
        else {
            return Err(Failure::NoDoor);
        };
        let called = AeTitle::new(ae_title).map_err(|error| Failure::Misconfigured(error.to_string()))?;
        let requests = contexts::requests(
            &self.calling,
            &called,
            &self.timeouts,
            &consignment.classes,
            *commitment,
        );
        let commit = commitment.then(|| (self.commitments.clone(), self.commitment_wait));
        Consigned::reach((host.clone(), *port), requests, commit)
            .await
            .map_err(failure)
    }
}

#[async_trait]
impl Deliver for StoreScu {
    async fn begin(
        &self,
        destination: &Destination,
        consignment: &Consignment,
    ) -> Result<Box<dyn Delivery>, Failure> {
        Ok(Box::new(self.reach(destination, consignment).await?))
    }
}

/// An association that could not be had. A rejection for now counts as nobody there: it is tried again.
fn failure(error: Error) -> Failure {
    match &error {
        Error::Rejected(reject) if !reject.is_transient() => Failure::Refused(error.to_string()),
        Error::Protocol(_) => Failure::Refused(error.to_string()),
        Error::TooLong(_) => Failure::Misconfigured(error.to_string()),
        _ => Failure::Unreachable(error.to_string()),
    }
}
