//! Orthanc, which receives by C-STORE and by STOW-RS.

use super::gateway::free_port;
use super::{http, peer};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::peers::Peer;

const PLUGINS: [&str; 2] = [
    "/usr/share/orthanc/plugins/libOrthancDicomWeb.so",
    "/usr/lib/orthanc/libOrthancDicomWeb.so",
];

/// A server; it ends when it is dropped.
pub(crate) struct Orthanc {
    child: Child,
    pub(crate) dicom: u16,
    pub(crate) http: u16,
}

impl Orthanc {
    /// Starts one. None, with a word why, where it is not here.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let program = peer::or_skip(Peer::Orthanc, "Orthanc")?;
        let Some(plugin) = PLUGINS.iter().find(|path| Path::new(path).exists()) else {
            println!("skipped: Orthanc is here without its DICOMweb plugin");
            assert!(!Peer::Orthanc.is_required());
            return None;
        };
        std::fs::create_dir_all(folder).unwrap();
        let (dicom, http) = (free_port(), free_port());
        let settings = json!({
            "StorageDirectory": folder, "IndexDirectory": folder, "HttpPort": http, "RemoteAccessAllowed": false,
            "HttpBindAddresses": ["127.0.0.1"], "AuthenticationEnabled": false, "DicomServerEnabled": true,
            "DicomAet": "ORTHANC", "DicomPort": dicom, "DicomAlwaysAllowStore": true,
            "DicomCheckCalledAet": false, "Plugins": [plugin], "DicomWeb": {"Enable": true, "Root": "/dicom-web/"},
        });
        let file = folder.join("orthanc.json");
        std::fs::write(&file, settings.to_string()).unwrap();
        let child = Command::new(program)
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, dicom, http };
        let begun = Instant::now();
        for port in [http, dicom] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(
                    begun.elapsed() < Duration::from_mins(1),
                    "Orthanc does not listen"
                );
                let (_nobody, pause) = std::sync::mpsc::channel::<()>();
                let _ = pause.recv_timeout(Duration::from_millis(100));
            }
        }
        Some(server)
    }

    /// Writes all that it has as files.
    pub(crate) fn fetch(&self, folder: &Path) -> Vec<PathBuf> {
        std::fs::create_dir_all(folder).unwrap();
        let list: Vec<Value> = serde_json::from_slice(&http::get(self.http, "/instances")).unwrap();
        let mut files = Vec::new();
        for id in &list {
            let id = id.as_str().unwrap();
            let file = folder.join(format!("{id}.dcm"));
            std::fs::write(&file, http::get(self.http, &format!("/instances/{id}/file"))).unwrap();
            files.push(file);
        }
        files
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
