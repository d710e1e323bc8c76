//! Where one value stands in a stored data set.

use crate::{DataSet, Error, Halt, Result, Walk};
use dicom::scan::{Element, ScanError, Sink};
use dicom::{DataSetError, Encoding, Tag, TransferSyntax, Vr};
use std::io::{BufRead, Seek};
use std::str::FromStr;

/// Names a value within a data set: `7fe00010`, or `00880200/1/7fe00010` for one in a sequence's first item, as
/// [`dicom::json::BulkData`] is displayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValuePath {
    within: Vec<(Tag, u32)>,
    tag: Tag,
}

/// The text names no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a value: tags of 8 hex digits with item numbers between them are needed")]
pub struct InvalidValuePath;

impl FromStr for ValuePath {
    type Err = InvalidValuePath;

    fn from_str(text: &str) -> Result<Self, InvalidValuePath> {
        let tag = |part: &str| {
            let hex = part.len() == 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
            if hex {
                part.parse().map_err(|_| InvalidValuePath)
            } else {
                Err(InvalidValuePath)
            }
        };
        let parts: Vec<&str> = text
            .splitn(2 * usize::from(dicom::scan::MAX_DEPTH) + 2, '/')
            .collect();
        let (last, places) = parts.split_last().ok_or(InvalidValuePath)?;
        let (pairs, rest) = places.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(InvalidValuePath);
        }
        let item = |part: &str| part.parse().ok().filter(|item| *item > 0).ok_or(InvalidValuePath);
        let within = pairs
            .iter()
            .map(|[sequence, number]| Ok((tag(sequence)?, item(number)?)));
        Ok(Self {
            within: within.collect::<Result<_, InvalidValuePath>>()?,
            tag: tag(last)?,
        })
    }
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Value {
    /// Its VR.
    pub vr: Vr,
    /// How it is written.
    pub encoding: Encoding,
    /// Its first byte, counted from the start of the (inflated) data set.
    pub offset: u64,
    /// Its length in bytes; `None` for encapsulated pixel data, whose first item starts at the offset.
    pub length: Option<u32>,
}

impl Value {
    /// Finds a value.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the data set has no such value, or why it cannot be read.
    pub fn locate<R: BufRead + Seek>(
        stored: R,
        syntax: &TransferSyntax,
        path: &ValuePath,
    ) -> Result<(DataSet<R>, Self)> {
        let mut walk = Walk::new(DataSet::new(stored, syntax), syntax);
        let mut finder = Finder { path, at: Vec::new() };
        loop {
            match walk.step(&mut finder) {
                Ok(true) => {}
                Ok(false) => return Err(Error::NotFound),
                Err(Halt::Read(error)) => return Err(error),
                Err(Halt::Sink(Stop::Broken(error))) => return Err(error.into()),
                Err(Halt::Sink(Stop::Found(element))) => {
                    let value = Self {
                        vr: element.vr,
                        encoding: element.encoding,
                        offset: walk.position(),
                        length: element.length,
                    };
                    return Ok((walk.into_data_set(), value));
                }
            }
        }
    }

    /// Bytes in one number where they must be swapped to become little-endian, else 1.
    pub fn swapped_word(&self) -> usize {
        if self.encoding.is_big_endian() {
            self.vr.word()
        } else {
            1
        }
    }
}

/// Why a sink of this crate stops a walk.
pub(crate) enum Stop {
    /// What it looks for begins here.
    Found(Element),
    Broken(DataSetError),
}

impl From<ScanError> for Stop {
    fn from(error: ScanError) -> Self {
        Self::Broken(error.into())
    }
}

struct Finder<'a> {
    path: &'a ValuePath,
    at: Vec<(Tag, u32)>,
}

impl Finder<'_> {
    fn check(&self, element: &Element) -> Result<(), Stop> {
        if element.tag == self.path.tag && self.at == self.path.within {
            Err(Stop::Found(*element))
        } else {
            Ok(())
        }
    }
}

impl Sink for Finder<'_> {
    type Error = Stop;

    fn element(&mut self, element: &Element) -> Result<(), Stop> {
        self.check(element)
    }

    fn value(&mut self, _: &[u8]) -> Result<(), Stop> {
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), Stop> {
        self.at.push((element.tag, 0));
        Ok(())
    }

    fn item(&mut self) -> Result<(), Stop> {
        if let Some((_, item)) = self.at.last_mut() {
            *item = item.saturating_add(1);
        }
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Stop> {
        self.at.pop();
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Stop> {
        self.check(element)
    }

    fn fragment(&mut self, _: u32) -> Result<(), Stop> {
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), Stop> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ValuePath;
    use dicom::Tag;

    #[test]
    fn paths() {
        let path: ValuePath = "00880200/12/7FE00010".parse().unwrap();
        assert_eq!(
            path,
            ValuePath {
                within: vec![(Tag(0x88, 0x200), 12)],
                tag: Tag::PIXEL_DATA
            }
        );
        let deep = "00880200/1/".repeat(64) + "7fe00010";
        assert_eq!(deep.parse::<ValuePath>().unwrap().within.len(), 64);
        let too_deep = "00880200/1/".repeat(65) + "7fe00010";
        for text in [
            "",
            "7fe0001",
            "+fe00010",
            "00880200/7fe00010",
            "00880200/0/7fe00010",
            "../1/7fe00010",
            &too_deep,
        ] {
            assert!(text.parse::<ValuePath>().is_err(), "{text}");
        }
    }
}
