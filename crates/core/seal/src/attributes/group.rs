//! Which group an attribute belongs to, and so what its change means.

use dicom::Tag;

/// What a change of an attribute means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Group {
    /// What the object is and how it was acquired, and every attribute that no other group names.
    Immutable,
    /// Where the pixels lie in the patient and what they measure.
    Geometry,
    /// How the pixels are shown.
    Display,
    /// Whose object it is and for which order it was made.
    Identity,
    /// What the maker added.
    Private,
    /// How the pixels are written: an encoder changes it without changing the image.
    Encoding,
    /// What every hop may rewrite: listed, never held against the object.
    Free,
}

impl Group {
    /// The groups that a seal binds, in the order of its statement.
    pub const BOUND: [Group; 6] = [
        Self::Immutable,
        Self::Geometry,
        Self::Display,
        Self::Identity,
        Self::Private,
        Self::Encoding,
    ];

    /// The name in JSON documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Immutable => "immutable",
            Self::Geometry => "geometry",
            Self::Display => "display",
            Self::Identity => "identity",
            Self::Private => "private",
            Self::Encoding => "encoding",
            Self::Free => "free",
        }
    }

    /// The group of a top-level attribute; `None` for what says nothing at all (group lengths, padding).
    pub fn of(tag: Tag) -> Option<Self> {
        if tag.is_group_length() || tag == Tag(0xFFFC, 0xFFFC) {
            return None;
        }
        Some(match (tag.group(), tag.element()) {
            // PS3.15 digital signatures and their parameters are proofs of their own.
            (0xFFFA, _) | (0x4FFE, 0x0001) => Self::Free,
            (group, _) if group % 2 == 1 => Self::Private,
            // Length to End, recognition code, instance coercion, original attributes, origin status.
            (0x0008, 0x0001 | 0x0010 | 0x0015) | (0x0400, 0x0561 | 0x0600) => Self::Free,
            // Derivation description and code (written by lossless encoders), planar configuration, bits
            // allocated, high bit, extended offset table.
            (0x0008, 0x2111 | 0x9215) | (0x0028, 0x0006 | 0x0100 | 0x0102) | (0x7FE0, 0x0001..=0x0003) => {
                Self::Encoding
            }
            (
                0x0018,
                0x0050
                | 0x0088
                | 0x1100
                | 0x1114
                | 0x1120
                | 0x1130
                | 0x1131
                | 0x1164
                | 0x1411
                | 0x2010
                | 0x5100
                | 0x5101
                | 0x6011
                | 0x6024..=0x602E
                | 0x7062
                | 0x7064,
            ) => Self::Geometry,
            (
                0x0020,
                0x0020
                | 0x0030..=0x0037
                | 0x0050
                | 0x0052
                | 0x0060
                | 0x0062
                | 0x1040
                | 0x1041
                | 0x9071
                | 0x9072
                | 0x9113
                | 0x9116,
            ) => Self::Geometry,
            (0x0028, 0x0030..=0x0034 | 0x0A02 | 0x0A04 | 0x1052..=0x1054 | 0x9145) => Self::Geometry,
            (0x0040, 0x08EA | 0x9096 | 0x9210..=0x9225) => Self::Geometry,
            (0x0054, 0x0081 | 0x1001 | 0x1322) => Self::Geometry,
            (0x3002, 0x0011 | 0x0012) | (0x3004, 0x000C | 0x000E) => Self::Geometry,
            (0x5200, 0x9229 | 0x9230) => Self::Geometry,
            (
                0x0028,
                0x0004
                | 0x0106..=0x0121
                | 0x1040
                | 0x1050
                | 0x1051
                | 0x1055
                | 0x1056
                | 0x1080
                | 0x1090
                | 0x1101..=0x1104
                | 0x1111..=0x1114
                | 0x1199
                | 0x1201..=0x1224
                | 0x1300
                | 0x1301
                | 0x1350
                | 0x1351
                | 0x2000
                | 0x2002
                | 0x3000..=0x3010
                | 0x3110
                | 0x6010
                | 0x6020..=0x6040
                | 0x6100..=0x6120,
            ) => Self::Display,
            (0x0088, 0x0200) | (0x2050, _) => Self::Display,
            (group, _) if group & 0xFF01 == 0x6000 || group == 0x0070 => Self::Display,
            (0x0010 | 0x0012 | 0x0032 | 0x0038, _) => Self::Identity,
            (
                0x0008,
                0x0050 | 0x0051 | 0x0080 | 0x0081 | 0x0082 | 0x0090 | 0x0092 | 0x0094 | 0x0096 | 0x1030,
            ) => Self::Identity,
            (0x0008, 0x1010 | 0x1040 | 0x1048..=0x1072 | 0x1110 | 0x1120) => Self::Identity,
            (0x0020, 0x000D | 0x0010) => Self::Identity,
            (0x0040, 0x0001..=0x0440 | 0x1001..=0x1400 | 0x2001..=0x2400) => Self::Identity,
            _ => Self::Immutable,
        })
    }
}
