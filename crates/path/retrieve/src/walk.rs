//! Scanning a stored data set without reading its pixels.

use crate::{DataSet, Error, Result};
use dicom::scan::{Element, Limits, ScanError, Scanner, Sink};
use dicom::{DataSetError, Encoding, Tag, TransferSyntax};
use std::io::{BufRead, Read, Seek};

/// Bytes read at once.
const STEP: usize = 32 << 10;

/// Why a walk ended before the data set did.
#[derive(Debug)]
pub enum Halt<E> {
    /// The sink stopped it.
    Sink(E),
    /// The data set cannot be read.
    Read(Error),
}

impl From<Halt<DataSetError>> for Error {
    fn from(halt: Halt<DataSetError>) -> Self {
        match halt {
            Halt::Sink(error) => error.into(),
            Halt::Read(error) => error,
        }
    }
}

/// What makes the scanner pause: its sink, or pixel data that is to be jumped over.
enum Pause<E> {
    Sink(E),
    /// Native pixel data of so many bytes follows.
    Native(u32),
    /// The items of encapsulated pixel data follow.
    Encapsulated,
}

impl<E: From<ScanError>> From<ScanError> for Pause<E> {
    fn from(error: ScanError) -> Self {
        Self::Sink(error.into())
    }
}

/// Tells a sink what a stored data set holds, a step at a time. The sink hears that there is pixel data at the
/// top level, and its bytes are jumped over.
pub struct Walk<R> {
    data_set: DataSet<R>,
    encoding: Encoding,
    scanner: Box<Scanner>,
    /// Where the scanner started.
    base: u64,
    buffer: Vec<u8>,
    done: bool,
}

impl<R: BufRead + Seek> Walk<R> {
    /// Over a data set from its start.
    pub fn new(data_set: DataSet<R>, syntax: &TransferSyntax) -> Self {
        let scanner = Box::new(Scanner::new(syntax.encoding, Limits::default()));
        Self {
            data_set,
            encoding: syntax.encoding,
            scanner,
            base: 0,
            buffer: vec![0; STEP],
            done: false,
        }
    }

    /// Where the scanner is, in bytes from the start of the data set. After a sink stopped it at an element or at
    /// pixel data: where the value begins.
    pub fn position(&self) -> u64 {
        self.base + self.scanner.position()
    }

    /// The data set, to be read from [`position`](Self::position).
    pub fn into_data_set(self) -> DataSet<R> {
        self.data_set
    }

    /// Reads the next piece; false when the data set is at its end.
    ///
    /// # Errors
    /// What the sink stopped with, or why the data set cannot be read.
    pub fn step<S: Sink>(&mut self, sink: &mut S) -> Result<bool, Halt<S::Error>>
    where
        S::Error: From<ScanError>,
    {
        if self.done {
            return Ok(false);
        }
        let read = self
            .data_set
            .read(&mut self.buffer)
            .map_err(|error| Halt::Read(error.into()))?;
        let bytes = self.buffer.get(..read).unwrap_or_default();
        let mut skipping = Skipping { sink };
        let outcome = if bytes.is_empty() {
            self.done = true;
            self.scanner.finish(&mut skipping)
        } else {
            self.scanner.push(bytes, &mut skipping)
        };
        let after = match outcome {
            Ok(()) => return Ok(!self.done),
            Err(Pause::Sink(error)) => return Err(Halt::Sink(error)),
            Err(Pause::Native(length)) => self.position() + u64::from(length),
            Err(Pause::Encapsulated) => self.end_of_fragments().map_err(Halt::Read)?,
        };
        self.data_set
            .seek_to(after)
            .map_err(|error| Halt::Read(error.into()))?;
        *self.scanner = Scanner::new(self.encoding, Limits::default());
        self.base = after;
        Ok(true)
    }

    /// Hops from fragment to fragment to what follows them.
    fn end_of_fragments(&mut self) -> Result<u64> {
        let mut at = self.position();
        loop {
            let (tag, length) = item_header(&mut self.data_set, at)?;
            at += 8;
            if tag == Tag::SEQUENCE_END {
                return Ok(at);
            }
            at += u64::from(length);
        }
    }
}

/// The tag and length of an item of encapsulated pixel data, which is always little-endian.
pub(crate) fn item_header<R: BufRead + Seek>(data_set: &mut DataSet<R>, at: u64) -> Result<(Tag, u32)> {
    data_set.seek_to(at)?;
    let mut header = [0; 8];
    data_set.read_exact(&mut header).map_err(|_| truncated(at))?;
    let [g0, g1, e0, e1, length @ ..] = header;
    let tag = Tag(u16::from_le_bytes([g0, g1]), u16::from_le_bytes([e0, e1]));
    if tag != Tag::ITEM && tag != Tag::SEQUENCE_END {
        return Err(DataSetError::Scan(ScanError::Misplaced { tag, at }).into());
    }
    Ok((tag, u32::from_le_bytes(length)))
}

fn truncated(at: u64) -> DataSetError {
    ScanError::Truncated { at }.into()
}

/// Stops the scanner where the pixels of the top level begin.
struct Skipping<'a, S> {
    sink: &'a mut S,
}

impl<S: Sink> Sink for Skipping<'_, S>
where
    S::Error: From<ScanError>,
{
    type Error = Pause<S::Error>;

    fn element(&mut self, element: &Element) -> Result<(), Self::Error> {
        self.sink.element(element).map_err(Pause::Sink)?;
        let pixels =
            matches!(element.tag, Tag::PIXEL_DATA | Tag(0x7FE0, 0x0008 | 0x0009)) && element.depth == 0;
        match element.length {
            Some(length) if pixels && length > 0 => {
                self.sink.element_end().map_err(Pause::Sink)?;
                Err(Pause::Native(length))
            }
            _ => Ok(()),
        }
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.sink.value(bytes).map_err(Pause::Sink)
    }

    fn element_end(&mut self) -> Result<(), Self::Error> {
        self.sink.element_end().map_err(Pause::Sink)
    }

    fn sequence(&mut self, element: &Element) -> Result<(), Self::Error> {
        self.sink.sequence(element).map_err(Pause::Sink)
    }

    fn item(&mut self) -> Result<(), Self::Error> {
        self.sink.item().map_err(Pause::Sink)
    }

    fn item_end(&mut self) -> Result<(), Self::Error> {
        self.sink.item_end().map_err(Pause::Sink)
    }

    fn sequence_end(&mut self) -> Result<(), Self::Error> {
        self.sink.sequence_end().map_err(Pause::Sink)
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Self::Error> {
        self.sink.fragments(element).map_err(Pause::Sink)?;
        if element.depth == 0 {
            self.sink.fragments_end().map_err(Pause::Sink)?;
            return Err(Pause::Encapsulated);
        }
        Ok(())
    }

    fn fragment(&mut self, length: u32) -> Result<(), Self::Error> {
        self.sink.fragment(length).map_err(Pause::Sink)
    }

    fn fragment_end(&mut self) -> Result<(), Self::Error> {
        self.sink.fragment_end().map_err(Pause::Sink)
    }

    fn fragments_end(&mut self) -> Result<(), Self::Error> {
        self.sink.fragments_end().map_err(Pause::Sink)
    }
}
