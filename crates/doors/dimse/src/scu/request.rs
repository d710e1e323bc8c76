//! What an association is requested with, and what came of it.

use super::Error;
use crate::commitment;
use crate::pdu::{
    APPLICATION_CONTEXT, AssociateAc, AssociateRq, ContextResult, ProposedContext, TitleField, TooLong,
    UserInformation, VERSION_1,
};
use crate::sop_class::VERIFICATION;
use crate::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
use model::{AeTitle, Uid};
use std::time::Duration;

/// The longest P-DATA-TF body that this side takes. Responses are short.
const MAX_PDU: u32 = 16_384;

/// At most so many presentation contexts fit an association: their identifiers are odd bytes.
const MAX_CONTEXTS: usize = 128;

/// Any will do for C-ECHO, which has no data set.
const IMPLICIT_LE: &str = "1.2.840.10008.1.2";

/// One presentation context to propose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The SOP class.
    pub sop_class: Uid,
    /// Transfer syntaxes, the preferred first; the peer picks one.
    pub transfer_syntaxes: Vec<Uid>,
}

impl Proposal {
    /// The proposal for an object as it is: this SOP class in this transfer syntax and no other.
    pub fn object(sop_class: &Uid, transfer_syntax: &Uid) -> Self {
        Self {
            sop_class: sop_class.clone(),
            transfer_syntaxes: vec![transfer_syntax.clone()],
        }
    }
}

/// How long to wait for a peer.
#[derive(Clone, Debug)]
pub struct Timeouts {
    /// For the connection.
    pub connect: Duration,
    /// For the answer to a request for an association or its release.
    pub associate: Duration,
    /// For the peer to take one PDU.
    pub send: Duration,
    /// For the response to a message. A peer that syncs to disk first may need some seconds.
    pub response: Duration,
    /// For the abort that may explain why sending failed.
    pub last_words: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            associate: Duration::from_secs(10),
            send: Duration::from_secs(30),
            response: Duration::from_mins(1),
            last_words: Duration::from_millis(500),
        }
    }
}

/// A request for an association.
#[derive(Clone, Debug)]
pub struct Request {
    /// Our AE title.
    pub calling: AeTitle,
    /// The peer's AE title.
    pub called: AeTitle,
    /// Presentation contexts for objects, at most 128, or 127 with verification.
    pub proposals: Vec<Proposal>,
    /// Propose Verification too, so that [`super::Association::echo`] can be used.
    pub verification: bool,
    /// Propose storage commitment too: it takes the place of one more object.
    pub commitment: bool,
    /// Time-outs.
    pub timeouts: Timeouts,
}

impl Request {
    /// A request that proposes these and Verification, with the usual time-outs.
    pub fn new(calling: AeTitle, called: AeTitle, proposals: Vec<Proposal>) -> Self {
        Self {
            calling,
            called,
            proposals,
            verification: true,
            commitment: false,
            timeouts: Timeouts::default(),
        }
    }

    pub(super) fn pdu(&self) -> Result<AssociateRq, Error> {
        let services = usize::from(self.verification) + usize::from(self.commitment);
        if self.proposals.len() + services > MAX_CONTEXTS {
            return Err(Error::TooLong(TooLong));
        }
        let mut contexts: Vec<_> = self
            .numbered()
            .map(|(id, proposal)| ProposedContext {
                id,
                abstract_syntax: Some(proposal.sop_class.clone()),
                transfer_syntaxes: proposal.transfer_syntaxes.clone(),
            })
            .collect();
        contexts.extend(self.verification_id().map(|id| ProposedContext {
            id,
            abstract_syntax: Uid::new(VERIFICATION).ok(),
            transfer_syntaxes: Uid::new(IMPLICIT_LE).into_iter().collect(),
        }));
        contexts.extend(self.commitment_id().map(|id| ProposedContext {
            id,
            abstract_syntax: Uid::new(commitment::SOP_CLASS).ok(),
            transfer_syntaxes: Uid::new(IMPLICIT_LE).into_iter().collect(),
        }));
        Ok(AssociateRq {
            protocol_version: VERSION_1,
            called: TitleField::from(&self.called),
            calling: TitleField::from(&self.calling),
            application_context: Uid::new(APPLICATION_CONTEXT).ok(),
            contexts,
            user: UserInformation {
                max_pdu: Some(MAX_PDU),
                implementation_class_uid: Uid::new(IMPLEMENTATION_CLASS_UID).ok(),
                implementation_version_name: Some(IMPLEMENTATION_VERSION_NAME.to_owned()),
                ..UserInformation::default()
            },
        })
    }

    /// Holds the acceptance against what was proposed.
    pub(super) fn agree(&self, accept: AssociateAc) -> Result<Agreed, Error> {
        let (mut contexts, mut verification, mut commitment) = (Vec::new(), None, None);
        for result in accept
            .contexts
            .into_iter()
            .filter(|c| c.result == ContextResult::ACCEPTANCE)
        {
            if Some(result.id) == self.verification_id() {
                verification = Some(result.id);
                continue;
            }
            if Some(result.id) == self.commitment_id() {
                commitment = Some(result.id);
                continue;
            }
            let (_, proposal) = self
                .numbered()
                .find(|(id, _)| *id == result.id)
                .ok_or(Error::Protocol("a presentation context that was not proposed"))?;
            let transfer_syntax = result
                .transfer_syntax
                .filter(|uid| proposal.transfer_syntaxes.contains(uid))
                .ok_or(Error::Protocol("a transfer syntax that was not proposed"))?;
            let sop_class = proposal.sop_class.clone();
            contexts.push(AgreedContext {
                id: result.id,
                sop_class,
                transfer_syntax,
            });
        }
        match accept.user.max_pdu {
            Some(1..=6) => Err(Error::Protocol("a maximum length that fits no message")),
            length => Ok(Agreed {
                contexts,
                verification,
                commitment,
                peer_max_pdu: length.unwrap_or(MAX_PDU),
            }),
        }
    }

    /// The identifier after those of the objects.
    fn verification_id(&self) -> Option<u8> {
        self.verification
            .then(|| u8::try_from(self.proposals.len() * 2 + 1).ok())
            .flatten()
    }

    /// The identifier after those of the objects and of verification.
    fn commitment_id(&self) -> Option<u8> {
        let before = self.proposals.len() + usize::from(self.verification);
        self.commitment
            .then(|| u8::try_from(before * 2 + 1).ok())
            .flatten()
    }

    fn numbered(&self) -> impl Iterator<Item = (u8, &Proposal)> {
        (1..=u8::MAX).step_by(2).zip(&self.proposals)
    }
}

struct AgreedContext {
    id: u8,
    sop_class: Uid,
    transfer_syntax: Uid,
}

/// What the peer accepted.
pub(super) struct Agreed {
    contexts: Vec<AgreedContext>,
    pub(super) verification: Option<u8>,
    pub(super) commitment: Option<u8>,
    pub(super) peer_max_pdu: u32,
}

impl Agreed {
    pub(super) fn context(&self, sop_class: &Uid, transfer_syntax: &Uid) -> Option<u8> {
        let fits = |c: &&AgreedContext| c.sop_class == *sop_class && c.transfer_syntax == *transfer_syntax;
        self.contexts.iter().find(fits).map(|context| context.id)
    }

    pub(super) fn transfer_syntaxes(&self, sop_class: &Uid) -> impl Iterator<Item = &Uid> {
        self.contexts
            .iter()
            .filter(move |c| c.sop_class == *sop_class)
            .map(|c| &c.transfer_syntax)
    }
}
