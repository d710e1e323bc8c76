//! Other ways to write the same data set are the same data set.

use crate::{observe, observe_in, sealed, seen, slice, verdict};
use seal::{PixelObservation, Verdict};
use testkit::{DataSet, Encoding, Length, Modality, Vr};

const ALL: [Encoding; 3] = [Encoding::ImplicitLe, Encoding::ExplicitLe, Encoding::ExplicitBe];

#[test]
fn every_native_encoding_is_authentic_against_every_other() {
    for modality in [Modality::Ct, Modality::Mr, Modality::Dx] {
        let instance = slice(modality);
        for sealed_as in ALL {
            let record = sealed(&seen(&instance, sealed_as));
            for held_as in ALL {
                let verdict = verdict(&record, &seen(&instance, held_as));
                assert_eq!(
                    verdict,
                    Verdict::Authentic,
                    "{modality:?} {sealed_as:?} {held_as:?}"
                );
            }
        }
    }
}

#[test]
fn chunks_do_not_matter() {
    let object = slice(Modality::Ct).object(Encoding::ExplicitLe);
    let whole = observe(&object.data_set, &object.transfer_syntax);
    for chunk in [1, 2, 3, 7, 301, 4096] {
        let pieces = observe_in(&object.data_set, &object.transfer_syntax, chunk);
        assert_eq!(pieces.attributes, whole.attributes, "chunks of {chunk}");
        assert_eq!(pieces.pixels, whole.pixels, "chunks of {chunk}");
    }
}

/// A private block whose values have VRs and padding that Implicit VR does not keep, and a private sequence.
fn with_private_block(length: Length) -> testkit::Instance {
    let mut instance = slice(Modality::Mr);
    let mut item = DataSet::new();
    item.text(0x0029_0010, Vr::LO, "MAKER")
        .text(0x0029_1001, Vr::LO, "odd")
        .us(0x0029_1002, &[1, 0, 32]);
    instance
        .data_set
        .text(0x0029_0010, Vr::LO, "MAKER")
        .text(0x0029_1001, Vr::LO, "five!")
        .us(0x0029_1002, &[0x2000])
        .sequence(0x0029_1003, vec![item.clone(), item], length);
    instance
}

#[test]
fn private_values_survive_the_loss_of_their_vr() {
    for length in [Length::Defined, Length::Undefined] {
        let instance = with_private_block(length);
        for sealed_as in ALL {
            let record = sealed(&seen(&instance, sealed_as));
            for held_as in ALL {
                let verdict = verdict(&record, &seen(&instance, held_as));
                assert_eq!(
                    verdict,
                    Verdict::Authentic,
                    "{length:?} {sealed_as:?} {held_as:?}"
                );
            }
        }
    }
}

#[test]
fn a_changed_private_value_shows_in_every_encoding() {
    let instance = with_private_block(Length::Defined);
    for change in 0..3 {
        let mut changed = instance.clone();
        match change {
            0 => changed.data_set.text(0x0029_1001, Vr::LO, "five?"),
            1 => changed.data_set.us(0x0029_1002, &[0x2001]),
            _ => {
                let mut item = DataSet::new();
                item.text(0x0029_0010, Vr::LO, "MAKER")
                    .text(0x0029_1001, Vr::LO, "odd");
                changed
                    .data_set
                    .sequence(0x0029_1003, vec![item], Length::Defined)
            }
        };
        for sealed_as in ALL {
            let record = sealed(&seen(&instance, sealed_as));
            for held_as in ALL {
                let verdict = verdict(&record, &seen(&changed, held_as));
                assert_eq!(
                    verdict,
                    Verdict::AttributesAltered,
                    "{change} {sealed_as:?} {held_as:?}"
                );
            }
        }
    }
}

#[test]
fn planes_and_pixels_of_colour_are_digested_alike() {
    let (rows, columns) = (70_u16, 100_u16);
    let pixels = usize::from(rows) * usize::from(columns);
    let interleaved: Vec<u8> = (0..3 * pixels).map(|at| (at * 31 % 251) as u8).collect();
    let planar: Vec<u8> = (0..3)
        .flat_map(|plane| interleaved.iter().skip(plane).step_by(3).copied())
        .collect();
    let colour = |configuration: u16, samples: &[u8]| {
        let mut instance = slice(Modality::Dx);
        instance
            .data_set
            .us(0x0028_0002, &[3])
            .text(0x0028_0004, Vr::CS, "RGB")
            .us(0x0028_0006, &[configuration])
            .us(0x0028_0010, &[rows])
            .us(0x0028_0011, &[columns])
            .us(0x0028_0100, &[8])
            .us(0x0028_0101, &[8])
            .us(0x0028_0102, &[7])
            .put(0x7FE0_0010, Vr::OB, samples);
        seen(&instance, Encoding::ExplicitLe)
    };
    let (a, b) = (colour(0, &interleaved), colour(1, &planar));
    assert!(matches!(&a.pixels, PixelObservation::Native(digest) if digest.tiles.len() == 3 * 4));
    assert_eq!(a.pixels, b.pixels);
    assert_eq!(verdict(&sealed(&a), &b), Verdict::Authentic);
}
