use super::*;
use crate::{DataSetReader, Encoding, TransferSyntax, scan::Limits, uids};
use serde_json::{Value, json};

/// A data set written by hand, in any of the three encodings.
struct Writer(Encoding, Vec<u8>);

impl Writer {
    fn number(&mut self, value: u64, size: usize) {
        let bytes = value.to_le_bytes();
        if self.0.is_big_endian() {
            self.1.extend(bytes[..size].iter().rev());
        } else {
            self.1.extend(&bytes[..size]);
        }
    }

    fn header(&mut self, tag: Tag, vr: &str, length: u32) {
        self.number(tag.group().into(), 2);
        self.number(tag.element().into(), 2);
        let long = Vr(vr.as_bytes().try_into().unwrap()).has_long_length();
        if self.0.is_explicit() {
            self.1.extend(vr.as_bytes());
            if long {
                self.number(0, 2);
            }
        }
        self.number(length.into(), if self.0.is_explicit() && !long { 2 } else { 4 });
    }

    fn element(mut self, tag: (u16, u16), vr: &str, value: &[u8]) -> Self {
        self.header(Tag(tag.0, tag.1), vr, value.len() as u32);
        self.1.extend(value);
        self
    }

    fn numbers(mut self, tag: (u16, u16), vr: &str, size: usize, values: &[u64]) -> Self {
        self.header(Tag(tag.0, tag.1), vr, (values.len() * size) as u32);
        for value in values {
            self.number(*value, size);
        }
        self
    }

    fn sequence(mut self, tag: (u16, u16), items: Vec<Writer>) -> Self {
        self.header(Tag(tag.0, tag.1), "SQ", u32::MAX);
        for item in items {
            for part in [0xFFFE, 0xE000] {
                self.number(part, 2);
            }
            self.number(item.1.len() as u64, 4);
            self.1.extend(item.1);
        }
        for part in [0xFFFE, 0xE0DD, 0, 0] {
            self.number(part, 2);
        }
        self
    }
}

fn explicit() -> Writer {
    Writer(Encoding::ExplicitLe, Vec::new())
}

fn model_in_chunks(writer: &Writer, chunk: usize) -> Value {
    let uid = match writer.0 {
        Encoding::ImplicitLe => uids::IMPLICIT_LE,
        Encoding::ExplicitLe => uids::EXPLICIT_LE,
        Encoding::ExplicitBe => uids::EXPLICIT_BE,
    };
    let mut model = JsonModel::new(|bulk| Some(format!("b/{bulk}")));
    let mut reader = DataSetReader::new(&TransferSyntax::by_uid(&uid.parse().unwrap()), Limits::default());
    let mut document = Vec::new();
    for bytes in writer.1.chunks(chunk) {
        reader.push(bytes, &mut model).unwrap();
        document.extend(model.take());
    }
    reader.finish(&mut model).unwrap();
    document.extend(model.finish());
    serde_json::from_slice(&document).unwrap()
}

fn model(writer: &Writer) -> Value {
    let whole = model_in_chunks(writer, usize::MAX);
    assert_eq!(whole, model_in_chunks(writer, 1), "however the bytes come");
    whole
}

