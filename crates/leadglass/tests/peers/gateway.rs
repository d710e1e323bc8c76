//! The built program: serving, importing, verifying.

use super::peer;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_leadglass"))
}

/// A folder for `--data`, and one-shot commands on it.
pub(crate) struct Data(TempDir);

/// What `leadglass verify --json` said.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) exit: Option<i32>,
    pub(crate) document: Value,
}

impl Verdict {
    /// The verdict's name.
    pub(crate) fn name(&self) -> &str {
        self.document["verdict"].as_str().unwrap_or("none")
    }

    /// True for `authentic`, with the exit code that belongs to it.
    pub(crate) fn is_authentic(&self) -> bool {
        self.name() == "authentic" && self.exit == Some(0)
    }

    /// How an attribute is said to have changed.
    pub(crate) fn change(&self, tag: u32) -> Option<&str> {
        let changed = self.document["changed"].as_array()?;
        let tag = format!("{tag:08X}");
        let found = changed.iter().find(|change| {
            change["tag"]
                .as_str()
                .is_some_and(|text| text.eq_ignore_ascii_case(&tag))
        })?;
        found["change"].as_str()
    }

    /// The attributes that are said to have changed but for those of the encoding, in lower case.
    pub(crate) fn changed_tags(&self) -> Vec<String> {
        let changed = self.document["changed"]
            .as_array()
            .map_or(&[] as &[Value], Vec::as_slice);
        let bound = changed.iter().filter(|change| change["group"] != "encoding");
        bound
            .filter_map(|change| change["tag"].as_str())
            .map(str::to_ascii_lowercase)
            .collect()
    }

    /// True when a pixel lies in a region that is said to have changed.
    pub(crate) fn points_at(&self, frame: u64, x: u64, y: u64) -> bool {
        let regions = self.document["regions"]
            .as_array()
            .map_or(&[] as &[Value], Vec::as_slice);
        regions.iter().any(|region| {
            let side = |from: &str, length: &str| {
                let start = region[from].as_u64().unwrap();
                start..start + region[length].as_u64().unwrap()
            };
            region["frame"] == frame && side("x", "w").contains(&x) && side("y", "h").contains(&y)
        })
    }
}

impl Data {
    pub(crate) fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    /// The same on the file system that this folder is on.
    pub(crate) fn within(folder: &Path) -> Self {
        Self(tempfile::tempdir_in(folder).unwrap())
    }

    /// The folder that `--data` names.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// A folder for files that belong to the test.
    pub(crate) fn files(&self) -> PathBuf {
        let folder = self.0.path().join("files");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// `leadglass import FILES --json`: a status a file, in the order of the files.
    pub(crate) fn import(&self, files: &[PathBuf]) -> Vec<String> {
        let arguments = [Path::new("import")]
            .into_iter()
            .chain(files.iter().map(PathBuf::as_path));
        let output = peer::run(
            program(),
            arguments.chain(self.json().iter().map(PathBuf::as_path)),
        );
        let text = String::from_utf8(output.stdout).unwrap();
        let said: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let status = |file: &PathBuf| {
            let line = said
                .iter()
                .find(|line| line["file"].as_str().is_some_and(|name| Path::new(name) == file));
            line.and_then(|line| line["status"].as_str()).map(str::to_owned)
        };
        let missing = || format!("no answer; {}", String::from_utf8_lossy(&output.stderr));
        files
            .iter()
            .map(|file| status(file).unwrap_or_else(missing))
            .collect()
    }

    /// Imports files, all of which must be sealed.
    pub(crate) fn seal(&self, files: &[PathBuf]) {
        let statuses = self.import(files);
        for (file, status) in files.iter().zip(statuses) {
            assert_eq!(status, "sealed", "{}", file.display());
        }
    }

    /// `leadglass verify FILE --json`.
    pub(crate) fn verify(&self, file: &Path) -> Verdict {
        let json = self.json();
        let arguments = [Path::new("verify"), file]
            .into_iter()
            .chain(json.iter().map(PathBuf::as_path));
        let output = peer::run(program(), arguments);
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            panic!(
                "verify {}: {}",
                file.display(),
                String::from_utf8_lossy(&output.stderr)
            )
        });
        Verdict {
            exit: output.status.code(),
            document,
        }
    }

    /// Verifies again while the verdict is `unproven`, as it may be for compressed pixels until they were decoded; at
    /// most 30 s.
    pub(crate) fn verify_patiently(&self, file: &Path) -> Verdict {
        let (started, (_nobody, pause)) = (Instant::now(), channel::<()>());
        loop {
            let verdict = self.verify(file);
            if verdict.name() != "unproven" || started.elapsed() > Duration::from_secs(30) {
                return verdict;
            }
            let _ = pause.recv_timeout(Duration::from_millis(200));
        }
    }

    fn json(&self) -> [PathBuf; 3] {
        ["--data".into(), self.path(), "--json".into()]
    }
}

/// A serving gateway on ports of its own; killed, not stopped, when dropped.
pub(crate) struct Gateway {
    child: Child,
    pub(crate) dimse: u16,
    pub(crate) http: u16,
    pub(crate) token_file: PathBuf,
    log: PathBuf,
}

impl Gateway {
    /// Starts `leadglass serve` and waits for the line that says it is ready.
    pub(crate) fn start(data: &Data) -> Self {
        let log = data.files().join("gateway.log");
        let mut child = Command::new(program())
            .args([
                "serve",
                "--dimse-port",
                "0",
                "--http-port",
                "0",
                "--json",
                "--data",
            ])
            .arg(data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(output).lines();
            let _ = sender.send(lines.next());
            // Whatever else it says is read away, so that it never waits for a reader.
            lines.for_each(drop);
        });
        let mut gateway = Self {
            child,
            dimse: 0,
            http: 0,
            token_file: PathBuf::new(),
            log,
        };
        let line = receiver.recv_timeout(Duration::from_secs(30));
        let Ok(Some(Ok(line))) = line else {
            panic!("process {} does not get ready: {}", gateway.id(), gateway.said());
        };
        let ready: Value = serde_json::from_str(&line).unwrap();
        let port = |name: &str| u16::try_from(ready[name].as_u64().unwrap()).unwrap();
        (gateway.dimse, gateway.http) = (port("dimse_port"), port("http_port"));
        gateway.token_file = ready["token_file"].as_str().unwrap().into();
        gateway
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote to standard error.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Fails when the log names an invented patient.
    pub(crate) fn assert_log_without_phi(&self) {
        let said = self.said();
        assert!(
            !said.contains("Phantom") && !said.contains("PHANTOM-"),
            "PHI in the log: {said}"
        );
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
