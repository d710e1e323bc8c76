//! Command sets (PS3.7 section 6.3 and annex E): always Implicit VR Little Endian, always group 0000.

use crate::Status;
use model::Uid;

/// The longest command set that is read. Real ones stay under 1 KiB.
pub const MAX_COMMAND_SET: usize = 64 * 1024;

/// Values of Command Field (0000,0100) (PS3.7 annex E.1).
pub mod field {
    /// C-STORE-RQ.
    pub const C_STORE_RQ: u16 = 0x0001;
    /// N-EVENT-REPORT-RQ.
    pub const N_EVENT_REPORT_RQ: u16 = 0x0100;
    /// N-ACTION-RQ.
    pub const N_ACTION_RQ: u16 = 0x0130;
    /// C-ECHO-RQ.
    pub const C_ECHO_RQ: u16 = 0x0030;
    /// C-CANCEL-RQ, which has no response.
    pub const C_CANCEL_RQ: u16 = 0x0FFF;
    /// Set in every response.
    pub const RESPONSE: u16 = 0x8000;
}

/// Command Data Set Type (0000,0800) where no data set follows.
const NO_DATA_SET: u16 = 0x0101;

/// Elements of group 0000 that are read or written here.
mod element {
    pub(super) const GROUP_LENGTH: u16 = 0x0000;
    pub(super) const AFFECTED_SOP_CLASS_UID: u16 = 0x0002;
    pub(super) const REQUESTED_SOP_CLASS_UID: u16 = 0x0003;
    pub(super) const COMMAND_FIELD: u16 = 0x0100;
    pub(super) const MESSAGE_ID: u16 = 0x0110;
    pub(super) const MESSAGE_ID_RESPONDED_TO: u16 = 0x0120;
    pub(super) const PRIORITY: u16 = 0x0700;
    pub(super) const DATA_SET_TYPE: u16 = 0x0800;
    pub(super) const STATUS: u16 = 0x0900;
    pub(super) const ERROR_COMMENT: u16 = 0x0902;
    pub(super) const AFFECTED_SOP_INSTANCE_UID: u16 = 0x1000;
    pub(super) const REQUESTED_SOP_INSTANCE_UID: u16 = 0x1001;
    pub(super) const EVENT_TYPE_ID: u16 = 0x1002;
    pub(super) const ACTION_TYPE_ID: u16 = 0x1008;
}

/// Why bytes are no command set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// An element reaches past the end.
    #[error("a command element reaches past the end of the command set")]
    Overrun,
    /// An element of another group, or out of order, or there twice.
    #[error("the command set holds an element that does not belong where it stands")]
    Misplaced,
    /// The group length is not the length of the group.
    #[error("the command group length does not match the command set")]
    GroupLength,
    /// An element that must be there is missing or has the wrong size.
    #[error("the command set has no usable element (0000,{0:04X})")]
    Unusable(u16),
}

/// A command set: the elements that C-ECHO, C-STORE, N-ACTION and N-EVENT-REPORT know, requests and responses.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CommandSet {
    /// Affected SOP Class UID (0000,0002), if there and a UID.
    pub affected_sop_class: Option<Uid>,
    /// Requested SOP Class UID (0000,0003), if there and a UID.
    pub requested_sop_class: Option<Uid>,
    /// Command Field (0000,0100).
    pub command_field: u16,
    /// Message ID (0000,0110).
    pub message_id: Option<u16>,
    /// Message ID Being Responded To (0000,0120).
    pub responded_to: Option<u16>,
    /// Priority (0000,0700).
    pub priority: Option<u16>,
    /// A data set follows, by Command Data Set Type (0000,0800).
    pub data_set: bool,
    /// Status (0000,0900).
    pub status: Option<Status>,
    /// Error Comment (0000,0902).
    pub error_comment: Option<String>,
    /// Affected SOP Instance UID (0000,1000), if there and a UID.
    pub affected_sop_instance: Option<Uid>,
    /// Requested SOP Instance UID (0000,1001), if there and a UID.
    pub requested_sop_instance: Option<Uid>,
    /// Event Type ID (0000,1002).
    pub event_type: Option<u16>,
    /// Action Type ID (0000,1008).
    pub action_type: Option<u16>,
}

