//! A copy by the way that releases take: permitted, accounted for, delivered.

use crate::{consignment, manifest};
use consent::Destination;
use folder::Folder;
use model::{Timestamp, Uid};
use release::{Deliver as _, Failure, Finished, Outcome, Outgoing};
use store::DisclosureId;
use testkit::{Encoding, Modality, Patient, Study};

#[tokio::test]
async fn the_copy_its_evidence_and_its_banner_are_there() {
    let study = Study {
        slices: 1,
        matrix: 64,
        ..Study::new(
            3,
            Patient::number(3),
            Modality::Ct,
            Timestamp::from_millis(1_700_000_000_000),
        )
    };
    let instance = study.instances().next().unwrap();
    let file = instance.object(Encoding::ExplicitLe).part10();
    let copy = Outgoing::for_tests(
        file.clone(),
        instance.study.clone(),
        instance.series.clone(),
        Some(b"evidence".to_vec()),
    );
    let permit = release::testing::permit().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let destination = Destination::Folder {
        path: dir.path().to_owned(),
    };
    let mut delivery = Folder.begin(&destination, &consignment()).await.unwrap();
    assert!(delivery.wants_evidence());
    assert_eq!(
        delivery.takes(&instance.sop_class),
        [Uid::new("1.2.840.10008.1.2.1").unwrap()]
    );
    let outcome = delivery
        .deliver(copy.unwrap(), permit, DisclosureId::for_tests(1))
        .await;
    assert_eq!(outcome, Outcome::Delivered);
    assert_eq!(delivery.finish().await, Ok(Finished::default()));
    let manifest = manifest(dir.path());
    assert!(
        manifest["banner"]["plain"]
            .as_str()
            .is_some_and(|plain| !plain.is_empty())
    );
    let path = manifest["instances"][0]["file"].as_str().unwrap();
    assert!(std::fs::read(dir.path().join("42").join(path)).unwrap() == file);
    let evidence = std::fs::read(dir.path().join("42").join(path.replace(".dcm", ".lgseal"))).unwrap();
    assert_eq!(evidence, b"evidence");
}

#[tokio::test]
async fn to_another_kind_of_destination_no_door_leads() {
    let destination = Destination::Stow {
        url: "https://acme.example/studies".into(),
        token_file: None,
    };
    let failure = Folder.begin(&destination, &consignment()).await.err();
    assert_eq!(failure, Some(Failure::NoDoor));
}
