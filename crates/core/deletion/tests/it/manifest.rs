//! The manifest's root, against roots that another program computed by the definition in docs/deletion-protocol.md.

use deletion::manifest_root;
use model::{Digest, Uid};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

/// Entries and root, by recursion over halves as RFC 6962 writes it (Python).
const ROOTS: [(u32, &str); 7] = [
    (
        0,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
    (
        1,
        "ede09a6a3d24a450ae1b5ff2a05cc36172c2dcbaf828d4d39886cb983d4305dc",
    ),
    (
        2,
        "d3eabd7f6abe170664542d19f2343fa6e6e6b623ab24dd30a40d9815a4778b3a",
    ),
    (
        3,
        "01897cede8ea55f6924ce105a43009f98f9cc9fecb5b461329f63b291a7b3192",
    ),
    (
        5,
        "9ef02cf17d75b305818a0c6cabfab3a174f491a3ada8882b4b5ea2f6b7697dd1",
    ),
    (
        8,
        "6a0c73c7e8dd1e83c4bd445580f97eb3360d99c28044894dc59d22b87e3b42cb",
    ),
    (
        11,
        "97a74907707527acb07f48e7b21f48517e01b3784f281558d55928b504d124a4",
    ),
];

fn instance(number: u32) -> (Uid, Digest) {
    let digest = Sha256::digest(format!("data set {}", number + 1));
    let uid = Uid::new(&format!("2.25.{}", 100 + number)).unwrap();
    (uid, Digest(digest.into()))
}

#[test]
fn roots_are_those_of_the_definition() {
    for (count, root) in ROOTS {
        let instances: Vec<_> = (0..count).map(instance).collect();
        assert_eq!(manifest_root(&instances).to_string(), root, "{count} instances");
    }
}

proptest! {
    #[test]
    fn order_and_repetition_do_not_count(count in 1u32..40, seed: u64) {
        let instances: Vec<_> = (0..count).map(instance).collect();
        let mut other = instances.clone();
        other.push(instances[(seed % u64::from(count)) as usize].clone());
        let turn = (seed / 64) as usize % other.len();
        other.rotate_left(turn);
        prop_assert_eq!(manifest_root(&instances), manifest_root(&other));
    }

    #[test]
    fn each_instance_counts(count in 1u32..40, at in 0u32..40, bit in 0usize..256) {
        let instances: Vec<_> = (0..count).map(instance).collect();
        let at = (at % count) as usize;
        let root = manifest_root(&instances);

        let mut fewer = instances.clone();
        fewer.remove(at);
        prop_assert_ne!(manifest_root(&fewer), root);

        let mut altered = instances.clone();
        altered[at].1.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(manifest_root(&altered), root);

        let mut renamed = instances;
        renamed[at].0 = Uid::new("2.25.7").unwrap();
        prop_assert_ne!(manifest_root(&renamed), root);
    }
}
