//! Other people's implementations, where they are installed: DCMTK and pynetdicom.

use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, config, title, uid};
use dimse::{Association, Proposal, Request, Status};
use intake::{Form, Reason};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};
use tokio::process::Command;

/// A program of DCMTK, or nothing where DCMTK is not installed. pynetdicom installs some of the same names, so
/// each is asked what it is.
fn dcmtk(program: &str) -> Option<PathBuf> {
    let found = std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|dir| dir.join(program))
        .find(|path| {
            let version = std::process::Command::new(path).arg("--version").output();
            version.is_ok_and(|output| output.stdout.starts_with(b"$dcmtk"))
        });
    if found.is_none() {
        eprintln!("skipped: DCMTK's {program} is not installed");
    }
    found
}

async fn run(command: &mut Command) -> Output {
    let output = command.kill_on_drop(true).output();
    tokio::time::timeout(Duration::from_mins(1), output)
        .await
        .unwrap()
        .unwrap()
}

fn succeeded(output: &Output) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{errors}{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// A small CT image file in Explicit VR Little Endian and the bytes of its data set.
fn part10(dir: &Path, instance: &str, rows: u16) -> (PathBuf, Vec<u8>) {
    let element = |group: u16, number: u16, vr: &[u8; 2], value: &[u8]| {
        let mut value = value.to_vec();
        if value.len() % 2 == 1 {
            value.push(if vr == b"UI" { 0 } else { b' ' });
        }
        let mut bytes = [group.to_le_bytes(), number.to_le_bytes()].concat();
        bytes.extend_from_slice(vr);
        if matches!(vr, b"OB" | b"OW") {
            bytes.extend_from_slice(&[0, 0]);
            bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
        } else {
            bytes.extend_from_slice(&(value.len() as u16).to_le_bytes());
        }
        bytes.extend(value);
        bytes
    };
    let us = |number, value: u16| element(0x28, number, b"US", &value.to_le_bytes());
    let data_set = [
        element(8, 0x16, b"UI", CT.as_bytes()),
        element(8, 0x18, b"UI", instance.as_bytes()),
        element(8, 0x60, b"CS", b"CT"),
        element(0x10, 0x10, b"PN", b"Doe^Jane"),
        element(0x10, 0x20, b"LO", b"1"),
        element(0x20, 0xd, b"UI", b"1.2.3.1"),
        element(0x20, 0xe, b"UI", b"1.2.3.1.1"),
        us(2, 1),
        element(0x28, 4, b"CS", b"MONOCHROME2"),
        us(0x10, rows),
        us(0x11, 512),
        us(0x100, 16),
        us(0x101, 12),
        us(0x102, 11),
        us(0x103, 0),
        element(0x7fe0, 0x10, b"OW", &vec![3; usize::from(rows) * 1024]),
    ]
    .concat();
    let meta = [
        element(2, 1, b"OB", &[0, 1]),
        element(2, 2, b"UI", CT.as_bytes()),
        element(2, 3, b"UI", instance.as_bytes()),
        element(2, 0x10, b"UI", EXPLICIT.as_bytes()),
        element(2, 0x12, b"UI", b"1.2.3"),
    ]
    .concat();
    let mut file = vec![0; 128];
    file.extend_from_slice(b"DICM");
    file.extend(element(2, 0, b"UL", &(meta.len() as u32).to_le_bytes()));
    file.extend_from_slice(&meta);
    file.extend_from_slice(&data_set);
    let path = dir.join(format!("{instance}.dcm"));
    std::fs::write(&path, file).unwrap();
    (path, data_set)
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_echoscu() {
    let Some(echoscu) = dcmtk("echoscu") else { return };
    let gateway = Gateway::start();
    let port = gateway.address.port().to_string();
    succeeded(&run(Command::new(&echoscu).args(["-aec", "LEADGLASS", "127.0.0.1", &port])).await);
    // Every transfer syntax it knows in each of 128 contexts.
    let many = [
        "-pts",
        "38",
        "-ppc",
        "128",
        "--repeat",
        "5",
        "-aec",
        "LEADGLASS",
        "127.0.0.1",
        &port,
    ];
    succeeded(&run(Command::new(&echoscu).args(many)).await);
    let wrong = run(Command::new(&echoscu).args(["-aec", "WRONG", "127.0.0.1", &port])).await;
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("Called AE Title Not Recognized"));
}

/// A stock peer leaves Nagle's algorithm on and sends each message in several small writes. Where delayed
/// acknowledgements met that, each message would take 40 ms.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn stock_peers_do_not_wait_for_acknowledgements() {
    let Some(echoscu) = dcmtk("echoscu") else { return };
    let gateway = Gateway::start();
    let port = gateway.address.port().to_string();
    let begun = Instant::now();
    let output = run(Command::new(&echoscu)
        .args(["--repeat", "50", "-aec", "LEADGLASS", "127.0.0.1", &port])
        .env_remove("TCP_NODELAY"))
    .await;
    succeeded(&output);
    assert!(
        begun.elapsed() < Duration::from_millis(1500),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_storescu_and_dcmsend_deliver_the_data_set_as_it_is() {
    let (Some(storescu), Some(dcmsend)) = (dcmtk("storescu"), dcmtk("dcmsend")) else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    for nodelay in [false, true] {
        for (program, options) in [
            (&storescu, &["-xe"][..]),
            (&storescu, &["-xe", "--max-pdu", "4096"]),
            (&dcmsend, &[]),
        ] {
            let gateway = Gateway::start();
            let port = gateway.address.port().to_string();
            let files: Vec<_> = (1..6)
                .map(|n| part10(dir.path(), &format!("1.2.3.4.{n}"), 64 * n))
                .collect();
            let mut command = Command::new(program);
            command
                .args(options)
                .args(["-aec", "LEADGLASS", "127.0.0.1", &port]);
            command.args(files.iter().map(|(path, _)| path));
            if nodelay {
                command.env("TCP_NODELAY", "1");
            }
            let begun = Instant::now();
            succeeded(&run(&mut command).await);
            eprintln!(
                "{program:?} {options:?} nodelay={nodelay}: 5 objects in {:?}",
                begun.elapsed()
            );
            let objects = gateway.store.objects();
            assert_eq!(objects.len(), 5);
            for (object, (_, data_set)) in objects.iter().zip(&files) {
                assert!(object.finished);
                assert!(matches!(&object.arrival.form, Form::DataSet(syntax) if syntax.as_str() == EXPLICIT));
                // DCMTK writes the data set anew; for one this plain, that gives the same bytes.
                assert_eq!(object.bytes, *data_set);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_storescu_hears_a_refusal() {
    let Some(storescu) = dcmtk("storescu") else { return };
    let dir = tempfile::tempdir().unwrap();
    let conflict = Reason::Conflict("other pixels under this UID".into());
    let gateway = Gateway::with(
        config(),
        Behaviour::Answer(intake::Status::Conflict, Some(conflict)),
    );
    let port = gateway.address.port().to_string();
    let (path, _) = part10(dir.path(), "1.2.3.9", 512);
    let output = run(Command::new(&storescu)
        .args(["-v", "-aec", "LEADGLASS", "127.0.0.1", &port])
        .arg(path))
    .await;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.contains("DataSetDoesNotMatchSOPClass") || said.contains("a900"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pynetdicom_stores_and_hears_statuses() {
    let script = r#"
import sys
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ImplicitVRLittleEndian, ExplicitVRLittleEndian, UID
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES
from pynetdicom.sop_class import CTImageStorage, Verification, StudyRootQueryRetrieveInformationModelFind as Find
from pynetdicom.pdu_primitives import UserIdentityNegotiation, AsynchronousOperationsWindowNegotiation
ae = AE(ae_title="PYNETDICOM")
ae.add_requested_context(Verification)
ae.add_requested_context(CTImageStorage)
ae.add_requested_context(Find)
for n in range(100):
    ae.add_requested_context(UID(f"1.2.3.{n}"), ALL_TRANSFER_SYNTAXES)
identity = UserIdentityNegotiation()
identity.user_identity_type = 2
identity.positive_response_requested = True
identity.primary_field, identity.secondary_field = b"user", b"pass"
window = AsynchronousOperationsWindowNegotiation()
window.maximum_number_operations_invoked = 5
assoc = ae.associate("127.0.0.1", int(sys.argv[1]), ae_title="LEADGLASS", ext_neg=[identity, window], max_pdu=0)
assert assoc.is_established
assert any(item.server_response is not None for item in assoc.acceptor.user_information if hasattr(item, "server_response"))
assert {c.abstract_syntax for c in assoc.rejected_contexts} == {Find}
assert assoc.send_c_echo().Status == 0
for n in range(3):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID, ds.PatientID = CTImageStorage, f"1.2.3.4.{n}", "1"
    ds.Rows = ds.Columns = 256
    ds.BitsAllocated = 16
    ds.PixelData = bytes(131072)
    assert assoc.send_c_store(ds).Status == 0
assoc.release()
assert assoc.is_released
"#;
    let has = Command::new("python3")
        .args(["-c", "import pynetdicom"])
        .output()
        .await;
    if !has.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: pynetdicom is not installed");
        return;
    }
    let gateway = Gateway::start();
    let port = gateway.address.port().to_string();
    succeeded(&run(Command::new("python3").args(["-c", script, &port])).await);
    assert_eq!(gateway.store.finished(), 3);
    assert!(
        gateway
            .store
            .objects()
            .iter()
            .all(|object| object.bytes.len() > 131_072)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn our_scu_sends_to_dcmtk_storescp() {
    let Some(storescp) = dcmtk("storescp") else { return };
    let dir = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut server = Command::new(storescp)
        .args(["--bit-preserving", "--output-directory"])
        .arg(dir.path())
        .arg(port.to_string())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let request = Request::new(
        title("LEADGLASS"),
        title("ANY"),
        vec![Proposal::object(&uid(CT), &uid(EXPLICIT))],
    );
    let begun = Instant::now();
    let mut association = loop {
        match Association::request(("127.0.0.1", port), &request).await {
            Ok(association) => break association,
            Err(error) if begun.elapsed() > Duration::from_secs(10) => panic!("{error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let begun = Instant::now();
    assert_eq!(association.echo().await.unwrap().status, Status::SUCCESS);
    let source = tempfile::tempdir().unwrap();
    for number in 1..4 {
        let instance = format!("1.2.3.4.{number}");
        let (_, data_set) = part10(source.path(), &instance, 200 * number);
        let response = association
            .store(&uid(CT), &uid(&instance), &uid(EXPLICIT), &data_set[..])
            .await
            .unwrap();
        assert_eq!(response.status, Status::SUCCESS);
        let received = std::fs::read(dir.path().join(format!("CT.{instance}"))).unwrap();
        assert!(received.ends_with(&data_set), "storescp wrote other bytes");
    }
    association.release().await.unwrap();
    eprintln!(
        "to a stock storescp: an echo and 3 objects in {:?}",
        begun.elapsed()
    );
    server.kill().await.unwrap();
}
