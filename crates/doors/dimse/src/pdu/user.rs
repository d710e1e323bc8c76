//! User information: what both sides say about themselves (PS3.8 D.1, PS3.7 D.3.3).

use super::field::{Fields, uid, write_counted, write_item, write_value};
use super::{DecodeError, TooLong};
use model::{Redacted, Uid};

const MAXIMUM_LENGTH: u8 = 0x51;
const IMPLEMENTATION_CLASS_UID: u8 = 0x52;
const ASYNCHRONOUS_OPERATIONS_WINDOW: u8 = 0x53;
const ROLE_SELECTION: u8 = 0x54;
const IMPLEMENTATION_VERSION_NAME: u8 = 0x55;
const USER_IDENTITY: u8 = 0x58;
const USER_IDENTITY_RESPONSE: u8 = 0x59;

/// More role selections than presentation contexts can exist for: those beyond are not read.
const MAX_ROLES: usize = 128;

/// Which roles a side takes for a SOP class (PS3.7 D.3.3.4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleSelection {
    /// The SOP class.
    pub sop_class: Uid,
    /// The requestor acts as SCU.
    pub scu: bool,
    /// The requestor acts as SCP.
    pub scp: bool,
}

/// Who the requestor's user is (PS3.7 D.3.3.7). Read and never checked: only TLS proves a peer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserIdentity {
    /// 1 user name, 2 with passcode, 3 Kerberos ticket, 4 SAML assertion, 5 JSON Web Token.
    pub kind: u8,
    /// The requestor wants to hear that it was accepted.
    pub response_requested: bool,
    /// User name, ticket, assertion or token.
    pub primary: Redacted<Vec<u8>>,
    /// Passcode.
    pub secondary: Redacted<Vec<u8>>,
}

/// The user information item. Sub-items that are not known here are skipped.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UserInformation {
    /// The longest P-DATA-TF body that this side takes; 0 is without limit. Mandatory, and left out by some.
    pub max_pdu: Option<u32>,
    /// Implementation Class UID.
    pub implementation_class_uid: Option<Uid>,
    /// Implementation Version Name.
    pub implementation_version_name: Option<String>,
    /// Operations invoked and performed at a time. Not offered here: one at a time.
    pub asynchronous_operations: Option<(u16, u16)>,
    /// Roles.
    pub roles: Vec<RoleSelection>,
    /// The user's identity, in a request.
    pub identity: Option<UserIdentity>,
    /// The answer to it, in an acceptance.
    pub identity_response: Option<Vec<u8>>,
}

impl UserInformation {
    pub(super) fn decode(content: &[u8]) -> Result<Self, DecodeError> {
        let mut user = Self::default();
        let mut items = Fields::new(content);
        while let Some((kind, value)) = items.item()? {
            let mut fields = Fields::new(value);
            match kind {
                MAXIMUM_LENGTH => user.max_pdu = Some(fields.u32()?),
                IMPLEMENTATION_CLASS_UID => user.implementation_class_uid = uid(value),
                ASYNCHRONOUS_OPERATIONS_WINDOW => {
                    user.asynchronous_operations = Some((fields.u16()?, fields.u16()?));
                }
                ROLE_SELECTION if user.roles.len() < MAX_ROLES => {
                    let sop_class = uid(fields.counted()?);
                    let (scu, scp) = (fields.u8()? == 1, fields.u8()? == 1);
                    user.roles
                        .extend(sop_class.map(|sop_class| RoleSelection { sop_class, scu, scp }));
                }
                IMPLEMENTATION_VERSION_NAME => user.implementation_version_name = version_name(value),
                USER_IDENTITY => {
                    user.identity = Some(UserIdentity {
                        kind: fields.u8()?,
                        response_requested: fields.u8()? != 0,
                        primary: Redacted::new(fields.counted()?.to_vec()),
                        secondary: Redacted::new(fields.counted()?.to_vec()),
                    });
                }
                USER_IDENTITY_RESPONSE => user.identity_response = Some(fields.counted()?.to_vec()),
                _ => {}
            }
        }
        Ok(user)
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) -> Result<(), TooLong> {
        if let Some(length) = self.max_pdu {
            write_value(out, MAXIMUM_LENGTH, &length.to_be_bytes())?;
        }
        if let Some(uid) = &self.implementation_class_uid {
            write_value(out, IMPLEMENTATION_CLASS_UID, uid.as_str().as_bytes())?;
        }
        if let Some((invoked, performed)) = self.asynchronous_operations {
            write_item(out, ASYNCHRONOUS_OPERATIONS_WINDOW, |item| {
                item.extend_from_slice(&invoked.to_be_bytes());
                item.extend_from_slice(&performed.to_be_bytes());
                Ok(())
            })?;
        }
        for role in &self.roles {
            write_item(out, ROLE_SELECTION, |item| {
                write_counted(item, role.sop_class.as_str().as_bytes())?;
                item.extend_from_slice(&[u8::from(role.scu), u8::from(role.scp)]);
                Ok(())
            })?;
        }
        if let Some(name) = &self.implementation_version_name {
            write_value(out, IMPLEMENTATION_VERSION_NAME, name.as_bytes())?;
        }
        if let Some(identity) = &self.identity {
            write_item(out, USER_IDENTITY, |item| {
                item.extend_from_slice(&[identity.kind, u8::from(identity.response_requested)]);
                write_counted(item, identity.primary.reveal())?;
                write_counted(item, identity.secondary.reveal())
            })?;
        }
        if let Some(response) = &self.identity_response {
            write_item(out, USER_IDENTITY_RESPONSE, |item| write_counted(item, response))?;
        }
        Ok(())
    }
}

/// 1 to 16 printable characters; anything else is left out, for it would only end in a log.
fn version_name(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?.trim_matches([' ', '\0']);
    let legal = (1..=16).contains(&text.len()) && text.bytes().all(|b| (0x20..0x7f).contains(&b));
    legal.then(|| text.to_owned())
}
