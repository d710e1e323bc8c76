//! Searching.

use crate::service::{Service, objects, study};
use axum::http::StatusCode;
use serde_json::{Value, json};

async fn found(service: &Service, path: &str) -> Vec<Value> {
    let answer = service.get(path, Some("application/dicom+json")).await;
    match answer.status {
        StatusCode::OK => {
            assert_eq!(answer.content_type, "application/dicom+json");
            answer.json().as_array().unwrap().clone()
        }
        StatusCode::NO_CONTENT => Vec::new(),
        other => panic!("{path}: {other} {}", String::from_utf8_lossy(&answer.body)),
    }
}

#[tokio::test]
async fn studies_by_each_key() {
    let (first, second) = (study(1, 1, 2, 3), study(2, 2, 1, 1));
    let service = Service::holding(&[objects(&first), objects(&second)].concat()).await;
    let all = found(&service, "/studies").await;
    assert_eq!(all.len(), 2);
    let one = found(&service, &format!("/studies?StudyInstanceUID={}", first.uid())).await;
    let [result] = one.as_slice() else {
        panic!("one study")
    };
    assert_eq!(
        result["0020000D"],
        json!({"vr": "UI", "Value": [first.uid().as_str()]})
    );
    assert_eq!(result["00201206"], json!({"vr": "IS", "Value": [2]}));
    assert_eq!(result["00201208"], json!({"vr": "IS", "Value": [6]}));
    assert_eq!(result["00080061"], json!({"vr": "CS", "Value": ["MR"]}));
    assert_eq!(result["00080056"], json!({"vr": "CS", "Value": ["ONLINE"]}));
    let url = format!("http://gateway.test:8080/dicom-web/studies/{}", first.uid());
    assert_eq!(result["00081190"], json!({"vr": "UR", "Value": [url]}));
    assert_eq!(result["00100020"]["Value"], json!([first.patient.id]));
    for tag in [
        "00080020", "00080030", "00080050", "00080090", "00100010", "00100030", "00100040", "00200010",
    ] {
        assert!(result[tag]["vr"].is_string(), "{tag} is required");
    }
    let date = result["00080020"]["Value"][0].as_str().unwrap();
    let name = result["00100010"]["Value"][0]["Alphabetic"].as_str().unwrap();
    for (query, count) in [
        (format!("PatientID={}", first.patient.id), 1),
        (format!("00100020={}", second.patient.id), 1),
        ("PatientID=PHANTOM-*".to_owned(), 2),
        (format!("PatientName={name}"), 1),
        (
            format!("PatientName={}*", &name.to_lowercase()[..name.len() - 1]),
            1,
        ),
        ("PatientName=phantom*".to_owned(), 2),
        ("PatientName=nobody*".to_owned(), 0),
        (format!("StudyDate={date}"), 2),
        (format!("StudyDate={date}-"), 2),
        ("StudyDate=-19991231".to_owned(), 0),
        ("ModalitiesInStudy=MR".to_owned(), 2),
        ("ModalitiesInStudy=CT".to_owned(), 0),
        (format!("StudyInstanceUID={},{}", first.uid(), second.uid()), 2),
        ("StudyInstanceUID=1.2.3".to_owned(), 0),
        ("limit=1".to_owned(), 1),
        ("limit=1&offset=1".to_owned(), 1),
        ("offset=2".to_owned(), 0),
        ("limit=0".to_owned(), 0),
        (
            "PatientSex=F".to_owned(),
            all.iter().filter(|s| s["00100040"]["Value"][0] == "F").count(),
        ),
        ("PatientSex=X".to_owned(), 0),
        ("includefield=all&fuzzymatching=false".to_owned(), 2),
    ] {
        assert_eq!(
            found(&service, &format!("/studies?{query}")).await.len(),
            count,
            "{query}"
        );
    }
    let pages: Vec<Value> = [
        found(&service, "/studies?limit=1").await,
        found(&service, "/studies?limit=1&offset=1").await,
    ]
    .concat();
    assert_eq!(pages, all, "pages are the whole, in the same order");
}

