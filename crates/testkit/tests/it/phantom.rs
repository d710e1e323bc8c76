//! Phantoms are repeatable, in range, distinct, and look like what they claim to be.

use model::Timestamp;
use std::collections::HashSet;
use testkit::{Encoding, Instance, Modality, Patient, Study, Value};

fn study(seed: u64, modality: Modality, matrix: u16, slices: u32) -> Study {
    let taken = Timestamp::from_millis(1_768_469_400_000);
    Study {
        matrix,
        slices,
        ..Study::new(seed, Patient::number(seed), modality, taken)
    }
}

fn text(instance: &Instance, tag: u32) -> String {
    match instance.data_set.get(tag) {
        Some((_, Value::Bytes(bytes))) => String::from_utf8(bytes.clone()).unwrap(),
        other => panic!("no text at {tag:08x}: {other:?}"),
    }
}

fn samples(instance: &Instance) -> Vec<u16> {
    let Some((_, Value::Bytes(bytes))) = instance.data_set.get(0x7fe0_0010) else {
        panic!("no native pixel data")
    };
    bytes
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect()
}

const MODALITIES: [Modality; 3] = [Modality::Ct, Modality::Mr, Modality::Dx];

#[test]
fn equal_seeds_give_equal_bytes_and_others_do_not() {
    for modality in MODALITIES {
        let bytes = |seed| {
            let study = study(seed, modality, 64, 2);
            study
                .instances()
                .map(|instance| instance.object(Encoding::ExplicitLe))
                .collect::<Vec<_>>()
        };
        assert_eq!(bytes(5), bytes(5));
        assert!(
            bytes(5)
                .iter()
                .zip(bytes(6))
                .all(|(five, six)| five.data_set != six.data_set)
        );
    }
}

#[test]
fn uids_are_distinct_and_belong_together() {
    let mut study = study(9, Modality::Mr, 16, 30);
    study.series = 2;
    let instances: Vec<Instance> = study.instances().collect();
    let distinct =
        |pick: fn(&Instance) -> &model::Uid| instances.iter().map(pick).collect::<HashSet<_>>().len();
    assert_eq!(distinct(|i| &i.sop_instance), 60);
    assert_eq!(distinct(|i| &i.series), 2);
    assert_eq!(distinct(|i| &i.study), 1);
    for instance in &instances {
        assert!(instance.sop_instance.as_str().starts_with("2.25."));
        assert_eq!(text(instance, 0x0008_0018), instance.sop_instance.as_str());
        assert_eq!(text(instance, 0x0020_000d), study.uid().as_str());
    }
}

#[test]
fn the_same_seed_gives_each_modality_its_own_uids() {
    let uids: HashSet<_> = MODALITIES
        .iter()
        .map(|modality| study(4, *modality, 16, 1).uid())
        .collect();
    assert_eq!(uids.len(), 3);
}

#[test]
fn patients_are_invented_and_distinct() {
    let patients: Vec<Patient> = (0..100).map(Patient::number).collect();
    assert!(
        patients
            .iter()
            .all(|patient| patient.name.starts_with("Phantom^"))
    );
    assert_eq!(
        patients
            .iter()
            .map(|patient| &patient.id)
            .collect::<HashSet<_>>()
            .len(),
        100
    );
}

#[test]
fn samples_keep_to_bits_stored() {
    for (modality, limit) in [(Modality::Mr, 1 << 12), (Modality::Dx, 1 << 14)] {
        let study = study(3, modality, 128, 3);
        assert!(
            study
                .instances()
                .all(|instance| samples(&instance).iter().all(|sample| *sample < limit))
        );
    }
}

#[test]
fn slices_lie_one_spacing_apart() {
    for slices in [1, 7, 40, 400] {
        let study = study(3, Modality::Ct, 16, slices);
        let places: Vec<f64> = study
            .instances()
            .map(|instance| text(&instance, 0x0020_1041).parse().unwrap())
            .collect();
        let thickness: f64 = text(&study.instances().next().unwrap(), 0x0018_0050)
            .parse()
            .unwrap();
        assert!(thickness > 0.0 && thickness <= 5.0);
        assert!(
            places
                .windows(2)
                .all(|pair| (pair[0] - pair[1] - thickness).abs() < 0.0011),
            "{slices} slices"
        );
    }
}

/// The median of the Hounsfield units in a square of `half` mm around a place, in mm from the middle.
fn hounsfield(instance: &Instance, x: f32, y: f32, half: f32) -> f32 {
    let samples = samples(instance);
    let side = samples.len().isqrt();
    let millimetres = 400.0 / side as f32;
    let inside =
        |at: usize, middle: f32| ((at as f32 - side as f32 / 2.0) * millimetres - middle).abs() <= half;
    let mut picked: Vec<f32> = samples
        .iter()
        .enumerate()
        .filter(|(at, _)| inside(at % side, x) && inside(at / side, y))
        .map(|(_, sample)| f32::from(sample.cast_signed()) - 1024.0)
        .collect();
    picked.sort_by(f32::total_cmp);
    picked[picked.len() / 2]
}

#[test]
fn a_chest_ct_has_air_lungs_blood_and_bone() {
    for seed in [1, 2, 3] {
        let middle = study(seed, Modality::Ct, 256, 1).instances().next().unwrap();
        let air = hounsfield(&middle, 0.0, -180.0, 10.0);
        let lung = hounsfield(&middle, -75.0, 20.0, 12.0);
        let aorta = hounsfield(&middle, 24.0, 38.0, 4.0);
        assert!(air < -970.0, "air {air}");
        assert!((-900.0..-700.0).contains(&lung), "lung {lung}");
        assert!((180.0..250.0).contains(&aorta), "aorta {aorta}");
    }
}

#[test]
fn a_chest_radiograph_is_dark_in_the_lungs_and_bright_over_the_heart() {
    let instance = study(1, Modality::Dx, 256, 1).instances().next().unwrap();
    let samples = samples(&instance);
    let mean = |column: usize, row: usize| {
        let square = (row - 6..row + 6).flat_map(|r| (column - 6..column + 6).map(move |c| r * 256 + c));
        square.map(|at| u32::from(samples[at])).sum::<u32>() / 144
    };
    assert!(mean(70, 120) < mean(150, 150) / 2);
}
