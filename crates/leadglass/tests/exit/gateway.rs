//! The gateway, serving an archive; killed, not stopped, when dropped.

use super::desk::Desk;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// A running `leadglass serve`.
pub(crate) struct Gateway {
    child: Child,
    pub(crate) http: u16,
}

impl Gateway {
    /// Starts it, and waits until it is ready.
    pub(crate) fn start(desk: &Desk, config: &str) -> Self {
        let config = desk.file("serve.toml", config);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(desk.path("serve.log"))
            .unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_leadglass"))
            .args(["serve", "--json", "--dimse-port", "0", "--http-port", "0"])
            .args(["--config", &config, "--data"])
            .arg(desk.path("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let mut gateway = Self { child, http: 0 };
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(output).lines();
            let _ = sender.send(lines.next());
            lines.for_each(drop);
        });
        let Ok(Some(Ok(line))) = receiver.recv_timeout(Duration::from_mins(1)) else {
            let said = std::fs::read_to_string(desk.path("serve.log")).unwrap_or_default();
            panic!("the gateway does not get ready: {said}");
        };
        let ready: Value = serde_json::from_str(&line).unwrap();
        gateway.http = u16::try_from(ready["http_port"].as_u64().unwrap()).unwrap();
        gateway
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}
