//! Directory records (PS3.3 F.5): which types there are, and what each asks of the object that it stands for.

use crate::engine::code;
use crate::engine::dummy::dummy;
use crate::tree::{DataSet, Value};
use dicom::{Tag, Vr};

/// How much a record needs a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Type 1: a dummy stands where the object has no value.
    Value,
    /// Type 2: may be empty.
    Presence,
    /// Type 1C: only where the object has it.
    IfThere,
}

use Need::{IfThere, Presence, Value as Needed};

type Keys = &'static [(Tag, Need)];

/// A type of directory record.
pub(super) struct Type {
    /// The term in (0004,1430).
    pub(super) name: &'static str,
    keys: Keys,
}

const fn kind(name: &'static str, keys: Keys) -> Type {
    Type { name, keys }
}

const INSTANCE_NUMBER: (Tag, Need) = (Tag(0x0020, 0x0013), Needed);
const CONTENT_DATE: (Tag, Need) = (Tag(0x0008, 0x0023), Needed);
const CONTENT_TIME: (Tag, Need) = (Tag(0x0008, 0x0033), Needed);
const LABEL: (Tag, Need) = (Tag(0x0070, 0x0080), Needed);
const DESCRIPTION: (Tag, Need) = (Tag(0x0070, 0x0081), Presence);
const CREATOR: (Tag, Need) = (Tag(0x0070, 0x0084), Presence);
const CONCEPT: (Tag, Need) = (Tag(0x0040, 0xA043), Needed);
const CONTENT: (Tag, Need) = (CONTENT_SEQUENCE, IfThere);

const CONTENT_SEQUENCE: Tag = Tag(0x0040, 0xA730);
const RELATIONSHIP: Tag = Tag(0x0040, 0xA010);

pub(super) const PATIENT: Type = kind(
    "PATIENT",
    &[(Tag(0x0010, 0x0010), Presence), (Tag(0x0010, 0x0020), Needed)],
);
pub(super) const STUDY: Type = kind(
    "STUDY",
    &[
        (Tag(0x0008, 0x0020), Needed),
        (Tag(0x0008, 0x0030), Needed),
        (Tag(0x0008, 0x0050), Presence),
        (Tag(0x0008, 0x1030), Presence),
        (Tag(0x0020, 0x000D), Needed),
        (Tag(0x0020, 0x0010), Needed),
    ],
);
pub(super) const SERIES: Type = kind(
    "SERIES",
    &[
        (Tag(0x0008, 0x0060), Needed),
        (Tag(0x0020, 0x000E), Needed),
        (Tag(0x0020, 0x0011), Needed),
    ],
);
const IMAGE: Type = kind("IMAGE", &[INSTANCE_NUMBER]);

/// The keys of what is described by content date, content time and the Content Identification Macro.
const IDENTIFIED: Keys = &[
    CONTENT_DATE,
    CONTENT_TIME,
    INSTANCE_NUMBER,
    LABEL,
    DESCRIPTION,
    CREATOR,
];
/// The keys of what is described by content date and time.
const DATED: Keys = &[CONTENT_DATE, CONTENT_TIME, INSTANCE_NUMBER];

