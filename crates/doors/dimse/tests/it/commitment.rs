//! Storage commitment: on the association of the delivery, on one of the recipient's, never.

use crate::deliver::{about, consignment, destination, free_port, or_skip, phantoms, server};
use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, IMPLICIT, config, title, uid};
use crate::raw::{self, Raw};
use dimse::command::{CommandSet, field};
use dimse::deliver::StoreScu;
use dimse::pdu::RoleSelection;
use dimse::{Commitments, Config};
use release::{Finished, Outcome};
use std::process::Stdio;
use std::time::Duration;
use testkit::peers::Peer;
use testkit::{Encoding, Object};
use tokio::process::Command;

const COMMITMENT: &str = "1.2.840.10008.1.20.1";

/// A gateway whose SCP and SCU share their commitments.
fn gateway() -> (Gateway, StoreScu) {
    let commitments = Commitments::default();
    let config = Config {
        any_called_ae: true,
        commitments: Some(commitments.clone()),
        ..config()
    };
    let mut scu = StoreScu::new(title("SENDER"));
    scu.commitments = commitments;
    (Gateway::with(config, Behaviour::Keep), scu)
}

async fn deliver(scu: &StoreScu, port: u16, objects: &[Object]) -> Finished {
    let classes = vec![(uid(CT), vec![uid(EXPLICIT)])];
    let mut delivery = scu
        .reach(&destination(port, true), &consignment(classes))
        .await
        .unwrap();
    for object in objects {
        let outcome = delivery.send(about(object), &object.data_set[..]).await;
        assert_eq!(outcome, Outcome::Delivered);
    }
    delivery.end().await
}

/// Commits to the first instance, fails the others; reports on the same association, on one of its own, or not at all.
const RECIPIENT: &str = r#"
import sys, threading
from pydicom.dataset import Dataset
from pynetdicom import AE, evt, build_role, AllStoragePresentationContexts
from pynetdicom.sop_class import StorageCommitmentPushModel as Push, StorageCommitmentPushModelInstance as One
port, ours, how = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
def report(action):
    ds = Dataset()
    ds.TransactionUID = action.TransactionUID
    asked = list(action.ReferencedSOPSequence)
    ds.ReferencedSOPSequence = asked[:1]
    failed = asked[1:]
    for item in failed:
        item.FailureReason = 0x0110
    if failed:
        ds.FailedSOPSequence = failed
    return ds, 2 if failed else 1
def on_own(action):
    ae = AE(ae_title="LEADGLASS")
    ae.add_requested_context(Push)
    assoc = ae.associate("127.0.0.1", ours, ae_title="SENDER", ext_neg=[build_role(Push, scp_role=True)])
    assert assoc.is_established
    status, _ = assoc.send_n_event_report(*report(action), Push, One)
    print("status", hex(status.Status), file=sys.stderr)
    assoc.release()
def action(event):
    asked = event.action_information
    if how == "same":
        threading.Timer(0.2, lambda: event.assoc.send_n_event_report(*report(asked), Push, One)).start()
    if how == "own":
        threading.Timer(0.2, lambda: on_own(asked)).start()
    return (0x0110 if how == "refuse" else 0), None
ae = AE(ae_title="LEADGLASS")
ae.supported_contexts = AllStoragePresentationContexts
if how != "none":
    ae.add_supported_context(Push)
ae.start_server(("127.0.0.1", port), evt_handlers=[(evt.EVT_C_STORE, lambda e: 0), (evt.EVT_N_ACTION, action)])
"#;

