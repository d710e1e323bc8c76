//! Multipart bodies (RFC 2046 section 5.1) read as they stream in, in fixed memory.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memmem;

/// Header bytes that one part may have.
const MAX_HEADERS: usize = 8 << 10;
/// Bytes before the first part.
const MAX_PREAMBLE: usize = 8 << 10;
/// Blanks after a boundary on its line.
const MAX_PADDING: usize = 256;

/// Bytes of CR LF.
const LINE_END: usize = 2;

/// What a body may hold at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Parts.
    pub parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { parts: 100_000 }
    }
}

/// Why a body is no multipart body.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MultipartError {
    /// The boundary parameter is missing or illegal.
    #[error("the content type needs a boundary of 1 to 70 characters")]
    Boundary,
    /// No part starts where one should.
    #[error("the body does not start with the boundary that the content type names")]
    NoPart,
    /// A part's headers are too long.
    #[error("the headers of a part are longer than {MAX_HEADERS} bytes")]
    Headers,
    /// Too many parts.
    #[error("the body has more than {0} parts")]
    TooManyParts(usize),
    /// The closing boundary is missing.
    #[error("the body ends before its closing boundary")]
    Truncated,
}

/// What the parser meets, in the order of the body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A part begins.
    Part {
        /// Its Content-Type, where it has one.
        content_type: Option<String>,
    },
    /// The next bytes of the part, never empty.
    Body(Bytes),
    /// The part is complete.
    PartEnd,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before the first boundary.
    Preamble,
    /// After a boundary: blanks and a line end lead to a part, two hyphens to the end.
    Boundary {
        in_part: bool,
    },
    Headers,
    Body,
    /// After the closing boundary, where anything may stand.
    Epilogue,
}

/// Reads a multipart body: [`feed`](Multipart::feed) takes bytes as they come, [`next`](Multipart::next) tells what they hold.
/// It keeps no more than what is fed at once and a boundary's length beside.
pub struct Multipart {
    /// `CR LF -- boundary`.
    delimiter: Vec<u8>,
    finder: memmem::Finder<'static>,
    limits: Limits,
    state: State,
    buffer: BytesMut,
    /// Bytes of preamble.
    skipped: usize,
    /// The line end that closes a part's headers is still in the buffer: it may belong to a boundary that follows at once.
    headers_end: bool,
    parts: usize,
}

impl Multipart {
    /// A parser for bodies with this boundary.
    ///
    /// # Errors
    /// [`MultipartError::Boundary`] when it is empty, longer than 70 bytes, or holds what no boundary may
    /// (RFC 2046 allows letters, digits, blanks and some marks; control characters and non-ASCII never).
    pub fn new(boundary: &str, limits: Limits) -> Result<Self, MultipartError> {
        let legal = |b: u8| b == b' ' || b.is_ascii_graphic();
        if boundary.is_empty()
            || boundary.len() > 70
            || !boundary.bytes().all(legal)
            || boundary.ends_with(' ')
        {
            return Err(MultipartError::Boundary);
        }
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        let finder = memmem::Finder::new(&delimiter).into_owned();
        // The first boundary may stand at the very start, as if a line had ended before it.
        let buffer = BytesMut::from(b"\r\n".as_slice());
        Ok(Self {
            delimiter,
            finder,
            limits,
            state: State::Preamble,
            buffer,
            skipped: 0,
            headers_end: false,
            parts: 0,
        })
    }

