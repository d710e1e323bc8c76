//! Too deep, too many, too much from too little.

use super::bytes::{ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, deflate, element, explicit_head, item, wrap};
use super::{Case, Expect};
use crate::scan;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;
use testkit::{Encoding, Random};

const DEEP: usize = 100_000;
/// Pixel Data Provider URL's neighbour: a private sequence after everything that a scan holds.
const SEQUENCE: u32 = 0x0099_1001;
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";

pub(super) fn nesting(random: &mut Random) -> Vec<Case> {
    let repeat = |part: Vec<u8>| part.repeat(DEEP);
    let opened = |vr| {
        [
            explicit_head(SEQUENCE, vr, UNDEFINED, true),
            item(ITEM, UNDEFINED),
        ]
        .concat()
    };
    let closed = [item(ITEM_END, 0), item(SEQUENCE_END, 0)].concat();
    // Inside a UN sequence everything is Implicit VR Little Endian (CP-246).
    let implicit = [item(SEQUENCE, UNDEFINED), item(ITEM, UNDEFINED)].concat();
    let in_un = [opened(*b"UN"), repeat(implicit), repeat(closed.clone())].concat();
    let undefined = [repeat(opened(*b"SQ")), repeat(closed)].concat();
    let mut cases = vec![
        Case::with_tail(
            "100k levels of undefined length",
            random,
            &undefined,
            Expect::Refused,
        ),
        Case::with_tail(
            "100k levels of defined length",
            random,
            &defined(DEEP),
            Expect::Refused,
        ),
        Case::with_tail("100k levels inside UN", random, &in_un, Expect::Refused),
        Case::with_tail(
            "100k levels never closed",
            random,
            &repeat(opened(*b"SQ")),
            Expect::Refused,
        ),
        Case::with_tail("65 levels", random, &defined(65), Expect::Refused),
        Case::with_tail("16 levels", random, &defined(16), Expect::Stored),
    ];
    cases.push(deflated(
        "100k levels in deflate",
        random,
        &undefined,
        Expect::Refused,
    ));
    cases.push(Case::with_tail(
        "100k levels of opaque bytes in UN of defined length",
        random,
        &element(SEQUENCE, *b"UN", &undefined),
        Expect::Stored,
    ));
    cases
}

fn defined(levels: usize) -> Vec<u8> {
    // From the inside out, the heads collected in the order in which they stand.
    let (mut heads, mut length) = (Vec::new(), 0_u32);
    for _ in 0..levels {
        let inner = item(ITEM, length);
        length += 8;
        let outer = explicit_head(SEQUENCE, *b"SQ", length, true);
        length += 12;
        heads.push([outer, inner].concat());
    }
    heads.into_iter().rev().flatten().collect()
}

fn deflated(name: &str, random: &mut Random, tail: &[u8], expect: Expect) -> Case {
    let scan = scan::without_pixels(random);
    let bytes = deflate(&[&scan.encode(Encoding::ExplicitLe)[..], tail].concat());
    Case::new(name, scan::written(&scan, DEFLATED, bytes).part10(), expect)
}

/// A scan with so many MiB of nothing in it, deflated.
fn bomb(name: &str, random: &mut Random, (level, times): (u32, u32), expect: Expect) -> Case {
    let piece = vec![0; 1 << 20];
    let head = explicit_head(SEQUENCE, *b"OB", times << 20, true);
    let scan = scan::without_pixels(random);
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(&scan.encode(Encoding::ExplicitLe)).unwrap();
    encoder.write_all(&head).unwrap();
    for _ in 0..times {
        encoder.write_all(&piece).unwrap();
    }
    let bytes = encoder.finish().unwrap();
    Case::new(name, scan::written(&scan, DEFLATED, bytes).part10(), expect)
}

pub(super) fn bombs(random: &mut Random) -> Vec<Case> {
    let mut cases = vec![
        // About 1,000 bytes out of one.
        bomb(
            "1 GiB of nothing, well deflated",
            random,
            (9, 1024),
            Expect::Refused,
        ),
        // About 230, which an image may have.
        bomb(
            "512 MiB of nothing, hastily deflated",
            random,
            (1, 512),
            Expect::Same,
        ),
    ];
    let scan = scan::plain(random, 64);
    let whole = deflate(&scan.encode(Encoding::ExplicitLe));
    let mut file = |name: &str, bytes: Vec<u8>, expect| {
        cases.push(Case::new(
            name,
            scan::written(&scan, DEFLATED, bytes).part10(),
            expect,
        ));
    };
    file(
        "deflate broken off",
        whole[..whole.len() / 2].to_vec(),
        Expect::Refused,
    );
    file(
        "deflate without its last byte",
        whole[..whole.len() - 1].to_vec(),
        Expect::Refused,
    );
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle..middle + 64].fill(0xff);
    file("deflate scribbled over", flipped, Expect::Refused);
    file(
        "deflate of no deflate",
        b"no deflate at all".repeat(99),
        Expect::Refused,
    );
    file(
        "no deflate where it is said",
        scan.encode(Encoding::ExplicitLe),
        Expect::Refused,
    );
    file(
        "zlib in place of raw deflate",
        [&[0x78, 0xda][..], &whole].concat(),
        Expect::Same,
    );
    cases
}

