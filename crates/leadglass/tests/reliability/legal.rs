//! Objects that are odd and legal: refusing them would be losing scans.

use super::malformed::{Case, Expect, deflate, element, explicit_head, item, wrap};
use super::scan;
use testkit::{DataSet, Encoding, Length, Object, Random, Vr};

const PRIVATE: u32 = 0x0099_1001;

fn stored(name: &str, object: &Object) -> Case {
    Case::new(name, object.part10(), Expect::Stored)
}

/// Everything odd that must be taken.
pub(crate) fn cases() -> Vec<Case> {
    let random = &mut Random::new(2, &[]);
    let mut cases = encodings(random);
    cases.extend(containers(random));
    cases.extend(contents(random));
    cases.extend(character_sets(random));
    cases.extend(files(random));
    cases
}

fn encodings(random: &mut Random) -> Vec<Case> {
    let mut cases: Vec<Case> = Encoding::ALL
        .into_iter()
        .map(|encoding| {
            stored(
                &format!("{encoding:?}"),
                &scan::object(&scan::plain(random, 16), encoding),
            )
        })
        .collect();
    let scan = scan::plain(random, 16);
    let deflated = deflate(&scan.encode(Encoding::ExplicitLe));
    cases.push(stored(
        "deflated",
        &scan::written(&scan, "1.2.840.10008.1.2.1.99", deflated),
    ));
    let scan = scan::plain(random, 16);
    let mut padded = deflate(&scan.encode(Encoding::ExplicitLe));
    padded.push(0);
    cases.push(stored(
        "deflated with a pad byte",
        &scan::written(&scan, "1.2.840.10008.1.2.1.99", padded),
    ));
    let mut scan = scan::plain(random, 16);
    scan.fragments(vec![vec![1; 512]]);
    let bytes = scan.encode(Encoding::ExplicitLe);
    cases.push(stored(
        "encapsulated uncompressed",
        &scan::written(&scan, "1.2.840.10008.1.2.1.98", bytes),
    ));
    cases
}

fn containers(random: &mut Random) -> Vec<Case> {
    let inner = || {
        let mut item = DataSet::new();
        item.text(0x0008_0100, Vr::SH, "CODE").empty(0x0008_0102, Vr::SH);
        item
    };
    let mut cases = Vec::new();
    for length in [Length::Defined, Length::Undefined] {
        for items in [
            vec![],
            vec![DataSet::new()],
            vec![inner(), DataSet::new(), inner()],
        ] {
            let name = format!("a sequence of {} items, lengths {length:?}", items.len());
            cases.push(Case::changed(&name, random, Expect::Stored, |scan| {
                scan.sequence(0x0008_1110, items, length);
            }));
        }
    }
    let implicit = inner().encode(Encoding::ImplicitLe);
    let mut tail =
        |name: &str, tail: Vec<u8>| cases.push(Case::with_tail(name, random, &tail, Expect::Stored));
    tail(
        "a CP-246 sequence as UN of undefined length",
        wrap(PRIVATE, *b"UN", &implicit),
    );
    let deep = wrap(
        PRIVATE,
        *b"UN",
        &[
            item(0x0099_1002, u32::MAX),
            item(0xfffe_e000, u32::MAX),
            implicit,
            item(0xfffe_e00d, 0),
            item(0xfffe_e0dd, 0),
        ]
        .concat(),
    );
    tail("a CP-246 sequence within another", deep);
    tail("UN of defined length", element(PRIVATE, *b"UN", &[7; 34]));
    tail(
        "a private block",
        [
            &explicit_head(0x0099_0010, *b"LO", 4, false)[..],
            b"ACME",
            &element(PRIVATE, *b"OB", &[1; 10]),
        ]
        .concat(),
    );
    tail(
        "Data Set Trailing Padding",
        element(0xfffc_fffc, *b"OB", &[0; 500]),
    );
    cases
}

