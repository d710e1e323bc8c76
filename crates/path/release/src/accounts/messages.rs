//! Audit messages of what happened, for other systems.

use disclosure::{Event, Kind, Party, Patient, Recorder, balp, dicom_audit};
use serde_json::Value;

/// The messages that one event calls for.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditMessages {
    /// FHIR R4 AuditEvents (IHE BALP).
    pub balp: Vec<Value>,
    /// DICOM audit messages (PS3.15 A.5).
    pub dicom: Vec<dicom_audit::Message>,
}

/// What an audit repository is told of an event: releases, denials, reads, emergency access, directives.
pub fn audit_messages(event: &Event, patient: &Patient, recorder: &Recorder) -> AuditMessages {
    // Somebody inside who saves scans to a file reads them, as far as BALP goes: nobody decided on a disclosure.
    let saved = event.kind == Kind::Export && event.recipient.is_none();
    let of_balp = Event {
        kind: if saved { Kind::Read } else { event.kind },
        ..event.clone()
    };
    // And DICOM wants to know where to.
    let of_dicom = Event {
        recipient: if saved {
            event.who.as_ref().map(|who| Party {
                id: who.clone(),
                name: who.clone(),
                inside: true,
                ..Party::default()
            })
        } else {
            event.recipient.clone()
        },
        ..event.clone()
    };
    AuditMessages {
        balp: balp::messages(&of_balp, patient, recorder),
        dicom: dicom_audit::messages(&of_dicom, patient, recorder),
    }
}
