//! Values that stand outside the document, and how they are named.

use crate::{Tag, Vr};
use std::fmt;

/// An item of a sequence, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The sequence's tag.
    pub sequence: Tag,
    /// The item's number.
    pub item: u32,
}

/// A value that goes to a BulkDataURI. Displayed, it is a relative path that names the value within its data
/// set: `7fe00010`, or `00880200/1/7fe00010` for one inside a sequence's first item.
#[derive(Clone, Copy, Debug)]
pub struct BulkData<'a> {
    /// Its tag.
    pub tag: Tag,
    /// Its VR.
    pub vr: Vr,
    /// Its length in bytes; `None` for encapsulated pixel data.
    pub length: Option<u32>,
    /// The items that it stands in, the outermost first.
    pub within: &'a [Place],
}

impl fmt::Display for BulkData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.within
            .iter()
            .try_for_each(|place| write!(f, "{}/{}/", place.sequence, place.item))?;
        write!(f, "{}", self.tag)
    }
}
