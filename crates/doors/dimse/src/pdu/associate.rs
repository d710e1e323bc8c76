//! A-ASSOCIATE-RQ and A-ASSOCIATE-AC (PS3.8 sections 9.3.2 and 9.3.3).

use super::field::{Fields, uid, write_item, write_value};
use super::{DecodeError, PduType, TooLong, UserInformation, write_pdu};
use model::{AeTitle, Uid};

/// The DICOM application context (PS3.7 annex A).
pub const APPLICATION_CONTEXT: &str = "1.2.840.10008.3.1.1.1";

/// The protocol version bit of version 1, the only one there is.
pub const VERSION_1: u16 = 1;

const APPLICATION_CONTEXT_ITEM: u8 = 0x10;
const PROPOSED_CONTEXT_ITEM: u8 = 0x20;
const CONTEXT_RESULT_ITEM: u8 = 0x21;
const ABSTRACT_SYNTAX_ITEM: u8 = 0x30;
const TRANSFER_SYNTAX_ITEM: u8 = 0x40;
const USER_INFORMATION_ITEM: u8 = 0x50;

/// More proposals for one context than there are transfer syntaxes: those beyond are not read.
const MAX_TRANSFER_SYNTAXES: usize = 256;

/// An AE title as the PDU carries it: 16 bytes, padded with spaces. It may be none at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TitleField(pub [u8; 16]);

impl TitleField {
    /// The AE title, if the bytes are one.
    pub fn title(&self) -> Option<AeTitle> {
        std::str::from_utf8(&self.0)
            .ok()
            .and_then(|text| AeTitle::new(text).ok())
    }
}

impl From<&AeTitle> for TitleField {
    fn from(title: &AeTitle) -> Self {
        let mut field = [b' '; 16];
        field
            .iter_mut()
            .zip(title.as_str().bytes())
            .for_each(|(byte, value)| *byte = value);
        Self(field)
    }
}

/// A presentation context that the requestor proposes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProposedContext {
    /// Odd, 1 to 255.
    pub id: u8,
    /// The SOP class; nothing when it is no UID.
    pub abstract_syntax: Option<Uid>,
    /// In the order of the proposal; what is no UID is left out.
    pub transfer_syntaxes: Vec<Uid>,
}

/// What became of a proposed presentation context.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContextResult {
    /// The identifier of the proposal.
    pub id: u8,
    /// 0 accepted, 1 user rejection, 2 no reason, 3 abstract syntax, 4 transfer syntaxes not supported.
    pub result: u8,
    /// The accepted transfer syntax; without meaning unless accepted.
    pub transfer_syntax: Option<Uid>,
}

impl ContextResult {
    /// Accepted.
    pub const ACCEPTANCE: u8 = 0;
    /// Abstract syntax not supported (provider rejection).
    pub const ABSTRACT_SYNTAX_NOT_SUPPORTED: u8 = 3;
    /// Transfer syntaxes not supported (provider rejection).
    pub const TRANSFER_SYNTAXES_NOT_SUPPORTED: u8 = 4;
}

/// A request for an association.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssociateRq {
    /// A bit for each version of the protocol.
    pub protocol_version: u16,
    /// Who is called.
    pub called: TitleField,
    /// Who is calling.
    pub calling: TitleField,
    /// The application context, if one was there that is a UID.
    pub application_context: Option<Uid>,
    /// The presentation contexts.
    pub contexts: Vec<ProposedContext>,
    /// The user information.
    pub user: UserInformation,
}

/// The acceptance of an association.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssociateAc {
    /// Who was called, as the request had it.
    pub called: TitleField,
    /// Who was calling, as the request had it.
    pub calling: TitleField,
    /// One for each presentation context proposed.
    pub contexts: Vec<ContextResult>,
    /// The user information.
    pub user: UserInformation,
}

