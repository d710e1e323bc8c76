//! Plain scans, as the ground from which everything unusual departs.

use model::Uid;
use testkit::{DataSet, Encoding, Object, Random, Vr};

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
pub(crate) const ENHANCED_CT: &str = "1.2.840.10008.5.1.4.1.1.2.1";

pub(crate) const SOP_CLASS: u32 = 0x0008_0016;
pub(crate) const SOP_INSTANCE: u32 = 0x0008_0018;
pub(crate) const PATIENT_ID: u32 = 0x0010_0020;
pub(crate) const STUDY: u32 = 0x0020_000d;
pub(crate) const PIXEL_DATA: u32 = 0x7fe0_0010;

pub(crate) fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap()
}

/// A UID of a scan that was made here.
pub(crate) fn uid_of(scan: &DataSet, tag: u32) -> Uid {
    match scan.get(tag) {
        Some((_, testkit::Value::Bytes(bytes))) => Uid::from_bytes(bytes).unwrap(),
        other => panic!("no UID at {tag:08x}: {other:?}"),
    }
}

/// A CT slice of an invented patient of its own, with nothing unusual about it.
pub(crate) fn plain(random: &mut Random, matrix: u16) -> DataSet {
    let pixels = (0..usize::from(matrix) * usize::from(matrix))
        .flat_map(|_| (random.next_u64() as u16 & 0x0fff).to_le_bytes())
        .collect();
    let mut scan = without_pixels(random);
    scan.us(0x0028_0010, &[matrix])
        .us(0x0028_0011, &[matrix])
        .pixels(pixels);
    scan
}

/// The same, described for 16-bit grey pixels but for rows and columns, and without the pixels.
pub(crate) fn without_pixels(random: &mut Random) -> DataSet {
    let number = random.next_u64() >> 40;
    let mut scan = DataSet::new();
    scan.text(SOP_CLASS, Vr::UI, CT)
        .text(SOP_INSTANCE, Vr::UI, random.uid())
        .text(0x0008_0020, Vr::DA, "20260115")
        .text(0x0008_0060, Vr::CS, "CT")
        .text(0x0010_0010, Vr::PN, format!("Phantom^Number {number}"))
        .text(PATIENT_ID, Vr::LO, format!("PHANTOM-{number}"))
        .text(STUDY, Vr::UI, random.uid())
        .text(0x0020_000e, Vr::UI, random.uid())
        .us(0x0028_0002, &[1])
        .text(0x0028_0004, Vr::CS, "MONOCHROME2")
        .us(0x0028_0100, &[16])
        .us(0x0028_0101, &[12])
        .us(0x0028_0102, &[11])
        .us(0x0028_0103, &[0]);
    scan
}

/// A scan as an object to send.
pub(crate) fn object(scan: &DataSet, encoding: Encoding) -> Object {
    written(scan, encoding.transfer_syntax(), scan.encode(encoding))
}

/// These bytes, said to be this scan in this transfer syntax.
pub(crate) fn written(scan: &DataSet, transfer_syntax: &str, data_set: Vec<u8>) -> Object {
    Object {
        sop_class: uid_of(scan, SOP_CLASS),
        sop_instance: uid_of(scan, SOP_INSTANCE),
        transfer_syntax: uid(transfer_syntax),
        data_set,
    }
}
