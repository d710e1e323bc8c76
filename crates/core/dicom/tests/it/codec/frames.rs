//! Which fragments make which frame (PS3.5 A.4).

use dicom::PixelCoding;
use dicom::codec::frames::{Fragment, FramesError, Offsets, frames};
use proptest::prelude::*;

const START: &[u8] = b"\xFF\xD8\xFF\xE0";

/// Fragments of so many bytes; `true` where a codestream starts.
fn fragments(of: &[(usize, bool)]) -> Vec<Fragment> {
    let bytes = |&(length, starts): &(usize, bool)| {
        let mut bytes = vec![0; length];
        if starts {
            bytes[..4].copy_from_slice(START);
        }
        Fragment::of(&bytes)
    };
    of.iter().map(bytes).collect()
}

fn basic(offsets: &[u32]) -> Vec<u8> {
    offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect()
}

fn extended(offsets: &[u64]) -> Vec<u8> {
    offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect()
}

#[test]
fn one_frame_takes_all_and_as_many_fragments_are_one_each() {
    let three = fragments(&[(10, true), (10, true), (10, false)]);
    let none = Offsets::default();
    assert_eq!(
        frames(PixelCoding::Jpeg, &three, none, 1),
        Ok(std::iter::once(0..3).collect())
    );
    assert_eq!(
        frames(PixelCoding::Jpeg, &three, none, 3),
        Ok(vec![0..1, 1..2, 2..3])
    );
    assert_eq!(
        frames(PixelCoding::Jpeg, &three, none, 4),
        Err(FramesError::Missing)
    );
    assert_eq!(frames(PixelCoding::Jpeg, &[], none, 1), Err(FramesError::Empty));
    assert_eq!(
        frames(PixelCoding::Jpeg, &three, none, 0),
        Err(FramesError::Empty)
    );
}

#[test]
fn offset_tables_come_before_starts_and_wrong_ones_are_not_believed() {
    let three = fragments(&[(10, true), (10, true), (10, false)]);
    let with =
        |basic: &[u8], extended: &[u8]| frames(PixelCoding::Jpeg, &three, Offsets { basic, extended }, 2);
    let by_starts = Ok(vec![0..1, 1..3]);
    assert_eq!(with(&[], &[]), by_starts);
    assert_eq!(
        with(&basic(&[0, 36]), &[]),
        Ok(vec![0..2, 2..3]),
        "the basic table"
    );
    assert_eq!(
        with(&basic(&[0, 18]), &extended(&[0, 36])),
        Ok(vec![0..2, 2..3]),
        "the extended table first"
    );
    for wrong in [
        vec![0, 17],
        vec![18, 36],
        vec![0, 0],
        vec![36, 0],
        vec![0],
        vec![0, 18, 36],
        vec![0, 54],
    ] {
        assert_eq!(with(&basic(&wrong), &[]), by_starts, "{wrong:?}");
    }
    assert_eq!(with(&basic(&[0, 36])[..7], &[]), by_starts, "half a table");
}

#[test]
fn nothing_is_guessed() {
    let four = fragments(&[(10, true), (10, false), (10, false), (10, true)]);
    assert_eq!(
        frames(PixelCoding::Jpeg, &four, Offsets::default(), 3),
        Err(FramesError::Ambiguous)
    );
    assert_eq!(
        frames(PixelCoding::Rle, &four, Offsets::default(), 2),
        Err(FramesError::Ambiguous)
    );
    let late = fragments(&[(10, false), (10, true), (10, true)]);
    assert_eq!(
        frames(PixelCoding::Jpeg, &late, Offsets::default(), 2),
        Err(FramesError::Ambiguous)
    );
}

proptest! {
    #[test]
    fn tables_and_starts_find_the_frames_that_were_made(
        made in prop::collection::vec(prop::collection::vec(4usize..50, 1..4), 1..8),
    ) {
        let mut parts = Vec::new();
        let (mut ranges, mut offsets, mut at) = (Vec::new(), Vec::new(), 0);
        for frame in &made {
            ranges.push(parts.len()..parts.len() + frame.len());
            offsets.push(at);
            for (i, &length) in frame.iter().enumerate() {
                parts.push((length, i == 0));
                at += 8 + length as u64;
            }
        }
        let parts = fragments(&parts);
        let basic = basic(&offsets.iter().map(|&o| o as u32).collect::<Vec<_>>());
        let extended = extended(&offsets);
        for offsets in [
            Offsets::default(),
            Offsets { basic: &basic, extended: &[] },
            Offsets { basic: &[], extended: &extended },
        ] {
            prop_assert_eq!(frames(PixelCoding::JpegLs, &parts, offsets, made.len() as u32), Ok(ranges.clone()));
        }
    }
}
