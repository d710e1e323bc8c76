//! The doors by which an object can arrive, and what each of them says to it, in one language.

use super::gateway::{Data, Gateway};
use super::program;
use super::scan::uid;
use super::{http, memory};
use dicom::part10::FileMeta;
use dimse::{Association, Error, Proposal, Request, Response};
use model::{AeTitle, Uid};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::io::AsyncRead;

/// Within this time everything must have its answer.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// What a door said. All doors have a word for each of these.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// Durable and sealed.
    Stored,
    /// C000H: malformed.
    NotUnderstood,
    /// A900H: a conflict, or another object than was said.
    DoesNotMatch,
    /// A700H: no room, or too large.
    OutOfResources,
    /// Ended without saying why.
    Closed,
    /// No answer in time.
    Silent,
    /// Anything else.
    Other(String),
}

impl Answer {
    fn of_code(code: u64) -> Self {
        match code {
            0 => Self::Stored,
            0xC000 => Self::NotUnderstood,
            0xA900 => Self::DoesNotMatch,
            0xA700 => Self::OutOfResources,
            other => Self::Other(format!("{other:04X}H")),
        }
    }
}

/// An answer with what it cost.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) answer: Answer,
    pub(crate) took: Duration,
    /// How far memory rose above where it stood, in bytes.
    pub(crate) grown: u64,
}

pub(crate) fn request(proposals: Vec<Proposal>) -> Request {
    let title = |text| AeTitle::new(text).unwrap();
    Request::new(title("RELIABILITY"), title("LEADGLASS"), proposals)
}

/// C-ECHO on an association of its own.
pub(crate) async fn echo(port: u16) -> bool {
    let Ok(mut association) = Association::request(("127.0.0.1", port), &request(Vec::new())).await else {
        return false;
    };
    association
        .echo()
        .await
        .is_ok_and(|response| response.status.is_stored())
}

/// C-STORE of these bytes on an association of its own.
pub(crate) async fn c_store(
    port: u16,
    (class, instance, syntax): (&Uid, &Uid, &Uid),
    data_set: impl AsyncRead + Unpin,
    patience: Duration,
) -> Answer {
    let mut request = request(vec![Proposal::object(class, syntax)]);
    (request.timeouts.response, request.timeouts.send) = (patience, patience);
    let answer: Result<Response, Error> = async {
        let mut association = Association::request(("127.0.0.1", port), &request).await?;
        let response = association.store(class, instance, syntax, data_set).await?;
        let _ = association.release().await;
        Ok(response)
    }
    .await;
    match answer {
        Ok(response) => Answer::of_code(u64::from(response.status.0)),
        Err(Error::TimedOut) => Answer::Silent,
        Err(Error::Aborted(_) | Error::Connection(_)) => Answer::Closed,
        Err(other) => Answer::Other(other.to_string()),
    }
}

/// STOW-RS of one object, bare.
pub(crate) fn stow(gateway: &Gateway, file: &[u8]) -> Answer {
    let body = (file, file.len() as u64);
    let patience = ANSWERED_WITHIN * 2;
    let said = http::send(
        gateway,
        "POST /dicom-web/studies HTTP/1.1",
        "application/dicom",
        body,
        patience,
    );
    match said {
        Ok(answer) => of_stow(&answer),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
            ) =>
        {
            Answer::Silent
        }
        Err(_) => Answer::Closed,
    }
}

/// What the Store Instances Response says of the one object that was sent.
pub(crate) fn of_stow(answer: &http::Answer) -> Answer {
    if answer.status == 200 {
        return Answer::Stored;
    }
    let document: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let reason = ["00081198", "0008119A"]
        .iter()
        .find_map(|list| document[list]["Value"][0]["00081197"]["Value"][0].as_u64());
    let expected = match reason {
        Some(0xA700) => [413, 503, 507].contains(&answer.status),
        Some(_) => answer.status == 409,
        None => false,
    };
    match reason {
        Some(reason) if expected => Answer::of_code(reason),
        _ => Answer::Other(format!("status {} reason {reason:?}", answer.status)),
    }
}

