//! What the index keeps of an object: whose it is, what queries match on, and what they return.

use dicom::json::JsonModel;
use dicom::scan::{Element, Sink};
use dicom::{CharacterSet, Encoding, Header, Tag, Vr};
use model::{Redacted, Uid};
use store::{Attributes, MatchKeys, PatientIdentity};

const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);

const PATIENT: &[Tag] = &[
    Tag(0x0010, 0x0010),
    Tag(0x0010, 0x0020),
    Tag(0x0010, 0x0021),
    Tag(0x0010, 0x0030),
    Tag(0x0010, 0x0040),
];
const STUDY: &[Tag] = &[
    Tag(0x0008, 0x0020),
    Tag(0x0008, 0x0030),
    Tag(0x0008, 0x0050),
    Tag(0x0008, 0x0090),
    Tag(0x0008, 0x1030),
    Tag(0x0020, 0x000D),
    Tag(0x0020, 0x0010),
];
const SERIES: &[Tag] = &[
    Tag(0x0008, 0x0021),
    Tag(0x0008, 0x0031),
    Tag(0x0008, 0x0060),
    Tag(0x0008, 0x103E),
    Tag(0x0018, 0x0015),
    Tag(0x0020, 0x000E),
    Tag(0x0020, 0x0011),
    Tag(0x0040, 0x0244),
    Tag(0x0040, 0x0245),
];
const INSTANCE: &[Tag] = &[
    Tag(0x0008, 0x0016),
    Tag(0x0008, 0x0018),
    Tag(0x0020, 0x0013),
    Tag(0x0028, 0x0008),
    Tag(0x0028, 0x0010),
    Tag(0x0028, 0x0011),
    Tag(0x0028, 0x0100),
];

fn decoded(header: &Header, tag: Tag) -> String {
    let set = header
        .bytes(CHARACTER_SET)
        .map(CharacterSet::from_value)
        .unwrap_or_default();
    let Some((_, vr, bytes)) = header.iter().find(|(t, ..)| *t == tag) else {
        return String::new();
    };
    set.decode(vr, bytes).text.trim_matches(['\0', ' ']).to_owned()
}

/// Whose the object is.
pub(crate) fn patient(header: &Header) -> PatientIdentity {
    PatientIdentity {
        issuer: Redacted::new(decoded(header, Tag(0x0010, 0x0021))),
        id: Redacted::new(decoded(header, Tag(0x0010, 0x0020))),
    }
}

/// What queries match on.
pub(crate) fn match_keys(header: &Header) -> MatchKeys {
    MatchKeys {
        patient_name: Redacted::new(decoded(header, Tag(0x0010, 0x0010))),
        accession_number: Redacted::new(decoded(header, Tag(0x0008, 0x0050))),
        study_date: Redacted::new(decoded(header, Tag(0x0008, 0x0020))),
        modality: decoded(header, Tag(0x0008, 0x0060)),
    }
}

/// What queries return, level by level.
pub(crate) fn levels(header: &Header) -> Attributes {
    Attributes {
        patient: json(header, PATIENT),
        study: json(header, STUDY),
        series: json(header, SERIES),
        instance: json(header, INSTANCE),
    }
}

/// These attributes as a document of the DICOM JSON Model (PS3.18 annex F).
fn json(header: &Header, tags: &[Tag]) -> Redacted<String> {
    let mut model = JsonModel::new(|_| None);
    let wanted = |tag: Tag| tag == CHARACTER_SET || tags.contains(&tag);
    for (tag, vr, bytes) in header.iter().filter(|(tag, ..)| wanted(*tag)) {
        if put(&mut model, tag, vr, bytes).is_err() {
            return Redacted::default();
        }
    }
    Redacted::new(String::from_utf8(model.finish()).unwrap_or_default())
}

fn put<S: Sink>(sink: &mut S, tag: Tag, vr: Vr, bytes: &[u8]) -> Result<(), S::Error> {
    sink.element(&Element {
        tag,
        vr,
        vr_is_known: true,
        length: Some(bytes.len() as u32),
        at: 0,
        depth: 0,
        encoding: Encoding::ExplicitLe,
    })?;
    sink.value(bytes)?;
    sink.element_end()
}

/// Objects without a study or series (palettes, hanging protocols) get one of their own in the index: a UID that
/// follows from theirs and that no other object has.
pub(crate) fn own_uid(kind: &[u8], instance: &Uid) -> Option<Uid> {
    let digest = seal::commitment(&[0; 32], &[kind, instance.as_str().as_bytes()].concat());
    let number = digest
        .first_chunk::<16>()
        .map(|bytes| u128::from_be_bytes(*bytes))?;
    Uid::new(&format!("2.25.{number}")).ok()
}