impl CommandSet {
    /// A C-ECHO-RQ.
    pub fn echo_rq(message_id: u16) -> Self {
        Self {
            affected_sop_class: Uid::new(crate::sop_class::VERIFICATION).ok(),
            command_field: field::C_ECHO_RQ,
            message_id: Some(message_id),
            ..Self::default()
        }
    }

    /// A C-STORE-RQ of medium priority.
    pub fn store_rq(message_id: u16, sop_class: &Uid, sop_instance: &Uid) -> Self {
        Self {
            affected_sop_class: Some(sop_class.clone()),
            command_field: field::C_STORE_RQ,
            message_id: Some(message_id),
            priority: Some(0),
            data_set: true,
            affected_sop_instance: Some(sop_instance.clone()),
            ..Self::default()
        }
    }

    /// An N-ACTION-RQ of a kind of action.
    pub fn action_rq(message_id: u16, sop_class: &str, sop_instance: &str, action_type: u16) -> Self {
        Self {
            requested_sop_class: Uid::new(sop_class).ok(),
            command_field: field::N_ACTION_RQ,
            message_id: Some(message_id),
            data_set: true,
            requested_sop_instance: Uid::new(sop_instance).ok(),
            action_type: Some(action_type),
            ..Self::default()
        }
    }

    /// The response to this request.
    pub fn response(&self, status: Status, error_comment: Option<&str>) -> Self {
        Self {
            affected_sop_class: self.affected_sop_class.clone(),
            command_field: self.command_field | field::RESPONSE,
            responded_to: self.message_id,
            status: Some(status),
            error_comment: error_comment.map(long_string),
            affected_sop_instance: self.affected_sop_instance.clone(),
            event_type: self.event_type,
            ..Self::default()
        }
    }

    /// True when this is a response.
    pub fn is_response(&self) -> bool {
        self.command_field & field::RESPONSE != 0
    }

    /// Reads a command set. Elements that are not known here are skipped.
    ///
    /// # Errors
    /// When elements overrun, stand in another group, out of order or twice, or the group length lies; when
    /// Command Field or Command Data Set Type are not there.
    pub fn decode(bytes: &[u8]) -> Result<Self, CommandError> {
        let mut command = Self::default();
        let (mut command_field, mut data_set_type) = (None, None);
        let (mut rest, mut previous) = (bytes, None);
        while !rest.is_empty() {
            let (number, value, tail) = next_element(rest)?;
            if previous.is_some_and(|previous| previous >= number) {
                return Err(CommandError::Misplaced);
            }
            (rest, previous) = (tail, Some(number));
            match number {
                element::GROUP_LENGTH => {
                    let length: [u8; 4] = value.try_into().map_err(|_| CommandError::GroupLength)?;
                    if u32::from_le_bytes(length) as usize != tail.len() {
                        return Err(CommandError::GroupLength);
                    }
                }
                element::AFFECTED_SOP_CLASS_UID => command.affected_sop_class = Uid::from_bytes(value).ok(),
                element::REQUESTED_SOP_CLASS_UID => command.requested_sop_class = Uid::from_bytes(value).ok(),
                element::COMMAND_FIELD => command_field = Some(unsigned_short(number, value)?),
                element::MESSAGE_ID => command.message_id = Some(unsigned_short(number, value)?),
                element::MESSAGE_ID_RESPONDED_TO => {
                    command.responded_to = Some(unsigned_short(number, value)?);
                }
                element::PRIORITY => command.priority = Some(unsigned_short(number, value)?),
                element::DATA_SET_TYPE => data_set_type = Some(unsigned_short(number, value)?),
                element::STATUS => command.status = Some(Status(unsigned_short(number, value)?)),
                element::ERROR_COMMENT => {
                    command.error_comment = Some(long_string(&String::from_utf8_lossy(value)));
                }
                element::AFFECTED_SOP_INSTANCE_UID => {
                    command.affected_sop_instance = Uid::from_bytes(value).ok();
                }
                element::REQUESTED_SOP_INSTANCE_UID => {
                    command.requested_sop_instance = Uid::from_bytes(value).ok();
                }
                element::EVENT_TYPE_ID => command.event_type = Some(unsigned_short(number, value)?),
                element::ACTION_TYPE_ID => command.action_type = Some(unsigned_short(number, value)?),
                _ => {}
            }
        }
        command.command_field = command_field.ok_or(CommandError::Unusable(element::COMMAND_FIELD))?;
        let data_set_type = data_set_type.ok_or(CommandError::Unusable(element::DATA_SET_TYPE))?;
        command.data_set = data_set_type != NO_DATA_SET;
        Ok(command)
    }

