//! Transfer syntaxes (PS3.5 section 10 and annex A).

use model::Uid;

/// How data elements are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    /// Implicit VR Little Endian.
    ImplicitLe,
    /// Explicit VR Little Endian.
    ExplicitLe,
    /// Explicit VR Big Endian (retired, still met).
    ExplicitBe,
}

impl Encoding {
    /// True when VRs stand in the stream.
    pub fn is_explicit(self) -> bool {
        self != Self::ImplicitLe
    }

    /// True when numbers stand with their highest byte first.
    pub fn is_big_endian(self) -> bool {
        self == Self::ExplicitBe
    }
}

/// How pixel data is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PixelCoding {
    /// Samples as they are.
    Native,
    /// Uncompressed frames in fragments (Encapsulated Uncompressed Explicit VR Little Endian).
    Encapsulated,
    /// PackBits per byte plane (PS3.5 annex G).
    Rle,
    /// JPEG processes 1, 2, 4, 14.
    Jpeg,
    /// JPEG-LS, lossless or near-lossless.
    JpegLs,
    /// JPEG 2000, and High-Throughput JPEG 2000.
    Jpeg2000,
    /// JPEG XL.
    JpegXl,
    /// Deflated frames (Deflated Image Frame Compression).
    DeflatedFrame,
    /// Nothing here decodes it (video, JPIP, what is not known): kept and sealed over its bytes.
    Opaque,
}

/// A transfer syntax: what the gateway needs to know of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransferSyntax {
    /// Its UID.
    pub uid: Uid,
    /// How elements are written.
    pub encoding: Encoding,
    /// True when the whole data set is one raw deflate stream (PS3.5 A.5).
    pub deflated: bool,
    /// How pixel data is written.
    pub pixels: PixelCoding,
}

/// UIDs of transfer syntaxes, as [`TransferSyntax::by_uid`] takes them.
pub mod uids {
    /// Implicit VR Little Endian.
    pub const IMPLICIT_LE: &str = "1.2.840.10008.1.2";
    /// Explicit VR Little Endian.
    pub const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";
    /// Deflated Explicit VR Little Endian.
    pub const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
    /// Explicit VR Big Endian.
    pub const EXPLICIT_BE: &str = "1.2.840.10008.1.2.2";
}

impl TransferSyntax {
    /// What is known of a transfer syntax. An unknown one is read as Explicit VR Little Endian, as every
    /// transfer syntax of the last decades is, with opaque pixels.
    pub fn by_uid(uid: &Uid) -> Self {
        use Encoding::{ExplicitBe, ExplicitLe, ImplicitLe};
        use PixelCoding as P;
        let (encoding, deflated, pixels) = match uid.as_str() {
            uids::IMPLICIT_LE => (ImplicitLe, false, P::Native),
            uids::EXPLICIT_LE => (ExplicitLe, false, P::Native),
            uids::DEFLATED => (ExplicitLe, true, P::Native),
            uids::EXPLICIT_BE => (ExplicitBe, false, P::Native),
            "1.2.840.10008.1.2.1.98" => (ExplicitLe, false, P::Encapsulated),
            "1.2.840.10008.1.2.5" => (ExplicitLe, false, P::Rle),
            "1.2.840.10008.1.2.8.1" => (ExplicitLe, false, P::DeflatedFrame),
            "1.2.840.10008.1.2.4.80" | "1.2.840.10008.1.2.4.81" => (ExplicitLe, false, P::JpegLs),
            "1.2.840.10008.1.2.4.90"
            | "1.2.840.10008.1.2.4.91"
            | "1.2.840.10008.1.2.4.201"
            | "1.2.840.10008.1.2.4.202"
            | "1.2.840.10008.1.2.4.203" => (ExplicitLe, false, P::Jpeg2000),
            "1.2.840.10008.1.2.4.110" | "1.2.840.10008.1.2.4.111" | "1.2.840.10008.1.2.4.112" => {
                (ExplicitLe, false, P::JpegXl)
            }
            "1.2.840.10008.1.2.4.50"
            | "1.2.840.10008.1.2.4.51"
            | "1.2.840.10008.1.2.4.52"
            | "1.2.840.10008.1.2.4.53"
            | "1.2.840.10008.1.2.4.54"
            | "1.2.840.10008.1.2.4.55"
            | "1.2.840.10008.1.2.4.56"
            | "1.2.840.10008.1.2.4.57"
            | "1.2.840.10008.1.2.4.58"
            | "1.2.840.10008.1.2.4.59"
            | "1.2.840.10008.1.2.4.60"
            | "1.2.840.10008.1.2.4.61"
            | "1.2.840.10008.1.2.4.62"
            | "1.2.840.10008.1.2.4.63"
            | "1.2.840.10008.1.2.4.64"
            | "1.2.840.10008.1.2.4.65"
            | "1.2.840.10008.1.2.4.66"
            | "1.2.840.10008.1.2.4.70" => (ExplicitLe, false, P::Jpeg),
            _ => (ExplicitLe, false, P::Opaque),
        };
        Self {
            uid: uid.clone(),
            encoding,
            deflated,
            pixels,
        }
    }
}