/// Record types below a series, but for images, and the SOP classes (below 1.2.840.10008.5.1.4) that they are for; a
/// final dot stands for all below it. A class that several lines fit is of the first one's type.
const BELOW_SERIES: [(&[&str], Type); 22] = [
    (
        &["1.1.481.2"],
        kind("RT DOSE", &[INSTANCE_NUMBER, (Tag(0x3004, 0x000A), Needed)]),
    ),
    (
        &["1.1.481.3"],
        kind(
            "RT STRUCTURE SET",
            &[
                INSTANCE_NUMBER,
                (Tag(0x3006, 0x0002), Needed),
                (Tag(0x3006, 0x0008), Presence),
                (Tag(0x3006, 0x0009), Presence),
            ],
        ),
    ),
    (
        &["1.1.481.5", "1.1.481.8"],
        kind(
            "RT PLAN",
            &[
                INSTANCE_NUMBER,
                (Tag(0x300A, 0x0002), Needed),
                (Tag(0x300A, 0x0006), Presence),
                (Tag(0x300A, 0x0007), Presence),
            ],
        ),
    ),
    (
        &["1.1.481.4", "1.1.481.6", "1.1.481.7", "1.1.481.9"],
        kind(
            "RT TREAT RECORD",
            &[
                INSTANCE_NUMBER,
                (Tag(0x3008, 0x0250), Presence),
                (Tag(0x3008, 0x0251), Presence),
            ],
        ),
    ),
    (
        // RT Image and the enhanced RT images, which are images, are not among them.
        &[
            "1.1.481.10",
            "1.1.481.11",
            "1.1.481.12",
            "1.1.481.13",
            "1.1.481.14",
            "1.1.481.15",
            "1.1.481.16",
            "1.1.481.17",
            "1.1.481.18",
            "1.1.481.19",
            "1.1.481.20",
            "1.1.481.21",
            "1.1.481.22",
            "1.1.481.25",
        ],
        kind(
            "RADIOTHERAPY",
            &[
                INSTANCE_NUMBER,
                (Tag(0x3010, 0x0033), IfThere),
                (Tag(0x3010, 0x0034), IfThere),
                DESCRIPTION,
                CREATOR,
            ],
        ),
    ),
    (&["34.7", "34.10"], kind("PLAN", &[])),
    (
        &["1.1.11.", "1.1.131"],
        kind(
            "PRESENTATION",
            &[
                (Tag(0x0008, 0x1115), IfThere),
                INSTANCE_NUMBER,
                LABEL,
                DESCRIPTION,
                (Tag(0x0070, 0x0082), Needed),
                (Tag(0x0070, 0x0083), Needed),
                CREATOR,
                (Tag(0x0070, 0x0402), IfThere),
            ],
        ),
    ),
    (&["1.1.9."], kind("WAVEFORM", DATED)),
    (
        &["1.1.88.59"],
        kind(
            "KEY OBJECT DOC",
            &[CONTENT_DATE, CONTENT_TIME, INSTANCE_NUMBER, CONCEPT, CONTENT],
        ),
    ),
    (
        &["1.1.88.", "1.1.78.6", "1.1.79.1"],
        kind(
            "SR DOCUMENT",
            &[
                CONTENT_DATE,
                CONTENT_TIME,
                INSTANCE_NUMBER,
                (Tag(0x0040, 0xA030), IfThere),
                CONCEPT,
                (Tag(0x0040, 0xA491), Needed),
                (Tag(0x0040, 0xA493), Needed),
                CONTENT,
            ],
        ),
    ),
    (
        &["1.1.4.2"],
        kind(
            "SPECTROSCOPY",
            &[
                (Tag(0x0008, 0x0008), Needed),
                CONTENT_DATE,
                CONTENT_TIME,
                (Tag(0x0008, 0x9092), IfThere),
                INSTANCE_NUMBER,
                (Tag(0x0028, 0x0008), Needed),
                (Tag(0x0028, 0x0010), Needed),
                (Tag(0x0028, 0x0011), Needed),
                (Tag(0x0028, 0x9001), Needed),
                (Tag(0x0028, 0x9002), Needed),
            ],
        ),
    ),
    (&["1.1.66"], kind("RAW DATA", DATED)),
    (&["1.1.66.1", "1.1.66.3"], kind("REGISTRATION", IDENTIFIED)),
    (&["1.1.66.2"], kind("FIDUCIAL", IDENTIFIED)),
    (&["1.1.66.5"], kind("SURFACE", IDENTIFIED)),
    (&["1.1.66.6"], kind("TRACT", IDENTIFIED)),
    (&["1.1.67"], kind("VALUE MAP", IDENTIFIED)),
    (&["1.1.68."], kind("SURFACE SCAN", &[CONTENT_DATE, CONTENT_TIME])),
    (&["1.1.77.1.5.3"], kind("STEREOMETRIC", &[])),
    (
        &[
            "1.1.78.1", "1.1.78.2", "1.1.78.3", "1.1.78.4", "1.1.78.5", "1.1.78.7", "1.1.80.1",
        ],
        kind("MEASUREMENT", IDENTIFIED),
    ),
    (
        &["1.1.90.1"],
        kind(
            "ASSESSMENT",
            &[
                (Tag(0x0008, 0x0012), Needed),
                (Tag(0x0008, 0x0013), Presence),
                INSTANCE_NUMBER,
            ],
        ),
    ),
    (&["1.1.91.1"], kind("ANNOTATION", IDENTIFIED)),
];

