//! Objects that can be read, and say what cannot be so; and what was never DICOM.

use super::bytes::explicit_head;
use super::{Case, Expect};
use crate::scan;
use testkit::{Encoding, Object, Random, Vr};

pub(super) fn geometry(random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    let sixteen: [(&str, &[(u32, u16)]); 9] = [
        (
            "65535 x 65535 pixels",
            &[(0x0028_0010, 65535), (0x0028_0011, 65535)],
        ),
        ("no rows", &[(0x0028_0010, 0)]),
        ("no samples", &[(0x0028_0002, 0)]),
        ("65535 samples", &[(0x0028_0002, 65535)]),
        ("no bits", &[(0x0028_0100, 0)]),
        (
            "65535 bits",
            &[(0x0028_0100, 65535), (0x0028_0101, 65535), (0x0028_0102, 65534)],
        ),
        ("more bits stored than allocated", &[(0x0028_0101, 40)]),
        ("high bit 200", &[(0x0028_0102, 200)]),
        ("one row too many", &[(0x0028_0010, 17)]),
    ];
    for (name, values) in sixteen {
        cases.push(Case::changed(name, random, Expect::Same, |scan| {
            for (tag, value) in values {
                scan.us(*tag, &[*value]);
            }
        }));
    }
    for frames in ["2147483647", "-1", "0", "99999999999999", "1e9", "two", ""] {
        let name = format!("{frames:?} frames");
        cases.push(Case::changed(&name, random, Expect::Same, |scan| {
            scan.text(0x0028_0008, Vr::IS, frames);
        }));
    }
    cases.push(Case::changed(
        "a short value of rows",
        random,
        Expect::Same,
        |scan| {
            scan.put(0x0028_0010, Vr::US, []);
        },
    ));
    cases.push(Case::changed(
        "a palette that is larger than said",
        random,
        Expect::Same,
        |scan| {
            scan.text(0x0028_0004, Vr::CS, "PALETTE COLOR")
                .us(0x0028_1101, &[0, 65535, 16])
                .put(0x0028_1201, Vr::OW, [0; 6]);
        },
    ));
    cases.push(Case::changed(
        "an overlay of 65535 x 65535",
        random,
        Expect::Same,
        |scan| {
            scan.us(0x6000_0010, &[65535])
                .us(0x6000_0011, &[65535])
                .us(0x6000_0100, &[1])
                .put(0x6000_3000, Vr::OW, [1; 8]);
        },
    ));
    // Start of image, then a frame header of 65535 x 65535 pixels in three components.
    let jpeg =
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9\x00";
    let jpeg_2000 = b"\xff\x4f\xff\x51\x00\x29\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x07\x01\x01\xff\xd9\x00";
    for (name, syntax, bytes) in [
        ("a JPEG of 65535 x 65535", "1.2.840.10008.1.2.4.50", &jpeg[..]),
        (
            "a JPEG 2000 of 4 G x 4 G",
            "1.2.840.10008.1.2.4.90",
            &jpeg_2000[..],
        ),
        (
            "a JPEG-LS that is none",
            "1.2.840.10008.1.2.4.80",
            &b"no JPEG-LS"[..],
        ),
        (
            "RLE segments beyond the end",
            "1.2.840.10008.1.2.5",
            &[0xff; 64][..],
        ),
    ] {
        let mut scan = scan::plain(random, 16);
        scan.us(0x0028_0010, &[65535])
            .us(0x0028_0011, &[65535])
            .fragments(vec![bytes.to_vec()]);
        let object = scan::written(&scan, syntax, scan.encode(Encoding::ExplicitLe));
        cases.push(Case::new(name, object.part10(), Expect::Stored));
    }
    cases
}

