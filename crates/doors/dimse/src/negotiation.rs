//! What an association agrees on (PS3.8 section 7.1, PS3.7 annex D).

use crate::Config;
use crate::pdu::{
    APPLICATION_CONTEXT, AssociateAc, AssociateRq, ContextResult, ProposedContext, Reject, RoleSelection,
    UserInformation, VERSION_1,
};
pub use crate::sop_class::Service;
use crate::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
use model::{AeTitle, Uid};
use std::net::IpAddr;

const IMPLICIT_LE: &str = "1.2.840.10008.1.2";
const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";
const EXPLICIT_BE: &str = "1.2.840.10008.1.2.2";

/// A peer that takes less cannot be sent even one byte of a message.
const LEAST_MAX_PDU: u32 = 7;

/// What a peer takes that does not say: the length that the standard's early editions named.
const UNSAID_MAX_PDU: u32 = 16_384;

/// An accepted presentation context.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context {
    /// Its identifier: odd, 1 to 255.
    pub id: u8,
    /// What it is for.
    pub service: Service,
    /// The SOP class.
    pub abstract_syntax: Uid,
    /// How its data sets are written.
    pub transfer_syntax: Uid,
}

/// What was agreed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// Who is calling. A name, not a credential.
    pub calling: AeTitle,
    /// The accepted presentation contexts.
    pub contexts: Vec<Context>,
    /// The longest P-DATA-TF body that the peer takes, in bytes; 0 is without limit.
    pub peer_max_pdu: u32,
}

impl Agreement {
    /// The accepted presentation context with this identifier.
    pub fn context(&self, id: u8) -> Option<&Context> {
        self.contexts.iter().find(|context| context.id == id)
    }
}

/// Answers a request for an association.
///
/// # Errors
/// The rejection that the peer gets: protocol version, application context, called AE title, calling AE title
/// at this address, or a request from which nothing can follow.
pub fn negotiate(
    request: &AssociateRq,
    config: &Config,
    peer: IpAddr,
) -> Result<(Agreement, AssociateAc), Reject> {
    if request.protocol_version & VERSION_1 == 0 {
        return Err(Reject::PROTOCOL_VERSION);
    }
    if request.application_context.as_ref().map(Uid::as_str) != Some(APPLICATION_CONTEXT) {
        return Err(Reject::APPLICATION_CONTEXT);
    }
    if !config.any_called_ae && request.called.title().as_ref() != Some(&config.ae_title) {
        return Err(Reject::CALLED_AE);
    }
    let calling = request.calling.title().ok_or(Reject::CALLING_AE)?;
    if !config.callers.allow(&calling, peer) {
        return Err(Reject::CALLING_AE);
    }
    let peer_max_pdu = request.user.max_pdu.unwrap_or(UNSAID_MAX_PDU);
    if request.contexts.is_empty() || (1..LEAST_MAX_PDU).contains(&peer_max_pdu) {
        return Err(Reject::NO_REASON);
    }
    let (mut contexts, mut results) = (Vec::new(), Vec::new());
    for proposed in &request.contexts {
        match choose(proposed, config) {
            Ok(context) => {
                results.push(ContextResult {
                    id: context.id,
                    result: ContextResult::ACCEPTANCE,
                    transfer_syntax: Some(context.transfer_syntax.clone()),
                });
                contexts.push(context);
            }
            // Some peers read the transfer syntax of a refused context too: give them a legal one.
            Err(result) => results.push(ContextResult {
                id: proposed.id,
                result,
                transfer_syntax: Uid::new(IMPLICIT_LE).ok(),
            }),
        }
    }
    let accept = AssociateAc {
        called: request.called,
        calling: request.calling,
        contexts: results,
        user: UserInformation {
            max_pdu: Some(config.max_pdu()),
            implementation_class_uid: Uid::new(IMPLEMENTATION_CLASS_UID).ok(),
            implementation_version_name: Some(IMPLEMENTATION_VERSION_NAME.to_owned()),
            roles: roles(&request.user.roles, &contexts),
            identity_response: identity_response(&request.user),
            ..UserInformation::default()
        },
    };
    Ok((
        Agreement {
            calling,
            contexts,
            peer_max_pdu,
        },
        accept,
    ))
}

/// Decides on one presentation context; the error is the result that says why it is refused.
fn choose(proposed: &ProposedContext, config: &Config) -> Result<Context, u8> {
    let abstract_syntax = proposed
        .abstract_syntax
        .clone()
        .ok_or(ContextResult::ABSTRACT_SYNTAX_NOT_SUPPORTED)?;
    let service =
        Service::for_abstract_syntax(&abstract_syntax).ok_or(ContextResult::ABSTRACT_SYNTAX_NOT_SUPPORTED)?;
    if service == Service::Commitment && config.commitments.is_none() {
        return Err(ContextResult::ABSTRACT_SYNTAX_NOT_SUPPORTED);
    }
    let transfer_syntax = transfer_syntax(&proposed.transfer_syntaxes)
        .filter(|uid| service != Service::Commitment || matches!(uid.as_str(), IMPLICIT_LE | EXPLICIT_LE))
        .ok_or(ContextResult::TRANSFER_SYNTAXES_NOT_SUPPORTED)?
        .clone();
    Ok(Context {
        id: proposed.id,
        service,
        abstract_syntax,
        transfer_syntax,
    })
}

/// The transfer syntax that loses nothing: the requestor's first choice, whatever it is, since the requestor
/// knows how its objects are written and any other choice would make it re-encode them. One exception: in
/// place of Implicit VR or Big Endian, Explicit VR Little Endian where that is proposed too. It is uncompressed
/// as well, and keeps the VRs of private elements.
fn transfer_syntax(proposed: &[Uid]) -> Option<&Uid> {
    let first = proposed.first()?;
    let plain = matches!(first.as_str(), IMPLICIT_LE | EXPLICIT_BE);
    let explicit = proposed.iter().find(|uid| plain && uid.as_str() == EXPLICIT_LE);
    Some(explicit.unwrap_or(first))
}

/// The answer to role selections: the requestor may be SCU, as is the default. SCP it may be where it reports what this
/// gateway asked for, and nowhere else.
fn roles(proposed: &[RoleSelection], contexts: &[Context]) -> Vec<RoleSelection> {
    let accepted = |role: &&RoleSelection| contexts.iter().any(|c| c.abstract_syntax == role.sop_class);
    let answer = |role: &RoleSelection| RoleSelection {
        scp: role.scp && role.sop_class.as_str() == crate::commitment::SOP_CLASS,
        ..role.clone()
    };
    proposed.iter().filter(accepted).map(answer).collect()
}

/// An identity is acknowledged when asked (PS3.7 D.3.3.7.2), and believed by nobody.
fn identity_response(user: &UserInformation) -> Option<Vec<u8>> {
    user.identity
        .as_ref()
        .filter(|identity| identity.response_requested)
        .map(|_| Vec::new())
}
