//! The servers to compare, each started afresh in an empty folder.

use super::http;
use crate::setup::ORTHANC_DICOMWEB;
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use testkit::peers::Peer;

/// A kind of server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Leadglass,
    StorescpFork,
    Orthanc,
}

/// A running server; stopped when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) dimse: u16,
    pub(crate) web: Option<http::Endpoint>,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Leadglass, Self::StorescpFork, Self::Orthanc];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Leadglass => "Leadglass",
            Self::StorescpFork => "storescp --fork",
            Self::Orthanc => "Orthanc",
        }
    }

    /// The program, where it is here; Leadglass is the release build.
    pub(crate) fn program(self, target: &Path) -> Option<PathBuf> {
        match self {
            Self::Leadglass => Some(target.join("release/leadglass")).filter(|program| program.is_file()),
            Self::StorescpFork => Peer::Dcmtk.find("storescp"),
            Self::Orthanc => Peer::Orthanc.find("Orthanc"),
        }
    }

    /// What the server calls itself, for the table.
    pub(crate) fn version(program: &Path) -> String {
        let output = Command::new(program)
            .arg("--version")
            .output()
            .map(|output| output.stdout)
            .unwrap_or_default();
        let first = String::from_utf8_lossy(&output)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        // DCMTK puts dollar signs around it, Orthanc its own path before it.
        first
            .replace(&program.display().to_string(), "")
            .trim_matches(['$', ' '])
            .to_owned()
    }

    /// Starts it on loopback in an empty `folder`, and waits until it answers.
    pub(crate) fn start(self, program: &Path, folder: &Path) -> Result<Server> {
        match self {
            Self::Leadglass => leadglass(program, folder),
            Self::StorescpFork => storescp(program, folder),
            Self::Orthanc => orthanc(program, folder),
        }
    }
}

impl Server {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A child that has ended already needs no stopping.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn leadglass(program: &Path, folder: &Path) -> Result<Server> {
    let mut child = Command::new(program)
        .args([
            "serve",
            "--dimse-port",
            "0",
            "--http-port",
            "0",
            "--json",
            "--data",
        ])
        .arg(folder.join("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log(folder)?)
        .spawn()
        .context("start leadglass")?;
    let output = child.stdout.take().context("read what leadglass says")?;
    let mut server = Server {
        child,
        dimse: 0,
        web: None,
    };
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        sender.send(read.map(|_| line))
    });
    let line = receiver
        .recv_timeout(Duration::from_secs(30))
        .context("leadglass does not get ready")??;
    let ready: serde_json::Value = serde_json::from_str(&line).context("read the line with the ports")?;
    let port = |name: &str| -> Result<u16> {
        Ok(u16::try_from(
            ready
                .get(name)
                .and_then(serde_json::Value::as_u64)
                .context(name.to_owned())?,
        )?)
    };
    server.dimse = port("dimse_port")?;
    let token = fs::read_to_string(
        ready
            .get("token_file")
            .and_then(serde_json::Value::as_str)
            .context("token_file")?,
    )
    .context("read the token")?;
    let authorization = format!("Authorization: Bearer {}\r\n", token.trim());
    let path = "/dicom-web/studies".to_owned();
    server.web = Some(http::Endpoint {
        port: port("http_port")?,
        path,
        headers: authorization,
    });
    Ok(server)
}

fn storescp(program: &Path, folder: &Path) -> Result<Server> {
    let dimse = free_port()?;
    let child = Command::new(program)
        .args(["--fork", "--max-pdu", "131072", "--output-directory"])
        .arg(folder)
        .arg(dimse.to_string())
        .env("TCP_NODELAY", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log(folder)?)
        .spawn()
        .context("start storescp")?;
    let server = Server {
        child,
        dimse,
        web: None,
    };
    wait_for(dimse)?;
    Ok(server)
}

fn orthanc(program: &Path, folder: &Path) -> Result<Server> {
    let (dimse, web) = (free_port()?, free_port()?);
    let plugins = if Path::new(ORTHANC_DICOMWEB).exists() {
        vec![ORTHANC_DICOMWEB]
    } else {
        vec![]
    };
    let configuration = serde_json::json!({
        "Name": "bench",
        "StorageDirectory": folder.join("storage"),
        "IndexDirectory": folder.join("index"),
        "DicomPort": dimse,
        "HttpPort": web,
        "RemoteAccessAllowed": false,
        "AuthenticationEnabled": false,
        "DicomAlwaysAllowStore": true,
        "DicomThreadsCount": 8,
        "TcpNoDelay": true,
        "KeepAlive": true,
        "Plugins": plugins,
        "DicomWeb": { "Enable": true, "Root": "/dicom-web/" },
    });
    let file = folder.join("orthanc.json");
    fs::write(&file, configuration.to_string()).context("write the configuration of Orthanc")?;
    let child = Command::new(program)
        .arg(file)
        .env("TCP_NODELAY", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log(folder)?)
        .spawn()
        .context("start Orthanc")?;
    let endpoint = http::Endpoint {
        port: web,
        path: "/dicom-web/studies".to_owned(),
        headers: String::new(),
    };
    let server = Server {
        child,
        dimse,
        web: (!plugins.is_empty()).then_some(endpoint),
    };
    wait_for(dimse)?;
    wait_for(web)?;
    Ok(server)
}

fn log(folder: &Path) -> Result<File> {
    File::create(folder.join("log")).context("make a log file")
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("look for a free port")?;
    Ok(listener.local_addr().context("look for a free port")?.port())
}

/// Waits until something accepts connections.
fn wait_for(port: u16) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (started, (_nobody, pause)) = (Instant::now(), channel::<()>());
    while started.elapsed() < Duration::from_secs(30) {
        if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
            return Ok(());
        }
        let _ = pause.recv_timeout(Duration::from_millis(50));
    }
    bail!("nothing answers on port {port} after 30 s")
}
