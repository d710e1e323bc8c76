//! Where in a data set the scan stands.

use dicom::Tag;
use std::fmt::Write as _;

/// Open sequences with their current items, outermost first.
#[derive(Default)]
pub(super) struct Path {
    open: Vec<(Tag, u32)>,
}

impl Path {
    pub(super) fn enter(&mut self, sequence: Tag) {
        self.open.push((sequence, 0));
    }

    pub(super) fn item(&mut self) {
        if let Some((_, item)) = self.open.last_mut() {
            *item += 1;
        }
    }

    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    /// `00400275[1].00321060`.
    pub(super) fn to(&self, tag: Tag) -> String {
        let mut text = String::new();
        for (sequence, item) in &self.open {
            // Writing to a string does not fail.
            let _ = write!(text, "{sequence}[{item}].");
        }
        let _ = write!(text, "{tag}");
        text
    }

    /// The tags on the way to `tag`, without item numbers.
    pub(super) fn tags(&self, tag: Tag) -> Vec<Tag> {
        self.open
            .iter()
            .map(|(sequence, _)| *sequence)
            .chain([tag])
            .collect()
    }
}
