//! Carries DICOM audit messages: RFC 5424 records as PS3.15 A.6 and IHE ITI-20 want them, framed for TLS (RFC 5425).

use crate::dicom_audit::Message;
use model::Timestamp;

/// The MSGID by which receivers know an audit message (IHE ITI TF-2, 3.20.4.1).
pub const MESSAGE_ID: &str = "IHE+RFC-3881";

/// Facility 10: security and authorization messages (RFC 5424, table 1).
const FACILITY: u8 = 10;

/// Where a record comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Host name (fully qualified) or IP address.
    pub host: String,
    /// The program's name.
    pub program: String,
    /// The process's number, or another name that changes when the program starts anew.
    pub process: String,
}

/// A record: header, no structured data, byte order mark, XML. PRI is 85 (severity 5, notice), or 84 (severity 4, warning)
/// for what is alarming.
pub fn record(origin: &Origin, at: Timestamp, message: &Message) -> Vec<u8> {
    let severity = if message.alarming { 4 } else { 5 };
    let priority = FACILITY * 8 + severity;
    let host = field(&origin.host, 255);
    let (program, process) = (field(&origin.program, 48), field(&origin.process, 128));
    let time = at.to_string();
    let time = if time.ends_with('Z') { time } else { "-".to_owned() };
    let xml = &message.xml;
    format!("<{priority}>1 {time} {host} {program} {process} {MESSAGE_ID} - \u{FEFF}{xml}").into_bytes()
}

/// A record as it goes over TLS: its length in bytes, a space, the record (RFC 5425, 4.3).
pub fn frame(record: &[u8]) -> Vec<u8> {
    let mut out = format!("{} ", record.len()).into_bytes();
    out.extend_from_slice(record);
    out
}

/// Printable ASCII without spaces, of a limited length; `-` for nothing.
fn field(text: &str, limit: usize) -> String {
    let kept: String = text.chars().filter(char::is_ascii_graphic).take(limit).collect();
    if kept.is_empty() { "-".to_owned() } else { kept }
}