pub(super) fn identities(random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    let (long, nested) = ("1.".repeat(33), "1.2.3\\1.2.4");
    for (name, bad) in [
        ("climbs", "../../../../etc/cron.d/x"),
        ("has a slash", "1.2/3"),
        ("has a NUL inside", "1.2\0.3"),
        ("has a line break", "1.2\r\n.3"),
        ("has two values", nested),
        ("has 66 characters", long.as_str()),
        ("is HTML", "<script>1</script>"),
        ("is full of spaces", "1 . 2"),
    ] {
        for (what, tag) in [("instance", scan::SOP_INSTANCE), ("study", scan::STUDY)] {
            cases.push(Case::changed(
                &format!("a UID of the {what} {name}"),
                random,
                Expect::Refused,
                |scan| {
                    scan.text(tag, Vr::UI, bad);
                },
            ));
        }
    }
    for (what, tag) in [
        ("class", scan::SOP_CLASS),
        ("instance", scan::SOP_INSTANCE),
        ("study", scan::STUDY),
        ("series", 0x0020_000e),
    ] {
        cases.push(Case::changed(
            &format!("no UID of the {what}"),
            random,
            Expect::Same,
            |scan| {
                scan.remove(tag);
            },
        ));
        cases.push(Case::changed(
            &format!("an empty UID of the {what}"),
            random,
            Expect::Same,
            |scan| {
                scan.empty(tag, Vr::UI);
            },
        ));
    }
    for odd in ["1.2.0003", "1..2", "1.2.3.", ".", "0"] {
        cases.push(Case::changed(
            &format!("study {odd:?}"),
            random,
            Expect::Same,
            |scan| {
                scan.text(
                    scan::STUDY,
                    Vr::UI,
                    format!("{odd}{}", if odd.len() > 1 { "4" } else { "" }),
                );
            },
        ));
    }
    // A dot and two dots are names with a meaning on file systems.
    cases.push(Case::changed("study \"..\"", random, Expect::Same, |scan| {
        scan.text(scan::STUDY, Vr::UI, "..");
    }));

    let patient = |id: &[u8]| {
        [
            &explicit_head(scan::PATIENT_ID, *b"LO", id.len() as u32, false)[..],
            id,
        ]
        .concat()
    };
    for (name, second, expect) in [
        ("two patients", b"OTHER-PATIENT ", Expect::Refused),
        ("two patients out of order", b"OTHER-PATIENT2", Expect::Refused),
    ] {
        let scan = scan::plain(random, 16);
        let mut bytes = scan.encode(Encoding::ExplicitLe);
        let at = bytes
            .windows(6)
            .position(|window| window == b"\x10\x00\x20\x00LO")
            .unwrap();
        let at = if name.ends_with("order") { bytes.len() } else { at };
        bytes.splice(at..at, patient(second));
        let object = scan::written(&scan, Encoding::ExplicitLe.transfer_syntax(), bytes);
        cases.push(Case::new(name, object.part10(), expect));
    }
    cases
}

pub(super) fn texts(random: &mut Random) -> Vec<Case> {
    let texts: [(&str, Vec<u8>); 10] = [
        ("HTML", b"<script>alert(1)</script>".to_vec()),
        ("a formula", b"=HYPERLINK(\"http://x\")".to_vec()),
        ("SQL", b"'; DROP TABLE instances; --".to_vec()),
        ("line breaks", b"a\r\nSet-Cookie: b".to_vec()),
        ("terminal escapes", b"\x1b[2J\x1b]0;x\x07".to_vec()),
        ("NULs", b"a\0b\0\0c".to_vec()),
        ("broken UTF-8", b"\xff\xfe\xc0\x80\xed\xa0\x80".to_vec()),
        ("a thousand equal signs", b"=".repeat(1000)),
        (
            "ISO 2022 escapes that end nowhere",
            b"\x1b$B\x1b(J\x1b$)C\x1b".to_vec(),
        ),
        ("60 thousand characters", b"x".repeat(60_000)),
    ];
    let mut cases = Vec::new();
    for (name, text) in texts {
        for set in ["ISO_IR 192", "ISO 2022 IR 6\\ISO 2022 IR 87", "ISO 2022 IR 999"] {
            cases.push(Case::changed(
                &format!("{name} in {set}"),
                random,
                Expect::Stored,
                |scan| {
                    scan.text(0x0008_0005, Vr::CS, set)
                        .put(0x0010_0010, Vr::PN, text.clone())
                        .put(0x0008_1030, Vr::LO, text.clone());
                },
            ));
        }
    }
    cases
}

pub(super) fn strangers(random: &mut Random) -> Vec<Case> {
    let noise: Vec<u8> = (0..100_000).map(|_| random.next_u64() as u8).collect();
    let strangers: [(&str, Vec<u8>); 9] = [
        ("one byte", vec![0]),
        ("text", b"Dear colleague, please find attached".repeat(40)),
        ("HTML", b"<!doctype html><html></html>".repeat(40)),
        ("JSON", b"{\"a\":[1,2,3]}".repeat(40)),
        ("a PNG", [b"\x89PNG\r\n\x1a\n".to_vec(), noise.clone()].concat()),
        (
            "a program",
            [b"\x7fELF\x02\x01\x01".to_vec(), noise.clone()].concat(),
        ),
        ("noise", noise.clone()),
        ("zeros", vec![0; 100_000]),
        (
            "a preamble, a prefix and noise",
            [vec![0; 128], b"DICM".to_vec(), noise.clone()].concat(),
        ),
    ];
    let mut cases: Vec<Case> = strangers
        .into_iter()
        .map(|(name, bytes)| Case::new(name, bytes, Expect::Refused))
        .collect();
    for (name, bytes) in [
        ("noise", noise),
        ("zeros", vec![0; 100_000]),
        ("text", b"Dear colleague".repeat(99)),
    ] {
        let scan = scan::plain(random, 16);
        for encoding in Encoding::ALL {
            let object = Object {
                sop_instance: random.uid(),
                ..scan::written(&scan, encoding.transfer_syntax(), bytes.clone())
            };
            cases.push(Case::new(
                format!("{name} as a data set in {encoding:?}"),
                object.part10(),
                Expect::Refused,
            ));
        }
    }
    cases
}
