//! Colour profiles: the numbers stay, the words and the gaps go.

use deid::containers::clean_icc;

use super::*;

type Tag<'a> = (&'a [u8; 4], Vec<u8>);

/// A profile with the token in every field of the header that has room, and between tags.
fn profile(version: u8, space: [u8; 4], tags: &[Tag<'_>]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out[4..8].copy_from_slice(&TOKEN[..4]);
    out[8] = version;
    out[12..16].copy_from_slice(b"mntr");
    out[16..20].copy_from_slice(&space);
    out[20..24].copy_from_slice(b"XYZ ");
    out[24..36].copy_from_slice(&TOKEN[..12]);
    out[36..40].copy_from_slice(b"acsp");
    for field in [40, 48, 52, 80] {
        out[field..field + 4].copy_from_slice(&TOKEN[..4]);
    }
    out[67] = 1;
    out[84..100].copy_from_slice(&TOKEN[..16]);
    out[100..117].copy_from_slice(TOKEN);
    out.extend((tags.len() as u32).to_be_bytes());
    let mut data = Vec::new();
    for (signature, content) in tags {
        data.extend(TOKEN);
        data.resize(data.len().next_multiple_of(4), b'J');
        out.extend(*signature);
        out.extend((132 + 12 * tags.len() as u32 + data.len() as u32).to_be_bytes());
        out.extend((content.len() as u32).to_be_bytes());
        data.extend(content);
    }
    out.extend(data);
    let size = out.len() as u32;
    out[..4].copy_from_slice(&size.to_be_bytes());
    out
}

/// A type, its reserved bytes misused, and its content.
fn typed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    [&kind, &TOKEN[..4], content].concat()
}

fn words() -> Vec<Tag<'static>> {
    let text = |kind: &'static [u8; 4]| typed(*kind, TOKEN);
    vec![
        (b"desc", text(b"desc")),
        (b"cprt", text(b"text")),
        (b"dmnd", text(b"desc")),
        (b"dmdd", text(b"desc")),
        (b"vued", text(b"desc")),
        (b"tech", text(b"sig ")),
        (b"meta", text(b"dict")),
        (b"calt", text(b"dtim")),
        (b"Priv", text(b"text")),
        (b"psid", text(b"psid")),
    ]
}

fn matrix_tags() -> Vec<Tag<'static>> {
    let xyz = |n: u8| typed(*b"XYZ ", &[0, 0, n, 1, 0, 0, n, 2, 0, 0, n, 3]);
    let curve = [&typed(*b"curv", &[0, 0, 0, 1, 2, 0x33])[..], TOKEN].concat();
    vec![
        (b"rXYZ", xyz(1)),
        (b"gXYZ", xyz(2)),
        (b"bXYZ", [&xyz(3)[..], TOKEN].concat()),
        (b"wtpt", xyz(4)),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ]
}

/// A profile with a chain of curves, matrix and table, the token between its parts.
pub(super) fn table_profile() -> Vec<u8> {
    let curve: Vec<u8> = [b"para".as_slice(), &[0; 4], &[0, 0, 0, 0], &[0, 1, 0x80, 0]].concat();
    let curves = curve.repeat(3);
    let matrix = [7; 48];
    let mut table = vec![2, 2, 2];
    table.resize(16, b'J');
    table.extend([1, b'J', b'J', b'J']);
    table.extend([9; 24]);
    let parts: [&[u8]; 5] = [&curves, &matrix, &curves, &table, &curves];
    let mut content = typed(*b"mAB ", &[3, 3, b'J', b'J']);
    let mut offset = 32;
    for part in parts {
        offset += 20;
        content.extend((offset as u32).to_be_bytes());
        offset += part.len();
    }
    for part in parts {
        content.extend(TOKEN);
        content.extend(b"JJJ");
        content.extend(part);
    }
    profile(4, *b"RGB ", &[(b"A2B0", content)])
}

/// The tags of a profile.
fn tags(profile: &[u8]) -> Vec<([u8; 4], &[u8])> {
    let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
    (0..number(128))
        .map(|i| 132 + 12 * i)
        .map(|at| {
            let signature = profile[at..at + 4].try_into().unwrap();
            (
                signature,
                &profile[number(at + 4)..number(at + 4) + number(at + 8)],
            )
        })
        .collect()
}

fn no_part_of_the_token(clean: &[u8]) {
    assert!(!TOKEN.windows(4).any(|part| contains(clean, part)));
    assert!(!contains(clean, b"JJ"));
}

