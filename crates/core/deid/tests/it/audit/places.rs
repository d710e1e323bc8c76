//! Every place that an identifier can be left in.

use super::objects::*;
use deid::audit::{AuditError, Kept, Kind, audit};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use std::io::Write as _;
use testkit::{DataSet, Encoding, Length, Vr};

#[test]
fn text_code_private_and_unknown() {
    for (tag, vr) in [
        (0x0008_103e, Vr::LO),
        (0x0018_0015, Vr::CS),
        (0x0008_1010, Vr::SH),
        (0x0008_0054, Vr::AE),
        (0x0040_a160, Vr::UT),
        (0x0018_1030, Vr::UN),
        (0x0028_1050, Vr::DS),
        (0x0008_0020, Vr::DA),
        (0x0020_000e, Vr::UI),
    ] {
        let found = planted(|set| {
            set.text(tag, vr, "GRUENWALD");
        });
        assert_hit(&found, Kind::Name, &format!("{tag:08x}"));
    }
    let found = planted(|set| {
        set.text(0x0029_0010, Vr::LO, "ACME 1")
            .text(0x0029_1020, Vr::LO, "Annelie");
    });
    assert_hit(&found, Kind::Name, "00291020");
    let found = planted(|set| {
        set.text(0x0029_0010, Vr::LO, "ACME Annelie");
    });
    assert_hit(&found, Kind::Name, "00290010");
}

#[test]
fn six_sequences_deep() {
    let mut item = DataSet::new();
    item.text(0x0008_0104, Vr::LO, "seen by Hartmann");
    for _ in 0..6 {
        let mut outer = DataSet::new();
        outer.sequence(0x0040_a730, vec![DataSet::new(), item], Length::Undefined);
        item = outer;
    }
    let sequence = item.get(0x0040_a730).cloned().unwrap();
    let found = planted(|set| {
        let testkit::Value::Sequence(items, length) = sequence.1 else {
            unreachable!()
        };
        set.sequence(0x0040_a730, items, length);
    });
    let place = "0040a730[2].".repeat(6) + "00080104";
    assert_hit(&found, Kind::Name, &place);
}

#[test]
fn a_data_set_inside_an_unknown_value() {
    for encoding in [Encoding::ImplicitLe, Encoding::ExplicitLe] {
        let mut item = DataSet::new();
        item.text(0x0010_0020, Vr::LO, "81726354")
            .text(0x0008_0090, Vr::PN, "Hartmann^O");
        let body = item.encode(encoding);
        let mut value = Vec::new();
        encoding.write_item(&mut value, 0xfffe_e000, body.len() as u32);
        value.extend(body);
        let found = planted(|set| {
            set.text(0x0029_0010, Vr::LO, "ACME 1")
                .put(0x0029_1010, Vr::UN, value);
        });
        assert_hit(&found, Kind::Identifier, "00291010");
        assert_hit(&found, Kind::Name, "00291010");
    }
}

#[test]
fn the_input_may_hide_its_names_in_private_bytes() {
    let mut input = identified();
    let mut item = DataSet::new();
    item.text(0x0008_0090, Vr::PN, "Quendel^Friedrich");
    let body = item.encode(Encoding::ImplicitLe);
    let mut value = Vec::new();
    Encoding::ImplicitLe.write_item(&mut value, 0xfffe_e000, body.len() as u32);
    value.extend(body);
    input
        .text(0x0029_0010, Vr::LO, "ACME 1")
        .put(0x0029_1010, Vr::UN, value)
        .put(
            0x0029_1020,
            Vr::OB,
            b"\x01\x02\0name \"Brombeer^Luise\"\0\x07".to_vec(),
        );
    let input = explicit(&input, INSTANCE);
    for name in ["quendel", "luise brombeer"] {
        let mut output = clean();
        output.text(0x0020_4000, Vr::LT, name);
        let found = hits_of(input.clone(), explicit(&output, NEW_INSTANCE), Kept::default());
        assert_hit(&found, Kind::Name, "00204000");
    }
}

