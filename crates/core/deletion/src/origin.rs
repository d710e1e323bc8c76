//! Origins (RFC 6454), and addresses under them.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Scheme, host and port of an address that may be asked: `https`, or `http` on this very machine.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Origin {
    scheme: Scheme,
    host: Host,
    port: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Scheme {
    Http,
    Https,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Host {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    Name(String),
}

/// An address cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidOrigin {
    /// It is no plain address.
    #[error("not an address such as https://acme.example: write scheme, host and, if need be, port")]
    Address,
    /// It is `http`, and not on this machine.
    #[error("http is for this very machine alone: use https")]
    Plain,
}

impl Origin {
    /// Reads an origin, such as `https://acme.example` or `http://127.0.0.1:8080`; a slash may follow.
    ///
    /// # Errors
    /// [`InvalidOrigin`], also when a path follows.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let (origin, path) = Self::split(text)?;
        if matches!(path, "" | "/") {
            Ok(origin)
        } else {
            Err(InvalidOrigin::Address)
        }
    }

    /// The origin of an address with any path.
    ///
    /// # Errors
    /// [`InvalidOrigin`], also for addresses that two programs could read in two ways: with a user name, a fragment, spaces,
    /// backslashes or characters beyond ASCII.
    pub fn of(address: &str) -> Result<Self, InvalidOrigin> {
        Self::split(address).map(|(origin, _)| origin)
    }

    /// The address of the discovery document.
    pub fn well_known(&self) -> String {
        format!("{self}{}", crate::WELL_KNOWN)
    }

    fn split(address: &str) -> Result<(Self, &str), InvalidOrigin> {
        let legal = |b: u8| {
            b.is_ascii_graphic()
                && !matches!(
                    b,
                    b'\\' | b'"' | b'<' | b'>' | b'#' | b'@' | b'^' | b'`' | b'{' | b'|' | b'}'
                )
        };
        if address.len() > 2048 || !address.bytes().all(legal) {
            return Err(InvalidOrigin::Address);
        }
        let (scheme, rest) = address.split_once("://").ok_or(InvalidOrigin::Address)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return Err(InvalidOrigin::Address),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).ok_or(InvalidOrigin::Address)?;
        if path.starts_with('?') {
            return Err(InvalidOrigin::Address);
        }
        let (host, port) = Host::split(authority).ok_or(InvalidOrigin::Address)?;
        let port = match port {
            None => scheme.port(),
            Some(digits) => port_number(digits).ok_or(InvalidOrigin::Address)?,
        };
        if scheme == Scheme::Http && !host.is_this_machine() {
            return Err(InvalidOrigin::Plain);
        }
        Ok((Self { scheme, host, port }, path))
    }
}

fn port_number(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() <= 5;
    plain
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|port| *port != 0)
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl Host {
    /// Host and port of an authority.
    fn split(authority: &str) -> Option<(Self, Option<&str>)> {
        if let Some(bracketed) = authority.strip_prefix('[') {
            let (address, rest) = bracketed.split_once(']')?;
            let port = if rest.is_empty() {
                None
            } else {
                Some(rest.strip_prefix(':')?)
            };
            return Some((Self::V6(address.parse().ok()?), port));
        }
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        Some((Self::read(&host.to_ascii_lowercase())?, port))
    }

    fn read(host: &str) -> Option<Self> {
        // Browsers read a last label that is a number, such as in 127.1 or 0x7f000001, as an IPv4 address.
        let last = host.trim_end_matches('.').rsplit('.').next()?;
        if last.starts_with(|c: char| c.is_ascii_digit()) {
            return host.parse().ok().map(Self::V4);
        }
        let legal = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let labels = host.strip_suffix('.').unwrap_or(host);
        (labels.len() <= 253 && labels.split('.').all(legal)).then(|| Self::Name(host.to_owned()))
    }

    fn is_this_machine(&self) -> bool {
        match self {
            Self::V4(address) => address.is_loopback(),
            Self::V6(address) => address.is_loopback(),
            Self::Name(name) => name == "localhost",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.scheme {
            Scheme::Http => "http://",
            Scheme::Https => "https://",
        })?;
        match &self.host {
            Host::V4(address) => write!(f, "{address}")?,
            Host::V6(address) => write!(f, "[{address}]")?,
            Host::Name(name) => f.write_str(name)?,
        }
        if self.port == self.scheme.port() {
            Ok(())
        } else {
            write!(f, ":{}", self.port)
        }
    }
}
