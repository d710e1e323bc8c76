//! Applying a profile to an object: read, walk, rebuild.

pub(crate) mod code;
pub(crate) mod dummy;
pub(crate) mod effect;
mod flags;
mod pixels;
mod private;
mod read;
mod subject;
pub(crate) mod transform;
pub(crate) mod value;
mod withhold;

pub(crate) use read::Object;
pub use withhold::Withheld;

use crate::key::ProjectKey;
use crate::profile::Profile;
use crate::tree::{DataSet, Value};
use crate::write;
use dicom::{CharacterSet, PixelCoding, Source, Tag, Vr, uids};
use model::Uid;
use std::io::{Seek, Write};
use subject::Subject;
use transform::Touched;

const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
const PATIENT_ID: Tag = Tag(0x0010, 0x0020);
const SOP_CLASS_UID: Tag = Tag(0x0008, 0x0016);
const SOP_INSTANCE_UID: Tag = Tag(0x0008, 0x0018);
const STUDY_UID: Tag = Tag(0x0020, 0x000D);
const SERIES_UID: Tag = Tag(0x0020, 0x000E);

/// Long values that stay in sequences, in bytes: look-up tables, waveforms.
const MAX_NESTED: u64 = 256 << 20;

/// What an ID that was replaced is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum IdKind {
    /// Patient ID.
    PatientId,
    /// A UID: of a study, series, instance, frame of reference or anything else. One UID may stand for several of them.
    Uid,
}

impl IdKind {
    /// Its name in a map.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PatientId => "patient_id",
            Self::Uid => "uid",
        }
    }
}

/// An ID and what stands for it. Whoever holds it can find out who a pseudonym is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Replaced {
    /// What it is an ID of.
    pub kind: IdKind,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
}

/// What became of an object.
#[derive(Clone)]
pub struct Applied {
    /// The patient's pseudonym.
    pub patient: String,
    /// SOP Class UID.
    pub sop_class: String,
    /// The copy's SOP Instance UID.
    pub sop_instance: String,
    /// The copy's Study Instance UID, where it has one.
    pub study: Option<String>,
    /// The copy's Series Instance UID, where it has one.
    pub series: Option<String>,
    /// Codes of the profile and of the options executed, as (0012,0064) lists them.
    pub options: Vec<&'static str>,
    /// What was replaced, each once; empty unless it was asked for.
    pub replaced: Vec<Replaced>,
}

/// What is known while an object is walked through.
struct Engine<'a> {
    key: &'a ProjectKey,
    profile: &'a Profile,
    subject: Subject,
    /// The patient's pseudonym.
    patient: String,
    /// By how many days dates move.
    days: i64,
    sop_class: String,
    /// (0028,0103): whether ambiguous numbers are signed.
    signed: bool,
    touched: Touched,
    /// Some kept text needs more than ASCII.
    beyond_ascii: bool,
    replaced: Option<Vec<Replaced>>,
}

impl Engine<'_> {
    fn record(&mut self, kind: IdKind, old: &str, new: &str) {
        if let Some(replaced) = &mut self.replaced {
            replaced.push(Replaced {
                kind,
                old: old.to_owned(),
                new: new.to_owned(),
            });
        }
    }
}

