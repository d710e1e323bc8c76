//! From a connection to an association, or to a refusal that the peer is told.

use super::Peer;
use super::admission::{Place, Ticket};
use crate::StoreService;
use crate::negotiation::{Agreement, negotiate};
use crate::pdu::{Abort, AssociateRq, Header, PduType, Reject};
use crate::wire::{Patience, Transport, Wire, WireError};
use std::net::IpAddr;
use tokio::time::Instant;

/// Up to this length an A-ASSOCIATE-RQ is read without asking for leave.
const USUAL_REQUEST: usize = 16 * 1024;

/// An association that was agreed on, and its place among the others.
pub(super) struct Established {
    pub(super) agreement: Agreement,
    pub(super) place: Place,
}

/// Why there is no association.
#[derive(Debug)]
pub(super) enum Refusal {
    Rejected(Reject),
    Aborted(Abort),
    /// Nothing that the peer could still be told, or needs to be.
    Gone,
}

/// Receives the request and answers it.
pub(super) async fn accept<S: Transport, T: StoreService>(
    wire: &mut Wire<S>,
    peer: &Peer<T>,
    artim: Instant,
    ticket: Ticket,
) -> Result<Established, Refusal> {
    let limits = &peer.config.limits;
    let mut patience = Patience::until(artim);
    wire.some(&mut patience).await?;
    // One byte tells a DICOM peer from a browser or a scanner: those get their answer without delay.
    if wire.buffered().first() != Some(&(PduType::AssociateRq as u8)) {
        let kind = wire.buffered().first().copied().unwrap_or_default();
        return Err(Refusal::Aborted(Abort::for_misplaced(Header { kind, length: 0 })));
    }
    wire.need(Header::LEN, &mut patience).await?;
    let length = Header::decode(wire.buffered()).map_or(0, |header| header.length as usize);
    if length > limits.max_request {
        return Err(Refusal::Aborted(Abort::INVALID_PARAMETER));
    }
    let _leave = if length > USUAL_REQUEST {
        let leave = tokio::time::timeout_at(artim, peer.admission.large_requests.acquire()).await;
        Some(leave.map_err(|_| Refusal::Rejected(Reject::CONGESTION))?)
    } else {
        None
    };
    wire.consume(Header::LEN);
    wire.need(length, &mut patience).await?;
    let body = wire.buffered().get(..length).unwrap_or_default();
    let answer = AssociateRq::decode(body)
        .map_err(|_| Refusal::Aborted(Abort::INVALID_PARAMETER))
        .and_then(|request| {
            negotiate(&request, &peer.config, peer.address).map_err(|reject| {
                let (calling, called) = (request.calling.title(), request.called.title());
                tracing::info!(peer = %peer.address, ?calling, ?called, %reject, "association refused");
                Refusal::Rejected(reject)
            })
        });
    wire.consume(length);
    wire.shrink();
    let (agreement, accept) = answer?;
    let place = ticket.establish().ok_or(Refusal::Rejected(Reject::LOCAL_LIMIT))?;
    let accept = accept
        .encode()
        .map_err(|_| Refusal::Rejected(Reject::NO_REASON))?;
    wire.send(&accept, limits.progress_window).await?;
    Ok(Established { agreement, place })
}

impl From<WireError> for Refusal {
    fn from(error: WireError) -> Self {
        match error {
            WireError::TooSlow => Self::Aborted(Abort::NOT_SPECIFIED),
            WireError::Closed | WireError::Io(_) => Self::Gone,
        }
    }
}

impl Refusal {
    /// Answers the peer and closes.
    pub(super) async fn tell<S: Transport>(self, wire: Wire<S>, peer: IpAddr) {
        match self {
            Self::Rejected(reject) => {
                tracing::debug!(%peer, %reject, "association rejected");
                wire.farewell(&reject.encode()).await;
            }
            Self::Aborted(abort) => {
                tracing::info!(%peer, %abort, "connection aborted before an association");
                wire.farewell(&abort.encode()).await;
            }
            Self::Gone => tracing::debug!(%peer, "connection closed before an association"),
        }
    }
}
