//! What a seal states.

use crate::SealError;
use crate::attributes::Group;
use crate::cbor::{MapReader, MapWriter};
use crate::px1::PixelHeader;
use ciborium::Value;
use model::{Door, Source, Timestamp, Uid};

/// What stands for the pixels of the object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PixelTruth {
    /// There are none.
    None,
    /// PX1 over native samples.
    Samples {
        /// What the samples are.
        header: PixelHeader,
        /// Salted PX1 root.
        root: [u8; 32],
        /// Salted digest of the bits outside Bits Stored, where they say something.
        extra: Option<[u8; 32]>,
    },
    /// The fragments as they came. PX1 follows as a completion, once they are decoded.
    Fragments {
        /// How many.
        count: u32,
        /// Salted root over them.
        root: [u8; 32],
    },
    /// The bytes as they came.
    Bytes {
        /// Salted digest.
        root: [u8; 32],
    },
}

/// The statement that a seal signs: this object, with these attributes and pixels, arrived here at this moment in
/// this way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// SOP Class UID.
    pub sop_class_uid: Uid,
    /// SOP Instance UID.
    pub sop_instance_uid: Uid,
    /// Study Instance UID, where the object has one.
    pub study_instance_uid: Option<Uid>,
    /// Series Instance UID, where the object has one.
    pub series_instance_uid: Option<Uid>,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// How it arrived.
    pub source: Source,
    /// The transfer syntax it arrived in.
    pub transfer_syntax: Uid,
    /// Whether VRs were written in it.
    pub explicit: bool,
    /// Its pixels.
    pub pixels: PixelTruth,
    /// For each of [`Group::BOUND`]: number of attributes and salted root.
    pub groups: [(u32, [u8; 32]); Group::BOUND.len()],
    /// For a copy that this gateway made of a sealed object: a commitment to that object's statement, under a salt that
    /// stays with the gateway. From it alone nobody can tell which object that is.
    pub parent: Option<[u8; 32]>,
}

pub(crate) const WHAT: &str = "seal";
const VERSION: u8 = 1;

pub(crate) fn header_value(header: &PixelHeader) -> Value {
    MapWriter::default()
        .put(1, header.rows)
        .put(2, header.columns)
        .put(3, header.frames)
        .put(4, header.planes)
        .put(5, header.bits_stored)
        .put(6, header.signed)
        .put(7, header.colour)
        .value()
}

pub(crate) fn read_header(what: &'static str, value: Value) -> Result<PixelHeader, SealError> {
    let mut map = MapReader::from_value(what, value)?;
    Ok(PixelHeader {
        rows: map.integer(1)?,
        columns: map.integer(2)?,
        frames: map.integer(3)?,
        planes: map.integer(4)?,
        bits_stored: map.integer(5)?,
        signed: map.bool(6)?,
        colour: map.integer(7)?,
    })
}

fn bytes(digest: &[u8; 32]) -> Value {
    Value::Bytes(digest.to_vec())
}

impl PixelTruth {
    fn value(&self) -> Value {
        let map = MapWriter::default();
        match self {
            Self::None => map.put(1, 0),
            Self::Samples { header, root, extra } => map
                .put(1, 1)
                .put(2, bytes(root))
                .put(3, header_value(header))
                .put_some(4, extra.as_ref().map(bytes)),
            Self::Fragments { count, root } => map.put(1, 2).put(2, bytes(root)).put(5, *count),
            Self::Bytes { root } => map.put(1, 3).put(2, bytes(root)),
        }
        .value()
    }

    fn read(value: Value) -> Result<Self, SealError> {
        let mut map = MapReader::from_value(WHAT, value)?;
        Ok(match map.integer::<u8>(1)? {
            0 => Self::None,
            1 => {
                let root = map.digest(2)?;
                let header = read_header(WHAT, map.need(3)?)?;
                let extra = map.take(4).map(|value| read_digest(WHAT, value)).transpose()?;
                Self::Samples { header, root, extra }
            }
            2 => Self::Fragments {
                root: map.digest(2)?,
                count: map.integer(5)?,
            },
            3 => Self::Bytes { root: map.digest(2)? },
            _ => return Err(map.unreadable()),
        })
    }
}

pub(crate) fn read_digest(what: &'static str, value: Value) -> Result<[u8; 32], SealError> {
    let unreadable = || SealError::Unreadable { what };
    value
        .into_bytes()
        .map_err(|_| unreadable())?
        .try_into()
        .map_err(|_| unreadable())
}

impl Statement {
    /// The statement as deterministic CBOR.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let source = MapWriter::default()
            .put(1, self.source.door.as_str())
            .put_some(2, self.source.ae.as_deref())
            .put(3, self.source.authenticated);
        let group = |(count, root): &(u32, [u8; 32])| Value::Array(vec![Value::from(*count), bytes(root)]);
        MapWriter::default()
            .put(1, VERSION)
            .put(2, self.sop_class_uid.as_str())
            .put(3, self.sop_instance_uid.as_str())
            .put_some(4, self.study_instance_uid.as_ref().map(Uid::as_str))
            .put_some(5, self.series_instance_uid.as_ref().map(Uid::as_str))
            .put(6, self.sealed_at.millis())
            .put(7, source.value())
            .put(8, self.transfer_syntax.as_str())
            .put(9, self.explicit)
            .put(10, self.pixels.value())
            .put(11, Value::Array(self.groups.iter().map(group).collect()))
            .put_some(12, self.parent.as_ref().map(bytes))
            .bytes()
    }

    /// Reads [`Statement::encode`] back.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, SealError> {
        let mut map = MapReader::from_bytes(WHAT, bytes)?;
        if map.integer::<u8>(1)? != VERSION {
            return Err(map.unreadable());
        }
        let optional_uid = |map: &mut MapReader, key| match map.take(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Uid::new(&text).map(Some).map_err(|_| map.unreadable()),
            Some(_) => Err(map.unreadable()),
        };
        let study_instance_uid = optional_uid(&mut map, 4)?;
        let series_instance_uid = optional_uid(&mut map, 5)?;
        let mut source = MapReader::from_value(WHAT, map.need(7)?)?;
        let ae = source
            .take(2)
            .map(|value| value.into_text().map_err(|_| map.unreadable()))
            .transpose()?;
        let door = Door::from_name(&source.text(1)?).ok_or_else(|| map.unreadable())?;
        let pixels = PixelTruth::read(map.need(10)?)?;
        let mut groups = [(0, [0; 32]); Group::BOUND.len()];
        let listed = map.array(11)?;
        if listed.len() != groups.len() {
            return Err(map.unreadable());
        }
        for (slot, value) in groups.iter_mut().zip(listed) {
            let pair: [Value; 2] = value
                .into_array()
                .ok()
                .and_then(|pair| pair.try_into().ok())
                .ok_or_else(|| map.unreadable())?;
            let [count, root] = pair;
            let count = count
                .into_integer()
                .ok()
                .and_then(|n| u32::try_from(i128::from(n)).ok());
            *slot = (count.ok_or_else(|| map.unreadable())?, read_digest(WHAT, root)?);
        }
        let parent = map.take(12).map(|value| read_digest(WHAT, value)).transpose()?;
        Ok(Self {
            parent,
            sop_class_uid: map.uid(2)?,
            sop_instance_uid: map.uid(3)?,
            study_instance_uid,
            series_instance_uid,
            sealed_at: Timestamp::from_millis(map.integer(6)?),
            source: Source {
                door,
                ae,
                authenticated: source.bool(3)?,
            },
            transfer_syntax: map.uid(8)?,
            explicit: map.bool(9)?,
            pixels,
            groups,
        })
    }
}