/// De-identifies the DICOM file `input` into `out`, which is a whole file when this succeeds and worth nothing when it
/// does not. Its output is not cleared: that is for [`crate::audit`] alone.
///
/// # Errors
/// When the object must be withheld: it cannot be read, needs what is not done here, or a rule failed.
pub fn apply(
    input: &dyn Source,
    key: &ProjectKey,
    profile: &Profile,
    map: bool,
    out: &mut (impl Write + Seek),
) -> Result<Applied, Withheld> {
    let object = Object::read(input)?;
    let set = object.set;
    let sop_class = set
        .text(SOP_CLASS_UID)
        .map(str::to_owned)
        .or_else(|| {
            object
                .meta
                .sop_class_uid
                .as_ref()
                .map(|uid| uid.as_str().to_owned())
        })
        .ok_or(Withheld::NoIdentity)?;
    withhold::check(&set, &sop_class, object.meta.transfer_syntax.pixels, profile)?;
    let subject = Subject::of(&set, profile);
    let mut engine = Engine {
        key,
        profile,
        patient: key.patient(&subject.id),
        days: key.days(&subject.id),
        subject,
        sop_class,
        signed: set.us(Tag(0x0028, 0x0103)) == Some(1),
        touched: Touched::default(),
        beyond_ascii: false,
        replaced: map.then(Vec::new),
    };
    if set
        .bytes(PATIENT_ID)
        .is_some_and(|id| !id.trim_ascii().is_empty())
    {
        let (id, pseudonym) = (engine.subject.id.clone(), engine.patient.clone());
        engine.record(IdKind::PatientId, &id, &pseudonym);
    }
    let instance = set
        .text(SOP_INSTANCE_UID)
        .and_then(|text| Uid::new(text).ok())
        .ok_or(Withheld::NoIdentity)?;
    let sop_instance = engine.uid(SOP_INSTANCE_UID, &instance);
    let class = Uid::new(&engine.sop_class).map_err(|_| Withheld::NoIdentity)?;
    let sop_class = engine.uid(SOP_CLASS_UID, &class);

    let picture = pixels::Picture::of(&set);
    let declared = set.bytes(CHARACTER_SET).map(<[u8]>::to_vec);
    let charset = subject::character_set(&set, CharacterSet::default());
    let mut set = engine.data_set(set, None, charset);
    let options = flags::write(&mut engine, &mut set);
    character_set(&mut set, &engine, declared.as_deref());
    hold_nested(&mut set, &object.bytes, &mut 0)?;

    let syntax = if pixels::are_encapsulated(&set) {
        object.meta.transfer_syntax.uid.as_str()
    } else {
        uids::EXPLICIT_LE
    };
    out.write_all(&write::file_head(&sop_class, &sop_instance, syntax))?;
    let coding = object.meta.transfer_syntax.pixels;
    emit(&set, &object.bytes, coding, &picture, out)?;

    let mut replaced = engine.replaced.take().unwrap_or_default();
    replaced.sort_unstable();
    replaced.dedup();
    Ok(Applied {
        patient: engine.patient,
        sop_class,
        sop_instance,
        study: set.text(STUDY_UID).map(str::to_owned),
        series: set.text(SERIES_UID).map(str::to_owned),
        options,
        replaced,
    })
}

/// (0008,0005): UTF-8 where the text needs it, else what was declared, if that is a term of the standard.
fn character_set(set: &mut DataSet, engine: &Engine<'_>, declared: Option<&[u8]>) {
    let vr = Vr(*b"CS");
    if engine.beyond_ascii {
        set.put_text(CHARACTER_SET, vr, "ISO_IR 192");
    } else if let Some(declared) = declared.and_then(|value| std::str::from_utf8(value).ok()) {
        let is_term = |term: &str| {
            let term = term.trim_matches([' ', '\0']);
            term.is_empty()
                || ["ISO_IR ", "ISO 2022 IR "].iter().any(|start| {
                    term.strip_prefix(start)
                        .is_some_and(|number| number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()))
                })
                || matches!(term, "GB18030" | "GBK")
        };
        if declared.split('\\').all(is_term) {
            set.put_text(CHARACTER_SET, vr, declared.trim_end_matches([' ', '\0']));
        }
    }
}

/// Brings long values within sequences into memory, so that what is written needs no second look at them.
fn hold_nested(set: &mut DataSet, bytes: &read::Bytes<'_>, held: &mut u64) -> Result<(), Withheld> {
    for element in &mut set.elements {
        let Value::Items(items) = &mut element.value else {
            continue;
        };
        for item in items {
            for inner in &mut item.elements {
                if let Value::Large { place, big_endian } = inner.value {
                    *held += u64::from(place.length);
                    if *held > MAX_NESTED {
                        return Err(Withheld::TooLarge);
                    }
                    let mut value = bytes.of(place)?.into_owned();
                    if big_endian && inner.vr.word() > 1 {
                        value.chunks_mut(inner.vr.word()).for_each(<[u8]>::reverse);
                    }
                    inner.value = Value::Bytes(value);
                }
            }
            hold_nested(item, bytes, held)?;
        }
    }
    Ok(())
}

/// Writes the data set, large values from where they lie.
fn emit(
    set: &DataSet,
    bytes: &read::Bytes<'_>,
    coding: PixelCoding,
    picture: &pixels::Picture,
    out: &mut (impl Write + Seek),
) -> Result<(), Withheld> {
    let mut buffer = Vec::with_capacity(16 << 10);
    for element in &set.elements {
        match &element.value {
            Value::Bytes(_) | Value::Items(_) if element.tag != Tag::PIXEL_DATA => {
                write::element(&mut buffer, element);
            }
            _ => {
                write::flush(&mut buffer, out)?;
                pixels::write(element, bytes, coding, picture, out)?;
            }
        }
    }
    write::flush(&mut buffer, out)?;
    Ok(())
}
