//! Any changed bit in the samples is found, in a region that holds it.

use crate::{held_against, sealed, seen, slice};
use proptest::prelude::*;
use seal::{PixelFindings, Verdict};
use testkit::{Encoding, Modality};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn one_flipped_bit(at in 0_usize..150 * 150, bit in 0_u32..12, modality in 0_usize..3) {
        let modality = [Modality::Ct, Modality::Mr, Modality::Dx][modality];
        let mut instance = slice(modality);
        let record = sealed(&seen(&instance, Encoding::ExplicitLe));
        let pixels = instance.data_set.bytes_mut(0x7FE0_0010).unwrap();
        pixels[2 * at + bit as usize / 8] ^= 1 << (bit % 8);
        let findings = held_against(&record, &seen(&instance, Encoding::ExplicitLe));
        prop_assert_eq!(Verdict::of(&findings).0, Verdict::PixelsAltered);
        let PixelFindings::Altered(regions) = findings.pixels else { panic!("no regions") };
        let (x, y) = (at as u32 % 150, at as u32 / 150);
        let [region] = regions.as_slice() else { panic!("one region") };
        prop_assert!(region.x <= x && x < region.x + region.w && region.y <= y && y < region.y + region.h);
        prop_assert!(region.w <= 64 && region.h <= 64 && region.frame == 1);
    }
}
