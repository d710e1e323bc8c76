//! A small HTTP client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// One request on a connection of its own: status and body.
fn ask(port: u16, head: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    // HTTP 1.0 knows no chunks: the body comes as it is.
    let head = format!(
        "{head} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\nContent-Type: application/jose\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer.split_off(end + 4))
}

/// GET, which must go well.
pub(crate) fn get(port: u16, path: &str) -> Vec<u8> {
    let (status, body) = ask(port, &format!("GET {path}"), &[]);
    assert_eq!(status, 200, "{path}");
    body
}

/// Posts a receipt.
pub(crate) fn post_receipt(port: u16, jws: &str) -> (u16, String) {
    let (status, body) = ask(port, "POST /deletion/receipts", jws.as_bytes());
    (status, String::from_utf8(body).unwrap())
}
