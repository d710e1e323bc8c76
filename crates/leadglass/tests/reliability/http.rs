//! A small HTTP client that sends whatever it is told to.

use super::gateway::Gateway;
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer: status and body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends a request with a body of a given length, and waits at most so long for the next bytes of its answer.
///
/// # Errors
/// When the gateway closed without an answer, or did not answer in time.
pub(crate) fn send(
    gateway: &Gateway,
    line: &str,
    content_type: &str,
    (body, length): (impl Read, u64),
    patience: Duration,
) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", gateway.http))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let token = fs::read_to_string(&gateway.token_file)?;
    let head = format!(
        "{line}\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\nAccept: */*\r\nConnection: close\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n",
        gateway.http,
        token.trim()
    );
    stream.write_all(head.as_bytes())?;
    // A server may answer before it has read all, and close: then writing fails, and the answer is there.
    let _ = io::copy(
        &mut io::BufReader::with_capacity(256 << 10, body.take(length)),
        &mut stream,
    );
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let (Some(end), Some(status)) = (end, status(&answer)) else {
        return Err(read.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()));
    };
    let body = answer.split_off(end + 4);
    Ok(Answer { status, body })
}

fn status(answer: &[u8]) -> Option<u16> {
    std::str::from_utf8(answer.get(9..12)?).ok()?.parse().ok()
}

/// GET with the token.
pub(crate) fn get(gateway: &Gateway, path: &str) -> Answer {
    // HTTP 1.0 knows no chunks: the body comes as it is.
    let line = format!("GET /dicom-web{path} HTTP/1.0");
    send(
        gateway,
        &line,
        "text/plain",
        (io::empty(), 0),
        Duration::from_secs(30),
    )
    .unwrap()
}
