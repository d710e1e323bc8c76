//! Objects that lie, break off, repeat themselves or were never DICOM.

mod bytes;
mod content;
mod floods;
mod structure;

pub(crate) use bytes::{deflate, element, explicit_head, item, wrap};

use super::scan;
use testkit::{DataSet, Encoding, Random};

/// What every door must say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expect {
    /// Whatever it is, all doors the same.
    Same,
    /// All take it.
    Stored,
    /// None takes it.
    Refused,
}

/// One object as a file.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    pub(crate) expect: Expect,
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, file: Vec<u8>, expect: Expect) -> Self {
        Self {
            name: name.into(),
            file,
            expect,
        }
    }

    /// A scan with these bytes after its own elements, which end before group FFFC.
    pub(crate) fn with_tail(name: &str, random: &mut Random, tail: &[u8], expect: Expect) -> Self {
        let scan = scan::without_pixels(random);
        let bytes = [&scan.encode(Encoding::ExplicitLe)[..], tail].concat();
        let object = scan::written(&scan, Encoding::ExplicitLe.transfer_syntax(), bytes);
        Self::new(name, object.part10(), expect)
    }

    /// A plain scan that was changed.
    pub(crate) fn changed(
        name: &str,
        random: &mut Random,
        expect: Expect,
        change: impl FnOnce(&mut DataSet),
    ) -> Self {
        let scan = scan::plain(random, 16);
        let mut changed = scan.clone();
        change(&mut changed);
        let bytes = changed.encode(Encoding::ExplicitLe);
        let object = scan::written(&scan, Encoding::ExplicitLe.transfer_syntax(), bytes);
        Self::new(name, object.part10(), expect)
    }
}

/// Everything hostile.
pub(crate) fn cases() -> Vec<Case> {
    let mut random = Random::new(1, &[]);
    let mut cases = Vec::new();
    cases.extend(structure::truncations(&mut random));
    cases.extend(structure::lengths(&mut random));
    cases.extend(content::geometry(&mut random));
    cases.extend(structure::transfer_syntaxes(&mut random));
    cases.extend(content::identities(&mut random));
    cases.extend(structure::elements(&mut random));
    cases.extend(content::texts(&mut random));
    cases.extend(content::strangers(&mut random));
    cases.extend(floods::nesting(&mut random));
    cases.extend(floods::bombs(&mut random));
    cases.extend(floods::counts(&mut random));
    cases
}
