//! Bits outside the value, word by word against a slow account of the same rule.

use deid::containers::{clear_unused_bits, has_unused_bits_set};
use proptest::prelude::*;

use super::*;

fn words(d: &PixelDescription, bytes: &[u8]) -> Vec<u64> {
    bytes
        .chunks_exact(usize::from(d.bits_allocated / 8))
        .map(|b| b.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)))
        .collect()
}

/// The value alone, and the value with its sign above it.
fn plain_and_extended(d: &PixelDescription, word: u64) -> (u64, u64) {
    let shift = d.high_bit + 1 - d.bits_stored;
    let value = (word >> shift) & ((1 << d.bits_stored) - 1);
    let plain = value << shift;
    let negative = value >> (d.bits_stored - 1) == 1;
    let above = ((1u64 << d.bits_allocated) - 1) & !((1u64 << (d.high_bit + 1)) - 1);
    (
        plain,
        if negative && d.signed {
            plain | above
        } else {
            plain
        },
    )
}

fn descriptions() -> impl Strategy<Value = PixelDescription> {
    (prop::sample::select(&[8u16, 16, 32]), any::<bool>())
        .prop_flat_map(|(allocated, signed)| {
            (Just(allocated), Just(signed), 0..allocated).prop_flat_map(|(allocated, signed, high)| {
                (Just(allocated), Just(signed), Just(high), 1..=high + 1)
            })
        })
        .prop_map(|(allocated, signed, high_bit, stored)| PixelDescription {
            signed,
            high_bit,
            ..grey(1, 1, allocated, stored)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn values_stay_and_other_bits_go(
        d in descriptions(),
        noise in prop::collection::vec(any::<u8>(), 0..200),
        manner in 0u8..3,
    ) {
        let size = usize::from(d.bits_allocated / 8);
        let noise = &noise[..noise.len() / size * size];
        let mut samples: Vec<u8> = words(&d, noise)
            .into_iter()
            .flat_map(|word| {
                let (plain, extended) = plain_and_extended(&d, word);
                [plain, extended, word][usize::from(manner)].to_le_bytes()[..size].to_vec()
            })
            .collect();
        let before = words(&d, &samples);
        let tells = !before.iter().all(|&w| w == plain_and_extended(&d, w).0)
            && !before.iter().all(|&w| w == plain_and_extended(&d, w).1);
        prop_assert!(!tells || manner == 2);
        prop_assert_eq!(has_unused_bits_set(&samples, &d), tells);
        let original = samples.clone();
        prop_assert_eq!(clear_unused_bits(&mut samples, &d), tells);
        if tells {
            let expected: Vec<u64> = before.iter().map(|&w| plain_and_extended(&d, w).1).collect();
            prop_assert_eq!(words(&d, &samples), expected);
            prop_assert!(!has_unused_bits_set(&samples, &d));
        } else {
            prop_assert_eq!(samples, original);
        }
    }
}

#[test]
fn an_overlay_among_negative_samples_does_not_hide_as_their_sign() {
    // 15 bits stored; the top bit of each word is a picture.
    let d = PixelDescription {
        signed: true,
        ..grey(1, 4, 16, 15)
    };
    let mut samples: Vec<u8> = [0x7FFFu16, 0xFFFF, 0xFFFF, 0x7FFF]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    assert!(clear_unused_bits(&mut samples, &d));
    assert_eq!(samples, [0xFF; 8]);
}

#[test]
fn one_bit_late_in_a_large_image_is_seen() {
    for (d, bit) in [
        (grey(1, 1, 8, 7), 7),
        (grey(1, 1, 16, 12), 4),
        (grey(1, 1, 32, 24), 1),
    ] {
        for signed in [false, true] {
            let d = PixelDescription { signed, ..d };
            let mut samples = vec![0; 1 << 20];
            assert!(!has_unused_bits_set(&samples, &d));
            samples[(1 << 20) - 1] = 1 << bit;
            assert!(has_unused_bits_set(&samples, &d));
        }
    }
}
