//! An object as it came: file meta information, its data set, and the way to its large values.

use super::Withheld;
use crate::tree::{DataSet, Place, Tree, TreeError};
use dicom::part10::{FileMeta, MAX_META};
use dicom::scan::Limits;
use dicom::{DataSetReader, Source};
use std::borrow::Cow;

/// The input is read in pieces of this size, in bytes.
pub(super) const CHUNK: usize = 256 << 10;

/// Gives the large values of a data set.
pub(crate) struct Bytes<'a> {
    source: &'a dyn Source,
    /// Where the data set begins in the source.
    base: u64,
}

impl<'a> Bytes<'a> {
    /// A whole value; borrowed where the input is in memory.
    pub(super) fn of(&self, place: Place) -> Result<Cow<'a, [u8]>, Withheld> {
        self.part(place.at, place.length as usize)
    }

    /// `length` bytes from `at`, counted from the start of the data set.
    pub(super) fn part(&self, at: u64, length: usize) -> Result<Cow<'a, [u8]>, Withheld> {
        let at = self.base + at;
        if let Some(all) = self.source.in_memory() {
            let part = usize::try_from(at)
                .ok()
                .and_then(|at| all.get(at..)?.get(..length));
            return part.map(Cow::Borrowed).ok_or(Withheld::Changed);
        }
        let mut part = vec![0; length];
        self.source.read_at(at, &mut part)?;
        Ok(Cow::Owned(part))
    }
}

/// An object whose pixels and other large values are still where they were.
pub(crate) struct Object<'a> {
    pub(crate) meta: FileMeta,
    pub(crate) set: DataSet,
    pub(super) bytes: Bytes<'a>,
}

impl<'a> Object<'a> {
    pub(crate) fn read(source: &'a dyn Source) -> Result<Self, Withheld> {
        let size = source.size();
        let meta = meta(source, size)?;
        let base = meta.data_set_at as u64;
        let mut tree = Tree::new(meta.transfer_syntax.deflated);
        match scan(source, base, size, &meta, &mut tree) {
            Ok(()) => {}
            // What stands behind the pixels and is no data set is left behind.
            Err(Withheld::Unreadable(TreeError::Unreadable(_))) if tree.pixels_done() => {}
            Err(error) => return Err(error),
        }
        Ok(Self {
            meta,
            set: tree.finish()?,
            bytes: Bytes { source, base },
        })
    }
}

fn meta(source: &dyn Source, size: u64) -> Result<FileMeta, Withheld> {
    for limit in [4 << 10, 2 * MAX_META] {
        let length = usize::try_from(size).unwrap_or(usize::MAX).min(limit);
        let complete = length as u64 == size;
        let head = match source.in_memory() {
            Some(all) => Cow::Borrowed(all.get(..length).unwrap_or(all)),
            None => {
                let mut head = vec![0; length];
                source.read_at(0, &mut head)?;
                Cow::Owned(head)
            }
        };
        if let Some(meta) = FileMeta::read(&head, complete)? {
            return Ok(meta);
        }
    }
    Err(Withheld::NotDicom(dicom::part10::Part10Error::TooLong))
}

fn scan(source: &dyn Source, base: u64, size: u64, meta: &FileMeta, tree: &mut Tree) -> Result<(), Withheld> {
    let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
    if let Some(all) = source.in_memory() {
        reader.push(all.get(meta.data_set_at..).unwrap_or_default(), tree)?;
    } else {
        let (mut at, mut chunk) = (base, vec![0; CHUNK]);
        while at < size {
            let length = usize::try_from(size - at).unwrap_or(CHUNK).min(CHUNK);
            let part = chunk.get_mut(..length).unwrap_or_default();
            source.read_at(at, part)?;
            reader.push(part, tree)?;
            at += length as u64;
        }
    }
    reader.finish(tree)?;
    Ok(())
}
