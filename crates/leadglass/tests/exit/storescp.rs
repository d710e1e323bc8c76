//! DCMTK's storescp.

use super::gateway::free_port;
use super::peer;
use std::collections::BTreeMap;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::peers::Peer;

/// A receiver; it ends when it is dropped.
pub(crate) struct StoreScp {
    child: Child,
    pub(crate) port: u16,
    folder: PathBuf,
}

impl StoreScp {
    /// Starts one that writes into a folder. None, with a word why, where DCMTK is not here.
    pub(crate) fn start(folder: PathBuf, options: &[&str]) -> Option<Self> {
        let program = peer::or_skip(Peer::Dcmtk, "storescp")?;
        std::fs::create_dir_all(&folder).unwrap();
        let port = free_port();
        let child = Command::new(program)
            .args(["--fork", "-aet", "STORESCP", "-od"])
            .arg(&folder)
            .args(options)
            .arg(port.to_string())
            .env("TCP_NODELAY", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let receiver = Self { child, port, folder };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "storescp does not listen"
            );
            let (_nobody, pause) = std::sync::mpsc::channel::<()>();
            let _ = pause.recv_timeout(Duration::from_millis(50));
        }
        Some(receiver)
    }

    /// What it received: files by SOP Instance UID. A file is named by its modality and its UID.
    pub(crate) fn received(&self) -> BTreeMap<String, PathBuf> {
        files(&self.folder)
            .into_iter()
            .map(|file| {
                let name = file.file_name().unwrap().to_str().unwrap();
                (name.split_once('.').unwrap().1.to_owned(), file.clone())
            })
            .collect()
    }
}

impl Drop for StoreScp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The files in a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}
