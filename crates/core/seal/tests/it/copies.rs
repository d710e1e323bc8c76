//! Copies: sealed like any other object, and never called the object that they were made of.

use crate::{key, observe, sealed, sealed_with, seen, slice, verdict, verifier};
use model::{Digest, Uid};
use proptest::prelude::*;
use seal::{Decoded, PixelFindings, PixelObservation, Record, Verdict, compare, parent_commitment};
use testkit::{Encoding, Instance, Modality, Vr};

const E: Encoding = Encoding::ExplicitLe;
const PARENT: Option<[u8; 32]> = Some([9; 32]);
const PHOTOMETRIC: u32 = 0x0028_0004;
const ICON: u32 = 0x0088_0200;

#[test]
fn a_statement_with_a_parent_reads_back_and_binds_it() {
    let observation = seen(&slice(Modality::Ct), E);
    let record = sealed_with(&observation, PARENT);
    let read = Record::decode(&record.encode()).unwrap();
    assert_eq!(read, record);
    assert_eq!(read.open(&verifier()).unwrap().0.parent, PARENT);
    let (other, none) = (sealed_with(&observation, Some([8; 32])), sealed(&observation));
    assert_eq!(none.open(&verifier()).unwrap().0.parent, None);
    // One salt, one key, one object: the parent alone makes these three.
    assert!(record.signed != other.signed && record.signed != none.signed);
}

#[test]
fn one_object_has_another_commitment_under_every_salt() {
    let (one, other) = (Digest([1; 32]), Digest([2; 32]));
    let committed = parent_commitment(&[3; 32], &one);
    assert_eq!(committed, parent_commitment(&[3; 32], &one));
    assert_ne!(committed, parent_commitment(&[4; 32], &one));
    assert_ne!(committed, parent_commitment(&[3; 32], &other));
    assert_ne!(committed, one.0);
}

#[test]
fn a_copy_is_derived_however_it_is_written_and_never_authentic() {
    for modality in [Modality::Ct, Modality::Mr, Modality::Dx] {
        let copy = slice(modality);
        let record = sealed_with(&seen(&copy, E), PARENT);
        for encoding in [Encoding::ImplicitLe, Encoding::ExplicitLe, Encoding::ExplicitBe] {
            assert_eq!(verdict(&record, &seen(&copy, encoding)), Verdict::Derived);
        }
    }
}

#[test]
fn what_was_cleared_by_a_codec_is_still_the_copy() {
    let plain = slice(Modality::Mr);
    let mut marked = plain.clone();
    marked.data_set.bytes_mut(0x7FE0_0010).unwrap()[1] |= 0x80;
    let record = sealed_with(&seen(&marked, E), PARENT);
    assert_eq!(verdict(&record, &seen(&plain, E)), Verdict::Derived);
    let record = sealed_with(&seen(&plain, E), PARENT);
    assert_eq!(verdict(&record, &seen(&marked, E)), Verdict::DisplayAltered);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_altered_copy_is_called_what_an_altered_object_is_called(at in 0_usize..2 * 150 * 150, bit in 0_u32..8, kind in 0..4) {
        let copy = slice(Modality::Ct);
        let mut changed = copy.clone();
        match kind {
            0 => changed.data_set.bytes_mut(0x7FE0_0010).unwrap()[at] ^= 1 << bit,
            1 => {
                changed.data_set.text(0x0010_0010, Vr::PN, format!("Name^{at}"));
            }
            2 => {
                changed.data_set.text(0x0028_1050, Vr::DS, format!("{}", 100_000 + at));
            }
            _ => {
                changed.data_set.text(0x0009_0010, Vr::LO, format!("MAKER {at}"));
            }
        }
        let (sealed_copy, held) = (seen(&copy, E), seen(&changed, E));
        let found = verdict(&sealed_with(&sealed_copy, PARENT), &held);
        prop_assert_eq!(found, verdict(&sealed(&sealed_copy), &held));
        prop_assert_eq!(found.exit_code(), 10);
    }
}

/// The slice with these bytes for a codestream.
fn compressed(instance: &Instance, codestream: u8, syntax: &str) -> seal::Observation {
    let mut instance = instance.clone();
    instance.data_set.fragments(vec![vec![codestream; 64]]);
    observe(&instance.data_set.encode(E), &Uid::new(syntax).unwrap())
}

#[test]
fn a_compressed_copy_is_bound_by_its_bytes_and_otherwise_proves_nothing() {
    const J2K: &str = "1.2.840.10008.1.2.4.90";
    const JPEG: &str = "1.2.840.10008.1.2.4.70";
    let mut copy = slice(Modality::Ct);
    copy.data_set.text(PHOTOMETRIC, Vr::CS, "YBR_FULL_422").sequence(
        ICON,
        vec![testkit::DataSet::new()],
        testkit::Length::Defined,
    );
    let record = sealed_with(&compressed(&copy, 1, JPEG), PARENT);
    let (statement, _) = record.open(&seal::SealVerifier::new([key().public()])).unwrap();
    assert_eq!(verdict(&record, &compressed(&copy, 1, JPEG)), Verdict::Derived);

    // A codec rewrites the colour space with the samples, and the icon.
    let mut recoded = copy.clone();
    let mut icon = testkit::DataSet::new();
    icon.us(0x0028_0010, &[64]);
    recoded
        .data_set
        .text(PHOTOMETRIC, Vr::CS, "RGB")
        .us(0x0028_0006, &[1])
        .sequence(ICON, vec![icon], testkit::Length::Defined);
    let native = seen(&recoded, E);
    let PixelObservation::Native(digest) = &native.pixels else {
        panic!("native samples")
    };
    let pixels = Decoded::Pixels {
        digest: digest.clone(),
        lossless: true,
    };
    for (candidate, decoded) in [
        (native.clone(), Decoded::NotTried),
        (compressed(&recoded, 2, J2K), Decoded::NotTried),
        (compressed(&recoded, 2, J2K), Decoded::Failed),
        (compressed(&recoded, 2, J2K), pixels),
    ] {
        let findings = compare(&record, &statement, None, &[], &candidate, &decoded);
        assert_eq!(findings.pixels, PixelFindings::Undecided);
        assert_eq!(Verdict::of(&findings), (Verdict::Unproven, Some("not-decoded")));
    }

    // The same codestream read in another way is another picture, and another name is another name.
    let mut inverted = copy.clone();
    inverted.data_set.text(PHOTOMETRIC, Vr::CS, "RGB");
    let found = verdict(&record, &compressed(&inverted, 1, JPEG));
    assert_eq!(found, Verdict::DisplayAltered);
    recoded.data_set.text(0x0010_0010, Vr::PN, "Other^Name");
    let found = verdict(&record, &compressed(&recoded, 2, J2K));
    assert_eq!(found, Verdict::AttributesAltered);
}