    /// Takes the next bytes of the body. Ask [`next`](Multipart::next) until it has nothing more before feeding again.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.state != State::Epilogue {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next thing that the bytes at hand hold; `None` when more are needed or all is read.
    ///
    /// # Errors
    /// When the body breaks the rules or a limit; it cannot be read on then.
    #[expect(
        clippy::should_implement_trait,
        reason = "it gives a result and can go on after None"
    )]
    pub fn next(&mut self) -> Result<Option<Event>, MultipartError> {
        loop {
            match self.state {
                State::Preamble => {
                    let found = self.finder.find(&self.buffer);
                    let skip =
                        found.unwrap_or_else(|| self.buffer.len().saturating_sub(self.delimiter.len() - 1));
                    self.buffer.advance(skip);
                    self.skipped += skip;
                    if self.skipped > MAX_PREAMBLE {
                        return Err(MultipartError::NoPart);
                    }
                    if found.is_none() {
                        return Ok(None);
                    }
                    self.state = State::Boundary { in_part: false };
                }
                State::Boundary { in_part } => match self.after_boundary() {
                    None => return Ok(None),
                    Some(After::Part(length)) => {
                        // The line end stays: with the next one it ends empty headers.
                        self.buffer.advance(length);
                        self.state = State::Headers;
                        self.headers_end = false;
                        if in_part {
                            return Ok(Some(Event::PartEnd));
                        }
                    }
                    Some(After::End) => {
                        self.buffer.clear();
                        self.state = State::Epilogue;
                        return if in_part {
                            Ok(Some(Event::PartEnd))
                        } else {
                            Err(MultipartError::NoPart)
                        };
                    }
                    Some(After::Content) => {
                        let line_end = self.buffer.split_to(LINE_END).freeze();
                        self.state = if in_part { State::Body } else { State::Preamble };
                        if in_part && !std::mem::take(&mut self.headers_end) {
                            return Ok(Some(Event::Body(line_end)));
                        }
                        self.skipped += LINE_END;
                    }
                },
                State::Headers => {
                    let searched = self.buffer.get(..MAX_HEADERS + 4).unwrap_or(&self.buffer);
                    let Some(end) = memmem::find(searched, b"\r\n\r\n") else {
                        let full = self.buffer.len() > MAX_HEADERS + 4;
                        return if full {
                            Err(MultipartError::Headers)
                        } else {
                            Ok(None)
                        };
                    };
                    self.parts += 1;
                    if self.parts > self.limits.parts {
                        return Err(MultipartError::TooManyParts(self.limits.parts));
                    }
                    let content_type = content_type(&self.buffer.split_to(end));
                    self.buffer.advance(LINE_END);
                    self.headers_end = true;
                    self.state = State::Body;
                    return Ok(Some(Event::Part { content_type }));
                }
                State::Body => {
                    let found = self.finder.find(&self.buffer);
                    let length = found.unwrap_or_else(|| self.buffer.len() - self.partial_delimiter());
                    let mut body = self.buffer.split_to(length);
                    if !body.is_empty() && std::mem::take(&mut self.headers_end) {
                        body.advance(LINE_END);
                    }
                    if found.is_some() {
                        self.state = State::Boundary { in_part: true };
                    }
                    match (body.is_empty(), found) {
                        (false, _) => return Ok(Some(Event::Body(body.freeze()))),
                        (true, None) => return Ok(None),
                        (true, Some(_)) => {}
                    }
                }
                State::Epilogue => return Ok(None),
            }
        }
    }

    /// The body has ended.
    ///
    /// # Errors
    /// [`MultipartError::Truncated`] when its closing boundary did not come, [`MultipartError::NoPart`] when not even
    /// a first one did.
    pub fn finish(&self) -> Result<(), MultipartError> {
        match self.state {
            State::Epilogue => Ok(()),
            State::Preamble => Err(MultipartError::NoPart),
            _ => Err(MultipartError::Truncated),
        }
    }

    /// What follows the delimiter that the buffer starts with.
    fn after_boundary(&self) -> Option<After> {
        let rest = self.buffer.get(self.delimiter.len()..)?;
        if rest.starts_with(b"--") {
            return Some(After::End);
        }
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        match rest.get(blanks..).unwrap_or_default() {
            _ if blanks > MAX_PADDING => Some(After::Content),
            [b'\r', b'\n', ..] => Some(After::Part(self.delimiter.len() + blanks)),
            [] | [b'\r'] => None,
            [b'-'] if blanks == 0 => None,
            _ => Some(After::Content),
        }
    }

    /// How many bytes at the end of the buffer may be the start of a delimiter.
    fn partial_delimiter(&self) -> usize {
        let longest = self.buffer.len().min(self.delimiter.len() - 1);
        let start = self.buffer.len() - longest;
        let tail = self.buffer.get(start..).unwrap_or_default();
        memchr::memchr_iter(b'\r', tail)
            .map(|at| tail.get(at..).unwrap_or_default())
            .find(|rest| self.delimiter.starts_with(rest))
            .map_or(0, <[u8]>::len)
    }
}

enum After {
    /// A part, whose headers start after so many bytes.
    Part(usize),
    End,
    /// The bytes only look like a boundary.
    Content,
}

/// The Content-Type among a part's headers.
fn content_type(headers: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(headers);
    // A line that starts with a blank goes on with the one before (RFC 822 3.1.1).
    let unfolded = text.replace("\r\n ", " ").replace("\r\n\t", " ");
    unfolded
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.trim().to_owned())
}

#[cfg(test)]
mod tests;
