//! P-DATA-TF: presentation data values (PS3.8 sections 9.3.5 and annex E).

use super::field::Fields;
use super::{DecodeError, Header, PduType};

/// The six bytes before every fragment of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PdvHeader {
    /// Bytes of the fragment that follow.
    pub fragment: u32,
    /// The presentation context.
    pub context: u8,
    /// Part of a command set; otherwise of a data set.
    pub command: bool,
    /// The last fragment of its command set or data set.
    pub last: bool,
}

impl PdvHeader {
    /// Bytes of a header: length, presentation context, message control header.
    pub const LEN: usize = 6;

    /// Reads a header, of which the PDU has `left` bytes from here on, this header included.
    ///
    /// # Errors
    /// When the value claims to be longer than the rest of the PDU, or shorter than its own header.
    pub fn decode(bytes: &[u8], left: u32) -> Result<Self, DecodeError> {
        let mut fields = Fields::new(bytes);
        let (length, [context, control]) = (fields.u32()?, fields.array()?);
        let fragment = length
            .checked_sub(2)
            .ok_or(DecodeError::Invalid("presentation data value length"))?;
        if fragment > left.saturating_sub(Self::LEN as u32) {
            return Err(DecodeError::Overrun);
        }
        // The other six bits are not tested when received (PS3.8 E.2).
        Ok(Self {
            fragment,
            context,
            command: control & 1 != 0,
            last: control & 2 != 0,
        })
    }

    /// Writes the header.
    pub fn encode(self) -> [u8; Self::LEN] {
        let [a, b, c, d] = self.fragment.saturating_add(2).to_be_bytes();
        [
            a,
            b,
            c,
            d,
            self.context,
            u8::from(self.command) | (u8::from(self.last) << 1),
        ]
    }

    /// Writes the headers of a P-DATA-TF PDU that holds this one value.
    pub fn encode_with_pdu(self) -> [u8; Header::LEN + Self::LEN] {
        let length = self.fragment.saturating_add(Self::LEN as u32);
        let [a, b, c, d, e, f] = Header {
            kind: PduType::Data as u8,
            length,
        }
        .encode();
        let [g, h, i, j, k, l] = self.encode();
        [a, b, c, d, e, f, g, h, i, j, k, l]
    }
}

/// Appends a command set as P-DATA-TF PDUs whose bodies keep within `max_pdu` bytes (0: without limit).
pub fn write_command(out: &mut Vec<u8>, context: u8, command: &[u8], max_pdu: u32) {
    let room = match max_pdu {
        0 => command.len(),
        limit => (limit as usize).saturating_sub(PdvHeader::LEN),
    };
    let mut fragments = command.chunks(room.max(1)).peekable();
    while let Some(fragment) = fragments.next() {
        let last = fragments.peek().is_none();
        let header = PdvHeader {
            fragment: fragment.len() as u32,
            context,
            command: true,
            last,
        };
        out.extend_from_slice(&header.encode_with_pdu());
        out.extend_from_slice(fragment);
    }
}