/// What `import --json` says of one file.
fn of_import(line: &serde_json::Value) -> Answer {
    let (status, reason) = (
        line["status"].as_str(),
        line["reason"].as_str().unwrap_or_default(),
    );
    let said = |start| reason.starts_with(start);
    match status {
        Some("sealed" | "duplicate") => Answer::Stored,
        Some("conflict") => Answer::DoesNotMatch,
        Some("rejected") if said("malformed") => Answer::NotUnderstood,
        Some("rejected") if said("not a storable") || said("the data set does not match") => {
            Answer::DoesNotMatch
        }
        Some("rejected") if said("over the limit") || said("out of resources") => Answer::OutOfResources,
        _ => Answer::Other(format!("{status:?} {reason}")),
    }
}

/// Three archives of their own, each with one door in use, so that no door sees what another one stored.
pub(crate) struct Doors {
    pub(crate) archives: [Data; 3],
    pub(crate) dimse: Gateway,
    pub(crate) http: Gateway,
    /// What an import of nothing special takes, in bytes.
    idle_import: u64,
}

impl Doors {
    pub(crate) const NAMES: [&str; 3] = ["C-STORE", "STOW", "import"];

    pub(crate) fn open() -> Self {
        let archives = [Data::new(), Data::new(), Data::new()];
        let (dimse, http) = (Gateway::start(&archives[0]), Gateway::start(&archives[1]));
        let idle = archives[2].files().join("idle.txt");
        fs::write(&idle, "nothing special").unwrap();
        // The first run founds the archive, the second is like all others.
        program::watch(&archives[2], [Path::new("import"), &idle]);
        let idle_import = program::watch(&archives[2], [Path::new("import"), &idle]).peak;
        Self {
            archives,
            dimse,
            http,
            idle_import,
        }
    }

    /// Brings a file to every door. By C-STORE goes its data set, said to be what its meta information says; a file
    /// without any has nothing to send.
    pub(crate) async fn bring(&self, file: &[u8]) -> [Option<Told>; 3] {
        [
            self.by_c_store(file).await,
            Some(self.by_stow(file)),
            Some(self.by_import(file)),
        ]
    }

    async fn by_c_store(&self, file: &[u8]) -> Option<Told> {
        let meta = FileMeta::read(file, true).ok().flatten()?;
        let (class, instance) = (meta.sop_class_uid?, meta.sop_instance_uid?);
        let data_set = file.get(meta.data_set_at..)?;
        let before = settle(&self.dimse);
        let begun = Instant::now();
        let names = (&class, &instance, &meta.transfer_syntax.uid);
        let answer = c_store(self.dimse.dimse, names, data_set, ANSWERED_WITHIN * 2).await;
        Some(Told {
            answer,
            took: begun.elapsed(),
            grown: memory::peak(self.dimse.id()).saturating_sub(before),
        })
    }

    fn by_stow(&self, file: &[u8]) -> Told {
        let before = settle(&self.http);
        let begun = Instant::now();
        let answer = tokio::task::block_in_place(|| stow(&self.http, file));
        Told {
            answer,
            took: begun.elapsed(),
            grown: memory::peak(self.http.id()).saturating_sub(before),
        }
    }

    fn by_import(&self, file: &[u8]) -> Told {
        let path = self.archives[2].files().join("case.dcm");
        fs::write(&path, file).unwrap();
        let run = program::watch(&self.archives[2], [Path::new("import"), &path]);
        let answer = match serde_json::from_slice(&run.output.stdout) {
            Ok(line) => of_import(&line),
            Err(_) => Answer::Other(String::from_utf8_lossy(&run.output.stderr).into_owned()),
        };
        Told {
            answer,
            took: run.took,
            grown: run.peak.saturating_sub(self.idle_import),
        }
    }
}

/// Forgets the gateway's peak; gives what it holds now.
fn settle(gateway: &Gateway) -> u64 {
    memory::reset_peak(gateway.id());
    memory::resident(gateway.id())
}

/// The transfer syntaxes by the names that people know.
pub(crate) fn explicit_le() -> Uid {
    uid("1.2.840.10008.1.2.1")
}
