//! Retrieving.

use crate::service::{Service, objects, study};
use axum::http::StatusCode;
use dicom::part10::FileMeta;
use serde_json::json;
use testkit::{Encoding, Object, Vr};

const DICOM: &str = r#"multipart/related; type="application/dicom""#;
const OCTETS: &str = r#"multipart/related; type="application/octet-stream""#;

fn data_set_of(file: &[u8]) -> &[u8] {
    let meta = FileMeta::read(file, true).unwrap().unwrap();
    assert!(file.starts_with(&[0; 128]), "the preamble is neutral");
    &file[meta.data_set_at..]
}

#[tokio::test]
async fn objects_come_back_byte_for_byte_at_every_level() {
    let study = study(1, 1, 2, 3);
    let instances: Vec<_> = study.instances().collect();
    let objects: Vec<Object> = instances.iter().map(|i| i.object(Encoding::ImplicitLe)).collect();
    let service = Service::new().await;
    let files: Vec<_> = objects
        .iter()
        .map(|object| {
            let mut file = object.part10();
            file[..2].copy_from_slice(b"MZ");
            file
        })
        .collect();
    assert_eq!(service.stow(&files).await.status, StatusCode::OK);
    let base = format!("/studies/{}", study.uid());
    let series = format!("{base}/series/{}", instances[0].series);
    let instance = format!("{series}/instances/{}", instances[0].sop_instance);
    for (path, expected) in [(&base, 6), (&series, 3), (&instance, 1)] {
        let answer = service
            .get(path, Some(&format!("{DICOM}; transfer-syntax=*")))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let parts = answer.parts();
        assert_eq!(parts.len(), expected, "{path}");
        for (headers, file) in &parts {
            assert!(
                headers.contains("content-type: application/dicom; transfer-syntax=1.2.840.10008.1.2\r\n"),
                "{headers}"
            );
            assert!(
                headers.contains("content-location: http://gateway.test:8080/dicom-web/studies/"),
                "{headers}"
            );
            assert!(objects.iter().any(|object| object.data_set == data_set_of(file)));
        }
    }
    let single = service.get(&instance, Some("application/dicom")).await;
    assert_eq!(
        single.content_type,
        "application/dicom; transfer-syntax=1.2.840.10008.1.2"
    );
    assert_eq!(data_set_of(&single.body), objects[0].data_set);
    assert_eq!(
        single.headers["content-length"].to_str().unwrap(),
        single.body.len().to_string()
    );
    assert_eq!(single.headers["x-content-type-options"], "nosniff");
    assert_eq!(service.get(&instance, None).await.parts().len(), 1);

    for accept in [
        r#"multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.50"#,
        "application/dicom+json",
        "image/jpeg",
        "application/dicom; transfer-syntax=1.2.840.10008.1.2.1",
    ] {
        assert_eq!(
            service.get(&instance, Some(accept)).await.status,
            StatusCode::NOT_ACCEPTABLE,
            "{accept}"
        );
    }
    assert_eq!(
        service.get(&base, Some("application/dicom")).await.status,
        StatusCode::NOT_ACCEPTABLE
    );
}

#[tokio::test]
async fn every_read_is_accounted_for_and_refused_ones_are_not() {
    let study = study(1, 1, 1, 1);
    let service = Service::holding(&objects(&study)).await;
    let instance = study.instances().next().unwrap();
    let patient = service
        .store
        .instance(&instance.sop_instance)
        .await
        .unwrap()
        .unwrap()
        .patient;
    let path = format!("/studies/{}", study.uid());
    let count = async || service.store.accesses_of(patient).await.unwrap().len();
    assert_eq!(count().await, 0);
    assert_eq!(
        service.get(&path, Some("text/html")).await.status,
        StatusCode::NOT_ACCEPTABLE
    );
    assert_eq!(count().await, 0);
    assert_eq!(service.get(&path, None).await.status, StatusCode::OK);
    assert_eq!(count().await, 1);
    assert_eq!(
        service.get(&format!("{path}/metadata"), None).await.status,
        StatusCode::OK
    );
    assert_eq!(count().await, 2);
    assert_eq!(service.get("/studies", None).await.status, StatusCode::OK);
    assert_eq!(count().await, 3, "results of a search are read, too");
}