#[test]
fn text_is_split_trimmed_and_utf_8() {
    let data_set = explicit()
        .element((8, 0), "UL", &[0; 4])
        .element((8, 5), "CS", b"ISO_IR 100")
        .element((8, 8), "CS", b"ORIGINAL\\PRIMARY\\\\AXIAL ")
        .element((8, 0x16), "UI", b"1.2.3\0")
        .element((8, 0x1030), "LO", b"")
        .element((0x10, 0x10), "PN", b"M\xFCller^J=\xB5=x\\\\Roe^R ")
        .element((0x10, 0x4000), "LT", b" a\\b\r\n \"c\" ")
        .element((0x20, 0x13), "IS", b" 7 \\x\\")
        .element((0x20, 0x32), "DS", b"-1.50\\+.5\\nan");
    assert_eq!(
        model(&data_set),
        json!({
            "00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
            "00080008": {"vr": "CS", "Value": ["ORIGINAL", "PRIMARY", null, "AXIAL"]},
            "00080016": {"vr": "UI", "Value": ["1.2.3"]},
            "00081030": {"vr": "LO"},
            "00100010": {"vr": "PN", "Value": [
                {"Alphabetic": "Müller^J", "Ideographic": "µ", "Phonetic": "x"}, null, {"Alphabetic": "Roe^R"}]},
            "00104000": {"vr": "LT", "Value": [" a\\b\r\n \"c\""]},
            "00200013": {"vr": "IS", "Value": [7, "x", null]},
            "00200032": {"vr": "DS", "Value": [-1.5, 0.5, "nan"]},
        })
    );
}

#[test]
fn numbers_are_the_same_from_either_byte_order() {
    for encoding in [Encoding::ExplicitLe, Encoding::ExplicitBe] {
        let data_set = Writer(encoding, Vec::new())
            .numbers((0x18, 0x6020), "SL", 4, &[0xFFFF_FFFE])
            .numbers((0x18, 0x9073), "FD", 8, &[2.5f64.to_bits(), f64::NAN.to_bits()])
            .numbers((0x28, 9), "AT", 2, &[0x18, 0x1063])
            .numbers((0x28, 0x10), "US", 2, &[512])
            .numbers((0x28, 0x120), "SS", 2, &[0xFFFF])
            .numbers((0x72, 0x82), "SV", 8, &[u64::MAX, 1 << 60])
            .numbers((0x72, 0x76), "FL", 4, &[u64::from(0.1f32.to_bits())])
            .numbers((0x72, 0x69), "OW", 2, &[0x0102, 0x0304]);
        assert_eq!(
            model(&data_set),
            json!({
                "00186020": {"vr": "SL", "Value": [-2]},
                "00189073": {"vr": "FD", "Value": [2.5, "NaN"]},
                "00280009": {"vr": "AT", "Value": ["00181063"]},
                "00280010": {"vr": "US", "Value": [512]},
                "00280120": {"vr": "SS", "Value": [-1]},
                "00720082": {"vr": "SV", "Value": [-1, "1152921504606846976"]},
                "00720076": {"vr": "FL", "Value": [0.1]},
                "00720069": {"vr": "OW", "InlineBinary": "AgEEAw=="},
            })
        );
    }
}

