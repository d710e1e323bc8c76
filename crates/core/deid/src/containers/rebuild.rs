//! Writing a container anew, without a copy as long as what is written is what was there.

use std::borrow::Cow;

/// The rebuilt container. It is the start of the original until a byte differs.
pub(super) struct Rebuild<'a> {
    original: &'a [u8],
    same: usize,
    changed: Option<Vec<u8>>,
}

impl<'a> Rebuild<'a> {
    pub(super) fn of(original: &'a [u8]) -> Self {
        Self {
            original,
            same: 0,
            changed: None,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        if let Some(changed) = &mut self.changed {
            changed.extend_from_slice(bytes);
            return;
        }
        let (before, after) = self.original.split_at_checked(self.same).unwrap_or_default();
        if after.starts_with(bytes) {
            self.same += bytes.len();
        } else {
            let mut changed = Vec::with_capacity(self.original.len());
            changed.extend_from_slice(before);
            changed.extend_from_slice(bytes);
            self.changed = Some(changed);
        }
    }

    fn len(&self) -> usize {
        self.changed.as_ref().map_or(self.same, Vec::len)
    }

    /// Pads to an even length with a zero.
    pub(super) fn pad(&mut self) {
        if self.len() % 2 == 1 {
            self.push(&[0]);
        }
    }

    /// What was written, padded to an even length.
    pub(super) fn finish(mut self) -> Cow<'a, [u8]> {
        self.pad();
        match self.changed {
            Some(changed) => Cow::Owned(changed),
            None => Cow::Borrowed(self.original.get(..self.same).unwrap_or_default()),
        }
    }
}
