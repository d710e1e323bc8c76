//! Copies on their way out: to this gateway's own SCP, to DCMTK and pynetdicom, to recipients that mean no good.

use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, IMPLICIT, J2K, title, uid};
use consent::Destination;
use dimse::deliver::{Consigned, Copy, StoreScu};
use dimse::pdu::{Abort, AssociateAc, ContextResult, Reject, TitleField, UserInformation};
use intake::Reason;
use model::{Purpose, RecipientId, Uid};
use release::{Consignment, Cut, Failure, Outcome};
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll};
use std::time::Duration;
use store::ReleaseId;
use testkit::peers::Peer;
use testkit::{Encoding, Modality, Object, Patient, Study};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::time::timeout;

pub(crate) fn destination(port: u16, commitment: bool) -> Destination {
    Destination::Dicom {
        host: "127.0.0.1".to_owned(),
        port,
        ae_title: "LEADGLASS".to_owned(),
        commitment,
    }
}

pub(crate) fn consignment(classes: Vec<(Uid, Vec<Uid>)>) -> Consignment {
    Consignment {
        release: ReleaseId::from_number(7),
        recipient: RecipientId::new("acme-chest-ai").unwrap(),
        purpose: Purpose::AiAnalysis,
        classes,
        due: None,
    }
}

fn ct_in(syntaxes: &[&str]) -> Consignment {
    consignment(vec![(uid(CT), syntaxes.iter().map(|text| uid(text)).collect())])
}

fn scu() -> StoreScu {
    let mut scu = StoreScu::new(title("SENDER"));
    scu.timeouts.associate = Duration::from_secs(5);
    scu.timeouts.response = Duration::from_secs(10);
    scu
}

async fn reach(port: u16, syntaxes: &[&str]) -> Consigned {
    scu()
        .reach(&destination(port, false), &ct_in(syntaxes))
        .await
        .unwrap()
}

pub(crate) fn phantoms(slices: u32, encoding: Encoding) -> Vec<Object> {
    let study = Study {
        slices,
        matrix: 128,
        ..Study::new(
            11,
            Patient::number(11),
            Modality::Ct,
            model::Timestamp::from_millis(1_700_000_000_000),
        )
    };
    study
        .instances()
        .map(|instance| instance.object(encoding))
        .collect()
}

pub(crate) fn about(object: &Object) -> Copy<'_> {
    Copy {
        sop_class: &object.sop_class,
        sop_instance: &object.sop_instance,
        transfer_syntax: &object.transfer_syntax,
    }
}

/// A data set whose rest comes when it is told to, or never.
struct Halting {
    first: &'static [u8],
    then: oneshot::Receiver<Vec<u8>>,
    rest: Option<std::io::Cursor<Vec<u8>>>,
}

impl Halting {
    fn new(first: &'static [u8]) -> (Self, oneshot::Sender<Vec<u8>>) {
        let (go_on, then) = oneshot::channel();
        (
            Self {
                first,
                then,
                rest: None,
            },
            go_on,
        )
    }
}

impl AsyncRead for Halting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if !self.first.is_empty() {
            return Pin::new(&mut self.first).poll_read(cx, into);
        }
        if self.rest.is_none() {
            let Poll::Ready(rest) = Pin::new(&mut self.then).poll(cx) else {
                return Poll::Pending;
            };
            self.rest = Some(std::io::Cursor::new(rest.unwrap()));
        }
        Pin::new(self.rest.as_mut().unwrap()).poll_read(cx, into)
    }
}

/// A free port. Another program could take it before the peer does: then the peer fails to start, and the test with it.
pub(crate) async fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts a peer's server and waits until it listens.
pub(crate) async fn server(mut command: Command, port: u16) -> Child {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return child;
        }
        assert!(child.try_wait().unwrap().is_none(), "the peer ended at once");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the peer does not listen");
}

pub(crate) fn or_skip(peer: Peer, program: &str) -> Option<std::path::PathBuf> {
    let found = peer.find(program);
    assert!(
        found.is_some() || !peer.is_required(),
        "{} is required",
        peer.name()
    );
    if found.is_none() {
        eprintln!("skipped: needs {} ({program})", peer.name());
    }
    found
}

async fn storescp(dir: &Path, options: &[&str]) -> Option<(Child, u16)> {
    let program = or_skip(Peer::Dcmtk, "storescp")?;
    let port = free_port().await;
    let mut command = Command::new(program);
    command
        .args(["-aet", "LEADGLASS", "-od"])
        .arg(dir)
        .args(options)
        .arg(port.to_string())
        .stderr(Stdio::null())
        .env("TCP_NODELAY", "1");
    Some((server(command, port).await, port))
}