#[tokio::test]
async fn metadata_has_all_but_the_bulk_and_says_where_that_is() {
    let study = study(1, 1, 1, 2);
    let mut instances: Vec<_> = study.instances().collect();
    instances[0]
        .data_set
        .put(0x0029_1010, Vr::OB, vec![7; 5000])
        .text(0x0029_0010, Vr::LO, "MAKER");
    let objects: Vec<Object> = instances.iter().map(|i| i.object(Encoding::ExplicitBe)).collect();
    let service = Service::holding(&objects).await;
    let base = format!("/studies/{}", study.uid());
    let series = format!("{base}/series/{}", instances[0].series);
    let instance = format!("{series}/instances/{}", instances[0].sop_instance);
    for (path, expected) in [(&base, 2), (&series, 2), (&instance, 1)] {
        let answer = service
            .get(&format!("{path}/metadata"), Some("application/dicom+json"))
            .await;
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (StatusCode::OK, "application/dicom+json")
        );
        assert_eq!(answer.json().as_array().unwrap().len(), expected);
    }
    let json = service.get(&format!("{instance}/metadata"), None).await.json();
    assert_eq!(json[0]["00280010"], json!({"vr": "US", "Value": [16]}));
    assert_eq!(
        json[0]["00080018"]["Value"],
        json!([instances[0].sop_instance.as_str()])
    );
    let url = format!("http://gateway.test:8080/dicom-web{instance}/bulkdata/");
    assert_eq!(
        json[0]["7FE00010"],
        json!({"vr": "OW", "BulkDataURI": format!("{url}7fe00010")})
    );
    assert_eq!(
        json[0]["00291010"],
        json!({"vr": "OB", "BulkDataURI": format!("{url}00291010")})
    );

    let pixels = service
        .get(&format!("{instance}/bulkdata/7fe00010"), Some(OCTETS))
        .await;
    let samples = instances[0].data_set.bytes_mut(0x7FE0_0010).unwrap().clone();
    assert_eq!(pixels.parts()[0].1, samples, "little-endian, whatever is stored");
    let private = service
        .get(
            &format!("{instance}/bulkdata/00291010"),
            Some("application/octet-stream"),
        )
        .await;
    assert_eq!(private.body, vec![7; 5000]);
    for (path, status) in [
        ("00291011", 404),
        ("7fe00010/1", 400),
        ("..%2f..%2fetc", 400),
        ("00080018/1/00080018", 404),
    ] {
        assert_eq!(
            service
                .get(&format!("{instance}/bulkdata/{path}"), None)
                .await
                .status
                .as_u16(),
            status,
            "{path}"
        );
    }
    assert_eq!(
        service
            .get(&format!("{base}/metadata"), Some("application/dicom+xml"))
            .await
            .status
            .as_u16(),
        406
    );
}

