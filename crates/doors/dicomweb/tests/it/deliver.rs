//! Copies on their way out: to this gateway's own service, to Orthanc, to recipients that mean no good.

use crate::service::{Service, TOKEN, find};
use consent::Destination;
use dicomweb::deliver::{Copy, Posting, StowClient, Timeouts};
use model::{Purpose, RecipientId, Timestamp, Uid};
use release::{Consignment, Cut, Failure, Outcome};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use store::ReleaseId;
use testkit::peers::Peer;
use testkit::{Encoding, Modality, Object, Patient, Study};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::timeout;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const IDLE: Duration = Duration::from_millis(700);

fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap()
}

fn phantom() -> Object {
    let study = Study {
        slices: 1,
        matrix: 256,
        ..Study::new(
            12,
            Patient::number(12),
            Modality::Ct,
            Timestamp::from_millis(1_700_000_000_000),
        )
    };
    study.instances().next().unwrap().object(Encoding::ExplicitLe)
}

fn copy(object: &Object) -> Copy<std::io::Cursor<Vec<u8>>> {
    let file = object.part10();
    Copy {
        sop_instance: object.sop_instance.clone(),
        length: file.len() as u64,
        file: std::io::Cursor::new(file),
    }
}

fn consignment() -> Consignment {
    Consignment {
        release: ReleaseId::from_number(1),
        recipient: RecipientId::new("acme-chest-ai").unwrap(),
        purpose: Purpose::AiAnalysis,
        classes: vec![(uid(CT), vec![uid("1.2.840.10008.1.2.1")])],
        due: None,
    }
}

fn client(roots: &[&[u8]]) -> StowClient {
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        idle: IDLE,
    };
    StowClient::new(roots, timeouts).unwrap()
}

async fn reach(url: String) -> Posting {
    let destination = Destination::Stow { url, token_file: None };
    client(&[]).reach(&destination, &consignment()).await.unwrap()
}

/// Everything up to the head's end, and what came after it already.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 8192];
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "the request breaks off");
        bytes.extend_from_slice(&buffer[..read]);
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return (String::from_utf8(bytes).unwrap().to_lowercase(), rest);
        }
    }
}

/// A whole request with a Content-Length: head and body.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> (String, Vec<u8>) {
    let (head, mut body) = head(stream).await;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.expect("a Content-Length").parse().unwrap();
    let had = body.len();
    body.resize(length, 0);
    stream.read_exact(&mut body[had..]).await.unwrap();
    (head, body)
}

async fn answer(stream: &mut (impl AsyncWrite + Unpin), status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body).await;
}

/// A recipient for one connection; the URL under which it is reached.
async fn recipient<F: Future<Output = ()> + Send>(
    then: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        then(stream).await;
    });
    format!("http://{address}/dicom-web/studies")
}

fn stored(object: &Object) -> Vec<u8> {
    serde_json::json!({ "00081199": { "vr": "SQ", "Value": [{
        "00081150": { "vr": "UI", "Value": [object.sop_class.as_str()] },
        "00081155": { "vr": "UI", "Value": [object.sop_instance.as_str()] } }] } })
    .to_string()
    .into_bytes()
}

#[tokio::test]
async fn our_own_service_takes_a_copy_and_refuses_without_a_token() {
    let service = Service::new().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/studies", listener.local_addr().unwrap());
    let router = service.router.clone();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let object = phantom();

    let outcome = reach(url.clone()).await.post(copy(&object)).await;
    assert!(matches!(&outcome, Outcome::NotSent(why) if why.contains("token")), "{outcome:?}");

    let file = service.dir.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let destination = Destination::Stow {
        url,
        token_file: Some(file),
    };
    let mut posting = client(&[]).reach(&destination, &consignment()).await.unwrap();
    assert_eq!(posting.post(copy(&object)).await, Outcome::Delivered);
    // The same again is no new copy; other pixels under its UID are refused.
    assert_eq!(posting.post(copy(&object)).await, Outcome::Delivered);
    let mut other = object.clone();
    *other.data_set.last_mut().unwrap() ^= 1;
    let outcome = posting.post(copy(&other)).await;
    assert!(matches!(&outcome, Outcome::Refused(why) if why.starts_with("failure reason")), "{outcome:?}");
    assert_eq!(posting.cut(), Cut::BeforeEnd);
    assert!(service.store.instance(&object.sop_instance).await.unwrap().is_some());
    serving.abort();
}