#[test]
fn preamble_and_file_meta() {
    let mut output = explicit(&clean(), NEW_INSTANCE);
    output[3..12].copy_from_slice(b"Gruenwald");
    let found = hits(output);
    assert_hit(&found, Kind::Structure, "preamble");
    assert_hit(&found, Kind::Name, "preamble");
    let set = clean().encode(Encoding::ExplicitLe);
    for (tag, vr) in [
        (0x0002_0016, Vr::AE),
        (0x0002_0102, Vr::OB),
        (0x0002_0013, Vr::SH),
    ] {
        let found = hits(file(&set, NEW_INSTANCE, "1.2.840.10008.1.2.1", |meta| {
            meta.text(tag, vr, "CTRAUM7B Annelie");
        }));
        assert_hit(&found, Kind::Name, "file meta");
        assert_eq!(
            found.iter().any(|hit| hit.kind == Kind::Structure),
            tag != 0x0002_0013
        );
    }
    let found = hits(explicit(&clean(), INSTANCE));
    assert_hit(&found, Kind::Uid, "file meta");
}

#[test]
fn file_names() {
    let input = explicit(&identified(), INSTANCE);
    let output = || explicit(&clean(), NEW_INSTANCE);
    let name = |input_name: &str, output_name: &str| match audit(
        &input,
        input_name,
        output(),
        output_name,
        Kept::default(),
    ) {
        Ok(_) => None,
        Err(AuditError::Found(found)) => Some(found[0].clone()),
        Err(error) => panic!("{error}"),
    };
    for bad in [
        "Gruenwald_A.dcm",
        "ct/81726354/0001",
        &format!("{SERIES}/1.dcm"),
        "1958-07-23.dcm",
    ] {
        assert_eq!(
            name("scan.dcm", bad).map(|hit| hit.place),
            Some("file name".to_owned()),
            "{bad}"
        );
    }
    // The input's own path: what both begin with is the place of both.
    assert!(name("/mnt/case-Brombeer-9/IM0001.dcm", "out/case-brombeer-9.dcm").is_some());
    assert!(
        name(
            "/mnt/case-Brombeer-9/IM0001.dcm",
            "/mnt/case-Brombeer-9/x/0001.dcm"
        )
        .is_none()
    );
    assert!(name("/mnt/x/IM0001.dcm", "IM0001.dcm").is_none());
}

#[test]
fn packed_streams() {
    let text = b"BT /F1 12 Tf (Patient Annelie Gruenwald, MRN-0081726354) Tj ET";
    let zlib = {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let gzip = {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let pdf = [
        b"%PDF-1.4\n1 0 obj <</Filter /FlateDecode>>\nstream\r\n",
        zlib.as_slice(),
        b"\nendstream",
    ]
    .concat();
    for value in [zlib.clone(), gzip, pdf] {
        let found = planted(|set| {
            set.text(0x0029_0010, Vr::LO, "ACME 1")
                .put(0x0029_1010, Vr::OB, value);
        });
        assert_hit(&found, Kind::Name, "00291010");
        assert_hit(&found, Kind::Identifier, "00291010");
    }
    let found = planted(|set| {
        set.put(0x0042_0011, Vr::OB, zlib);
    });
    assert_hit(&found, Kind::Structure, "00420011");
    assert_hit(&found, Kind::Name, "00420011");
}

#[test]
fn a_deflated_data_set() {
    let deflated = |set: &DataSet| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&set.encode(Encoding::ExplicitLe)).unwrap();
        file(
            &encoder.finish().unwrap(),
            NEW_INSTANCE,
            "1.2.840.10008.1.2.1.99",
            |_| {},
        )
    };
    assert_eq!(hits(deflated(&clean())), []);
    let mut set = clean();
    set.text(0x0008_103e, Vr::LO, "gruenwald");
    assert_hit(&hits(deflated(&set)), Kind::Name, "0008103e");
}