#[tokio::test]
async fn frames_native_and_compressed() {
    let study = study(1, 1, 1, 2);
    let mut instances: Vec<_> = study.instances().collect();
    let one = instances[0].data_set.bytes_mut(0x7FE0_0010).unwrap().clone();
    let three = [one.clone(), vec![1; one.len()], vec![2; one.len()]];
    instances[0]
        .data_set
        .text(0x0028_0008, Vr::IS, "3")
        .pixels(three.concat());
    let rle = vec![vec![5; 64], vec![6; 80]];
    instances[1]
        .data_set
        .text(0x0028_0008, Vr::IS, "2")
        .fragments(rle.clone());
    let native = instances[0].object(Encoding::ExplicitBe);
    let mut compressed = instances[1].object(Encoding::ExplicitLe);
    compressed.transfer_syntax = "1.2.840.10008.1.2.5".parse().unwrap();
    let service = Service::holding(&[native, compressed]).await;
    let path = |n: usize| {
        let i = &instances[n];
        format!(
            "/studies/{}/series/{}/instances/{}",
            i.study, i.series, i.sop_instance
        )
    };
    let answer = service
        .get(&format!("{}/frames/3,1", path(0)), Some(OCTETS))
        .await;
    let parts = answer.parts();
    assert_eq!(
        parts.iter().map(|(_, bytes)| bytes).collect::<Vec<_>>(),
        [&three[2], &three[0]]
    );
    let single = service
        .get(&format!("{}/frames/2", path(0)), Some("application/octet-stream"))
        .await;
    assert_eq!(single.body, three[1]);

    for accept in [
        r#"multipart/related; type="image/dicom-rle""#,
        "*/*",
        r#"multipart/related; type="application/octet-stream"; transfer-syntax=*"#,
    ] {
        let answer = service
            .get(&format!("{}/frames/1,2", path(1)), Some(accept))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{accept}");
        let parts = answer.parts();
        assert_eq!(
            parts.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>(),
            rle
        );
        assert!(
            parts[0]
                .0
                .contains("content-type: image/dicom-rle; transfer-syntax=1.2.840.10008.1.2.5")
        );
    }
    assert_eq!(
        service
            .get(&format!("{}/frames/1", path(1)), Some(OCTETS))
            .await
            .status
            .as_u16(),
        406
    );
    assert_eq!(
        service
            .get(&format!("{}/bulkdata/7fe00010", path(1)), None)
            .await
            .parts()
            .len(),
        2
    );
    for (frames, status) in [
        ("4", 404),
        ("0", 400),
        ("1,", 400),
        ("-1", 400),
        ("x", 400),
        ("4294967296", 400),
        ("1,4", 404),
    ] {
        assert_eq!(
            service
                .get(&format!("{}/frames/{frames}", path(0)), None)
                .await
                .status
                .as_u16(),
            status,
            "{frames}"
        );
    }
}

#[tokio::test]
async fn frames_of_single_bits_start_at_a_byte() {
    let mut instance = study(1, 1, 1, 1).instances().next().unwrap();
    // Three frames of 3 x 3 bits: all set, every other one, none.
    let bits = [0b1111_1111, 0b1010_1011, 0b10, 0];
    instance
        .data_set
        .text(0x0028_0008, Vr::IS, "3")
        .us(0x0028_0010, &[3])
        .us(0x0028_0011, &[3])
        .us(0x0028_0100, &[1])
        .us(0x0028_0101, &[1])
        .us(0x0028_0102, &[0])
        .pixels(bits.to_vec());
    let service = Service::holding(&[instance.object(Encoding::ExplicitLe)]).await;
    let path = format!(
        "/studies/{}/series/{}/instances/{}/frames/1,2,3",
        instance.study, instance.series, instance.sop_instance
    );
    let parts = service.get(&path, Some(OCTETS)).await.parts();
    let frames: Vec<_> = parts.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    assert_eq!(frames, [[0xFF, 0b1], [0b0101_0101, 0b1], [0, 0]]);
}

#[tokio::test]
async fn what_is_not_here_is_not_found() {
    let study = study(1, 1, 1, 1);
    let service = Service::holding(&objects(&study)).await;
    let i = study.instances().next().unwrap();
    for path in [
        "/studies/1.2.3".to_owned(),
        "/studies/1.2.3/metadata".to_owned(),
        format!("/studies/1.2.3/series/{}", i.series),
        format!("/studies/{}/series/1.2.3/instances/{}", i.study, i.sop_instance),
        format!(
            "/studies/{}/series/{}/instances/1.2.3/frames/1",
            i.study, i.series
        ),
        format!("/studies/{}/rendered", i.study),
        "/nothing".to_owned(),
    ] {
        let answer = service.get(&path, None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            answer.json(),
            json!({"error": "nothing of that name is here"}),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_damaged_blob_breaks_the_answer_off_instead_of_giving_wrong_bytes() {
    let study = study(1, 1, 1, 1);
    let service = Service::holding(&objects(&study)).await;
    let blobs = service.dir.path().join("blobs");
    let mut dirs = vec![blobs];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            if entry.path().is_dir() {
                dirs.push(entry.path());
            } else {
                let mut bytes = std::fs::read(entry.path()).unwrap();
                bytes[200] ^= 1;
                std::fs::write(entry.path(), bytes).unwrap();
            }
        }
    }
    let answer = service.get(&format!("/studies/{}", study.uid()), None).await;
    assert!(answer.body.is_empty(), "the answer cannot be read whole");
}
