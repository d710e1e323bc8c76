//! Objects whose bytes do not hold together: broken off, of wrong lengths, in another encoding than they say.

use super::bytes::{ITEM, SEQUENCE_END, UNDEFINED, element, explicit_head, item, wrap};
use super::{Case, Expect};
use crate::scan;
use testkit::{Encoding, Length, Random, Vr};

const PRIVATE: u32 = 0x0099_1001;
const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
const RLE: &str = "1.2.840.10008.1.2.5";

pub(super) fn truncations(random: &mut Random) -> Vec<Case> {
    let scan = scan::plain(random, 32);
    let whole = scan::object(&scan, Encoding::ExplicitLe).part10();
    let pixels = 32 * 32 * 2;
    let head = whole.len() - pixels;
    let mut cases: Vec<Case> = [
        ("nothing", 0),
        ("half a preamble", 64),
        ("a preamble", 128),
        ("a prefix", 132),
        ("half a head of meta information", 137),
        ("half of the meta information", 200),
        ("half a tag", head - 11),
        ("half a VR", head - 7),
        ("half a length", head - 2),
        ("no pixels", head),
        ("half of the pixels", head + pixels / 2),
        ("all but one byte", whole.len() - 1),
    ]
    .into_iter()
    .map(|(name, length)| {
        Case::new(
            format!("broken off: {name}"),
            whole[..length].to_vec(),
            Expect::Refused,
        )
    })
    .collect();
    // Broken off at every byte of the identifying elements: whole elements before the cut may be an object of their own.
    let start = head - 200;
    for length in (start..head).step_by(13) {
        cases.push(Case::new(
            format!("broken off at byte {length}"),
            whole[..length].to_vec(),
            Expect::Same,
        ));
    }
    let sequence = wrap(PRIVATE, *b"SQ", &element(0x0099_1002, *b"UT", b"some text"));
    for (name, left) in [
        ("half an item", 20),
        ("without end of item", 16),
        ("without end of sequence", 8),
    ] {
        let tail = &sequence[..sequence.len() - left];
        cases.push(Case::with_tail(name, random, tail, Expect::Refused));
    }
    let mut compressed = scan.clone();
    compressed.fragments(vec![vec![7; 100], vec![8; 100]]);
    let whole = scan::written(&compressed, RLE, compressed.encode(Encoding::ExplicitLe)).part10();
    for (name, left) in [
        ("fragments without end", 8),
        ("half a fragment", 50),
        ("half a fragment's head", 112),
    ] {
        cases.push(Case::new(
            name,
            whole[..whole.len() - left].to_vec(),
            Expect::Refused,
        ));
    }
    cases
}

pub(super) fn lengths(random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    for vr in [b"OB", b"OW", b"UN", b"UT", b"UC", b"UR", b"OD", b"SQ", b"ZZ"] {
        let name = String::from_utf8_lossy(vr).into_owned();
        for length in [0xffff_fffe, 0x7fff_fffe, 0x0010_0001] {
            let tail = [&explicit_head(PRIVATE, *vr, length, true)[..], &[0; 64]].concat();
            cases.push(Case::with_tail(
                &format!("{name} of {length:x} bytes"),
                random,
                &tail,
                Expect::Refused,
            ));
        }
        if ![b"UN", b"SQ"].contains(&vr) {
            let tail = [&explicit_head(PRIVATE, *vr, UNDEFINED, true)[..], &[0; 64]].concat();
            cases.push(Case::with_tail(
                &format!("{name} of undefined length"),
                random,
                &tail,
                Expect::Refused,
            ));
        }
    }
    let mut tail =
        |name: &str, tail: Vec<u8>, expect| cases.push(Case::with_tail(name, random, &tail, expect));
    let odd = [&explicit_head(PRIVATE, *b"LO", 3, false)[..], b"odd"].concat();
    tail("an odd length", odd, Expect::Same);
    tail(
        "US of three bytes",
        [&explicit_head(0x0099_1001, *b"US", 3, false)[..], b"abc"].concat(),
        Expect::Same,
    );
    let inner = explicit_head(0x0099_1002, *b"LO", 400, false);
    let item_of = |length| {
        [
            explicit_head(PRIVATE, *b"SQ", 16, true),
            item(ITEM, length),
            inner.clone(),
            vec![b' '; 400],
        ]
        .concat()
    };
    tail("an element longer than its item", item_of(8), Expect::Refused);
    tail("an item longer than its sequence", item_of(408), Expect::Refused);
    tail("an item of fffffffe bytes", item_of(0xffff_fffe), Expect::Refused);
    let sequence = |content: Vec<u8>| {
        [
            explicit_head(PRIVATE, *b"SQ", content.len() as u32, true),
            content,
        ]
        .concat()
    };
    tail("a sequence of four bytes", sequence(vec![0; 4]), Expect::Refused);
    tail(
        "a sequence that holds no items",
        sequence(element(0x0099_1002, *b"UT", b"text")),
        Expect::Refused,
    );
    tail(
        "a delimiter with a length",
        [
            explicit_head(PRIVATE, *b"SQ", UNDEFINED, true),
            item(SEQUENCE_END, 9),
        ]
        .concat(),
        Expect::Refused,
    );
    tail(
        "a delimiter out of nowhere",
        item(SEQUENCE_END, 0),
        Expect::Refused,
    );
    tail("an item out of nowhere", item(ITEM, 0), Expect::Refused);

    let scan = scan::plain(random, 16);
    let whole = scan::object(&scan, Encoding::ExplicitLe).part10();
    let mut group = whole.clone();
    group[140..144].fill(0xff);
    cases.push(Case::new(
        "meta information of ffffffff bytes",
        group,
        Expect::Stored,
    ));
    let mut version = whole;
    version[152..156].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    cases.push(Case::new(
        "a meta element of fffffffe bytes",
        version,
        Expect::Refused,
    ));
    cases.push(Case::changed(
        "a group length of ffffffff",
        random,
        Expect::Stored,
        |scan| {
            scan.put(0x0008_0000, Vr::UL, [0xff; 4]);
        },
    ));
    cases
}

