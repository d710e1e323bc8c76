//! The walk through a data set: each attribute gets what its rule says, and only what a rule keeps is in the result.

use super::effect::{Effect, Origin, effect};
use super::subject::{character_set, decoded};
use super::{Engine, code, dummy, private};
use crate::profile::Opt;
use crate::rules::{self, Basic, Requirement};
use crate::tree::{DataSet, Element, Value};
use dicom::{CharacterSet, Tag, Vr};

pub(crate) const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
pub(crate) const PATIENT_NAME: Tag = Tag(0x0010, 0x0010);
pub(crate) const PATIENT_ID: Tag = Tag(0x0010, 0x0020);
const CONTENT_SEQUENCE: Tag = Tag(0x0040, 0xA730);
const TEXT_VALUE: Tag = Tag(0x0040, 0xA160);
/// What a code's item says of the list that the code was chosen from: no meaning hangs on it, and a site can write in it.
pub(crate) const CONTEXT: [Tag; 8] = [
    Tag(0x0008, 0x0106),
    Tag(0x0008, 0x0107),
    Tag(0x0008, 0x010B),
    Tag(0x0008, 0x010D),
    Tag(0x0008, 0x010F),
    Tag(0x0008, 0x0110),
    Tag(0x0008, 0x0117),
    Tag(0x0008, 0x0118),
];
const MAPPING_RESOURCE: Tag = Tag(0x0008, 0x0105);
const CONTENT_TEMPLATE_SEQUENCE: Tag = Tag(0x0040, 0xA504);
/// Concept names and values of a content item (PS3.3 C.17.3.2): without them, the tree says nothing and is not valid.
const CONCEPTS: [Tag; 3] = [Tag(0x0040, 0xA043), Tag(0x0040, 0xA168), Tag(0x0040, 0x08EA)];

/// What becomes of a value.
pub(super) enum Outcome {
    /// It stays, or another stands in its place.
    Value(Vr, Value),
    /// The attribute goes where its IOD allows that.
    Gone,
}