impl AssociateRq {
    /// Reads the body of the PDU, without its header. Items that the standard does not know are skipped.
    ///
    /// # Errors
    /// When lengths do not fit, or a presentation context's identifier is even or comes twice.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let (protocol_version, called, calling, mut items) = fixed_part(body)?;
        let mut request = Self {
            protocol_version,
            called,
            calling,
            application_context: None,
            contexts: Vec::new(),
            user: UserInformation::default(),
        };
        let mut seen = [false; 256];
        while let Some((kind, content)) = items.item()? {
            match kind {
                APPLICATION_CONTEXT_ITEM => request.application_context = uid(content),
                PROPOSED_CONTEXT_ITEM => {
                    let context = proposed_context(content)?;
                    let slot = seen
                        .get_mut(usize::from(context.id))
                        .filter(|_| context.id % 2 == 1);
                    match slot {
                        Some(slot) if !*slot => *slot = true,
                        _ => return Err(DecodeError::Invalid("presentation context identifier")),
                    }
                    request.contexts.push(context);
                }
                USER_INFORMATION_ITEM => request.user = UserInformation::decode(content)?,
                _ => {}
            }
        }
        Ok(request)
    }

    /// Writes the whole PDU.
    ///
    /// # Errors
    /// When an item is longer than its length field can say.
    pub fn encode(&self) -> Result<Vec<u8>, TooLong> {
        write_pdu(PduType::AssociateRq, |out| {
            write_fixed_part(out, self.protocol_version, self.called, self.calling);
            if let Some(uid) = &self.application_context {
                write_value(out, APPLICATION_CONTEXT_ITEM, uid.as_str().as_bytes())?;
            }
            for context in &self.contexts {
                write_item(out, PROPOSED_CONTEXT_ITEM, |item| {
                    item.extend_from_slice(&[context.id, 0, 0, 0]);
                    if let Some(uid) = &context.abstract_syntax {
                        write_value(item, ABSTRACT_SYNTAX_ITEM, uid.as_str().as_bytes())?;
                    }
                    context
                        .transfer_syntaxes
                        .iter()
                        .try_for_each(|uid| write_value(item, TRANSFER_SYNTAX_ITEM, uid.as_str().as_bytes()))
                })?;
            }
            write_item(out, USER_INFORMATION_ITEM, |item| self.user.encode(item))
        })
    }
}

impl AssociateAc {
    /// Reads the body of the PDU, without its header. Items that the standard does not know are skipped.
    ///
    /// # Errors
    /// When lengths do not fit.
    pub fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let (_, called, calling, mut items) = fixed_part(body)?;
        let mut accept = Self {
            called,
            calling,
            contexts: Vec::new(),
            user: UserInformation::default(),
        };
        while let Some((kind, content)) = items.item()? {
            match kind {
                CONTEXT_RESULT_ITEM => {
                    if accept.contexts.len() >= 128 {
                        return Err(DecodeError::Invalid("number of presentation contexts"));
                    }
                    accept.contexts.push(context_result(content)?);
                }
                USER_INFORMATION_ITEM => accept.user = UserInformation::decode(content)?,
                _ => {}
            }
        }
        Ok(accept)
    }

    /// Writes the whole PDU.
    ///
    /// # Errors
    /// When an item is longer than its length field can say.
    pub fn encode(&self) -> Result<Vec<u8>, TooLong> {
        write_pdu(PduType::AssociateAc, |out| {
            write_fixed_part(out, VERSION_1, self.called, self.calling);
            write_value(out, APPLICATION_CONTEXT_ITEM, APPLICATION_CONTEXT.as_bytes())?;
            for context in &self.contexts {
                write_item(out, CONTEXT_RESULT_ITEM, |item| {
                    item.extend_from_slice(&[context.id, 0, context.result, 0]);
                    let uid = context.transfer_syntax.as_ref().map_or("", Uid::as_str);
                    write_value(item, TRANSFER_SYNTAX_ITEM, uid.as_bytes())
                })?;
            }
            write_item(out, USER_INFORMATION_ITEM, |item| self.user.encode(item))
        })
    }
}

fn fixed_part(body: &[u8]) -> Result<(u16, TitleField, TitleField, Fields<'_>), DecodeError> {
    let mut fields = Fields::new(body);
    let version = fields.u16()?;
    fields.u16()?;
    let (called, calling) = (TitleField(fields.array()?), TitleField(fields.array()?));
    fields.take(32)?;
    Ok((version, called, calling, fields))
}

fn write_fixed_part(out: &mut Vec<u8>, version: u16, called: TitleField, calling: TitleField) {
    out.extend_from_slice(&version.to_be_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(&called.0);
    out.extend_from_slice(&calling.0);
    out.extend_from_slice(&[0; 32]);
}

fn proposed_context(content: &[u8]) -> Result<ProposedContext, DecodeError> {
    let mut fields = Fields::new(content);
    let [id, _, _, _] = fields.array()?;
    let mut context = ProposedContext {
        id,
        abstract_syntax: None,
        transfer_syntaxes: Vec::new(),
    };
    while let Some((kind, value)) = fields.item()? {
        match kind {
            ABSTRACT_SYNTAX_ITEM => context.abstract_syntax = uid(value),
            TRANSFER_SYNTAX_ITEM if context.transfer_syntaxes.len() < MAX_TRANSFER_SYNTAXES => {
                context.transfer_syntaxes.extend(uid(value));
            }
            _ => {}
        }
    }
    Ok(context)
}

fn context_result(content: &[u8]) -> Result<ContextResult, DecodeError> {
    let mut fields = Fields::new(content);
    let [id, _, result, _] = fields.array()?;
    let mut context = ContextResult {
        id,
        result,
        transfer_syntax: None,
    };
    while let Some((kind, value)) = fields.item()? {
        if kind == TRANSFER_SYNTAX_ITEM {
            context.transfer_syntax = uid(value);
        }
    }
    Ok(context)
}
