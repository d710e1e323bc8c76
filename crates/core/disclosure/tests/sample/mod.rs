//! An account with one event of each kind, of an invented patient.

use disclosure::{
    Account, Basis, CopyState, Counts, Event, Facility, Identity, Kind, LogHead, OutsideCopy, Party, Patient,
    Recorder, Study, Suspension, Why,
};
use model::{Purpose, Redacted, Timestamp};

pub(crate) fn at(text: &str) -> Timestamp {
    let whole = if text.len() == 10 {
        format!("{text}T12:00:00Z")
    } else {
        text.to_owned()
    };
    whole.parse().unwrap()
}

pub(crate) fn party(id: &str, name: &str) -> Party {
    Party {
        id: id.to_owned(),
        name: name.to_owned(),
        address: Some(format!("1 {name} Street, Springfield")),
        inside: false,
        network: Some(format!("{id}.example")),
        ae_title: Some(id.to_uppercase().chars().take(16).collect()),
    }
}

pub(crate) fn study() -> Study {
    Study {
        uid: "1.2.826.0.1.3680043.10.1.1".to_owned(),
        date: Some("2026-11-20".to_owned()),
        description: Redacted::new("CHEST W/O CONTRAST".to_owned()),
        modality: Some("CT".to_owned()),
        classes: vec![("1.2.840.10008.5.1.4.1.1.2".to_owned(), 412)],
    }
}

/// A release of which all instances were sent, and which must be accounted for.
pub(crate) fn release(id: &str, when: &str, to: &Party, purpose: Purpose) -> Event {
    Event {
        recipient: Some(to.clone()),
        who: Some("officer.meyer".to_owned()),
        purpose: Some(Why::from(purpose)),
        study: Some(study()),
        instances: Counts {
            asked: 412,
            sent: 412,
            ..Counts::default()
        },
        profile: Some("original".to_owned()),
        basis: Basis::Accounted,
        ..Event::new(id, at(when), Kind::Release)
    }
}

pub(crate) fn copy(state: CopyState) -> OutsideCopy {
    OutsideCopy {
        state,
        due: Some(at("2026-12-22")),
        requested_at: Some(at("2026-11-21")),
        receipt_at: Some(at("2026-11-21T18:00:00Z")),
        manifest_root: Some("9f".repeat(32)),
    }
}

pub(crate) fn account(events: Vec<Event>) -> Account {
    Account {
        facility: Facility {
            name: "St. Example Hospital".to_owned(),
            address: Some("12 Harbor Road, Springfield".to_owned()),
            phone: Some("+1 555 0100".to_owned()),
        },
        patient: Patient {
            id: Redacted::new("LG-1002003".to_owned()),
            name: Redacted::new("Zoë Ångström-O'Neil".to_owned()),
            born: Redacted::new("1961-05-04".to_owned()),
        },
        from: None,
        to: None,
        made_at: at("2026-11-22"),
        log: Some(LogHead {
            origin: "log.example/leadglass".to_owned(),
            size: 1234,
            root_base64: "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=".to_owned(),
            checkpoint: "log.example/leadglass\n1234\nn4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=\n\n— log.example/leadglass Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n".to_owned(),
        }),
        events,
    }
}

pub(crate) fn recorder() -> Recorder {
    Recorder {
        device: "gateway".to_owned(),
        host: "gw.hospital.example".to_owned(),
        ae_title: "LEADGLASS".to_owned(),
        site: "St. Example".to_owned(),
        organization: ("hospital".to_owned(), "St. Example Hospital".to_owned()),
        namespace: "https://gateway.example".to_owned(),
        patient_system: Some("urn:oid:1.2.826.0.1.3680043.10.9".to_owned()),
    }
}