impl Engine<'_> {
    /// What is kept of a data set in this character set. `parent` is the sequence that it is an item of.
    pub(super) fn data_set(&mut self, set: DataSet, parent: Option<Tag>, charset: CharacterSet) -> DataSet {
        let blocks = private::Blocks::of(&set, charset);
        let mut kept = DataSet {
            elements: Vec::with_capacity(set.elements.len()),
        };
        for element in set.elements {
            let tag = element.tag;
            if tag.is_private() {
                self.private_element(element, &blocks, charset, &mut kept);
            } else if let Some(element) = self.standard_element(element, parent, charset) {
                kept.elements.push(element);
            }
        }
        kept
    }

    fn standard_element(
        &mut self,
        element: Element,
        parent: Option<Tag>,
        charset: CharacterSet,
    ) -> Option<Element> {
        let tag = element.tag;
        let drawn = matches!(tag.group(), 0x5000..=0x50FF | 0x6000..=0x60FF);
        if tag.is_group_length() || tag == CHARACTER_SET || CONTEXT.contains(&tag) || !rules::is_known(tag) {
            return None;
        }
        // Pixels within a sequence are an icon, or a hiding place.
        if parent.is_some() && tag.group() == Tag::PIXEL_DATA.group() {
            return None;
        }
        // Curves and overlays are cleaned by leaving them out: a bitmap can show anything.
        if drawn {
            self.touched.note(Effect::Clean, effect(self.profile, tag).1);
            return None;
        }
        if tag == PATIENT_ID || tag == PATIENT_NAME && parent.is_none() {
            let vr = if tag == PATIENT_ID { Vr(*b"LO") } else { Vr::PN };
            let value = Value::Bytes(self.pseudonym(&element, charset).into_bytes());
            return Some(Element { tag, vr, value });
        }
        let (mut effect, origin) = effect(self.profile, tag);
        // The template of a report is named with the resource that defines it, outside of any code.
        if tag == MAPPING_RESOURCE && parent == Some(CONTENT_TEMPLATE_SEQUENCE) {
            effect = Effect::Clean;
        }
        self.touched.note(effect, origin);
        let vr = self.vr(&element)?;
        let requirement = |engine: &Self| engine.requirement(parent, tag);
        let outcome = match effect {
            Effect::Basic(basic) => return self.basic(basic, element, vr, parent, charset),
            Effect::Code => return None,
            Effect::Drop => Outcome::Gone,
            Effect::Keep if vr != Vr::SQ => self.keep(tag, vr, element.value, charset),
            Effect::Keep | Effect::Clean | Effect::Label | Effect::Date | Effect::Binary | Effect::Icc => {
                if vr == Vr::SQ {
                    return self.sequence(element, parent, charset);
                }
                self.clean(effect, tag, vr, element.value, charset)
            }
        };
        let (vr, value) = match outcome {
            Outcome::Value(vr, value) => (vr, value),
            Outcome::Gone => match requirement(self) {
                Requirement::Optional => return None,
                Requirement::Presence => (vr, empty(vr)),
                // Nothing is known of the class: a dummy satisfies every type. What no rule keeps goes all the same.
                Requirement::Unknown if effect == Effect::Drop => return None,
                Requirement::Value | Requirement::Unknown => return dummy_element(tag, vr),
            },
        };
        Some(Element { tag, vr, value })
    }

    /// What stands for a Patient ID or the patient's name. An item may be about somebody else.
    fn pseudonym(&self, element: &Element, charset: CharacterSet) -> String {
        match &element.value {
            Value::Bytes(bytes) if element.tag == PATIENT_ID => {
                let id = decoded(charset, Vr(*b"LO"), bytes);
                if id.is_empty() {
                    self.patient.clone()
                } else {
                    self.key.patient(&id)
                }
            }
            _ => self.patient.clone(),
        }
    }

    fn requirement(&self, parent: Option<Tag>, tag: Tag) -> Requirement {
        if parent == Some(CONTENT_SEQUENCE) && (tag == TEXT_VALUE || CONCEPTS.contains(&tag)) {
            return Requirement::Value;
        }
        rules::requirement(&self.sop_class, parent, tag)
    }

    /// An action of the basic profile (PS3.15 table E.1-1a), as strict as the attribute's type allows.
    fn basic(
        &mut self,
        basic: Basic,
        element: Element,
        vr: Vr,
        parent: Option<Tag>,
        charset: CharacterSet,
    ) -> Option<Element> {
        use Requirement::{Optional, Presence, Unknown, Value as Needed};
        let tag = element.tag;
        let needed = self.requirement(parent, tag);
        let stands = match (basic, needed) {
            (Basic::U, _) => Stands::Dummy,
            (Basic::XZU, _) if vr == Vr::SQ => Stands::Dummy,
            (Basic::D, _) | (_, Needed) => Stands::Dummy,
            (Basic::X, Optional | Unknown) | (_, Optional) if basic != Basic::Z && basic != Basic::ZD => {
                Stands::Gone
            }
            (Basic::XD | Basic::XZD | Basic::ZD, Unknown) => Stands::Dummy,
            (_, Presence | Optional | Unknown) => Stands::Empty,
        };
        match (stands, vr) {
            (Stands::Gone, _) => None,
            (Stands::Empty, vr) => Some(Element {
                tag,
                vr,
                value: empty(vr),
            }),
            // A sequence that must stay holds what its own rules keep of it.
            (Stands::Dummy, Vr::SQ) => {
                let value = element.value;
                self.sequence(Element { tag, vr, value }, parent, charset)
            }
            // The dummy of a UID is the one that stands for it everywhere.
            (Stands::Dummy, vr) if vr.0 == *b"UI" => match element.value {
                Value::Bytes(bytes) => {
                    let value = Value::Bytes(self.uids(tag, &bytes));
                    Some(Element { tag, vr, value })
                }
                _ => None,
            },
            (Stands::Dummy, vr) => dummy_element(tag, vr),
        }
    }

    /// A sequence whose items are gone through. An item whose code nobody vouches for is left out; where the IOD
    /// demands an item, a code that says so stands there.
    pub(super) fn sequence(
        &mut self,
        element: Element,
        parent: Option<Tag>,
        charset: CharacterSet,
    ) -> Option<Element> {
        let tag = element.tag;
        let Value::Items(items) = element.value else {
            return None;
        };
        let was_empty = items.is_empty();
        let mut kept = Vec::with_capacity(items.len());
        let mut left_out = false;
        for item in items {
            let inner = character_set(&item, charset);
            if !code::is_code(&item) {
                kept.push(self.data_set(item, Some(tag), inner));
            } else if let Some(code) = code::vouched(&item, inner, &self.subject.own) {
                self.beyond_ascii |= !code.elements.iter().all(|element| element.value.is_ascii());
                let rest = self.data_set(item, Some(tag), inner);
                kept.push(code::join(code, rest));
            } else {
                left_out = true;
            }
        }
        if kept.is_empty() && !was_empty {
            match self.requirement(parent, tag) {
                Requirement::Optional => return None,
                Requirement::Presence => {}
                Requirement::Value | Requirement::Unknown if left_out => kept.push(code::unknown()),
                Requirement::Value | Requirement::Unknown => {}
            }
        }
        let value = Value::Items(kept);
        Some(Element {
            tag,
            vr: Vr::SQ,
            value,
        })
    }

    /// The VR in which a value is written: the one that stands there, where the dictionary allows it, else the
    /// dictionary's. `None` when the bytes cannot be read as that.
    fn vr(&self, element: &Element) -> Option<Vr> {
        let attribute = dicom::attribute(element.tag)?;
        let preferred = match attribute.other_vr {
            Some(signed) if signed.0 == *b"SS" && self.signed => signed,
            _ => attribute.vr,
        };
        match &element.value {
            Value::Items(_) => (preferred == Vr::SQ).then_some(Vr::SQ),
            _ if preferred == Vr::SQ => {
                // An empty sequence, or one that nobody could read.
                matches!(&element.value, Value::Bytes(bytes) if bytes.is_empty()).then_some(Vr::SQ)
            }
            _ if element.vr == attribute.vr && attribute.other_vr != Some(Vr(*b"SS")) => Some(element.vr),
            _ if Some(element.vr) == attribute.other_vr => Some(element.vr),
            _ if element.vr == Vr::UN || element.vr.is_text() == preferred.is_text() => Some(preferred),
            _ => None,
        }
    }

    /// True when the profile executes the option: asked where an option does more than the table's cells say.
    pub(super) fn executes(&self, option: Opt) -> bool {
        self.profile.has(option)
    }
}

enum Stands {
    Gone,
    Empty,
    Dummy,
}

fn empty(vr: Vr) -> Value {
    if vr == Vr::SQ {
        Value::Items(Vec::new())
    } else {
        Value::Bytes(Vec::new())
    }
}

fn dummy_element(tag: Tag, vr: Vr) -> Option<Element> {
    let value = Value::Bytes(dummy::dummy(vr)?);
    Some(Element { tag, vr, value })
}

/// Options that only some objects have something for: recorded when they were executed.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Touched {
    graphics: bool,
    structured: bool,
    pub(super) private: bool,
}

impl Touched {
    fn note(&mut self, effect: Effect, origin: Origin) {
        match origin {
            Origin::Option(Opt::CleanGraphics) if effect == Effect::Clean => self.graphics = true,
            Origin::Option(Opt::CleanStructuredContent) if effect == Effect::Clean => self.structured = true,
            _ => {}
        }
    }

    /// True when the option did something, or always does.
    pub(super) fn executed(self, option: Opt) -> bool {
        match option {
            Opt::CleanGraphics => self.graphics,
            Opt::CleanStructuredContent => self.structured,
            Opt::RetainSafePrivate => self.private,
            _ => true,
        }
    }
}
