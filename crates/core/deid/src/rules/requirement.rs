//! Whether an object of a SOP class must have an attribute: the types of PS3.3 and PS3.5 7.4.

use dicom::Tag;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// What an object loses when an attribute goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Type 1 or 1C: it must be there with a value.
    Value,
    /// Type 2 or 2C: it must be there, and may be empty.
    Presence,
    /// Type 3, or not part of the object at all.
    Optional,
    /// The SOP class is not known.
    Unknown,
}

#[cfg(test)]
/// One line a module, in the order of the numbers that the other files use.
const MODULES: &str = include_str!("../../data/modules.csv");
/// `sop_class,modules`.
const CLASSES: &str = include_str!("../../data/classes.csv");
/// `parent,tag,with_value,present`: the modules that ask for the attribute, in a sequence or at the top.
const TYPES: &str = include_str!("../../data/types.csv");

/// (5200,9229) Shared Functional Groups Sequence.
const SHARED_GROUPS: Tag = Tag(0x5200, 0x9229);
/// (5200,9230) Per-frame Functional Groups Sequence; in the data it stands for both.
const FRAME_GROUPS: Tag = Tag(0x5200, 0x9230);

/// A module by its line.
type Module = u16;

#[derive(Default)]
struct Asks {
    with_value: Vec<Module>,
    present: Vec<Module>,
}

struct Types {
    classes: HashMap<&'static str, BTreeSet<Module>>,
    attributes: HashMap<(Option<Tag>, Tag), Asks>,
}

fn numbers(field: &str) -> impl Iterator<Item = Module> + '_ {
    field
        .split_ascii_whitespace()
        .filter_map(|number| number.parse().ok())
}

static DATA: LazyLock<Types> = LazyLock::new(|| {
    let classes = CLASSES.lines().skip(1).filter_map(|line| line.split_once(','));
    let attribute = |line: &'static str| {
        let mut fields = line.split(',');
        let parent = match fields.next()? {
            "" => None,
            parent => Some(parent.parse().ok()?),
        };
        let tag = fields.next()?.parse().ok()?;
        let asks = Asks {
            with_value: numbers(fields.next()?).collect(),
            present: numbers(fields.next()?).collect(),
        };
        Some(((parent, tag), asks))
    };
    Types {
        classes: classes
            .map(|(class, modules)| (class, numbers(modules).collect()))
            .collect(),
        attributes: TYPES.lines().skip(1).filter_map(attribute).collect(),
    }
});

/// How much an object of `sop_class` needs the attribute `tag`, at the top level or in the items of the innermost
/// sequence `parent`. Over all modules that the class may have, the strictest type counts; a conditional type
/// counts as if its condition held.
///
/// Numbers (DS, IS, FD, FL, US, SS, UL, SL, SV, UV, AT) are not in the data: no rule removes them.
pub fn requirement(sop_class: &str, parent: Option<Tag>, tag: Tag) -> Requirement {
    let Some(modules) = DATA.classes.get(sop_class) else {
        return Requirement::Unknown;
    };
    if parent.is_some() && is_of_a_code(tag) {
        return Requirement::Value;
    }
    let parent = match parent {
        Some(SHARED_GROUPS) => Some(FRAME_GROUPS),
        other => other,
    };
    let Some(asks) = DATA.attributes.get(&(parent, tag)) else {
        return Requirement::Optional;
    };
    let any = |asking: &[Module]| asking.iter().any(|module| modules.contains(module));
    if any(&asks.with_value) {
        Requirement::Value
    } else if any(&asks.present) {
        Requirement::Presence
    } else {
        Requirement::Optional
    }
}

/// The Code Sequence Macro (PS3.3 8.8) stands in a thousand sequences and asks the same in each: it is not in the data.
fn is_of_a_code(tag: Tag) -> bool {
    tag.group() == 0x0008 && matches!(tag.element(), 0x0100 | 0x0102..=0x0107 | 0x010D | 0x0119 | 0x0120)
}

/// How many modules the data know; the numbers in the other files stay below it.
#[cfg(test)]
fn modules() -> usize {
    MODULES.lines().skip(1).count()
}

#[cfg(test)]
mod tests {
    use super::{CLASSES, DATA, TYPES, modules};

    #[test]
    fn every_line_is_read_and_names_a_module() {
        assert_eq!(CLASSES.lines().count() - 1, DATA.classes.len());
        assert_eq!(TYPES.lines().count() - 1, DATA.attributes.len());
        let asked = DATA
            .attributes
            .values()
            .flat_map(|asks| asks.with_value.iter().chain(&asks.present));
        let named = DATA.classes.values().flatten().chain(asked);
        assert!(named.max().is_some_and(|last| usize::from(*last) < modules()));
    }
}