/// The data sets of the files in a folder, by what follows their meta information.
fn data_sets(dir: &Path) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let bytes = std::fs::read(path).unwrap();
            let meta = dicom::part10::FileMeta::read(&bytes, true).unwrap().unwrap();
            bytes[meta.data_set_at..].to_vec()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_gets_the_data_set_byte_by_byte() {
    let dir = tempfile::tempdir().unwrap();
    let Some((_scp, port)) = storescp(dir.path(), &["+xa", "+B"]).await else {
        return;
    };
    let mut delivery = reach(port, &[J2K, EXPLICIT, IMPLICIT]).await;
    assert_eq!(delivery.takes(&uid(CT)), [uid(J2K), uid(EXPLICIT), uid(IMPLICIT)]);
    assert!(delivery.takes(&uid("1.2.840.10008.5.1.4.1.1.4")).is_empty());
    let mut sent = Vec::new();
    for object in [
        phantoms(3, Encoding::ExplicitLe),
        phantoms(4, Encoding::ImplicitLe)[3..].to_vec(),
    ]
    .concat()
    {
        assert_eq!(
            delivery.send(about(&object), &object.data_set[..]).await,
            Outcome::Delivered
        );
        sent.push(object.data_set);
    }
    delivery.end().await;
    let mut there = data_sets(dir.path());
    there.sort();
    sent.sort();
    assert!(there == sent, "{} files, {} sent", there.len(), sent.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_that_takes_implicit_alone_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let Some((_scp, port)) = storescp(dir.path(), &["+xi"]).await else {
        return;
    };
    let mut delivery = reach(port, &[J2K, EXPLICIT, IMPLICIT]).await;
    assert_eq!(delivery.takes(&uid(CT)), [uid(IMPLICIT)]);
    let [explicit, implicit] = [Encoding::ExplicitLe, Encoding::ImplicitLe].map(|e| phantoms(1, e).remove(0));
    let refused = delivery.send(about(&explicit), &explicit.data_set[..]).await;
    assert!(matches!(refused, Outcome::Refused(_)), "{refused:?}");
    // A copy that cannot go costs nothing but itself.
    assert_eq!(
        delivery.send(about(&implicit), &implicit.data_set[..]).await,
        Outcome::Delivered
    );
    delivery.end().await;
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn dcmtk_killed_midway_has_no_whole_copy() {
    let dir = tempfile::tempdir().unwrap();
    let Some((mut scp, port)) = storescp(dir.path(), &["+xa"]).await else {
        return;
    };
    let mut delivery = reach(port, &[EXPLICIT]).await;
    let objects = phantoms(2, Encoding::ExplicitLe);
    assert_eq!(
        delivery.send(about(&objects[0]), &objects[0].data_set[..]).await,
        Outcome::Delivered
    );
    let (data_set, go_on) = Halting::new(&[8, 0, 5, 0, b'C', b'S', 10, 0]);
    let kill = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        scp.kill().await.unwrap();
        go_on.send(vec![b' '; 30_000_000]).unwrap();
    };
    let (outcome, ()) = tokio::join!(delivery.send(about(&objects[1]), data_set), kill);
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    assert_eq!(delivery.cut().await, Cut::BeforeEnd);
    assert_eq!(
        data_sets(dir.path())
            .iter()
            .filter(|bytes| **bytes == objects[1].data_set)
            .count(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pynetdicom_answers_is_what_became_of_the_copy() {
    let Some(python) = or_skip(Peer::Python, "python3") else {
        return;
    };
    let script = r#"
import sys
from pynetdicom import AE, evt, AllStoragePresentationContexts
statuses = {"1": 0xB000, "2": 0xB006, "3": 0xB007, "4": 0xA700, "5": 0xA900, "6": 0xC123}
def store(event):
    return statuses.get(str(event.request.AffectedSOPInstanceUID)[-1], 0)
ae = AE(ae_title="LEADGLASS")
ae.supported_contexts = AllStoragePresentationContexts
ae.start_server(("127.0.0.1", int(sys.argv[1])), evt_handlers=[(evt.EVT_C_STORE, store)])
"#;
    let port = free_port().await;
    let mut command = Command::new(python);
    command.args(["-c", script, &port.to_string()]);
    let _scp = server(command, port).await;
    let mut delivery = reach(port, &[EXPLICIT, IMPLICIT]).await;
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    for (end, status) in [
        ("1", ""),
        ("2", ""),
        ("3", ""),
        ("4", "A700"),
        ("5", "A900"),
        ("6", "C123"),
        ("7", ""),
    ] {
        let object = Object {
            sop_instance: uid(&format!("1.2.3.{end}")),
            ..object.clone()
        };
        let expected = match status {
            "" => Outcome::Delivered,
            status => Outcome::Refused(format!("status {status}H")),
        };
        assert_eq!(
            delivery.send(about(&object), &object.data_set[..]).await,
            expected,
            "{end}"
        );
    }
    delivery.end().await;
}

#[tokio::test]
async fn more_contexts_than_an_association_holds_are_split() {
    let gateway = Gateway::start();
    let classes: Vec<_> = (0..150)
        .map(|n| (uid(&format!("1.2.3.{n}")), vec![uid(EXPLICIT), uid(J2K)]))
        .collect();
    let mut delivery = scu()
        .reach(
            &destination(gateway.address.port(), false),
            &consignment(classes.clone()),
        )
        .await
        .unwrap();
    // There and back, so that each association must be had again.
    for (number, (class, syntaxes)) in classes.iter().enumerate().step_by(37).chain([(0, &classes[0])]) {
        assert_eq!(delivery.takes(class), *syntaxes);
        let instance = uid(&format!("1.2.4.{number}"));
        let copy = Copy {
            sop_class: class,
            sop_instance: &instance,
            transfer_syntax: &syntaxes[number % 2],
        };
        assert_eq!(delivery.send(copy, &[1, 2, 3, 4][..]).await, Outcome::Delivered);
    }
    delivery.end().await;
    assert_eq!(gateway.store.finished(), 6);
    gateway.stop().await;
}

#[tokio::test]
async fn a_refusal_of_our_own_gateway_is_one() {
    let conflict = Reason::Conflict("other pixels under this UID".into());
    let gateway = Gateway::with(
        crate::gateway::config(),
        Behaviour::Answer(intake::Status::Conflict, Some(conflict)),
    );
    let mut delivery = reach(gateway.address.port(), &[EXPLICIT]).await;
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    let outcome = delivery.send(about(&object), &object.data_set[..]).await;
    assert_eq!(outcome, Outcome::Refused("status A900H".into()));
}

#[tokio::test]
async fn dropped_midway_nothing_arrives_and_the_cut_says_so() {
    let gateway = Gateway::start();
    let mut delivery = reach(gateway.address.port(), &[EXPLICIT]).await;
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    let (data_set, _go_on) = Halting::new(vec![7; 300_000].leak());
    let sending = delivery.send(about(&object), data_set);
    assert!(timeout(Duration::from_millis(300), sending).await.is_err());
    assert_eq!(delivery.cut().await, Cut::BeforeEnd);
    let store = gateway.store.clone();
    gateway.stop().await;
    assert!(store.objects().iter().all(|object| !object.finished));
}

#[tokio::test]
async fn dropped_while_the_answer_is_awaited_the_copy_may_be_there() {
    let gateway = Gateway::with(crate::gateway::config(), Behaviour::Slow(Duration::from_secs(2)));
    let mut delivery = reach(gateway.address.port(), &[EXPLICIT]).await;
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    let sending = delivery.send(about(&object), &object.data_set[..]);
    assert!(timeout(Duration::from_millis(500), sending).await.is_err());
    assert_eq!(delivery.cut().await, Cut::Perhaps);
}

/// A recipient that accepts CT in Explicit VR Little Endian, then does what it is made to.
async fn recipient<F: Future<Output = ()> + Send>(then: impl FnOnce(TcpStream) -> F + Send + 'static) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4096];
        assert!(stream.read(&mut buffer).await.unwrap() > 0);
        let accept = AssociateAc {
            called: TitleField::from(&title("LEADGLASS")),
            calling: TitleField::from(&title("SENDER")),
            contexts: vec![ContextResult {
                id: 1,
                result: 0,
                transfer_syntax: Some(uid(EXPLICIT)),
            }],
            user: UserInformation {
                max_pdu: Some(131_072),
                ..UserInformation::default()
            },
        };
        stream.write_all(&accept.encode().unwrap()).await.unwrap();
        then(stream).await;
    });
    port
}

#[tokio::test]
async fn an_abort_in_the_midst_of_a_pdu_is_none_of_its_bytes() {
    // The recipient takes its time to read: the last PDUs are stuck half-way when the delivery is cut.
    let (heard, hears) = oneshot::channel();
    let (cut, is_cut) = oneshot::channel();
    let port = recipient(|mut stream| async move {
        is_cut.await.unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        heard.send(bytes).unwrap();
    })
    .await;
    let mut delivery = reach(port, &[EXPLICIT]).await;
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    let data_set = vec![0x55; 64 << 20];
    let sending = delivery.send(about(&object), &data_set[..]);
    assert!(timeout(Duration::from_millis(500), sending).await.is_err());
    // From now on it reads: whatever the cut writes could get through.
    cut.send(()).unwrap();
    assert_eq!(delivery.cut().await, Cut::BeforeEnd);
    let bytes = timeout(Duration::from_secs(10), hears).await.unwrap().unwrap();
    assert!(bytes.len() < data_set.len());
    assert!(!bytes.ends_with(&Abort::USER.encode()));
}

#[tokio::test]
async fn one_that_never_answers_leaves_doubt() {
    let port = recipient(|mut stream| async move {
        let mut sink = tokio::io::sink();
        let _ = tokio::io::copy(&mut stream, &mut sink).await;
    })
    .await;
    let mut scu = scu();
    scu.timeouts.response = Duration::from_millis(300);
    let mut delivery = scu
        .reach(&destination(port, false), &ct_in(&[EXPLICIT]))
        .await
        .unwrap();
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    let outcome = delivery.send(about(&object), &object.data_set[..]).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    assert_eq!(delivery.cut().await, Cut::BeforeEnd);
}

#[tokio::test]
async fn one_that_closes_midway_does_not_have_it() {
    let port = recipient(|mut stream| async move {
        let mut some = vec![0; 100_000];
        stream.read_exact(&mut some).await.unwrap();
    })
    .await;
    let mut delivery = reach(port, &[EXPLICIT]).await;
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    let outcome = delivery.send(about(&object), &vec![0; 64 << 20][..]).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    // Another copy is not tried on what is left of the association.
    let port_is_closed = delivery.send(about(&object), &object.data_set[..]).await;
    assert!(
        matches!(port_is_closed, Outcome::NotSent(_)),
        "{port_is_closed:?}"
    );
}

#[tokio::test]
async fn who_cannot_be_reached_is_told_from_who_refuses() {
    async fn answering(bytes: Vec<u8>) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read(&mut buffer).await;
        });
        address
    }
    let begin = async |port| {
        scu()
            .reach(&destination(port, false), &ct_in(&[EXPLICIT]))
            .await
            .err()
            .unwrap()
    };
    let nobody = free_port().await;
    assert!(matches!(begin(nobody).await, Failure::Unreachable(_)));
    for (answer, refuses) in [
        (Reject::CALLED_AE.encode().to_vec(), true),
        (Reject::CALLING_AE.encode().to_vec(), true),
        (Reject::LOCAL_LIMIT.encode().to_vec(), false),
        (Abort::NOT_SPECIFIED.encode().to_vec(), false),
        (b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), true),
    ] {
        let failure = begin(answering(answer).await.port()).await;
        assert_eq!(matches!(failure, Failure::Refused(_)), refuses, "{failure}");
    }
    let mut silent = scu();
    silent.timeouts.associate = Duration::from_millis(200);
    let port = answering(Vec::new()).await.port();
    let failure = silent
        .reach(&destination(port, false), &ct_in(&[EXPLICIT]))
        .await
        .err();
    assert!(matches!(failure, Some(Failure::Unreachable(_))), "{failure:?}");
    let folder = Destination::Folder { path: "/tmp".into() };
    let failure = scu().reach(&folder, &ct_in(&[EXPLICIT])).await.err();
    assert_eq!(failure, Some(Failure::NoDoor));
}

#[tokio::test]
async fn a_permitted_copy_goes_the_way_that_releases_take() {
    use release::Deliver as _;
    let gateway = Gateway::start();
    let object = phantoms(1, Encoding::ExplicitLe).remove(0);
    let copy = release::Outgoing::for_tests(object.part10(), uid("1.2"), uid("1.3"), None).unwrap();
    let permit = release::testing::permit().unwrap();
    let destination = destination(gateway.address.port(), false);
    let mut delivery = scu().begin(&destination, &ct_in(&[EXPLICIT])).await.unwrap();
    assert_eq!(delivery.takes(&uid(CT)), [uid(EXPLICIT)]);
    let outcome = delivery
        .deliver(copy, permit, store::DisclosureId::for_tests(1))
        .await;
    assert_eq!(outcome, Outcome::Delivered);
    delivery.finish().await.unwrap();
    let store = gateway.store.clone();
    gateway.stop().await;
    assert!(store.objects()[0].bytes == object.data_set);
}