fn contents(random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut changed = |name: &str, change: &dyn Fn(&mut DataSet)| {
        cases.push(Case::changed(name, random, Expect::Stored, change));
    };
    changed("no pixels", &|scan| {
        scan.remove(scan::PIXEL_DATA);
    });
    changed("empty values", &|scan| {
        for (tag, vr) in [
            (0x0008_0020, Vr::DA),
            (0x0010_0010, Vr::PN),
            (scan::PATIENT_ID, Vr::LO),
            (0x0008_0050, Vr::SH),
        ] {
            scan.empty(tag, vr);
        }
    });
    changed("no patient at all", &|scan| {
        scan.remove(0x0010_0010);
        scan.remove(scan::PATIENT_ID);
    });
    changed("empty pixels", &|scan| {
        scan.pixels(Vec::new());
    });
    changed("one bit a pixel", &|scan| {
        scan.us(0x0028_0100, &[1])
            .us(0x0028_0101, &[1])
            .us(0x0028_0102, &[0])
            .pixels(vec![0xa5; 32]);
    });
    changed("thirty frames of one bit, not on byte borders", &|scan| {
        scan.us(0x0028_0100, &[1])
            .us(0x0028_0101, &[1])
            .us(0x0028_0102, &[0])
            .us(0x0028_0010, &[7])
            .us(0x0028_0011, &[9])
            .text(0x0028_0008, Vr::IS, "30")
            .pixels(vec![0x5a; 238]);
    });
    changed("a retired group length", &|scan| {
        scan.put(0x0010_0000, Vr::UL, [8, 0, 0, 0]);
    });
    changed("colours by plane", &|scan| {
        scan.us(0x0028_0002, &[3])
            .text(0x0028_0004, Vr::CS, "RGB")
            .us(0x0028_0006, &[1])
            .us(0x0028_0100, &[8])
            .us(0x0028_0101, &[8])
            .us(0x0028_0102, &[7])
            .pixels(vec![3; 768]);
    });
    changed("pixels as floating point", &|scan| {
        scan.remove(scan::PIXEL_DATA);
        scan.us(0x0028_0100, &[32])
            .put(0x7fe0_0008, Vr::OF, vec![0; 1024]);
    });
    changed("pixels with padding behind", &|scan| {
        scan.pixels(vec![1; 514]);
    });
    changed("fewer pixels than described", &|scan| {
        scan.pixels(vec![1; 510]);
    });
    changed("a document", &|scan| {
        scan.remove(scan::PIXEL_DATA);
        scan.put(0x0042_0011, Vr::OB, b"%PDF-1.7 and so on".repeat(50));
    });
    changed("a UID with leading zeros", &|scan| {
        scan.text(scan::STUDY, Vr::UI, "1.2.0840.0001.77");
    });
    changed("a UID padded with a space", &|scan| {
        scan.text(0x0020_000e, Vr::UI, "1.2.840.1.76 ");
    });
    cases
}

fn character_sets(random: &mut Random) -> Vec<Case> {
    let names: [(&str, &[u8]); 12] = [
        ("", b"Phantom^Ascii"),
        ("ISO_IR 100", b"Phantom^Jos\xe9"),
        ("ISO_IR 101", b"Phantom^Wa\xb3\xeasa"),
        ("ISO_IR 144", b"Phantom^\xbb\xee\xda"),
        ("ISO_IR 127", b"Phantom^\xe2\xc8\xc7"),
        ("ISO_IR 126", b"Phantom^\xc4\xe9\xef"),
        ("ISO_IR 138", b"Phantom^\xf9\xf8\xe5"),
        ("ISO_IR 148", b"Phantom^\xdd\xfe"),
        ("ISO_IR 166", b"Phantom^\xa1\xa2"),
        ("ISO_IR 192", "Phantom^太郎=山田^太郎".as_bytes()),
        ("GB18030", b"Phantom^\xce\xd2"),
        (
            "\\ISO 2022 IR 87",
            b"Phantom^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
        ),
    ];
    let case = |(set, name): (&str, &[u8])| {
        Case::changed(
            &format!("character set {set:?}"),
            random,
            Expect::Stored,
            |scan| {
                scan.text(0x0008_0005, Vr::CS, set).put(0x0010_0010, Vr::PN, name);
            },
        )
    };
    names.into_iter().map(case).collect()
}

fn files(random: &mut Random) -> Vec<Case> {
    let mut preamble = |name: &str, bytes: &[u8]| {
        let mut file = scan::object(&scan::plain(random, 16), Encoding::ExplicitLe).part10();
        file[..bytes.len()].copy_from_slice(bytes);
        Case::new(name, file, Expect::Stored)
    };
    vec![
        preamble("a preamble that is a TIFF", b"II*\0\x08\0\0\0"),
        preamble("a preamble that is a program", b"MZ\x90\0\x03\0\0\0"),
        preamble("a preamble that is a script", b"#!/bin/sh\nexit\n"),
    ]
}
