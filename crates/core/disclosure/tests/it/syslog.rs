//! RFC 5424 and 5425.

use crate::sample::at;
use disclosure::dicom_audit::Message;
use disclosure::syslog::{Origin, frame, record};

fn origin() -> Origin {
    Origin {
        host: "gw.hospital.example".to_owned(),
        program: "leadglass".to_owned(),
        process: "4711".to_owned(),
    }
}

fn message(alarming: bool) -> Message {
    Message {
        xml: "<AuditMessage>é</AuditMessage>".to_owned(),
        alarming,
    }
}

#[test]
fn the_header_is_what_receivers_look_for() {
    let made = record(&origin(), at("2026-11-22T10:05:00.25Z"), &message(false));
    let text = String::from_utf8(made).unwrap();
    assert_eq!(
        text,
        "<85>1 2026-11-22T10:05:00.25Z gw.hospital.example leadglass 4711 IHE+RFC-3881 - \u{feff}<AuditMessage>é</AuditMessage>"
    );
    let alarming = record(&origin(), at("2026-11-22"), &message(true));
    assert!(alarming.starts_with(b"<84>1 "), "facility 10, severity 4");
}

#[test]
fn fields_cannot_break_the_header() {
    let odd = Origin {
        host: " host name\n".to_owned(),
        program: "é".to_owned(),
        process: "9".repeat(500),
    };
    let text = String::from_utf8(record(&odd, at("2026-11-22"), &message(false))).unwrap();
    let fields: Vec<&str> = text.split(' ').collect();
    assert_eq!(fields[2..4], ["hostname", "-"]);
    assert_eq!(fields[4].len(), 128);
    assert_eq!(fields[5..7], ["IHE+RFC-3881", "-"]);
}

#[test]
fn a_frame_counts_bytes_and_not_characters() {
    let made = record(&origin(), at("2026-11-22"), &message(false));
    let framed = frame(&made);
    let space = framed.iter().position(|byte| *byte == b' ').unwrap();
    let length: usize = std::str::from_utf8(&framed[..space]).unwrap().parse().unwrap();
    assert_eq!(&framed[space + 1..], made);
    assert_eq!(length, made.len());
    assert_ne!(length, String::from_utf8(made).unwrap().chars().count());
}