#[test]
fn profile_text_in_binary() {
    let mut profile = vec![0u8; 128];
    profile[36..40].copy_from_slice(b"acsp");
    profile.extend_from_slice(b"desc\0\0\0\0\0\0\0\x20Scanner of Hartmann, Ottilie\0\0\x07\x01");
    let found = planted(|set| {
        set.put(0x0028_2000, Vr::OB, profile);
    });
    assert_hit(&found, Kind::Name, "00282000");
}

#[test]
fn samples_and_fragments() {
    let mut set = clean();
    let pixels = set.bytes_mut(0x7fe0_0010).unwrap();
    pixels[4001..4001 + 18].copy_from_slice(b"Annelie Gruenwald.");
    assert_hit(&hits(explicit(&set, NEW_INSTANCE)), Kind::Name, "7fe00010");
    // Across the pieces in which a large object is read.
    let mut frame = vec![0xF3; 200_000];
    frame[150_001..150_010].copy_from_slice(b"Gruenwald");
    let mut set = clean();
    set.fragments(vec![vec![0; 10], frame]);
    let found = hits(file(
        &set.encode(Encoding::ExplicitLe),
        NEW_INSTANCE,
        "1.2.840.10008.1.2.5",
        |_| {},
    ));
    assert_hit(&found, Kind::Name, "fragment 2");
    assert_eq!(found.len(), 1);
}

#[test]
fn a_directory_record() {
    let directory = "1.2.840.10008.1.3.10";
    let mut record = DataSet::new();
    record
        .text(0x0004_1430, Vr::CS, "PATIENT")
        .text(0x0010_0020, Vr::LO, "LG-7F3A91");
    let build = |record: DataSet| {
        let mut set = DataSet::new();
        set.text(0x0004_1130, Vr::CS, "MEDIA")
            .sequence(0x0004_1220, vec![record], Length::Defined);
        file(
            &set.encode(Encoding::ExplicitLe),
            NEW_INSTANCE,
            "1.2.840.10008.1.2.1",
            |meta| {
                meta.text(0x0002_0002, Vr::UI, directory);
            },
        )
    };
    assert_eq!(hits(build(record.clone())), []);
    record.text(0x0010_0010, Vr::PN, "Gruenwald^Annelie");
    assert_hit(&hits(build(record)), Kind::Name, "00041220[1].00100010");
}

/// Bytes that are not in memory, as far as the audit knows.
struct OnDisk(Vec<u8>);

impl dicom::Source for OnDisk {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> std::io::Result<()> {
        dicom::Source::read_at(&self.0, at, into)
    }
}

#[test]
fn a_name_across_two_pieces_of_a_large_object() {
    let input = OnDisk(explicit(&identified(), INSTANCE));
    let large = |leak_at: usize| {
        let mut set = clean();
        let mut samples = vec![0u8; 3 << 20];
        let at = leak_at.saturating_sub(600);
        samples[at..at + 18].copy_from_slice(b"Annelie Gruenwald.");
        set.pixels(samples).us(0x0028_0101, &[16]).us(0x0028_0102, &[15]);
        OnDisk(explicit(&set, NEW_INSTANCE))
    };
    for at in (1 << 20) - 40..(1 << 20) + 40 {
        let audited = audit(&input, "a", large(at), "b", Kept::default());
        let Err(AuditError::Found(found)) = audited else {
            panic!("cleared at {at}")
        };
        assert_hit(&found, Kind::Name, "7fe00010");
    }
}

#[test]
fn a_name_across_two_windows_of_a_long_text() {
    for at in [(1 << 20) - 9, (1 << 20) - 3, 3 << 20] {
        let found = planted(|set| {
            let mut text = vec![b'.'; 4 << 20];
            text[at..at + 12].copy_from_slice(b" Gruenwald, ");
            set.put(0x0040_a160, Vr::UT, text);
        });
        assert_hit(&found, Kind::Name, "0040a160");
    }
}
