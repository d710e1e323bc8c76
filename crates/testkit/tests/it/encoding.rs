//! Data elements byte by byte, after PS3.5 section 7 and annex A.

use model::Uid;
use testkit::{DataSet, Encoding, Length, Object, Vr};

fn small() -> DataSet {
    let mut set = DataSet::new();
    set.us(0x0028_0010, &[512])
        .text(0x0010_0010, Vr::PN, "Phantom^Ada")
        .put(0x0009_1003, Vr::OB, [7]);
    set
}

#[test]
fn implicit_little_endian() {
    let expected = b"\x09\x00\x03\x10\x02\x00\x00\x00\x07\x00\
        \x10\x00\x10\x00\x0c\x00\x00\x00Phantom^Ada \
        \x28\x00\x10\x00\x02\x00\x00\x00\x00\x02";
    assert_eq!(small().encode(Encoding::ImplicitLe), expected);
}

#[test]
fn explicit_little_endian() {
    let expected = b"\x09\x00\x03\x10OB\x00\x00\x02\x00\x00\x00\x07\x00\
        \x10\x00\x10\x00PN\x0c\x00Phantom^Ada \
        \x28\x00\x10\x00US\x02\x00\x00\x02";
    assert_eq!(small().encode(Encoding::ExplicitLe), expected);
}

#[test]
fn explicit_big_endian() {
    let expected = b"\x00\x09\x10\x03OB\x00\x00\x00\x00\x00\x02\x07\x00\
        \x00\x10\x00\x10PN\x00\x0cPhantom^Ada \
        \x00\x28\x00\x10US\x00\x02\x02\x00";
    assert_eq!(small().encode(Encoding::ExplicitBe), expected);
}

#[test]
fn numbers_turn_round_by_their_own_width() {
    let mut set = DataSet::new();
    set.put(0x0018_9219, Vr::FD, [1, 2, 3, 4, 5, 6, 7, 8])
        .put(0x0020_9165, Vr::AT, [0x10, 0, 0x20, 0]);
    let bytes = set.encode(Encoding::ExplicitBe);
    assert_eq!(bytes[8..16], [8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(bytes[24..28], [0, 0x10, 0, 0x20]);
}

#[test]
fn sequences_end_by_length_or_by_delimiter() {
    let mut item = DataSet::new();
    item.text(0x0008_0100, Vr::SH, "T1");
    let element = b"\x08\x00\x00\x01SH\x02\x00T1";

    let mut defined = DataSet::new();
    defined.sequence(0x0040_0555, vec![item.clone()], Length::Defined);
    let head = b"\x40\x00\x55\x05SQ\x00\x00\x12\x00\x00\x00\xfe\xff\x00\xe0\x0a\x00\x00\x00";
    assert_eq!(
        defined.encode(Encoding::ExplicitLe),
        [head.as_slice(), element].concat()
    );

    let mut undefined = DataSet::new();
    undefined.sequence(0x0040_0555, vec![item], Length::Undefined);
    let head = b"\x40\x00\x55\x05SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff";
    let ends = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00\xfe\xff\xdd\xe0\x00\x00\x00\x00";
    assert_eq!(
        undefined.encode(Encoding::ExplicitLe),
        [head.as_slice(), element, ends].concat()
    );
}

#[test]
fn fragments_stand_after_an_empty_offset_table() {
    let mut set = DataSet::new();
    set.fragments(vec![vec![1, 2, 3]]);
    let expected = b"\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff\
        \xfe\xff\x00\xe0\x00\x00\x00\x00\
        \xfe\xff\x00\xe0\x04\x00\x00\x00\x01\x02\x03\x00\
        \xfe\xff\xdd\xe0\x00\x00\x00\x00";
    assert_eq!(set.encode(Encoding::ExplicitLe), expected);
}

#[test]
fn decimal_strings_fit_sixteen_characters() {
    let mut set = DataSet::new();
    set.decimals(0x0028_0030, &[0.781_25, -1024.0, 0.0, -0.0, 1.0 / 3.0]);
    let bytes = set.encode(Encoding::ExplicitLe);
    assert_eq!(&bytes[8..], b"0.78125\\-1024\\0\\0\\0.333333");
}

#[test]
fn files_have_a_preamble_and_a_true_group_length() {
    let uid = |text| Uid::new(text).unwrap();
    let object = Object {
        sop_class: uid("1.2.840.10008.5.1.4.1.1.7"),
        sop_instance: uid("2.25.1"),
        transfer_syntax: uid(Encoding::ExplicitLe.transfer_syntax()),
        data_set: small().encode(Encoding::ExplicitLe),
    };
    let file = object.part10();
    assert_eq!(file[..128], [0; 128]);
    assert_eq!(&file[128..140], b"DICM\x02\x00\x00\x00UL\x04\x00");
    let length = u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
    assert_eq!(file[144 + length..], object.data_set);
}
