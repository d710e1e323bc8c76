//! What is said of files.

use crate::gateway::{
    Gateway, PIXEL_DATA, WINDOW_CENTER, file, forge, head, relabelled, renamed, scan, stranger,
};
use axum::http::StatusCode;
use model::{Door, Source};
use testkit::{DataSet, Modality, Vr};

#[tokio::test]
async fn the_sealed_scan_is_called_unchanged_with_how_it_came_in() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let answer = gateway.check(&[("file", &file(&scan))]).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        page.contains("This is the scan that was sealed. Not one pixel has changed."),
        "{page}"
    );
    assert!(
        page.contains(
            "It came in over the hospital’s DICOM network from ORTHANC; who sent it was not proved."
        )
    );
    assert!(page.contains("the seal would hold for the fake"));
    assert!(page.contains("22 November 2026, 15:04 UTC"));
    assert!(page.contains("This gateway"));
    assert!(page.contains("data:image/png;base64,"));
    assert!(!page.contains("<rect class=\"box\""));
}

#[tokio::test]
async fn a_proved_sender_is_called_proved() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway
        .seal(
            &scan,
            Source {
                door: Door::Dicomweb,
                ae: None,
                authenticated: true,
            },
        )
        .await;
    let page = gateway.check(&[("file", &file(&scan))]).await.text();
    assert!(
        page.contains("It came in over the web; who sent it was proved."),
        "{page}"
    );
    assert!(page.contains("It cannot say what happened to the scan before."));
}

#[tokio::test]
async fn a_changed_pixel_is_outlined_and_said_where() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let mut forged = scan.clone();
    forge(&mut forged, 256, (100, 90), 9, 400);
    let sent = file(&forged);
    let page = gateway.check(&[("file", &sent)]).await.text();
    assert!(
        page.contains("This picture was changed after it was sealed."),
        "{page}"
    );
    assert!(
        page.contains("<rect class=\"box\" x=\"64\" y=\"64\" width=\"64\" height=\"64\""),
        "{page}"
    );
    assert!(page.contains("64 by 64 pixels, from x 64 and y 64"));
    assert!(page.contains("Box 1: centre"));

    let json = gateway.check_json(&[("file", &sent)]).await;
    assert_eq!(json.header("content-type"), "application/json");
    let report = json.json();
    assert_eq!(report["verdict"], "pixels-altered");
    assert_eq!(
        report["regions"],
        serde_json::json!([{"frame": 1, "x": 64, "y": 64, "w": 64, "h": 64}])
    );
    assert_eq!(report["source"]["ae"], "ORTHANC");
    assert!(report.get("withheld").is_none());
}

#[tokio::test]
async fn changed_attributes_are_named_and_their_values_are_not() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let answer = gateway
        .check(&[("file", &file(&renamed(&scan, "Somebody^Else")))])
        .await;
    let page = answer.text();
    assert!(
        page.contains("Facts in this file were changed after it was sealed."),
        "{page}"
    );
    assert!(page.contains("The picture itself is the same"));
    assert!(page.contains("<strong>Patient Name</strong>") && page.contains("(0010,0010)"));
    for secret in [
        "Somebody",
        "Phantom",
        "PHANTOM",
        "Erika",
        scan.sop_instance.as_str(),
    ] {
        assert!(!page.contains(secret), "{secret} is shown");
    }
}

#[tokio::test]
async fn a_changed_window_changes_the_look_only() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let mut darker = scan.clone();
    darker.data_set.text(WINDOW_CENTER, Vr::DS, "40000");
    let page = gateway.check(&[("file", &file(&darker))]).await.text();
    assert!(page.contains("the way they are shown has changed"), "{page}");
    assert!(page.contains("Window Center"));
}

#[tokio::test]
async fn an_unknown_file_is_no_fake() {
    let gateway = Gateway::new().await;
    let page = gateway.check(&[("file", &file(&head()))]).await.text();
    assert!(page.contains("We have no seal for this file."), "{page}");
    assert!(page.contains("That does not make it a fake."));
    assert!(!page.contains("How did the sealed scan come in?"));
}

#[tokio::test]
async fn known_pixels_under_another_label_are_known() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let sent = file(&relabelled(&scan));
    assert!(
        gateway
            .check(&[("file", &sent)])
            .await
            .text()
            .contains("We know this picture, but not under this label.")
    );
    assert_eq!(
        gateway.check_json(&[("file", &sent)]).await.json()["verdict"],
        "stripped"
    );
}

#[tokio::test]
async fn a_signed_fix_is_no_forgery_and_a_withdrawn_scan_is_not_to_be_used() {
    let gateway = Gateway::new().await;
    let (scan, other) = (head(), scan(8, Modality::Mr, 128));
    gateway.seal(&scan, stranger()).await;
    gateway.seal(&other, stranger()).await;
    let fixed = renamed(&scan, "Phantom^Married");
    gateway.amend(&scan, &fixed).await;
    gateway.withdraw(&other).await;
    let page = gateway.check(&[("file", &file(&fixed))]).await.text();
    assert!(page.contains("with fixes that were signed"), "{page}");
    assert!(page.contains("merged with the older file") && page.contains("Patient Name"));
    let page = gateway.check(&[("file", &file(&other))]).await.text();
    assert!(page.contains("it was taken back later"), "{page}");
}

