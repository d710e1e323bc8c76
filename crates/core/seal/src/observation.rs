//! One pass over a data set: what the object is, digests of its attributes and of its pixels.

use crate::attributes::{AttributeDigest, Digester};
use crate::px1::{NativePixels, PixelDigest};
use dicom::scan::{Element, ScanError, Sink};
use dicom::{DataSetError, Header, PixelCoding, Tag, TransferSyntax};
use model::Uid;
use sha2::{Digest as _, Sha256};
use tlog::Frontier;

/// Why an object cannot be observed, and so not be sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] DataSetError),
    /// An attribute occurs twice, out of order: readers disagree on which one counts.
    #[error("element {tag} occurs twice in the data set")]
    Duplicate {
        /// The attribute.
        tag: Tag,
    },
    /// More of something than any real object has.
    #[error("the object has more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Pixel data in fragments where the transfer syntax says native, or the other way round.
    #[error("the pixel data is not written as the transfer syntax says")]
    PixelCoding,
}

impl From<ScanError> for Refusal {
    fn from(error: ScanError) -> Self {
        Self::Unreadable(error.into())
    }
}

/// Digest of encapsulated pixel data as it stands: the fragments without the offset table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fragments {
    /// SHA-256 of each fragment.
    pub digests: Vec<[u8; 32]>,
}

impl Fragments {
    /// RFC 6962 root over leaves H(0x00 | "FR1" | salt | digest).
    pub fn root(&self, salt: &[u8]) -> [u8; 32] {
        let mut tree = Frontier::new();
        for digest in &self.digests {
            let mut leaf = Sha256::new();
            leaf.update([0]);
            leaf.update(b"FR1");
            leaf.update(salt);
            leaf.update(digest);
            tree.append(leaf.finalize().into());
        }
        tree.root()
    }
}

/// What was seen of the pixel data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PixelObservation {
    /// The object has none.
    None,
    /// Native samples.
    Native(PixelDigest),
    /// Compressed or otherwise encapsulated: what the samples are takes a decoder.
    Encapsulated(Fragments),
    /// Native bytes that no description fits: SHA-256 of them.
    Bytes([u8; 32]),
}

/// What one pass over an object found.
#[derive(Clone)]
pub struct Observation {
    /// The transfer syntax it came in.
    pub transfer_syntax: Uid,
    /// True when VRs were written in the stream.
    pub explicit: bool,
    /// Attributes of the top level.
    pub header: Header,
    /// Digests of all attributes but pixel data, ascending by tag, each tag once.
    pub attributes: Vec<AttributeDigest>,
    /// The pixel data.
    pub pixels: PixelObservation,
}

/// Top-level attributes at most: each costs memory until the object is sealed. Real objects have some hundreds.
const MAX_ATTRIBUTES: usize = 32 << 10;
/// Bytes of small header values at most. Real objects have some kilobytes.
const MAX_HEADER: usize = 4 << 20;
/// Fragments at most. A whole slide image has one for each of its tiles.
const MAX_FRAGMENTS: usize = 300_000;

enum Pixels {
    NotMet,
    Native(Box<NativePixels>),
    Bytes(Sha256),
    Fragments {
        digests: Vec<[u8; 32]>,
        current: Sha256,
        table_seen: bool,
    },
}

/// Listens to a scan and makes an [`Observation`].
pub struct Observer {
    transfer_syntax: TransferSyntax,
    digester: Digester,
    pixels: Pixels,
    in_pixels: bool,
    /// Sequences open at the moment.
    open: u32,
    explicit: bool,
}

impl Observer {
    /// An observer of an object in this transfer syntax.
    pub fn new(transfer_syntax: &TransferSyntax) -> Self {
        Self {
            transfer_syntax: transfer_syntax.clone(),
            digester: Digester::default(),
            pixels: Pixels::NotMet,
            in_pixels: false,
            open: 0,
            explicit: transfer_syntax.encoding.is_explicit(),
        }
    }

    /// The header values met so far.
    pub fn header(&self) -> &Header {
        self.digester.header()
    }

    /// The object is complete.
    ///
    /// # Errors
    /// When it must not be sealed.
    pub fn finish(self) -> Result<Observation, Refusal> {
        let pixels = match self.pixels {
            Pixels::NotMet => PixelObservation::None,
            Pixels::Native(native) => native
                .finish()
                .map(PixelObservation::Native)
                .ok_or(Refusal::PixelCoding)?,
            Pixels::Bytes(hash) => PixelObservation::Bytes(hash.finalize().into()),
            Pixels::Fragments { digests, .. } => PixelObservation::Encapsulated(Fragments { digests }),
        };
        let (header, attributes) = self.digester.finish().map_err(|tag| Refusal::Duplicate { tag })?;
        let (explicit, transfer_syntax) = (self.explicit, self.transfer_syntax.uid);
        Ok(Observation {
            transfer_syntax,
            explicit,
            header,
            attributes,
            pixels,
        })
    }