    /// Appends the command set, group length first.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        write_element(out, element::GROUP_LENGTH, &[0; 4], 0);
        let first = out.len();
        if let Some(uid) = &self.affected_sop_class {
            write_element(out, element::AFFECTED_SOP_CLASS_UID, uid.as_str().as_bytes(), 0);
        }
        if let Some(uid) = &self.requested_sop_class {
            write_element(out, element::REQUESTED_SOP_CLASS_UID, uid.as_str().as_bytes(), 0);
        }
        write_unsigned_short(out, element::COMMAND_FIELD, Some(self.command_field));
        write_unsigned_short(out, element::MESSAGE_ID, self.message_id);
        write_unsigned_short(out, element::MESSAGE_ID_RESPONDED_TO, self.responded_to);
        write_unsigned_short(out, element::PRIORITY, self.priority);
        let data_set_type = if self.data_set { 0x0000 } else { NO_DATA_SET };
        write_unsigned_short(out, element::DATA_SET_TYPE, Some(data_set_type));
        write_unsigned_short(out, element::STATUS, self.status.map(|status| status.0));
        if let Some(comment) = &self.error_comment {
            write_element(out, element::ERROR_COMMENT, comment.as_bytes(), b' ');
        }
        if let Some(uid) = &self.affected_sop_instance {
            write_element(
                out,
                element::AFFECTED_SOP_INSTANCE_UID,
                uid.as_str().as_bytes(),
                0,
            );
        }
        if let Some(uid) = &self.requested_sop_instance {
            write_element(
                out,
                element::REQUESTED_SOP_INSTANCE_UID,
                uid.as_str().as_bytes(),
                0,
            );
        }
        write_unsigned_short(out, element::EVENT_TYPE_ID, self.event_type);
        write_unsigned_short(out, element::ACTION_TYPE_ID, self.action_type);
        let length = ((out.len() - first) as u32).to_le_bytes();
        out.iter_mut()
            .skip(start + ELEMENT_HEADER)
            .zip(length)
            .for_each(|(byte, value)| *byte = value);
    }
}

const ELEMENT_HEADER: usize = 8;

fn next_element(bytes: &[u8]) -> Result<(u16, &[u8], &[u8]), CommandError> {
    let (&[g0, g1, e0, e1, l0, l1, l2, l3], rest) = bytes
        .split_first_chunk::<ELEMENT_HEADER>()
        .ok_or(CommandError::Overrun)?;
    if (g0, g1) != (0, 0) {
        return Err(CommandError::Misplaced);
    }
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    let (value, rest) = rest.split_at_checked(length).ok_or(CommandError::Overrun)?;
    Ok((u16::from_le_bytes([e0, e1]), value, rest))
}

fn unsigned_short(number: u16, value: &[u8]) -> Result<u16, CommandError> {
    value
        .try_into()
        .map(u16::from_le_bytes)
        .map_err(|_| CommandError::Unusable(number))
}

fn write_unsigned_short(out: &mut Vec<u8>, number: u16, value: Option<u16>) {
    if let Some(value) = value {
        write_element(out, number, &value.to_le_bytes(), 0);
    }
}

fn write_element(out: &mut Vec<u8>, number: u16, value: &[u8], padding: u8) {
    let odd = value.len() % 2;
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&((value.len() + odd) as u32).to_le_bytes());
    out.extend_from_slice(value);
    out.extend(std::iter::repeat_n(padding, odd));
}

/// What VR LO takes: 64 characters, none of them a control character or a backslash, no outer spaces.
fn long_string(text: &str) -> String {
    let legal = |c: char| (' '..='~').contains(&c) && c != '\\';
    let text: String = text
        .trim()
        .chars()
        .map(|c| if legal(c) { c } else { '?' })
        .take(64)
        .collect();
    text.trim_end().to_owned()
}