#[tokio::test(flavor = "multi_thread")]
async fn pynetdicom_reports_on_either_association_or_never() {
    let Some(python) = or_skip(Peer::Python, "python3") else {
        return;
    };
    let objects = phantoms(2, Encoding::ExplicitLe);
    for (how, reported) in [
        ("same", true),
        ("own", true),
        ("never", false),
        ("refuse", false),
        ("none", false),
    ] {
        let (gateway, mut scu) = gateway();
        if !reported {
            scu.commitment_wait = Duration::from_millis(500);
        }
        let port = free_port().await;
        let ours = gateway.address.port().to_string();
        let mut command = Command::new(&python);
        command.args(["-c", RECIPIENT, &port.to_string(), &ours, how]);
        let _peer = server(command, port).await;
        let expected = if reported {
            Finished {
                committed: vec![objects[0].sop_instance.clone()],
                not_kept: vec![objects[1].sop_instance.clone()],
            }
        } else {
            Finished::default()
        };
        assert_eq!(deliver(&scu, port, &objects).await, expected, "{how}");
        gateway.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orthanc_commits_to_what_it_keeps() {
    let Some(orthanc) = or_skip(Peer::Orthanc, "Orthanc") else {
        return;
    };
    let (gateway, scu) = gateway();
    let dir = tempfile::tempdir().unwrap();
    let port = free_port().await;
    let settings = serde_json::json!({
        "StorageDirectory": dir.path(),
        "HttpServerEnabled": false,
        "DicomAet": "LEADGLASS",
        "DicomPort": port,
        "DicomCheckCalledAet": false,
        "DicomModalities": { "us": ["SENDER", "127.0.0.1", gateway.address.port()] },
        "Plugins": [],
    });
    let file = dir.path().join("orthanc.json");
    std::fs::write(&file, settings.to_string()).unwrap();
    let mut command = Command::new(orthanc);
    command.arg(&file).stderr(Stdio::null());
    let _orthanc = server(command, port).await;
    let objects = phantoms(3, Encoding::ExplicitLe);
    let finished = deliver(&scu, port, &objects).await;
    let all: Vec<_> = objects.iter().map(|object| object.sop_instance.clone()).collect();
    assert_eq!(
        finished,
        Finished {
            committed: all,
            not_kept: Vec::new()
        }
    );
    gateway.stop().await;
}

fn report_request(roles: Vec<RoleSelection>) -> dimse::pdu::AssociateRq {
    let mut request = raw::request();
    request
        .contexts
        .push(raw::proposal(5, COMMITMENT, &[EXPLICIT, IMPLICIT]));
    request.user.roles = roles;
    request
}

fn report_command() -> CommandSet {
    CommandSet {
        affected_sop_class: Some(uid(COMMITMENT)),
        command_field: field::N_EVENT_REPORT_RQ,
        message_id: Some(3),
        data_set: true,
        affected_sop_instance: Some(uid("1.2.840.10008.1.20.1.1")),
        event_type: Some(1),
        ..CommandSet::default()
    }
}

#[tokio::test]
async fn what_nobody_asked_for_is_not_taken() {
    let (gateway, _) = gateway();
    let mut raw = Raw::connect(gateway.address).await;
    let role = RoleSelection {
        sop_class: uid(COMMITMENT),
        scu: false,
        scp: true,
    };
    let accept = raw.ask(&report_request(vec![role.clone()])).await;
    assert!(accept.contexts.iter().all(|context| context.result == 0));
    assert_eq!(accept.user.roles, [role]);
    let transaction = [&[8, 0, 0x95, 0x11][..], b"UI\x06\x002.25.9"].concat();
    let long = [&[0x10, 0, 0x10, 0][..], b"UT\0\0\0\0\x20\0", &vec![b' '; 2 << 20]].concat();
    for (data_set, status) in [
        (&transaction[..], 0x0110),
        (&[1, 2, 3], 0xC000),
        (&[], 0xC000),
        (&long, 0xA700),
    ] {
        raw.send_command(5, &report_command()).await;
        let mut pieces = data_set.chunks(100_000).peekable();
        if pieces.peek().is_none() {
            raw.send_data(5, &[], true).await;
        }
        while let Some(piece) = pieces.next() {
            raw.send_data(5, piece, pieces.peek().is_none()).await;
        }
        let response = raw.response().await;
        assert_eq!(response.status.unwrap().0, status);
        assert_eq!(response.command_field, 0x8100);
        assert_eq!((response.responded_to, response.event_type), (Some(3), Some(1)));
    }
    // On a context for images it is out of place.
    raw.send_command(
        3,
        &CommandSet {
            data_set: false,
            ..report_command()
        },
    )
    .await;
    assert_eq!(raw.response().await.status.unwrap().0, 0x0122);
    gateway.stop().await;
}

#[tokio::test]
async fn where_nobody_asks_reports_are_not_offered() {
    let gateway = Gateway::start();
    let mut raw = Raw::connect(gateway.address).await;
    let accept = raw.ask(&report_request(Vec::new())).await;
    let results: Vec<u8> = accept.contexts.iter().map(|context| context.result).collect();
    assert_eq!(results, [0, 0, 3]);
    gateway.stop().await;
}