pub(super) fn transfer_syntaxes(random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, said, written, expect) in [
        (
            "implicit said to be explicit",
            Encoding::ExplicitLe,
            Encoding::ImplicitLe,
            Expect::Same,
        ),
        (
            "explicit said to be implicit",
            Encoding::ImplicitLe,
            Encoding::ExplicitLe,
            Expect::Same,
        ),
        (
            "little endian said to be big",
            Encoding::ExplicitBe,
            Encoding::ExplicitLe,
            Expect::Refused,
        ),
        (
            "big endian said to be little",
            Encoding::ExplicitLe,
            Encoding::ExplicitBe,
            Expect::Refused,
        ),
        (
            "big endian said to be implicit",
            Encoding::ImplicitLe,
            Encoding::ExplicitBe,
            Expect::Refused,
        ),
    ] {
        let scan = scan::plain(random, 16);
        let object = scan::written(&scan, said.transfer_syntax(), scan.encode(written));
        cases.push(Case::new(name, object.part10(), expect));
    }
    for (name, syntax) in [
        ("native said to be JPEG", JPEG_BASELINE),
        ("native said to be RLE", RLE),
        ("an unknown transfer syntax", "1.2.3.4.5.6"),
    ] {
        let scan = scan::plain(random, 16);
        let object = scan::written(&scan, syntax, scan.encode(Encoding::ExplicitLe));
        cases.push(Case::new(name, object.part10(), Expect::Same));
    }
    cases.push(Case::changed(
        "fragments said to be native",
        random,
        Expect::Refused,
        |scan| {
            scan.fragments(vec![vec![1; 512]]);
        },
    ));
    let scan = scan::plain(random, 16);
    let file = scan::object(&scan, Encoding::ExplicitLe).part10();
    let at = file
        .windows(20)
        .position(|window| window == b"1.2.840.10008.1.2.1\0")
        .unwrap();
    for (name, text) in [
        ("a transfer syntax that climbs", b"../../../etc/passwd\0"),
        ("a transfer syntax of nothing", &[0; 20]),
    ] {
        let mut changed = file.clone();
        changed[at..at + 20].copy_from_slice(text);
        cases.push(Case::new(name, changed, Expect::Refused));
    }
    cases
}

pub(super) fn elements(random: &mut Random) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut tail =
        |name: &str, tail: Vec<u8>, expect| cases.push(Case::with_tail(name, random, &tail, expect));
    tail(
        "a VR in small letters",
        explicit_head(PRIVATE, *b"lo", 0, false),
        Expect::Refused,
    );
    tail(
        "a VR of zeros",
        explicit_head(PRIVATE, [0, 0], 0, false),
        Expect::Refused,
    );
    tail(
        "a VR that nobody knows",
        element(PRIVATE, *b"QQ", b"abcd"),
        Expect::Same,
    );
    tail(
        "a command set within the data set",
        explicit_head(0x0000_0002, *b"UI", 0, false),
        Expect::Refused,
    );
    tail(
        "meta information within the data set",
        explicit_head(0x0002_0010, *b"UI", 0, false),
        Expect::Refused,
    );
    tail(
        "tags in descending order",
        [
            explicit_head(0x0099_1002, *b"LO", 0, false),
            explicit_head(PRIVATE, *b"LO", 0, false),
        ]
        .concat(),
        Expect::Same,
    );
    tail(
        "pixels twice",
        [
            element(scan::PIXEL_DATA, *b"OW", &[0; 8]),
            element(scan::PIXEL_DATA, *b"OW", &[1; 8]),
        ]
        .concat(),
        Expect::Refused,
    );
    tail(
        "a private element that nobody created",
        explicit_head(0x0099_ff01, *b"LO", 0, false),
        Expect::Same,
    );
    tail(
        "tag ffffffff",
        explicit_head(0xffff_ffff, *b"LO", 0, false),
        Expect::Same,
    );
    tail("zeros at the end", vec![0; 4096], Expect::Refused);
    tail(
        "a second file at the end",
        [vec![0; 128], b"DICM".to_vec(), vec![2, 0, 0, 0]].concat(),
        Expect::Refused,
    );
    cases.push(Case::changed("rows as text", random, Expect::Same, |scan| {
        scan.text(0x0028_0010, Vr::LT, "sixteen");
    }));
    cases.push(Case::changed(
        "a patient as a number",
        random,
        Expect::Same,
        |scan| {
            scan.put(scan::PATIENT_ID, Vr::FD, [0; 8]);
        },
    ));
    cases.push(Case::changed(
        "a UID as a sequence",
        random,
        Expect::Same,
        |scan| {
            scan.sequence(scan::SOP_INSTANCE, vec![testkit::DataSet::new()], Length::Defined);
        },
    ));
    cases
}
