//! STOW-RS requests, one instance each, over connections that stay open (PS3.18 10.5).

use super::scans::Scan;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

const BOUNDARY: &str = "leadglass-bench";

/// Where to store.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) port: u16,
    pub(crate) path: String,
    /// More header lines, each with its line end.
    pub(crate) headers: String,
}

impl Endpoint {
    /// Stores scans one after the other over one connection.
    pub(crate) fn store(&self, scans: &[&Scan]) -> Result<()> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).context("connect for STOW")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut writer = stream;
        for scan in scans {
            let object = fs::read(&scan.file).context("read a scan")?;
            let status = self.request(&mut writer, &mut reader, &object)?;
            if status != 200 {
                bail!("STOW of {} was answered with {status}", scan.sop_instance);
            }
        }
        Ok(())
    }

    fn request(
        &self,
        writer: &mut TcpStream,
        reader: &mut BufReader<TcpStream>,
        object: &[u8],
    ) -> Result<u16> {
        let part = format!("--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n");
        let end = format!("\r\n--{BOUNDARY}--\r\n");
        let length = part.len() + object.len() + end.len();
        let (path, port, headers) = (&self.path, self.port, &self.headers);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}Accept: application/dicom+json\r\n\
             Content-Type: multipart/related; type=\"application/dicom\"; boundary={BOUNDARY}\r\n\
             Content-Length: {length}\r\n\r\n{part}"
        );
        let request = [head.as_bytes(), object, end.as_bytes()].concat();
        writer.write_all(&request).context("send a STOW request")?;
        answer(reader)
    }
}

/// Reads an answer to its end; its status.
fn answer(reader: &mut impl BufRead) -> Result<u16> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .context("read the answer to a STOW request")?;
    let status = line.split_whitespace().nth(1).and_then(|text| text.parse().ok());
    let status = status.with_context(|| format!("not an HTTP answer: {}", line.trim()))?;
    let (mut length, mut chunked) = (0, false);
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().context("read a content length")?;
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    if chunked {
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim(), 16).context("read a chunk size")?;
            std::io::copy(&mut reader.take(size + 2), &mut std::io::sink())?;
            if size == 0 {
                break;
            }
        }
    } else {
        std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    }
    Ok(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_to_their_end() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 409 Conflict\r\n\
            Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\nHTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        let mut reader = BufReader::new(text.as_slice());
        assert_eq!(answer(&mut reader).unwrap(), 200);
        assert_eq!(answer(&mut reader).unwrap(), 409);
        assert_eq!(answer(&mut reader).unwrap(), 503);
    }
}
