//! Private elements (PS3.5 7.8): kept only where a list of safe ones names creator, group and element.

use super::effect::Effect;
use super::transform::Outcome;
use super::{Engine, subject::decoded};
use crate::profile::Opt;
use crate::rules::{self, Handling};
use crate::tree::{DataSet, Element, Value};
use dicom::{CharacterSet, Tag, Vr};

/// The blocks that creators reserved in one data set.
pub(super) struct Blocks(Vec<(u16, u8, String)>);

impl Blocks {
    /// Reads (gggg,0010-00FF).
    pub(super) fn of(set: &DataSet, charset: CharacterSet) -> Self {
        let creators = set.elements.iter().filter_map(|element| match &element.value {
            Value::Bytes(bytes)
                if element.tag.is_private() && (0x10..=0xFF).contains(&element.tag.element()) =>
            {
                let name = decoded(charset, Vr(*b"LO"), bytes);
                Some((element.tag.group(), element.tag.element() as u8, name))
            }
            _ => None,
        });
        Self(creators.collect())
    }

    fn creator(&self, tag: Tag) -> Option<&str> {
        let block = (tag.element() >> 8) as u8;
        let found = self
            .0
            .iter()
            .find(|(group, number, _)| *group == tag.group() && *number == block);
        found
            .map(|(.., name)| name.as_str())
            .filter(|name| !name.is_empty())
    }
}

impl Engine<'_> {
    /// Puts a private element that is safe, with its creator, into what is kept.
    pub(super) fn private_element(
        &mut self,
        element: Element,
        blocks: &Blocks,
        charset: CharacterSet,
        kept: &mut DataSet,
    ) {
        if !self.executes(Opt::RetainSafePrivate) {
            return;
        }
        self.touched.private = true;
        let tag = element.tag;
        let Some(creator) = blocks.creator(tag) else {
            return;
        };
        let number = (tag.element() & 0xFF) as u8;
        let Some((name, vr, how)) = self.safe(creator, tag.group(), number) else {
            return;
        };
        let known = element.vr == vr || element.vr == Vr::UN || element.vr.is_text() == vr.is_text();
        if !known {
            return;
        }
        let treated = match how {
            _ if vr == Vr::SQ => self.sequence(Element { vr, ..element }, None, charset),
            Handling::Uid => match element.value {
                Value::Bytes(bytes) => {
                    let value = Value::Bytes(self.uids(tag, &bytes));
                    Some(Element {
                        tag,
                        vr: Vr(*b"UI"),
                        value,
                    })
                }
                _ => None,
            },
            Handling::Keep | Handling::Date => {
                let effect = if vr.is_text() {
                    Effect::Label
                } else {
                    Effect::Binary
                };
                match self.clean(effect, tag, vr, element.value, charset) {
                    Outcome::Value(vr, value) => Some(Element { tag, vr, value }),
                    Outcome::Gone => None,
                }
            }
        };
        let Some(treated) = treated else { return };
        let owner = Tag(tag.group(), tag.element() >> 8);
        if kept.get(owner).is_none() {
            kept.put_text(owner, Vr(*b"LO"), &name);
        }
        kept.elements.push(treated);
    }

    fn safe(&self, creator: &str, group: u16, element: u8) -> Option<(String, Vr, Handling)> {
        let site = self.profile.private.iter().find(|one| {
            one.group == group && one.element == element && one.creator.eq_ignore_ascii_case(creator.trim())
        });
        if let Some(one) = site {
            let how = if one.vr.0 == *b"UI" {
                Handling::Uid
            } else {
                Handling::Keep
            };
            return Some((one.creator.clone(), one.vr, how));
        }
        let row = rules::safe_private(creator, group, element)?;
        Some((row.creator.to_owned(), row.vr, row.how))
    }
}
