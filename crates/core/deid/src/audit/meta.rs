//! The elements of the file meta information (PS3.10 7.1), read apart from the data set.

use dicom::{Tag, Vr};

/// An element of group 0002.
pub(super) struct MetaElement<'a> {
    pub(super) tag: Tag,
    pub(super) vr: Vr,
    pub(super) value: &'a [u8],
}

/// The elements in `bytes`, which begin behind the DICM prefix and end where the data set begins. Ends early where
/// they cannot be read.
pub(super) fn elements(mut bytes: &[u8]) -> impl Iterator<Item = MetaElement<'_>> {
    std::iter::from_fn(move || {
        let [g0, g1, e0, e1, v0, v1, l0, l1, ..] = bytes.first_chunk::<8>().copied()?;
        let tag = Tag(u16::from_le_bytes([g0, g1]), u16::from_le_bytes([e0, e1]));
        let written = Vr([v0, v1]);
        let (head, length, vr) = if !written.is_known() {
            let length = u32::from_le_bytes([v0, v1, l0, l1]);
            (8, length as usize, Vr::of(tag).unwrap_or(Vr::UN))
        } else if written.has_long_length() {
            let long = bytes.get(8..)?.first_chunk::<4>()?;
            (12, u32::from_le_bytes(*long) as usize, written)
        } else {
            (8, usize::from(u16::from_le_bytes([l0, l1])), written)
        };
        let rest = bytes.get(head..)?;
        let (value, rest) = rest.split_at_checked(length)?;
        bytes = rest;
        Some(MetaElement { tag, vr, value })
    })
}