/// Private tags in ascending order, many of them.
fn tags() -> impl Iterator<Item = u32> {
    (0x0101_u32..0x4001)
        .step_by(2)
        .flat_map(|group| (0x1000..=0xffff).map(move |number| group << 16 | number))
}

pub(super) fn counts(random: &mut Random) -> Vec<Case> {
    let empty = |tag| explicit_head(tag, *b"LO", 0, false);
    let many: Vec<u8> = tags().take(1_000_000).flat_map(empty).collect();
    let mut cases = vec![
        Case::with_tail("a million empty elements", random, &many, Expect::Same),
        deflated("a million empty elements, deflated", random, &many, Expect::Same),
    ];
    let same = empty(0x0101_1000).repeat(1_000_000);
    cases.push(Case::with_tail(
        "one element a million times",
        random,
        &same,
        Expect::Same,
    ));
    let turns = [empty(0x0101_1000), empty(0x0103_1000)].concat().repeat(500_000);
    cases.push(Case::with_tail(
        "two elements half a million times in turn",
        random,
        &turns,
        Expect::Same,
    ));

    // Values of the groups that an index looks at, as long as it might keep them.
    let long = |tag| [explicit_head(tag, *b"LO", 1000, false), vec![b'x'; 1000]].concat();
    let known: Vec<u8> = (0x0030_0000_u32..0x0030_ffff)
        .chain(0x0032_0000..0x0032_ffff)
        .flat_map(long)
        .collect();
    cases.push(Case::with_tail(
        "131 thousand long values in known groups",
        random,
        &known,
        Expect::Same,
    ));

    let sequence = |items: Vec<u8>| {
        [
            explicit_head(SEQUENCE, *b"SQ", UNDEFINED, true),
            items,
            item(SEQUENCE_END, 0),
        ]
        .concat()
    };
    let items = sequence(item(ITEM, 0).repeat(1_000_000));
    cases.push(Case::with_tail(
        "a million empty items",
        random,
        &items,
        Expect::Same,
    ));
    let wide = wrap(SEQUENCE, *b"SQ", &many);
    cases.push(Case::with_tail(
        "a million elements in one item",
        random,
        &wide,
        Expect::Same,
    ));

    let fragments = [
        explicit_head(scan::PIXEL_DATA, *b"OB", UNDEFINED, true),
        item(ITEM, 0).repeat(1_000_000),
        item(SEQUENCE_END, 0),
    ]
    .concat();
    let scan = scan::without_pixels(random);
    let bytes = [&scan.encode(Encoding::ExplicitLe)[..], &fragments].concat();
    let rle = scan::written(&scan, "1.2.840.10008.1.2.5", bytes);
    cases.push(Case::new("a million empty fragments", rle.part10(), Expect::Same));

    cases.push(Case::changed(
        "a million frames of one pixel",
        random,
        Expect::Same,
        |scan| {
            scan.us(0x0028_0010, &[1])
                .us(0x0028_0011, &[1])
                .us(0x0028_0100, &[8])
                .us(0x0028_0101, &[8])
                .us(0x0028_0102, &[7])
                .text(0x0028_0008, testkit::Vr::IS, "1000000")
                .pixels(vec![1; 1_000_000]);
        },
    ));
    cases.push(Case::changed(
        "50 thousand columns of 30 thousand samples",
        random,
        Expect::Same,
        |scan| {
            scan.us(0x0028_0002, &[300])
                .us(0x0028_0010, &[1])
                .us(0x0028_0011, &[50_000])
                .us(0x0028_0100, &[8])
                .us(0x0028_0101, &[8])
                .us(0x0028_0102, &[7])
                .pixels(vec![1; 15_000_000]);
        },
    ));
    let tall = wrap(
        SEQUENCE,
        *b"SQ",
        &element(0x0009_1001, *b"UT", &vec![b'x'; 32 << 20]),
    );
    cases.push(Case::with_tail(
        "32 MiB of text in a sequence",
        random,
        &tall,
        Expect::Stored,
    ));
    let long = element(SEQUENCE, *b"UC", &vec![b'\\'; 32 << 20]);
    cases.push(Case::with_tail(
        "32 MiB of backslashes",
        random,
        &long,
        Expect::Stored,
    ));
    cases
}