#[test]
fn numbers_stay_and_words_and_gaps_go() {
    for version in [2, 4] {
        let mut all = words();
        all.extend(matrix_tags());
        let dirty = profile(version, *b"RGB ", &all);
        let clean = clean_icc(&[&dirty[..], TOKEN].concat()).unwrap();
        no_part_of_the_token(&clean);
        assert_eq!(clean[..4], (clean.len() as u32).to_be_bytes());
        assert_eq!(clean.len() % 4, 0);
        assert_eq!(
            (clean[8], &clean[12..24], &clean[36..40], clean[67]),
            (version, &dirty[12..24], &b"acsp"[..], 1)
        );
        let tags = tags(&clean);
        assert_eq!(tags.len(), 9);
        for (signature, content) in matrix_tags() {
            let (_, kept) = tags.iter().find(|(other, _)| other == signature).unwrap();
            assert_eq!(kept[..4], content[..4]);
            assert_eq!(kept[4..8], [0; 4]);
            let length = if kept.starts_with(b"XYZ ") { 20 } else { 14 };
            assert_eq!(kept[8..], content[8..length]);
        }
        let word = |signature: &[u8; 4]| tags.iter().find(|(other, _)| other == signature).unwrap().1;
        let (kind, text): (&[u8], &[u8]) = if version == 2 {
            (b"desc", b"profile")
        } else {
            (b"mluc", b"\0p\0r\0o")
        };
        assert!(word(b"desc").starts_with(kind) && contains(word(b"desc"), text));
        assert_eq!(clean_icc(&clean).unwrap(), clean);
    }
}

#[test]
fn a_chain_keeps_its_parts_and_nothing_between() {
    let clean = clean_icc(&table_profile()).unwrap();
    no_part_of_the_token(&clean);
    let tags = tags(&clean);
    let (_, chain) = tags.iter().find(|(signature, _)| signature == b"A2B0").unwrap();
    let part = |at: usize| {
        let offset = u32::from_be_bytes(chain[at..at + 4].try_into().unwrap()) as usize;
        &chain[offset..]
    };
    for curves in [12, 20, 28] {
        assert_eq!(part(curves)[..4], *b"para");
        assert_eq!(part(curves)[12..16], [0, 1, 0x80, 0]);
    }
    assert_eq!(part(16)[..48], [7; 48]);
    assert_eq!(part(24)[..3], [2, 2, 2]);
    assert_eq!(
        part(24)[3..20],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    );
    assert_eq!(part(24)[20..44], [9; 24]);
}

#[test]
fn tags_that_overlap_to_many_times_the_profile_are_refused() {
    let curve = typed(*b"curv", &[&[0, 0, 0x40, 0][..], &vec![7; 0x8000]].concat());
    let mut dirty = profile(
        2,
        *b"RGB ",
        &[
            (b"kTRC", curve),
            (b"rTRC", vec![]),
            (b"gTRC", vec![]),
            (b"bTRC", vec![]),
        ],
    );
    let first: [u8; 8] = dirty[136..144].try_into().unwrap();
    for tag in 1..4 {
        dirty[136 + 12 * tag..144 + 12 * tag].copy_from_slice(&first);
    }
    let shared = clean_icc(&dirty).unwrap();
    assert!(shared.len() < dirty.len() + 500, "shared content is written once");
    // As tables of many curves the same bytes count many times over.
    let mut chain = typed(*b"mAB ", &[200, 200, 0, 0]);
    chain.extend([0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 32]);
    chain.extend(
        [b"curv".as_slice(), &[0; 4], &[0, 0, 0, 50], &[7; 100]]
            .concat()
            .repeat(200),
    );
    let names = [b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2"];
    let mut tags: Vec<Tag<'_>> = names.iter().map(|&name| (name, vec![])).collect();
    tags[0].1 = chain;
    let mut dirty = profile(4, *b"RGB ", &tags);
    let first: [u8; 8] = dirty[136..144].try_into().unwrap();
    for tag in 1..6 {
        dirty[136 + 12 * tag..144 + 12 * tag].copy_from_slice(&first);
    }
    assert!(unreadable(clean_icc(&dirty)));
}

#[test]
fn what_is_no_colour_conversion_is_refused() {
    let good = profile(2, *b"GRAY", &[(b"kTRC", typed(*b"curv", &[0; 4]))]);
    assert!(clean_icc(&good).is_ok());
    assert!(unreadable(clean_icc(&profile(2, *b"RGB ", &words()))));
    assert!(unreadable(clean_icc(b"")));
    assert!(unreadable(clean_icc(&good[..good.len() - 1])));
    for (at, value) in [
        (12, b"nmcl"),
        (12, b"JANE"),
        (16, b"JANE"),
        (20, b"JANE"),
        (36, b"JANE"),
        (8, b"\x09\0\0\0"),
    ] {
        let mut broken = good.clone();
        broken[at..at + 4].copy_from_slice(value);
        assert!(unreadable(clean_icc(&broken)), "{at}");
    }
    // A curve that claims more than there is; a tag of another type.
    for content in [typed(*b"curv", &[0xFF; 4]), typed(*b"text", TOKEN)] {
        assert!(unreadable(clean_icc(&profile(
            2,
            *b"GRAY",
            &[(b"kTRC", content)]
        ))));
    }
}
