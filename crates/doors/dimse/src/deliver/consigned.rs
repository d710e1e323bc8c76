//! A delivery under way.

use super::{answer, commit};
use crate::{Association, Commitments, Error, Progress, Request};
use async_trait::async_trait;
use consent::Permit;
use model::Uid;
use release::{Cut, Delivery, Failure, Finished, Outcome, Outgoing};
use std::time::Duration;
use store::DisclosureId;
use tokio::io::AsyncRead;

/// What a message says of a copy.
#[derive(Clone, Copy, Debug)]
pub struct Copy<'a> {
    /// SOP Class UID.
    pub sop_class: &'a Uid,
    /// SOP Instance UID.
    pub sop_instance: &'a Uid,
    /// How its data set is written.
    pub transfer_syntax: &'a Uid,
}

/// A delivery to a recipient, by one association; by one after the other where the contexts do not fit one.
pub struct Consigned {
    address: (String, u16),
    requests: Vec<Request>,
    /// For each request what the recipient took: SOP class and transfer syntax.
    taken: Vec<Vec<(Uid, Uid)>>,
    /// The association that is open, and the request that it came of.
    open: Option<(usize, Association)>,
    /// Where reports of storage commitment arrive, and how long to wait for them; none where it is not asked for.
    commit: Option<(Commitments, Duration)>,
    /// SOP class and instance of what was delivered, where commitment is asked for.
    delivered: Vec<(Uid, Uid)>,
}

impl Consigned {
    /// Asks the recipient what it takes.
    pub(super) async fn reach(
        address: (String, u16),
        requests: Vec<Request>,
        commit: Option<(Commitments, Duration)>,
    ) -> Result<Self, Error> {
        let mut delivery = Self {
            address,
            requests,
            taken: Vec::new(),
            open: None,
            commit,
            delivered: Vec::new(),
        };
        for number in 0..delivery.requests.len() {
            let association = delivery.associate(number).await?;
            let taken = delivery.requests.get(number).map_or_else(Vec::new, |request| {
                let proposed = request.proposals.iter().flat_map(|proposal| {
                    let pair = |syntax: &Uid| (proposal.sop_class.clone(), syntax.clone());
                    proposal.transfer_syntaxes.iter().map(pair)
                });
                proposed
                    .filter(|(sop_class, syntax)| association.takes(sop_class, syntax))
                    .collect()
            });
            delivery.taken.push(taken);
            delivery.close().await;
            delivery.open = Some((number, association));
        }
        Ok(delivery)
    }

    async fn associate(&self, number: usize) -> Result<Association, Error> {
        let Some(request) = self.requests.get(number) else {
            return Err(Error::Protocol("no request for such an association"));
        };
        let (host, port) = &self.address;
        Association::request((host.as_str(), *port), request).await
    }

    /// Releases the association that is open.
    async fn close(&mut self) {
        if let Some((_, association)) = self.open.take()
            && let Err(error) = association.release().await
        {
            // Every copy on it has its answer already.
            tracing::debug!(%error, "a recipient did not release the association in order");
        }
    }

    /// The association on which a copy can go.
    async fn association(&mut self, copy: &Copy<'_>) -> Result<&mut Association, Error> {
        let fits = |(class, syntax): &(Uid, Uid)| class == copy.sop_class && syntax == copy.transfer_syntax;
        let number = self
            .taken
            .iter()
            .position(|taken| taken.iter().any(fits))
            .ok_or_else(|| Error::NoContext {
                sop_class: copy.sop_class.clone(),
                transfer_syntax: copy.transfer_syntax.clone(),
            })?;
        if self.open.as_ref().is_none_or(|(open, _)| *open != number) {
            self.close().await;
            self.open = Some((number, self.associate(number).await?));
        }
        match &mut self.open {
            Some((_, association)) => Ok(association),
            None => Err(Error::Protocol("no association is open")),
        }
    }

    /// The transfer syntaxes in which the recipient takes a SOP class, in the order of the consignment.
    pub fn takes(&self, sop_class: &Uid) -> Vec<Uid> {
        self.taken
            .iter()
            .flatten()
            .filter(|(class, _)| class == sop_class)
            .map(|(_, transfer_syntax)| transfer_syntax.clone())
            .collect()
    }

    /// Sends one copy, whose `data_set` is its bytes without preamble and file meta information.
    pub async fn send(&mut self, copy: Copy<'_>, data_set: impl AsyncRead + Unpin) -> Outcome {
        let association = match self.association(&copy).await {
            Ok(association) => association,
            Err(error) => return answer::outcome(&Err(error), Progress::AtRest),
        };
        let answer = association
            .store(copy.sop_class, copy.sop_instance, copy.transfer_syntax, data_set)
            .await;
        let outcome = answer::outcome(&answer, association.progress());
        match (&answer, &outcome) {
            (Ok(response), Outcome::Delivered) if response.status != crate::Status::SUCCESS => {
                tracing::info!(status = %response.status, "the recipient stored a copy with a warning");
            }
            // What went wrong on an association goes on going wrong on it.
            (Err(error), _) if !matches!(error, Error::NoContext { .. }) => {
                if let Some((_, association)) = self.open.take() {
                    association.abort().await;
                }
            }
            _ => {}
        }
        if outcome == Outcome::Delivered && self.commit.is_some() {
            self.delivered
                .push((copy.sop_class.clone(), copy.sop_instance.clone()));
        }
        outcome
    }

    /// Ends the delivery in order.
    pub async fn end(mut self) -> Finished {
        let Some((commitments, wait)) = self.commit.take().filter(|_| !self.delivered.is_empty()) else {
            self.close().await;
            return Finished::default();
        };
        let association = match self.open.take() {
            Some((_, association)) => Ok(association),
            None => self.associate(0).await,
        };
        match association {
            Ok(association) => commit::ask(association, &commitments, &self.delivered, wait).await,
            Err(error) => {
                tracing::info!(%error, "storage commitment could not be asked for");
                Finished::default()
            }
        }
    }

    /// Ends the delivery at once.
    pub async fn cut(mut self) -> Cut {
        let Some((_, association)) = self.open.take() else {
            return Cut::BeforeEnd;
        };
        let cut = match association.progress() {
            Progress::Sent => Cut::Perhaps,
            Progress::AtRest | Progress::Sending => Cut::BeforeEnd,
        };
        association.abort().await;
        cut
    }
}

#[async_trait]
impl Delivery for Consigned {
    fn takes(&self, sop_class: &Uid) -> Vec<Uid> {
        Self::takes(self, sop_class)
    }

    async fn deliver(&mut self, copy: Outgoing, _permit: Permit, _disclosure: DisclosureId) -> Outcome {
        let data_set = match copy.data_set() {
            Ok(data_set) => data_set,
            Err(error) => return Outcome::NotSent(Error::Source(error).to_string()),
        };
        let about = Copy {
            sop_class: copy.sop_class_uid(),
            sop_instance: copy.sop_instance_uid(),
            transfer_syntax: copy.transfer_syntax(),
        };
        self.send(about, data_set).await
    }

    async fn finish(self: Box<Self>) -> Result<Finished, Failure> {
        Ok(self.end().await)
    }

    async fn abort(self: Box<Self>) -> Cut {
        self.cut().await
    }
}
