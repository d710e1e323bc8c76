//! Data element tags (PS3.5 7.1).

use std::fmt;

/// A data element tag: group and element. Shown as 8 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(pub u16, pub u16);

impl Tag {
    /// (FFFE,E000), the start of an item.
    pub const ITEM: Tag = Tag(0xFFFE, 0xE000);
    /// (FFFE,E00D), the end of an item of undefined length.
    pub const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
    /// (FFFE,E0DD), the end of a sequence of undefined length.
    pub const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);
    /// (7FE0,0010) Pixel Data.
    pub const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

    /// The group number.
    pub fn group(self) -> u16 {
        self.0
    }

    /// The element number within the group.
    pub fn element(self) -> u16 {
        self.1
    }

    /// True in the odd groups that belong to makers (PS3.5 7.8).
    pub fn is_private(self) -> bool {
        self.0 % 2 == 1
    }

    /// True for (gggg,0000), which counts bytes and says nothing.
    pub fn is_group_length(self) -> bool {
        self.1 == 0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}{:04x}", self.0, self.1)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:04X},{:04X})", self.0, self.1)
    }
}

impl std::str::FromStr for Tag {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u32::from_str_radix(text, 16).map(|n| Tag((n >> 16) as u16, n as u16))
    }
}