/// One event of each kind, some releases more, two of them under a suspension of which one has ended.
pub(crate) fn everything() -> Account {
    let vendor = party("acme-chest-ai", "Acme Chest AI Ltd");
    let court = party("county-court", "County Court");
    let research = party("uni-lab", "University Lab");
    let police = party("state-police", "State Police");
    let inside = Party {
        inside: true,
        address: None,
        ..party("er", "Emergency Room")
    };
    let ai = |id: &str, when: &str, state: CopyState| Event {
        copy: Some(copy(state)),
        profile: Some("vendor".to_owned()),
        basis: Basis::of(&Purpose::AiAnalysis.into(), false, Identity::Removed, false),
        reasons: vec!["An AI vendor under agreement may read this scan for this purpose only.".to_owned()],
        policies: vec!["P3-ai-analysis".to_owned()],
        agreement: Some("DUA 17".to_owned()),
        directive: Some("c-0001".to_owned()),
        log_index: Some(77),
        ..release(id, when, &vendor, Purpose::AiAnalysis)
    };
    let mut events: Vec<Event> = CopyState::ALL
        .into_iter()
        .enumerate()
        .map(|(number, state)| {
            ai(
                &format!("ai-{}", state.code()),
                &format!("2026-10-{:02}", number + 1),
                state,
            )
        })
        .collect();
    let suspended = |since: &str, until: &str, written| {
        Some(Suspension {
            agency: "Bureau of Investigation".to_owned(),
            since: at(since),
            until: at(until),
            written,
        })
    };
    events.extend([
        release("court-1", "2024-03-01", &court, Purpose::Hlegal),
        release("court-2", "2025-03-01", &court, Purpose::Hlegal),
        Event {
            instances: Counts {
                asked: 3,
                unknown: 3,
                ..Counts::default()
            },
            ..release("court-3", "2026-03-01", &court, Purpose::Hlegal)
        },
        release("lab-1", "2026-05-01", &research, Purpose::Hresch),
        release("old", "2019-01-01", &court, Purpose::Hlegal),
        Event {
            suspension: suspended("2026-11-01", "2027-11-01", true),
            ..release("police-written", "2026-11-01", &police, Purpose::Hlegal)
        },
        Event {
            suspension: suspended("2026-09-01", "2027-11-01", false),
            ..release("police-oral-over", "2026-09-01", &police, Purpose::Hlegal)
        },
        Event {
            instances: Counts {
                asked: 5,
                not_sent: 5,
                ..Counts::default()
            },
            ..release("failed", "2026-06-01", &court, Purpose::Hlegal)
        },
        Event {
            recipient: Some(vendor.clone()),
            purpose: Some(Purpose::AiTrain.into()),
            study: Some(study()),
            reasons: vec!["You said no to research and training.".to_owned()],
            policies: vec!["F2".to_owned()],
            instances: Counts {
                asked: 412,
                ..Counts::default()
            },
            ..Event::new("denial", at("2026-11-02"), Kind::Denial)
        },
        Event {
            recipient: Some(inside.clone()),
            who: Some("dr.okafor".to_owned()),
            purpose: Some(Purpose::Treat.into()),
            study: Some(study()),
            instances: Counts {
                sent: 412,
                ..Counts::default()
            },
            basis: Basis::Inside,
            ..Event::new("read", at("2026-11-03"), Kind::Read)
        },
        Event {
            who: Some("dr.okafor".to_owned()),
            basis: Basis::Inside,
            ..Event::new("search", at("2026-11-04"), Kind::Search)
        },
        Event {
            kind: Kind::Export,
            basis: Basis::Individual,
            ..release(
                "export",
                "2026-11-05",
                &party("home", "=HYPERLINK(\"http://x\")"),
                Purpose::Patrqt,
            )
        },
        Event {
            recipient: Some(inside),
            who: Some("dr.okafor".to_owned()),
            purpose: Some(Purpose::Btg.into()),
            study: Some(study()),
            reasons: vec!["Patient unconscious, <no time> & no record.".to_owned()],
            instances: Counts {
                sent: 2,
                ..Counts::default()
            },
            basis: Basis::Inside,
            ..Event::new("emergency", at("2026-11-06"), Kind::BreakGlass)
        },
        Event::new("directive", at("2026-11-07"), Kind::Directive),
        Event::new("withdrawal", at("2026-11-08"), Kind::Withdrawal),
        Event {
            recipient: Some(vendor),
            copy: Some(copy(CopyState::Acknowledged)),
            ..Event::new("deletion", at("2026-11-09"), Kind::Deletion)
        },
        Event::new("flag", at("2026-11-10"), Kind::Flag),
    ]);
    account(events)
}