#[tokio::test]
async fn series_and_instances() {
    let (first, second) = (study(1, 1, 2, 3), study(2, 2, 1, 1));
    let service = Service::holding(&[objects(&first), objects(&second)].concat()).await;
    let instance = first.instances().next().unwrap();
    let (study, series) = (&instance.study, &instance.series);
    let other_series = first.instances().last().unwrap().series;
    for (path, count) in [
        (format!("/studies/{study}/series"), 2),
        (format!("/studies/{study}/series?Modality=MR&limit=1"), 1),
        (format!("/studies/{study}/series?Modality=CT"), 0),
        (format!("/studies/{study}/series?SeriesNumber=2"), 1),
        ("/series".to_owned(), 3),
        (format!("/series?StudyInstanceUID={study}"), 2),
        (format!("/series?PatientID={}", second.patient.id), 1),
        ("/series?offset=1".to_owned(), 2),
        (format!("/series?SeriesInstanceUID={series}"), 1),
        (format!("/studies/{study}/instances"), 6),
        (format!("/studies/{study}/series/{series}/instances"), 3),
        (
            format!("/studies/{study}/series/{series}/instances?InstanceNumber=2"),
            1,
        ),
        (
            format!("/studies/{study}/series/{series}/instances?InstanceNumber=2&offset=1"),
            0,
        ),
        (format!("/studies/1.2.3/series/{series}/instances"), 0),
        ("/instances".to_owned(), 7),
        (format!("/instances?SOPInstanceUID={}", instance.sop_instance), 1),
        (format!("/instances?SeriesInstanceUID={series}&limit=2"), 2),
        (
            format!("/instances?SeriesInstanceUID={series},{other_series}&offset=2"),
            4,
        ),
        (format!("/instances?SOPClassUID={}", instance.sop_class), 7),
        (format!("/instances?PatientID={}", first.patient.id), 6),
        (
            format!("/studies/{study}/instances?PatientID={}", second.patient.id),
            0,
        ),
    ] {
        assert_eq!(found(&service, &path).await.len(), count, "{path}");
    }
    let result = &found(
        &service,
        &format!("/studies/{study}/series?SeriesInstanceUID={series}"),
    )
    .await[0];
    assert_eq!(result["0020000E"]["Value"], json!([series.as_str()]));
    assert_eq!(result["0020000D"]["Value"], json!([study.as_str()]));
    assert_eq!(result["00201209"]["Value"], json!([3]));
    assert_eq!(result["00080060"]["Value"], json!(["MR"]));
    assert!(
        result["00081190"]["Value"][0]
            .as_str()
            .unwrap()
            .ends_with(&format!("/studies/{study}/series/{series}"))
    );
    let everywhere = &found(&service, &format!("/series?SeriesInstanceUID={series}")).await[0];
    assert_eq!(
        everywhere["00100020"]["Value"],
        json!([first.patient.id]),
        "outside a study its attributes come along"
    );
    let result = &found(
        &service,
        &format!("/instances?SOPInstanceUID={}", instance.sop_instance),
    )
    .await[0];
    assert_eq!(result["00080016"]["Value"], json!([instance.sop_class.as_str()]));
    assert_eq!(result["00200013"]["Value"], json!([1]));
    assert_eq!(result["00280010"]["Value"], json!([16]));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let service = Service::new().await;
    for query in [
        "limit=-1",
        "limit=x",
        "offset=-1",
        "NoSuchThing=1",
        "StudyDate=yesterday",
        "StudyInstanceUID=1.2'--",
        "limit=%FF",
    ] {
        assert_eq!(
            service.get(&format!("/studies?{query}"), None).await.status,
            StatusCode::BAD_REQUEST,
            "{query}"
        );
    }
    assert_eq!(
        service
            .get("/studies", Some("application/dicom+xml"))
            .await
            .status,
        StatusCode::NOT_ACCEPTABLE
    );
    assert_eq!(
        service.get("/studies", Some("application/json")).await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn more_than_the_service_lists_is_said() {
    let service = Service::with(|config| config.limits.results = 3).await;
    let files: Vec<_> = objects(&study(1, 1, 1, 5))
        .iter()
        .map(testkit::Object::part10)
        .collect();
    service.stow(&files).await;
    let answer = service.get("/instances", None).await;
    assert_eq!(answer.json().as_array().unwrap().len(), 3);
    assert!(answer.headers.contains_key("warning"));
    assert!(
        !service
            .get("/instances?limit=3", None)
            .await
            .headers
            .contains_key("warning")
    );
    assert!(
        service
            .get("/instances?limit=100", None)
            .await
            .headers
            .contains_key("warning")
    );
}
