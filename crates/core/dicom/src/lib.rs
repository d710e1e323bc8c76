//! Reading DICOM safely: pre-scan, header, character sets, codecs, canonical samples.
//!
//! [`scan::Scanner`] reads a data set as it streams in, iteratively and in fixed memory, and tells a
//! [`scan::Sink`] what it meets. Everything else in the house that needs to know what an object holds is such
//! a sink; no one else parses.

mod attribute;
mod charset;
pub mod codec;
mod data_set;
mod header;
mod image;
mod inflate;
pub mod json;
mod keyword;
pub mod part10;
pub mod scan;
mod source;
mod syntax;
mod tag;
mod vr;

pub use attribute::{Attribute, attribute};
pub use charset::{CharacterSet, Decoded};
pub use data_set::{DataSetError, DataSetReader};
pub use header::Header;
pub use image::{Photometric, PixelDescription};
pub use inflate::InflateError;
pub use keyword::{keyword, tag_of};
pub use source::Source;
pub use syntax::{Encoding, PixelCoding, TransferSyntax, uids};
pub use tag::Tag;
pub use vr::Vr;