#[test]
fn sequences_nest_and_character_sets_hold_within_their_item() {
    let inner = |name: &[u8]| explicit().element((0x10, 0x10), "PN", name);
    let cyrillic = explicit()
        .element((8, 5), "CS", b"ISO_IR 144")
        .element((0x10, 0x10), "PN", b"\xBB\xEE");
    let data_set = explicit()
        .element((8, 5), "CS", b"ISO_IR 100")
        .sequence((8, 0x1110), vec![])
        .sequence(
            (8, 0x1140),
            vec![
                explicit(),
                explicit().sequence((8, 0x1199), vec![cyrillic, inner(b"\xE9")]),
            ],
        )
        .element((0x10, 0x10), "PN", b"\xE9 ");
    assert_eq!(
        model(&data_set),
        json!({
            "00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
            "00081110": {"vr": "SQ"},
            "00081140": {"vr": "SQ", "Value": [{}, {"00081199": {"vr": "SQ", "Value": [
                {"00080005": {"vr": "CS", "Value": ["ISO_IR 192"]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Лю"}]}},
                {"00100010": {"vr": "PN", "Value": [{"Alphabetic": "é"}]}},
            ]}}]},
            "00100010": {"vr": "PN", "Value": [{"Alphabetic": "é"}]},
        })
    );
}

#[test]
fn large_values_and_pixels_go_outside() {
    let icon = explicit().element((0x7FE0, 0x10), "OB", &[1, 2]);
    let data_set = explicit()
        .element((9, 0x10), "LO", b"MAKER ")
        .element((9, 0x1001), "OB", &[7; 3])
        .element((9, 0x1002), "UN", &[7; 1026])
        .sequence((0x88, 0x200), vec![icon])
        .element((0x7FE0, 0x10), "OW", &[0; 4]);
    assert_eq!(
        model(&data_set),
        json!({
            "00090010": {"vr": "LO", "Value": ["MAKER"]},
            "00091001": {"vr": "OB", "InlineBinary": "BwcH"},
            "00091002": {"vr": "UN", "BulkDataURI": "b/00091002"},
            "00880200": {"vr": "SQ", "Value": [{"7FE00010": {"vr": "OB", "BulkDataURI": "b/00880200/1/7fe00010"}}]},
            "7FE00010": {"vr": "OW", "BulkDataURI": "b/7fe00010"},
        })
    );
}

#[test]
fn encapsulated_pixels_go_outside() {
    let mut data_set = explicit();
    data_set.header(Tag::PIXEL_DATA, "OB", u32::MAX);
    data_set.1.extend(
        b"\xFE\xFF\x00\xE0\x00\x00\x00\x00\xFE\xFF\x00\xE0\x02\x00\x00\x00ab\xFE\xFF\xDD\xE0\x00\x00\x00\x00",
    );
    assert_eq!(
        model(&data_set),
        json!({"7FE00010": {"vr": "OB", "BulkDataURI": "b/7fe00010"}})
    );
}

#[test]
fn pixel_representation_chooses_between_us_and_ss() {
    let signed = Writer(Encoding::ImplicitLe, Vec::new())
        .numbers((0x28, 0x103), "US", 2, &[1])
        .numbers((0x28, 0x106), "US", 2, &[0xFFFF]);
    assert_eq!(model(&signed)["00280106"], json!({"vr": "SS", "Value": [-1]}));
    let unsigned = Writer(Encoding::ImplicitLe, Vec::new())
        .numbers((0x28, 0x103), "US", 2, &[0])
        .numbers((0x28, 0x106), "US", 2, &[0xFFFF]);
    assert_eq!(
        model(&unsigned)["00280106"],
        json!({"vr": "US", "Value": [65535]})
    );
}

#[test]
fn only_what_is_asked_for_is_written_and_its_characters_are_right() {
    let item = explicit().element((0x10, 0x20), "LO", b"no");
    let data_set = explicit()
        .element((8, 5), "CS", b"ISO_IR 100")
        .sequence((8, 0x1140), vec![item])
        .element((0x10, 0x10), "PN", b"\xE9 ");
    let mut model = JsonModel::new(|_| None).with_only(|element| element.tag.group() == 0x10);
    let syntax = TransferSyntax::by_uid(&uids::EXPLICIT_LE.parse().unwrap());
    DataSetReader::new(&syntax, Limits::default())
        .push(&data_set.1, &mut model)
        .unwrap();
    let document: Value = serde_json::from_slice(&model.finish()).unwrap();
    assert_eq!(
        document,
        json!({"00100010": {"vr": "PN", "Value": [{"Alphabetic": "é"}]}})
    );
}

#[test]
fn memory_is_bounded_by_what_stays_inline() {
    let mut data_set = explicit();
    data_set.header(Tag(8, 0x119), "UC", 0xFFFF_FFF0);
    let mut model = JsonModel::new(|bulk| Some(bulk.to_string()));
    let syntax = TransferSyntax::by_uid(&uids::EXPLICIT_LE.parse().unwrap());
    let mut reader = DataSetReader::new(&syntax, Limits::default());
    reader.push(&data_set.1, &mut model).unwrap();
    for _ in 0..100 {
        reader.push(&[b'x'; 10_000], &mut model).unwrap();
    }
    assert!(model.captured.capacity() == 0 && model.pending() < 100);
}
