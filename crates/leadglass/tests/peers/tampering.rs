//! Forgeries of drawn scans: none may be called authentic, and the verdict says what was done.

use super::gateway::{Data, Verdict};
use super::scans;
use std::path::PathBuf;
use testkit::{DataSet, Encoding, Instance, Modality, Random, Value, Vr};

const PIXEL_DATA: u32 = 0x7fe0_0010;
const SIDE: usize = 160;

/// Sealed scans, and a place for forgeries of them.
struct Scene {
    data: Data,
    ct: Vec<Instance>,
    other: Vec<Instance>,
    mr: Vec<Instance>,
    dx: Vec<Instance>,
}

impl Scene {
    fn sealed() -> Self {
        let data = Data::new();
        let mut dx = scans::study(31, Modality::Dx, 1);
        for instance in &mut dx {
            instance.data_set.remove(0x0028_1050);
            instance.data_set.remove(0x0028_1051);
        }
        let (ct, other) = (
            scans::study(11, Modality::Ct, 3),
            scans::study(12, Modality::Ct, 3),
        );
        let scene = Self {
            data,
            ct,
            other,
            mr: scans::study(21, Modality::Mr, 2),
            dx,
        };
        let all = [&scene.ct, &scene.other, &scene.mr, &scene.dx];
        let files: Vec<PathBuf> = all
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(n, i)| scene.file(n, i))
            .collect();
        scene.data.seal(&files);
        for file in files {
            let verdict = scene.data.verify(&file);
            assert!(verdict.is_authentic(), "{}: {verdict:?}", file.display());
        }
        scene
    }

    fn file(&self, number: usize, instance: &Instance) -> PathBuf {
        scans::write(
            &self.data.files(),
            &format!("{number:04}"),
            instance,
            Encoding::ExplicitLe,
        )
    }

    /// The verdict on a changed copy; it must not be a good one.
    fn forged(&self, original: &Instance, forge: impl FnOnce(&mut DataSet)) -> Verdict {
        let mut copy = original.clone();
        forge(&mut copy.data_set);
        assert_ne!(&copy, original, "nothing was forged");
        let verdict = self.data.verify(&self.file(9999, &copy));
        assert!(
            !verdict.name().starts_with("authentic"),
            "a forgery passes: {verdict:?}"
        );
        assert_ne!(verdict.exit, Some(0), "{verdict:?}");
        verdict
    }

    /// Forges an attribute; the verdict must name it.
    fn forged_attribute(
        &self,
        original: &Instance,
        tag: u32,
        change: &str,
        forge: impl FnOnce(&mut DataSet),
    ) -> Verdict {
        let verdict = self.forged(original, forge);
        assert_eq!(verdict.change(tag), Some(change), "{tag:08x}: {verdict:?}");
        assert_eq!(verdict.exit, Some(10), "{verdict:?}");
        verdict
    }
}

fn bytes(set: &DataSet, tag: u32) -> Vec<u8> {
    match set.get(tag) {
        Some((_, Value::Bytes(bytes))) => bytes.clone(),
        other => panic!("{tag:08x}: {other:?}"),
    }
}

