//! A data set under construction that knows where it stands, so that the key gets the path of what is put in.

use super::Key;
use super::key::{Action, Category, DateSite, Reference};
use super::person::Text;
use crate::{DataSet, Length, Vr};

/// The data set of an object, or an item of a sequence in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Level {
    pub(crate) set: DataSet,
    prefix: String,
}

fn name(tag: u32) -> String {
    format!("<({:04x},{:04x})>", tag >> 16, tag & 0xffff)
}

impl Level {
    /// The top level of an object.
    pub(crate) fn top(set: DataSet) -> Self {
        Self {
            set,
            prefix: String::new(),
        }
    }

    /// The path of an attribute on this level.
    pub(crate) fn path(&self, tag: u32) -> String {
        format!("{}{}", self.prefix, name(tag))
    }

    /// An empty item of the sequence `tag`, counted from 0, to be handed to [`Level::items`].
    pub(crate) fn item(&self, tag: u32, index: usize) -> Self {
        Self {
            set: DataSet::new(),
            prefix: format!("{}[<{index:04}>]", self.path(tag)),
        }
    }

    /// Puts a sequence of items.
    pub(crate) fn items(&mut self, tag: u32, items: Vec<Self>) {
        let length = if items.len().is_multiple_of(2) {
            Length::Defined
        } else {
            Length::Undefined
        };
        let sets = items.into_iter().map(|item| item.set).collect();
        self.set.sequence(tag, sets, length);
    }

    /// Puts a coded entry (PS3.3 table 8.8-1).
    pub(crate) fn code(&mut self, tag: u32, value: &str, scheme: &str, meaning: &str) {
        let mut item = self.item(tag, 0);
        item.set
            .text(0x0008_0100, Vr::SH, value)
            .text(0x0008_0102, Vr::SH, scheme)
            .text(0x0008_0104, Vr::LO, meaning);
        self.items(tag, vec![item]);
    }

    /// The path of a private element.
    pub(crate) fn private(&self, group: u16, creator: &str, element: u8) -> String {
        format!(
            "{}<({group:04x},\"{}\",{element:02x})>",
            self.prefix,
            creator.to_uppercase()
        )
    }

    /// Puts text that must go: every word of it.
    pub(crate) fn removed(&mut self, key: &mut Key, tag: u32, vr: Vr, text: &Text) {
        self.set.put(tag, vr, text.bytes.clone());
        let path = self.path(tag);
        let words = text.words();
        key.check(Action::TextRemoved, &path, &words, &text.text, Category::Hipaa);
        text.tell(key, &path);
    }

    /// Puts text that must stay.
    pub(crate) fn retained(&mut self, key: &mut Key, tag: u32, vr: Vr, text: &str) {
        self.set.text(tag, vr, text);
        key.check(
            Action::TextRetained,
            &self.path(tag),
            text,
            text,
            Category::Practice,
        );
    }

    /// Puts clinical text with identifiers in it: `before` and `after` stay, `inside` goes.
    pub(crate) fn mixed(
        &mut self,
        key: &mut Key,
        tag: u32,
        vr: Vr,
        before: &str,
        inside: &Text,
        after: &str,
    ) {
        let whole = Text::ascii(before).then(inside).then(&Text::ascii(after));
        self.set.put(tag, vr, whole.bytes.clone());
        let path = self.path(tag);
        key.check(
            Action::TextRemoved,
            &path,
            &inside.words(),
            &whole.text,
            Category::Hipaa,
        );
        for part in [before, after] {
            let part = part.trim();
            if part.chars().any(char::is_alphanumeric) {
                key.check(Action::TextRetained, &path, part, &whole.text, Category::Practice);
            }
        }
        inside.tell(key, &path);
    }

    /// Puts a date (DA) or a moment (DT) that must be shifted.
    pub(crate) fn date(&mut self, key: &mut Key, tag: u32, vr: Vr, value: &str) {
        self.set.text(tag, vr, value);
        let path = self.path(tag);
        key.check(Action::DateShifted, &path, value, value, Category::Hipaa);
        key.dates.push(DateSite {
            path,
            value: value.to_owned(),
            placeholder: false,
        });
    }

    /// Puts a date that stands for "not known".
    pub(crate) fn placeholder(&mut self, key: &mut Key, tag: u32, value: &str) {
        self.set.text(tag, Vr::DA, value);
        key.dates.push(DateSite {
            path: self.path(tag),
            value: value.to_owned(),
            placeholder: true,
        });
    }

    /// Puts a UID that must be replaced.
    pub(crate) fn uid(&mut self, key: &mut Key, tag: u32, value: &str) {
        self.set.text(tag, Vr::UI, value);
        let path = self.path(tag);
        key.check(Action::UidChanged, &path, value, value, Category::Hipaa);
        key.check(Action::UidConsistent, &path, value, value, Category::Dicom);
        key.token(&path, value);
    }

    /// Puts a UID that points to another object, series, study or frame of reference of the benchmark.
    pub(crate) fn refer(&mut self, key: &mut Key, tag: u32, value: &str) {
        self.uid(key, tag, value);
        key.references.push(Reference {
            path: self.path(tag),
            uid: value.to_owned(),
        });
    }

    /// An attribute that is there already, and must stay, empty or not.
    pub(crate) fn tag(&self, key: &mut Key, tag: u32) {
        if self.set.get(tag).is_some() {
            key.check(Action::TagRetained, &self.path(tag), "", "", Category::Dicom);
        }
    }

    /// An attribute that is there already, and must keep a value.
    pub(crate) fn not_null(&self, key: &mut Key, tag: u32) {
        if self.set.get(tag).is_some() {
            key.check(Action::TextNotNull, &self.path(tag), "", "", Category::Dicom);
        }
    }

    /// Text that is there already, ASCII, and must stay.
    pub(crate) fn stays(&self, key: &mut Key, tag: u32) {
        if let Some((_, crate::Value::Bytes(bytes))) = self.set.get(tag) {
            let text = String::from_utf8_lossy(bytes).trim().to_owned();
            if !text.is_empty() {
                key.check(
                    Action::TextRetained,
                    &self.path(tag),
                    &text,
                    &text,
                    Category::Practice,
                );
            }
        }
    }
}
