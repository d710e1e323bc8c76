//! Files (PS3.10 section 7): preamble, meta information, data set.

use crate::{DataSet, Encoding, Vr};
use model::Uid;

/// The implementation class UID that the files of this crate carry.
pub const IMPLEMENTATION_CLASS: &str = "2.25.280318650719105206843215904823750912";

/// A data set as bytes, with what a message or a file says about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Object {
    /// Its SOP class.
    pub sop_class: Uid,
    /// Its SOP instance.
    pub sop_instance: Uid,
    /// How `data_set` is written.
    pub transfer_syntax: Uid,
    /// The data set, without meta information.
    pub data_set: Vec<u8>,
}

impl Object {
    /// The object as a Part 10 file: zero preamble, meta information, data set.
    pub fn part10(&self) -> Vec<u8> {
        let mut meta = DataSet::new();
        meta.put(0x0002_0001, Vr::OB, [0, 1])
            .text(0x0002_0002, Vr::UI, &self.sop_class)
            .text(0x0002_0003, Vr::UI, &self.sop_instance)
            .text(0x0002_0010, Vr::UI, &self.transfer_syntax)
            .text(0x0002_0012, Vr::UI, IMPLEMENTATION_CLASS)
            .text(0x0002_0013, Vr::SH, "LEADGLASS_TEST");
        let meta = meta.encode(Encoding::ExplicitLe);
        let mut group_length = DataSet::new();
        group_length.put(0x0002_0000, Vr::UL, (meta.len() as u32).to_le_bytes());

        let mut file = Vec::with_capacity(512 + meta.len() + self.data_set.len());
        file.resize(128, 0);
        file.extend_from_slice(b"DICM");
        file.extend(group_length.encode(Encoding::ExplicitLe));
        file.extend(meta);
        file.extend_from_slice(&self.data_set);
        file
    }
}