#[tokio::test]
async fn the_request_is_what_the_standard_asks_for() {
    let object = phantom();
    let (heard, hears) = oneshot::channel();
    let body = stored(&object);
    let url = recipient(move |mut stream| async move {
        heard.send(request(&mut stream).await).unwrap();
        answer(&mut stream, "200 OK", "", &body).await;
    })
    .await;
    assert_eq!(reach(url).await.post(copy(&object)).await, Outcome::Delivered);
    let (head, body) = hears.await.unwrap();
    assert!(head.starts_with("post /dicom-web/studies http/1.1\r\n"), "{head}");
    assert!(head.contains("accept: application/dicom+json\r\n"), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    let (_, boundary) = head
        .split_once("content-type: multipart/related; type=\"application/dicom\"; boundary=")
        .unwrap();
    let boundary = boundary.lines().next().unwrap();
    let start = format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n");
    let part = body.strip_prefix(start.as_bytes()).unwrap();
    let part = part.strip_suffix(format!("\r\n--{boundary}--\r\n").as_bytes()).unwrap();
    assert!(part == object.part10());
}

#[tokio::test]
async fn statuses_and_garbage() {
    let object = phantom();
    let failed = serde_json::json!({ "00081198": { "vr": "SQ", "Value": [{
        "00081155": { "vr": "UI", "Value": [object.sop_instance.as_str()] },
        "00081197": { "vr": "US", "Value": [0x0110] } }] } });
    for (status, headers, body, expected) in [
        ("200 OK", "", stored(&object), "delivered"),
        ("202 Accepted", "", failed.to_string().into_bytes(), "refused"),
        ("409 Conflict", "", failed.to_string().into_bytes(), "refused"),
        ("200 OK", "", b"{\"00081199\": ".to_vec(), "unknown"),
        ("200 OK", "", vec![b'['; 4 << 20], "unknown"),
        ("500 Internal Server Error", "", b"Doe^Jane".to_vec(), "not sent"),
        ("503 Service Unavailable", "Retry-After: 5\r\n", Vec::new(), "not sent"),
        ("302 Found", "Location: http://127.0.0.1:1/elsewhere\r\n", Vec::new(), "not sent"),
    ] {
        let url = recipient(move |mut stream| async move {
            request(&mut stream).await;
            answer(&mut stream, status, headers, &body).await;
        })
        .await;
        let outcome = reach(url).await.post(copy(&object)).await;
        let (what, why) = match &outcome {
            Outcome::Delivered => ("delivered", ""),
            Outcome::Refused(why) => ("refused", why.as_str()),
            Outcome::NotSent(why) => ("not sent", why.as_str()),
            Outcome::Unknown(why) => ("unknown", why.as_str()),
        };
        assert_eq!(what, expected, "{status}: {outcome:?}");
        assert!(!why.contains("Doe"), "{why}");
    }
}

#[tokio::test]
async fn a_recipient_that_never_answers_leaves_doubt_only_when_it_took_all() {
    let object = phantom();
    // It reads all, and says nothing.
    let url = recipient(move |mut stream| async move {
        request(&mut stream).await;
        tokio::time::sleep(10 * IDLE).await;
    })
    .await;
    let outcome = reach(url).await.post(copy(&object)).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    // It reads all, and closes.
    let url = recipient(move |mut stream| async move {
        request(&mut stream).await;
    })
    .await;
    let outcome = reach(url).await.post(copy(&object)).await;
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    // It takes the head, and no more.
    let url = recipient(move |mut stream| async move {
        head(&mut stream).await;
        tokio::time::sleep(10 * IDLE).await;
    })
    .await;
    let big = Copy {
        sop_instance: uid("1.2"),
        file: tokio::io::repeat(7).take(256 << 20),
        length: 256 << 20,
    };
    let outcome = reach(url).await.post(big).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    // Nobody is there.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/studies", listener.local_addr().unwrap());
    drop(listener);
    let outcome = reach(url.clone()).await.post(copy(&object)).await;
    assert!(matches!(&outcome, Outcome::NotSent(why) if !why.contains(&url)), "{outcome:?}");
}

#[tokio::test]
async fn an_answer_before_the_copy_was_sent_is_no_receipt() {
    let url = recipient(move |mut stream| async move {
        head(&mut stream).await;
        let item = r#"{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2"]}}]}}"#;
        answer(&mut stream, "200 OK", "", item.as_bytes()).await;
        tokio::time::sleep(10 * IDLE).await;
    })
    .await;
    let big = Copy {
        sop_instance: uid("1.2"),
        file: tokio::io::repeat(7).take(256 << 20),
        length: 256 << 20,
    };
    let outcome = reach(url).await.post(big).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_cut_says_what_was_under_way() {
    // A file whose end does not come.
    let (heard, hears) = oneshot::channel();
    let url = recipient(move |mut stream| async move {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all).await;
        heard.send(all.len()).unwrap();
    })
    .await;
    let (mut write, file) = tokio::io::duplex(1 << 20);
    write.write_all(&[7; 100_000]).await.unwrap();
    let mut posting = reach(url).await;
    let sending = posting.post(Copy {
        sop_instance: uid("1.2"),
        file,
        length: 1 << 20,
    });
    assert!(timeout(IDLE / 2, sending).await.is_err());
    assert_eq!(posting.cut(), Cut::BeforeEnd);
    // What comes later does not leave.
    let _ = write.write_all(&vec![7; 1 << 19]).await;
    let arrived = timeout(Duration::from_secs(5), hears).await.unwrap().unwrap();
    assert!(arrived < 200_000, "{arrived}");

    // All of it is there, and the answer is not.
    let url = recipient(move |mut stream| async move {
        request(&mut stream).await;
        tokio::time::sleep(10 * IDLE).await;
    })
    .await;
    let object = phantom();
    let mut posting = reach(url).await;
    assert!(timeout(IDLE / 2, posting.post(copy(&object))).await.is_err());
    assert_eq!(posting.cut(), Cut::Perhaps);
}

#[tokio::test]
async fn only_a_known_root_is_believed() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(
        rustls::crypto::aws_lc_rs::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(vec![certified.cert.der().clone()], key)
    .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let object = phantom();
    let body = stored(&object);
    tokio::spawn(async move {
        for _ in 0..2 {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(mut stream) = acceptor.accept(stream).await {
                request(&mut stream).await;
                answer(&mut stream, "200 OK", "", &body).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    let destination = Destination::Stow {
        url: format!("https://localhost:{port}/studies"),
        token_file: None,
    };
    let mut stranger = client(&[]).reach(&destination, &consignment()).await.unwrap();
    let outcome = stranger.post(copy(&object)).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    let pem = certified.cert.pem();
    let knowing = client(&[pem.as_bytes()]);
    let mut known = knowing.reach(&destination, &consignment()).await.unwrap();
    assert_eq!(known.post(copy(&object)).await, Outcome::Delivered);
}

#[tokio::test]
async fn what_is_set_up_wrongly_is_said_before_anything_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let [good, empty, broken] = [("good", "secret\n"), ("empty", " \n"), ("broken", "se\ncret")].map(|(name, text)| {
        let file = dir.path().join(name);
        std::fs::write(&file, text).unwrap();
        Some(file)
    });
    for (url, token_file) in [
        ("acme.example/studies", None),
        ("ftp://acme.example/studies", None),
        ("https://user:secret@acme.example/studies", None),
        ("http://acme.example/studies", good.clone()),
        ("https://acme.example/studies", Some(dir.path().join("missing"))),
        ("https://acme.example/studies", empty),
        ("https://acme.example/studies", broken),
    ] {
        let destination = Destination::Stow {
            url: url.to_owned(),
            token_file,
        };
        let failure = client(&[]).reach(&destination, &consignment()).await.err();
        assert!(matches!(&failure, Some(Failure::Misconfigured(why)) if !why.contains("secret")), "{failure:?}");
    }
    let destination = Destination::Stow {
        url: "https://acme.example/studies".to_owned(),
        token_file: good,
    };
    assert!(client(&[]).reach(&destination, &consignment()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn orthanc_takes_a_copy() {
    let plugin = ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so", "/usr/lib/orthanc/libOrthancDicomWeb.so"]
        .into_iter()
        .find(|path| std::path::Path::new(path).exists());
    let (Some(orthanc), Some(plugin)) = (Peer::Orthanc.find("Orthanc"), plugin) else {
        assert!(!Peer::Orthanc.is_required());
        println!("skipped: needs Orthanc with its DICOMweb plugin");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let port = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let settings = serde_json::json!({
        "StorageDirectory": dir.path(),
        "HttpPort": port,
        "HttpBindAddresses": ["127.0.0.1"],
        "RemoteAccessAllowed": false,
        "AuthenticationEnabled": false,
        "DicomServerEnabled": false,
        "Plugins": [plugin],
        "DicomWeb": { "Enable": true, "Root": "/dicom-web/" },
    });
    let file = dir.path().join("orthanc.json");
    std::fs::write(&file, settings.to_string()).unwrap();
    let _orthanc = tokio::process::Command::new(orthanc)
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let object = phantom();
    let destination = Destination::Stow {
        url: format!("http://127.0.0.1:{port}/dicom-web/studies"),
        token_file: None,
    };
    let patient = StowClient::new(&[], Timeouts::default()).unwrap();
    let mut posting = patient.reach(&destination, &consignment()).await.unwrap();
    assert_eq!(posting.post(copy(&object)).await, Outcome::Delivered);
    let garbage = Object {
        data_set: vec![0xFF; 1000],
        ..object
    };
    let outcome = posting.post(copy(&garbage)).await;
    assert!(!matches!(outcome, Outcome::Delivered), "{outcome:?}");
}
