//! Attributes that Table E.1-1 does not list. The table is a list of what is known to identify; what it does not name
//! may still be free text, so each text attribute has been judged, and what was not judged goes.

use dicom::{Attribute, Tag, Vr};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What may be done with an attribute that the table does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outside {
    /// Numbers, coded strings, sequences: kept, the value checked by its VR, the contents by their own rules.
    Keep,
    /// A short technical text: a model, a kernel, a coil.
    Label,
    /// Prose: kept only by what cleans text.
    Prose,
    /// UIDs.
    Uid,
    /// A date, a time, or both.
    Date,
    /// Part of a coded entry (PS3.3 8.8) or of a coding scheme's description.
    Code,
    /// Bulk: pixels, look-up tables, waveforms, coordinates.
    Binary,
    /// An ICC profile.
    Icc,
    /// Removed.
    Drop,
}

/// `tag,kind,name`.
const LIST: &str = include_str!("../../data/outside.csv");

static JUDGED: LazyLock<HashMap<Tag, Outside>> =
    LazyLock::new(|| LIST.lines().skip(1).filter_map(read).collect());

fn read(line: &str) -> Option<(Tag, Outside)> {
    let mut fields = line.split(',');
    let tag = fields.next()?.parse().ok()?;
    let kind = match fields.next()? {
        "label" => Outside::Label,
        "prose" => Outside::Prose,
        "code" => Outside::Code,
        "binary" => Outside::Binary,
        "icc" => Outside::Icc,
        "drop" => Outside::Drop,
        _ => return None,
    };
    Some((tag, kind))
}

/// The attributes that were judged one by one, by rising tag.
pub fn judged() -> Vec<Tag> {
    let mut tags: Vec<Tag> = JUDGED.keys().copied().collect();
    tags.sort_unstable();
    tags
}

/// True when the standard's dictionary has the attribute, retired or not. False for private tags and group lengths.
pub fn is_known(tag: Tag) -> bool {
    dicom::attribute(tag).is_some()
}

/// What to do with an attribute that Table E.1-1 does not list. Private, unknown and retired attributes, group lengths,
/// commands, File Meta, directories, overlays, curves, padding and the groups of other trades (industry, security)
/// are dropped; so is every text that was not judged.
pub fn outside(tag: Tag) -> Outside {
    let Some(attribute) = dicom::attribute(tag) else {
        return Outside::Drop;
    };
    if attribute.retired || is_dropped_group(tag.group()) {
        return Outside::Drop;
    }
    match JUDGED.get(&tag) {
        Some(kind) => *kind,
        None => by_representation(attribute),
    }
}

fn is_dropped_group(group: u16) -> bool {
    matches!(
        group,
        0x0000 | 0x0002 | 0x0004 | 0x0014 | 0x4010 | 0x5000..=0x50FF | 0x6000..=0x60FF | 0xFFFA | 0xFFFC | 0xFFFE
    )
}

fn by_representation(attribute: Attribute) -> Outside {
    let of = |vr: Vr| match &vr.0 {
        b"DS" | b"IS" | b"FD" | b"FL" | b"US" | b"SS" | b"UL" | b"SL" | b"SV" | b"UV" | b"AT" | b"CS"
        | b"SQ" => Outside::Keep,
        b"UI" => Outside::Uid,
        b"DA" | b"DT" | b"TM" => Outside::Date,
        // Names, titles of applications, addresses, ages; texts and bulk that were not judged.
        _ => Outside::Drop,
    };
    match attribute.other_vr {
        // Where one of two representations would be dropped, the attribute is.
        Some(other) if of(other) != of(attribute.vr) => Outside::Drop,
        _ => of(attribute.vr),
    }
}

#[cfg(test)]
mod tests {
    use super::{JUDGED, LIST};

    #[test]
    fn every_line_of_a_single_attribute_is_read() {
        let lines: Vec<&str> = LIST.lines().skip(1).collect();
        let repeating = lines
            .iter()
            .filter(|line| line.split(',').next().is_some_and(|tag| tag.contains('x')));
        assert_eq!(lines.len() - repeating.count(), JUDGED.len());
    }
}
