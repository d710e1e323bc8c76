//! Picks the fragments out of a data set and hands them to the child.

use crate::DecodeError;
use crate::protocol::{write_end, write_fragment_length};
use dicom::scan::{Element, Limits, ScanError, Sink};
use dicom::{DataSetError, DataSetReader, Tag, TransferSyntax};
use std::io::{self, Read, Write};

const EXTENDED_OFFSETS: Tag = Tag(0x7FE0, 0x0001);
/// An extended offset table longer than this is done without.
const MAX_OFFSETS: usize = 16 << 20;

struct Picker<'w, W> {
    to: &'w mut W,
    offsets: Vec<u8>,
    in_offsets: bool,
    in_pixels: bool,
    met: bool,
}

/// Why picking stops.
enum Stop {
    Unreadable,
    Child(io::Error),
}

impl From<ScanError> for Stop {
    fn from(_: ScanError) -> Self {
        Self::Unreadable
    }
}

impl From<DataSetError> for Stop {
    fn from(_: DataSetError) -> Self {
        Self::Unreadable
    }
}

impl<W: Write> Sink for Picker<'_, W> {
    type Error = Stop;

    fn element(&mut self, element: &Element) -> Result<(), Stop> {
        let length = element.length.unwrap_or(0) as usize;
        self.in_offsets = element.depth == 0 && element.tag == EXTENDED_OFFSETS && length <= MAX_OFFSETS;
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if self.in_offsets {
            self.offsets.extend_from_slice(bytes);
        } else if self.in_pixels {
            self.to.write_all(bytes).map_err(Stop::Child)?;
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Stop> {
        self.in_offsets = false;
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Stop> {
        if element.depth == 0 {
            self.in_pixels = true;
            self.met = true;
            let offsets = std::mem::take(&mut self.offsets);
            write_fragment_length(self.to, offsets.len() as u32).map_err(Stop::Child)?;
            self.to.write_all(&offsets).map_err(Stop::Child)?;
        }
        Ok(())
    }

    fn fragment(&mut self, length: u32) -> Result<(), Stop> {
        if self.in_pixels {
            write_fragment_length(self.to, length).map_err(Stop::Child)
        } else {
            Ok(())
        }
    }

    fn fragments_end(&mut self) -> Result<(), Stop> {
        self.in_pixels = false;
        Ok(())
    }
}

/// Reads a data set and writes what the child needs of it: extended offset table, basic offset table, fragments.
pub(crate) fn send(
    syntax: &TransferSyntax,
    data_set: &mut dyn Read,
    to: &mut impl Write,
) -> Result<(), DecodeError> {
    let mut picker = Picker {
        to,
        offsets: Vec::new(),
        in_offsets: false,
        in_pixels: false,
        met: false,
    };
    let mut reader = DataSetReader::new(syntax, Limits::default());
    let mut buffer = vec![0; 64 << 10];
    let stop = |stop| match stop {
        Stop::Unreadable => DecodeError::NoFragments,
        Stop::Child(error) => DecodeError::Child(error),
    };
    loop {
        let count = data_set.read(&mut buffer).map_err(DecodeError::Source)?;
        if count == 0 {
            break;
        }
        reader
            .push(buffer.get(..count).unwrap_or_default(), &mut picker)
            .map_err(stop)?;
    }
    if !picker.met {
        return Err(DecodeError::NoFragments);
    }
    write_end(picker.to)
        .and_then(|()| picker.to.flush())
        .map_err(DecodeError::Child)
}
