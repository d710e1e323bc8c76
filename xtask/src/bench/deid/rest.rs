//! Orthanc: objects are stored first, and only then, measured, made anonymous study by study. It keeps its copies in its own
//! storage, which counts; fetching them does not.

use crate::bench::cost::processor_seconds;
use crate::bench::scans::Scan;
use crate::bench::server::{Kind, Server};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// Seconds by the clock and by the processor for all scans.
pub(super) fn measure(program: &Path, scans: &[Scan], folder: &Path) -> Result<(f64, f64)> {
    let own = tempfile::tempdir_in(folder).context("make a folder for Orthanc")?;
    let server = Kind::Orthanc.start(program, own.path())?;
    for scan in scans {
        request(&server, "POST", "/instances", &fs::read(&scan.file)?)?;
    }
    let studies: Value = serde_json::from_slice(&request(&server, "GET", "/studies", b"")?)?;
    let studies = studies.as_array().context("a list of studies")?.clone();
    ensure!(!studies.is_empty(), "Orthanc has no studies");
    let (started, before) = (Instant::now(), processor_seconds(server.pid()));
    for study in &studies {
        let name = study.as_str().context("the name of a study")?;
        let how = json!({ "Synchronous": true, "KeepSource": true }).to_string();
        request(
            &server,
            "POST",
            &format!("/studies/{name}/anonymize"),
            how.as_bytes(),
        )?;
    }
    Ok((
        started.elapsed().as_secs_f64(),
        processor_seconds(server.pid()) - before,
    ))
}

/// One request over a connection of its own (HTTP/1.0: the answer ends with it).
fn request(server: &Server, method: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    let port = server
        .web
        .as_ref()
        .context("Orthanc has no DICOMweb plug-in here")?
        .port;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("connect to Orthanc")?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_mins(5)))?;
    let head = format!(
        "{method} {path} HTTP/1.0\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .context("read the answer of Orthanc")?;
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("not an HTTP answer")?;
    let (head, rest) = answer.split_at(end);
    let status = String::from_utf8_lossy(head)
        .split_whitespace()
        .nth(1)
        .map(str::to_owned);
    ensure!(
        status.as_deref() == Some("200"),
        "Orthanc answered {method} {path} with {status:?}"
    );
    Ok(rest.iter().skip(4).copied().collect())
}