/// The type of the record of an object of this class that lies in a series; `None` where the standard has none and the
/// object is no image.
pub(super) fn below_series(sop_class: &str, has_pixels: bool) -> Option<&'static Type> {
    let class = sop_class.strip_prefix("1.2.840.10008.5.1.4.");
    let named = class.and_then(|class| {
        let fits = |pattern: &str| {
            if pattern.ends_with('.') {
                class.starts_with(pattern)
            } else {
                class == pattern
            }
        };
        BELOW_SERIES
            .iter()
            .find(|(classes, _)| classes.iter().any(|pattern| fits(pattern)))
            .map(|(_, kind)| kind)
    });
    named.or(has_pixels.then_some(&IMAGE))
}

impl Type {
    /// The keys of a record, taken from the object that it stands for.
    pub(super) fn keys(&self, object: &DataSet) -> DataSet {
        let mut record = DataSet::default();
        for (tag, need) in self.keys {
            let Some(vr) = dicom::attribute(*tag).map(|attribute| attribute.vr) else {
                continue;
            };
            let held = object
                .get(*tag)
                .and_then(|element| fitting(*tag, vr, &element.value));
            let stands = match (held, need) {
                (Some(value), _) => value,
                (None, IfThere) => continue,
                (None, Presence) if vr == Vr::SQ => Value::Items(Vec::new()),
                (None, Presence) => Value::Bytes(Vec::new()),
                (None, Needed) if vr == Vr::SQ => Value::Items(vec![code::unknown()]),
                (None, Needed) => Value::Bytes(dummy(vr).unwrap_or_default()),
            };
            record.put(*tag, vr, stands);
        }
        record
    }
}

/// A value that says something and is what the key's VR makes of it.
fn fitting(tag: Tag, vr: Vr, value: &Value) -> Option<Value> {
    match value {
        Value::Bytes(bytes) if vr != Vr::SQ => {
            let blank = bytes.iter().all(|byte| matches!(byte, b' ' | 0)) && vr.is_text();
            (!bytes.is_empty() && !blank).then(|| Value::Bytes(bytes.clone()))
        }
        Value::Items(items) if vr == Vr::SQ => {
            let items: Vec<DataSet> = items
                .iter()
                .filter(|item| tag != CONTENT_SEQUENCE || item.text(RELATIONSHIP) == Some("HAS CONCEPT MOD"))
                .map(referring)
                .filter(|item| !item.elements.is_empty())
                .collect();
            (!items.is_empty()).then_some(Value::Items(items))
        }
        _ => None,
    }
}

/// What a key's item may hold: references, codes, and the content items that modify a document's title.
fn referring(item: &DataSet) -> DataSet {
    let elements = item.elements.iter().filter_map(|element| {
        let tag = element.tag;
        let wanted = matches!(
            (tag.group(), tag.element()),
            (
                0x0008,
                0x0100 | 0x0102..=0x0104 | 0x0119 | 0x0120 | 0x1115 | 0x1140 | 0x1150 | 0x1155 | 0x1160
            ) | (0x0020, 0x000D | 0x000E)
                | (0x0040, 0xA010 | 0xA040 | 0xA043 | 0xA160 | 0xA168)
        );
        let value = match &element.value {
            Value::Bytes(_) if wanted => element.value.clone(),
            Value::Items(items) if wanted => Value::Items(items.iter().map(referring).collect()),
            _ => return None,
        };
        Some(crate::tree::Element {
            value,
            ..element.clone()
        })
    });
    DataSet {
        elements: elements.collect(),
    }
}