#[test]
fn changed_attributes_are_named() {
    let scene = Scene::sealed();
    let (ct, dx) = (&scene.ct[1], &scene.dx[0]);
    scene.forged_attribute(dx, 0x0028_1050, "added", |set| {
        set.decimals(0x0028_1050, &[9000.0])
            .decimals(0x0028_1051, &[300.0]);
    });
    scene.forged_attribute(dx, 0x6000_3000, "added", |set| {
        set.us(0x6000_0010, &[SIDE as u16])
            .us(0x6000_0011, &[SIDE as u16])
            .text(0x6000_0040, Vr::CS, "G")
            .ss(0x6000_0050, &[1, 1])
            .us(0x6000_0100, &[1])
            .us(0x6000_0102, &[0])
            .put(0x6000_3000, Vr::OW, vec![0xaa; SIDE * SIDE / 8]);
    });
    scene.forged_attribute(dx, 0x0020_0060, "added", |set| {
        set.text(0x0020_0060, Vr::CS, "R");
    });
    scene.forged_attribute(dx, 0x0020_0020, "modified", |set| {
        set.text(0x0020_0020, Vr::CS, "R\\F");
    });
    scene.forged_attribute(ct, 0x0009_1001, "modified", |set| {
        set.text(0x0009_1001, Vr::LO, "seed 12");
    });
    scene.forged_attribute(ct, 0x0028_1052, "modified", |set| {
        set.decimals(0x0028_1052, &[-1000.0]);
    });
    scene.forged_attribute(ct, 0x0028_0030, "modified", |set| {
        set.decimals(0x0028_0030, &[2.0, 2.0]);
    });
    scene.forged_attribute(ct, 0x0020_0037, "modified", |set| {
        set.decimals(0x0020_0037, &[-1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    });
    scene.forged_attribute(ct, 0x0010_0010, "modified", |set| {
        set.text(0x0010_0010, Vr::PN, "Phantom^Nobody");
    });
    scene.forged_attribute(ct, 0x0028_1050, "removed", |set| {
        set.remove(0x0028_1050);
    });
}

#[test]
fn groups_of_attributes_give_their_verdict() {
    let scene = Scene::sealed();
    let window = scene.forged(&scene.dx[0], |set| {
        set.decimals(0x0028_1050, &[9000.0])
            .decimals(0x0028_1051, &[300.0]);
    });
    assert_eq!(window.name(), "display-altered");
    let private = scene.forged(&scene.ct[0], |set| {
        set.text(0x0009_1001, Vr::LO, "seed 12");
    });
    assert_eq!(private.name(), "attributes-altered");
}

#[test]
fn slices_that_change_places_are_seen() {
    let scene = Scene::sealed();
    let place = [0x0020_0032, 0x0020_1041, 0x0020_0013];
    let other = &scene.ct[2].data_set;
    let verdict = scene.forged_attribute(&scene.ct[1], 0x0020_0032, "modified", |set| {
        for tag in place {
            set.put(tag, other.get(tag).unwrap().0, bytes(other, tag));
        }
    });
    assert_eq!(verdict.name(), "attributes-altered");
}

#[test]
fn pixels_of_another_patient_are_seen() {
    let scene = Scene::sealed();
    let verdict = scene.forged(&scene.ct[1], |set| {
        set.pixels(bytes(&scene.other[1].data_set, PIXEL_DATA));
    });
    assert_eq!((verdict.name(), verdict.exit), ("pixels-altered", Some(10)));
    let whole = (0..SIDE as u64)
        .step_by(40)
        .all(|at| verdict.points_at(1, at, at));
    assert!(whole, "{verdict:?}");
}

#[test]
fn one_flipped_bit_is_found_where_it_is() {
    let scene = Scene::sealed();
    let mut random = Random::new(1, &[]);
    let corners = [
        (0, 0),
        (SIDE - 1, 0),
        (0, SIDE - 1),
        (SIDE - 1, SIDE - 1),
        (63, 63),
        (64, 64),
    ];
    let anywhere = std::iter::repeat_with(|| {
        (
            random.below(SIDE as u64) as usize,
            random.below(SIDE as u64) as usize,
        )
    });
    for (number, (x, y)) in corners.into_iter().chain(anywhere.take(20)).enumerate() {
        // The lowest bit and others below Bits Stored (16 in CT, 12 in MR).
        let (original, bit) = if number % 2 == 0 {
            (&scene.ct[1], number % 16)
        } else {
            (&scene.mr[0], number % 12)
        };
        let verdict = scene.forged(original, |set| {
            let samples = set.bytes_mut(PIXEL_DATA).unwrap();
            samples[(y * SIDE + x) * 2 + bit / 8] ^= 1 << (bit % 8);
        });
        assert_eq!(
            (verdict.name(), verdict.exit),
            ("pixels-altered", Some(10)),
            "bit {bit} at {x}, {y}"
        );
        assert!(
            verdict.points_at(1, x as u64, y as u64),
            "bit {bit} at {x}, {y}: {verdict:?}"
        );
        let regions = verdict.document["regions"].as_array().unwrap();
        let area: u64 = regions
            .iter()
            .map(|r| r["w"].as_u64().unwrap() * r["h"].as_u64().unwrap())
            .sum();
        assert!(area <= 64 * 64, "more than its tile: {verdict:?}");
    }
}

#[test]
fn bits_above_bits_stored_are_seen() {
    let scene = Scene::sealed();
    let verdict = scene.forged(&scene.mr[0], |set| {
        set.bytes_mut(PIXEL_DATA).unwrap()[2001] |= 0x80;
    });
    assert_eq!(verdict.name(), "display-altered", "{verdict:?}");
}

#[test]
fn a_copy_under_another_identity_is_recognised_by_its_pixels() {
    let scene = Scene::sealed();
    let verdict = scene.forged(&scene.ct[0], |set| {
        set.text(0x0008_0018, Vr::UI, "2.25.1")
            .text(0x0020_000d, Vr::UI, "2.25.2")
            .text(0x0020_000e, Vr::UI, "2.25.3")
            .text(0x0010_0010, Vr::PN, "Someone^Else")
            .text(0x0010_0020, Vr::LO, "ELSE");
    });
    assert_eq!(
        (verdict.name(), verdict.exit),
        ("stripped", Some(11)),
        "{verdict:?}"
    );
}

#[test]
fn a_scan_that_never_arrived_is_unsealed() {
    let scene = Scene::sealed();
    let stranger = scans::study(99, Modality::Ct, 1);
    let verdict = scene.data.verify(&scene.file(5000, &stranger[0]));
    assert_eq!((verdict.name(), verdict.exit), ("unsealed", Some(11)));
}

#[test]
fn an_object_with_a_taken_uid_is_a_conflict() {
    let scene = Scene::sealed();
    let mut impostor = scene.ct[0].clone();
    impostor.data_set.bytes_mut(PIXEL_DATA).unwrap()[100] ^= 1;
    let again = scene.file(6000, &scene.ct[0]);
    let statuses = scene.data.import(&[again, scene.file(6001, &impostor)]);
    assert_eq!(statuses, ["duplicate", "conflict"]);
}