    /// Refuses what would make memory grow with counts.
    fn check_counts(&self) -> Result<(), Refusal> {
        if self.digester.attributes() >= MAX_ATTRIBUTES {
            return Err(Refusal::TooMany {
                what: "attributes",
                limit: MAX_ATTRIBUTES,
            });
        }
        if self.header().size() > MAX_HEADER {
            return Err(Refusal::TooMany {
                what: "bytes of header values",
                limit: MAX_HEADER,
            });
        }
        Ok(())
    }

    fn is_pixel_data(element: &Element) -> bool {
        // Pixel Data, Float Pixel Data, Double Float Pixel Data.
        element.depth == 0 && element.tag.group() == 0x7FE0 && matches!(element.tag.element(), 0x08..=0x10)
    }
}

impl Sink for Observer {
    type Error = Refusal;

    fn element(&mut self, element: &Element) -> Result<(), Refusal> {
        if element.depth == 0 {
            self.check_counts()?;
            // What is written counts, whatever the transfer syntax says.
            self.explicit = element.encoding.is_explicit();
        }
        if !Self::is_pixel_data(element) {
            self.digester.element(element);
            return Ok(());
        }
        self.in_pixels = true;
        if !matches!(self.pixels, Pixels::NotMet) {
            return Err(Refusal::Duplicate { tag: element.tag });
        }
        let length = u64::from(element.length.unwrap_or(0));
        let description = (element.tag == Tag::PIXEL_DATA)
            .then(|| self.header().pixel_description())
            .flatten();
        let native = description.and_then(|description| {
            NativePixels::new(&description, element.vr, element.encoding.is_big_endian(), length)
        });
        self.pixels = match native {
            Some(native) => Pixels::Native(Box::new(native)),
            None => Pixels::Bytes(Sha256::new_with_prefix(element.tag.element().to_le_bytes())),
        };
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        match &mut self.pixels {
            Pixels::Native(native) if self.in_pixels => native.push(bytes),
            Pixels::Bytes(hash) if self.in_pixels => hash.update(bytes),
            Pixels::Fragments { current, .. } if self.in_pixels => current.update(bytes),
            _ => self.digester.value(bytes),
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Refusal> {
        if self.in_pixels {
            self.in_pixels = false;
        } else {
            self.digester.element_end();
        }
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), Refusal> {
        if element.depth == 0 {
            self.check_counts()?;
        }
        self.open += 1;
        self.digester.sequence(element);
        Ok(())
    }

    fn item(&mut self) -> Result<(), Refusal> {
        self.digester.item();
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Refusal> {
        self.digester.item_end();
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Refusal> {
        self.open = self.open.saturating_sub(1);
        self.digester.sequence_end(self.open == 0);
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Refusal> {
        if element.depth > 0 {
            self.digester.fragments(element);
            return Ok(());
        }
        if self.transfer_syntax.pixels == PixelCoding::Native {
            return Err(Refusal::PixelCoding);
        }
        if !matches!(self.pixels, Pixels::NotMet) {
            return Err(Refusal::Duplicate { tag: element.tag });
        }
        self.in_pixels = true;
        self.pixels = Pixels::Fragments {
            digests: Vec::new(),
            current: Sha256::new(),
            table_seen: false,
        };
        Ok(())
    }

    fn fragment(&mut self, length: u32) -> Result<(), Refusal> {
        if !self.in_pixels {
            self.digester.fragment(length);
        }
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), Refusal> {
        if let (
            true,
            Pixels::Fragments {
                digests,
                current,
                table_seen,
            },
        ) = (self.in_pixels, &mut self.pixels)
        {
            let digest = std::mem::take(current).finalize().into();
            // The first fragment is the basic offset table: it says where frames begin, not what they hold.
            if digests.len() >= MAX_FRAGMENTS {
                return Err(Refusal::TooMany {
                    what: "fragments",
                    limit: MAX_FRAGMENTS,
                });
            }
            if *table_seen {
                digests.push(digest);
            }
            *table_seen = true;
        }
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), Refusal> {
        if self.in_pixels {
            self.in_pixels = false;
        } else {
            self.digester.fragments_end();
        }
        Ok(())
    }
}