#[tokio::test]
async fn a_bundle_proves_a_scan_that_is_not_kept_here_any_more() {
    let gateway = Gateway::new().await;
    let (scan, other) = (head(), scan(8, Modality::Mr, 128));
    gateway.seal(&scan, stranger()).await;
    let bundle = gateway.bundle(&scan).await;
    // Another archive, with nothing in it, that believes the keys and the log of the first.
    let key = seal::SealKey::from_seed(gateway.store.seal_seed());
    let trust = verify::export_trust(&gateway.store, &key).await.unwrap();
    let mut elsewhere = Gateway::new().await;
    let state = web::State {
        trust: Some(trust),
        ..elsewhere.state.clone()
    };
    elsewhere.router = web::router(state);

    let page = elsewhere
        .check(&[("file", &file(&scan)), ("bundle", &bundle)])
        .await
        .text();
    assert!(page.contains("Not one pixel has changed."), "{page}");
    assert!(page.contains("We used the seal file that you gave us."));
    assert!(page.contains("A gateway that this one trusts"));

    let mut forged = scan.clone();
    forge(&mut forged, 256, (100, 90), 9, 400);
    let page = elsewhere
        .check(&[("file", &file(&forged)), ("bundle", &bundle)])
        .await
        .text();
    assert!(
        page.contains("This picture was changed after it was sealed."),
        "{page}"
    );

    let page = elsewhere
        .check(&[("file", &file(&other)), ("bundle", &bundle)])
        .await
        .text();
    assert!(page.contains("We have no seal for this file."), "{page}");
    assert!(page.contains("Your seal file proves nothing about this scan."));
}

#[tokio::test]
async fn a_bundle_of_a_stranger_proves_nothing() {
    let (gateway, stranger_gateway) = (Gateway::new().await, Gateway::new().await);
    let scan = head();
    stranger_gateway.seal(&scan, stranger()).await;
    let bundle = stranger_gateway.bundle(&scan).await;
    let fields: [(&str, &[u8]); 2] = [("file", &file(&scan)), ("bundle", &bundle)];
    let page = gateway.check(&fields).await.text();
    assert!(page.contains("We do not know who made this seal file."), "{page}");
    let report = gateway.check_json(&fields).await.json();
    assert_eq!(
        (&report["verdict"], &report["reason"]),
        (&"unproven".into(), &"bundle-signature".into())
    );
}

#[tokio::test]
async fn an_old_bundle_does_not_hide_that_a_scan_was_taken_back() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let bundle = gateway.bundle(&scan).await;
    gateway.withdraw(&scan).await;
    let page = gateway
        .check(&[("file", &file(&scan)), ("bundle", &bundle)])
        .await
        .text();
    assert!(page.contains("it was taken back later"), "{page}");
}

#[tokio::test]
async fn who_knows_only_the_uid_learns_no_attributes() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let mut made_up = scan.clone();
    made_up.data_set = DataSet::new();
    made_up
        .data_set
        .text(0x0008_0016, Vr::UI, &scan.sop_class)
        .text(0x0008_0018, Vr::UI, &scan.sop_instance);
    // The right birth date, to see if it is confirmed.
    if let Some((vr, testkit::Value::Bytes(value))) = scan.data_set.get(0x0010_0030) {
        made_up.data_set.put(0x0010_0030, *vr, value.clone());
    }
    let sent = file(&made_up);
    let report = gateway.check_json(&[("file", &sent)]).await.json();
    assert_eq!(report["changed"], serde_json::json!([]));
    assert_eq!(report["withheld"], true);
    let page = gateway.check(&[("file", &sent)]).await.text();
    assert!(page.contains("that would tell strangers about it"), "{page}");
    assert!(!page.contains("(0010,"));
}

#[tokio::test]
async fn a_picture_larger_than_the_page_keeps_its_coordinates() {
    let gateway = Gateway::new().await;
    let scan = scan(3, Modality::Dx, 1500);
    gateway.seal(&scan, stranger()).await;
    let mut forged = scan.clone();
    forge(&mut forged, 1500, (1400, 1400), 20, -900);
    let page = gateway.check(&[("file", &file(&forged))]).await.text();
    assert!(page.contains("viewBox=\"0 0 1500 1500\""));
    assert!(page.contains("Box 1: lower right"));
}

#[tokio::test]
async fn the_altered_frame_is_the_one_that_is_shown() {
    let gateway = Gateway::new().await;
    let mut scan = head();
    let frame = scan.data_set.bytes_mut(PIXEL_DATA).unwrap();
    let second = frame.clone();
    frame.extend(second);
    scan.data_set.text(0x0028_0008, Vr::IS, "2");
    gateway.seal(&scan, stranger()).await;
    let mut forged = scan.clone();
    // Row 256 + 90 of the two frames below each other is row 90 of the second.
    forge(&mut forged, 256, (100, 256 + 90), 9, 400);
    let page = gateway.check(&[("file", &file(&forged))]).await.text();
    assert!(page.contains("<figcaption>Frame 2</figcaption>"), "{page}");
    assert!(page.contains("frame 2, 64 by 64 pixels, from x 64 and y 64"));
    assert!(!page.contains("Frame 1<"));
}
