//! What every engine must do.

use crate::fixtures::*;
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};
use store::{
    Completion, Contradiction, Decision, Error, InstanceQuery, NewAccess, NewAmendment, NewCompletion,
    NewDiscard, NewErasure, NewManifest, PatientIdentity, Recording, SealStatus, Sealing, SeriesQuery,
    Settlement, Store, StudyQuery,
};
use tlog::Kind;

pub(crate) async fn a_sealed_instance_is_found_and_reads_back(store: &Store) {
    let data = bytes(1, 300_000);
    let new = scan("P1", 1, 1, 7);
    assert_eq!(sealed(seal(store, new.clone(), &data).await.unwrap()), 0);

    let found = instance(store, &new.sop_instance_uid).await;
    assert_eq!(found.series_instance_uid, new.series_instance_uid);
    assert_eq!(found.study_instance_uid, new.study_instance_uid);
    assert_eq!(found.sop_class_uid, new.sop_class_uid);
    assert_eq!(found.transfer_syntax, new.transfer_syntax);
    assert_eq!(found.source, new.source);
    assert_eq!(found.statement_digest, new.statement_digest);
    assert_eq!(found.received_at, new.received_at);
    assert_eq!(
        (found.completion, found.status, found.log_index),
        (Completion::NotNeeded, SealStatus::Sealed, 0)
    );
    assert_eq!(found.blob.blob().data_len(), 300_000);

    assert_eq!(data_of(store, &found).await, data);
    let mut reader = store.open_blob(&found.blob).await.unwrap();
    assert_eq!(
        reader.record().unwrap(),
        format!("seal of {}", new.sop_instance_uid).into_bytes()
    );
    reader.seek(SeekFrom::Start(131_000)).unwrap();
    let mut range = [0; 200];
    reader.read_exact(&mut range).unwrap();
    assert_eq!(range[..], data[131_000..131_200]);

    assert_eq!(
        store.instances_of_study(&new.study_instance_uid).await.unwrap(),
        std::slice::from_ref(&found)
    );
    assert_eq!(
        store.instances_of_series(&new.series_instance_uid).await.unwrap(),
        [found]
    );
    assert!(store.instance(&uid("1.2.9")).await.unwrap().is_none());
    let entry = store.log().entry(0).await.unwrap();
    assert_eq!(entry, new.entry);
}

pub(crate) async fn a_uid_is_here_once(store: &Store) {
    let new = scan("P1", 1, 1, 7);
    sealed(seal(store, new.clone(), b"first").await.unwrap());
    let size = store.log().size().await.unwrap();
    let Sealing::Exists(here) = seal(store, new.clone(), b"second").await.unwrap() else {
        panic!("it exists")
    };
    assert_eq!(data_of(store, &here).await, b"first");
    assert_eq!(store.log().size().await.unwrap(), size);
}

pub(crate) async fn a_uid_is_here_once_in_one_group(store: &Store) {
    let new = scan("P1", 1, 1, 7);
    let (a, b) = tokio::join!(seal(store, new.clone(), b"one"), seal(store, new.clone(), b"two"));
    let outcomes = [a.unwrap(), b.unwrap()];
    let sealed = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Sealing::Sealed { .. }))
        .count();
    let exists = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Sealing::Exists(_)))
        .count();
    assert_eq!((sealed, exists), (1, 1), "{outcomes:?}");
    assert_eq!(store.log().size().await.unwrap(), 1);
}

pub(crate) async fn contradictions_are_answered_and_leave_nothing(store: &Store) {
    sealed(seal(store, scan("P1", 1, 1, 1), b"a").await.unwrap());
    sealed(seal(store, scan("P2", 2, 2, 1), b"b").await.unwrap());

    let other_patient = scan("P3", 1, 1, 2);
    let answer = seal(store, other_patient.clone(), b"c").await.unwrap();
    assert!(
        matches!(
            answer,
            Sealing::Contradiction(Contradiction::StudyOfAnotherPatient)
        ),
        "{answer:?}"
    );

    let mut other_issuer = scan("P1", 1, 1, 2);
    other_issuer.patient.issuer = secret("ELSEWHERE");
    let answer = seal(store, other_issuer, b"c").await.unwrap();
    assert!(
        matches!(
            answer,
            Sealing::Contradiction(Contradiction::StudyOfAnotherPatient)
        ),
        "{answer:?}"
    );

    for study in [1, 3] {
        let mut moved = scan(if study == 1 { "P1" } else { "P9" }, study, 5, 2);
        moved.series_instance_uid = uid("1.2.2.2");
        let answer = seal(store, moved, b"c").await.unwrap();
        assert!(
            matches!(
                answer,
                Sealing::Contradiction(Contradiction::SeriesOfAnotherStudy)
            ),
            "{answer:?}"
        );
    }
    assert_eq!(store.log().size().await.unwrap(), 2);
    assert!(
        store
            .instance(&other_patient.sop_instance_uid)
            .await
            .unwrap()
            .is_none()
    );
    assert!(store.patients(&patient("P3")).await.unwrap().is_empty());
    assert!(store.patients(&patient("P9")).await.unwrap().is_empty());
}

pub(crate) async fn queries_match_what_they_should(store: &Store) {
    for (id, study) in [("ANNA", 1), ("BERTA", 2), ("ANNA", 3)] {
        for series in [1, 2] {
            for n in [1, 2, 3] {
                sealed(seal(store, scan(id, study, series, n), b"x").await.unwrap());
            }
        }
    }
    let studies = async |query: StudyQuery| -> Vec<String> {
        let found = store.find_studies(&query).await.unwrap();
        found
            .iter()
            .map(|study| study.study_instance_uid.to_string())
            .collect()
    };
    let all = StudyQuery::default();
    assert_eq!(studies(all.clone()).await, ["1.2.3", "1.2.2", "1.2.1"]);
    assert_eq!(
        studies(StudyQuery {
            limit: Some(1),
            offset: 1,
            ..all.clone()
        })
        .await,
        ["1.2.2"]
    );
    assert_eq!(
        studies(StudyQuery {
            study_instance_uids: vec![uid("1.2.2"), uid("1.2.7")],
            ..all.clone()
        })
        .await,
        ["1.2.2"]
    );
    assert_eq!(
        studies(StudyQuery {
            patient_id: Some(secret("ANNA")),
            ..all.clone()
        })
        .await,
        ["1.2.3", "1.2.1"]
    );
    assert_eq!(
        studies(StudyQuery {
            patient_id: Some(secret("?ERT*")),
            ..all.clone()
        })
        .await,
        ["1.2.2"]
    );
    assert_eq!(
        studies(StudyQuery {
            patient_name: Some(secret("berta^g*")),
            ..all.clone()
        })
        .await,
        ["1.2.2"]
    );
    assert_eq!(
        studies(StudyQuery {
            patient_name: Some(secret("berta")),
            ..all.clone()
        })
        .await,
        [""; 0]
    );
    assert_eq!(
        studies(StudyQuery {
            accession_number: Some(secret("ACC3")),
            ..all.clone()
        })
        .await,
        ["1.2.3"]
    );
    assert_eq!(
        studies(StudyQuery {
            accession_number: Some(secret("ACC4")),
            ..all.clone()
        })
        .await,
        [""; 0]
    );
    let dated = |from: Option<&str>, to: Option<&str>| StudyQuery {
        study_date_from: from.map(str::to_owned),
        study_date_to: to.map(str::to_owned),
        ..StudyQuery::default()
    };
    assert_eq!(
        studies(dated(Some("20240103"), Some("20240103"))).await,
        ["1.2.2"]
    );
    assert_eq!(
        studies(dated(Some("20231203"), Some("20240103"))).await,
        ["1.2.2", "1.2.1"]
    );
    assert_eq!(studies(dated(Some("20240103"), None)).await, ["1.2.3", "1.2.2"]);
    assert_eq!(studies(dated(None, Some("20240103"))).await, ["1.2.2", "1.2.1"]);
    assert_eq!(studies(dated(Some("19000101"), Some("20991231"))).await.len(), 3);
    assert_eq!(
        studies(StudyQuery {
            modality: Some("CT".into()),
            ..all.clone()
        })
        .await
        .len(),
        3
    );
    assert_eq!(
        studies(StudyQuery {
            modality: Some("US".into()),
            ..all.clone()
        })
        .await
        .len(),
        0
    );

    let found = store
        .find_studies(&StudyQuery {
            accession_number: Some(secret("ACC1")),
            ..all
        })
        .await
        .unwrap();
    let [study] = &found[..] else { panic!("one study") };
    assert_eq!((study.series, study.instances), (2, 6));
    assert_eq!(
        study
            .modalities
            .iter()
            .map(String::as_str)
            .collect::<BTreeSet<_>>(),
        BTreeSet::from(["CT", "MR"])
    );
    assert_eq!(study.patient_attributes.reveal(), "{\"00100020\":\"ANNA\"}");
    assert_eq!(study.study_attributes.reveal(), "{\"study\":1}");

    let series = SeriesQuery {
        study_instance_uid: Some(uid("1.2.1")),
        modality: Some("MR".into()),
        ..SeriesQuery::default()
    };
    let found = store.find_series(&series).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].instances, found[0].attributes.reveal().as_str()),
        (3, "{\"series\":2}")
    );

    let query = InstanceQuery {
        series_instance_uid: Some(uid("1.2.1.1")),
        limit: Some(2),
        offset: 1,
        ..InstanceQuery::default()
    };
    let found = store.find_instances(&query).await.unwrap();
    let uids: Vec<_> = found
        .iter()
        .map(|found| found.sop_instance_uid.as_str())
        .collect();
    assert_eq!(uids, ["1.2.1.1.2", "1.2.1.1.3"]);
    assert_eq!(found[0].attributes.reveal(), "{\"instance\":2}");
    let query = InstanceQuery {
        sop_class_uid: Some(uid("1.2.840")),
        ..InstanceQuery::default()
    };
    assert!(store.find_instances(&query).await.unwrap().is_empty());
}

pub(crate) async fn quarantine_waits_for_a_decision(store: &Store) {
    let blob = stage(store, b"strange bytes", b"").unwrap();
    let kept = store.quarantine(strange(1), Some(blob)).await.unwrap();
    let mut nameless = strange(2);
    (
        nameless.patient,
        nameless.sop_instance_uid,
        nameless.study_instance_uid,
    ) = (None, None, None);
    let empty = store.quarantine(nameless, None).await.unwrap();
    assert_eq!((kept.log_index, empty.log_index), (0, 1));
    assert_eq!(store.quarantine_list(true).await.unwrap().len(), 2);

    let object = store.quarantined(&kept.id).await.unwrap().unwrap();
    assert_eq!(
        (object.reason.as_str(), object.decision.clone()),
        ("conflict", None)
    );
    assert_eq!(
        store.quarantined_attributes(&object).await.unwrap().reveal(),
        "{\"name\":\"Q\"}"
    );
    let mut data = Vec::new();
    store
        .open_blob(object.blob.as_ref().unwrap())
        .await
        .unwrap()
        .read_to_end(&mut data)
        .unwrap();
    assert_eq!(data, b"strange bytes");
    assert!(store.instance(&uid("1.2.3.1")).await.unwrap().is_none());

    let discard = NewDiscard {
        quarantine: kept.id,
        decided_by: "officer".into(),
        decided_at: at(5),
        entry: entry(Kind::Conflict, 9),
    };
    assert_eq!(
        store.discard(discard.clone()).await.unwrap(),
        Recording::Recorded { log_index: 2 }
    );
    assert_eq!(store.discard(discard).await.unwrap(), Recording::Superseded);
    let object = store.quarantined(&kept.id).await.unwrap().unwrap();
    assert_eq!(object.decision, Some((Decision::Discarded, "officer".to_owned())));
    assert!(object.blob.is_none());
    assert_eq!(store.quarantine_list(true).await.unwrap().len(), 1);
    assert_eq!(store.quarantine_list(false).await.unwrap().len(), 2);
}

pub(crate) async fn an_accepted_object_leaves_quarantine(store: &Store) {
    let blob = stage(store, b"strange bytes", b"").unwrap();
    let kept = store.quarantine(strange(1), Some(blob)).await.unwrap();
    let mut new = scan("P1", 1, 1, 1);
    new.settles = Some(Settlement {
        quarantine: kept.id,
        decided_by: "officer".into(),
    });
    sealed(seal(store, new, b"strange bytes").await.unwrap());
    let object = store.quarantined(&kept.id).await.unwrap().unwrap();
    assert_eq!(object.decision, Some((Decision::Accepted, "officer".to_owned())));
    assert!(object.blob.is_none());
}

pub(crate) async fn a_completion_is_made_once(store: &Store) {
    let mut new = scan("P1", 1, 1, 1);
    (new.needs_completion, new.pixel_root) = (true, None);
    let name = new.sop_instance_uid.clone();
    sealed(seal(store, new, b"compressed").await.unwrap());
    sealed(seal(store, scan("P1", 1, 1, 2), b"native").await.unwrap());
    let pending = store.pending_completions(10).await.unwrap();
    assert_eq!(
        pending
            .iter()
            .map(|instance| &instance.sop_instance_uid)
            .collect::<Vec<_>>(),
        [&name]
    );

    let completion = NewCompletion {
        sop_instance_uid: name.clone(),
        record: b"signed".to_vec(),
        pixel_root: Some([77; 32]),
        made_at: at(9),
        entry: entry(Kind::Complete, 1),
    };
    let blob = stage(store, b"tile digests", b"").unwrap();
    assert_eq!(
        store.complete(completion.clone(), Some(blob)).await.unwrap(),
        Recording::Recorded { log_index: 2 }
    );
    let again = stage(store, b"tile digests", b"").unwrap();
    assert_eq!(
        store.complete(completion.clone(), Some(again)).await.unwrap(),
        Recording::Superseded
    );
    let unknown = NewCompletion {
        sop_instance_uid: uid("1.2.99"),
        ..completion
    };
    assert_eq!(store.complete(unknown, None).await.unwrap(), Recording::NotFound);

    assert!(store.pending_completions(10).await.unwrap().is_empty());
    let found = store.completion_of(&name).await.unwrap().unwrap();
    assert_eq!(
        (found.record.record.as_slice(), found.record.log_index),
        (&b"signed"[..], 2)
    );
    let mut digests = Vec::new();
    store
        .open_blob(&found.blob.unwrap())
        .await
        .unwrap()
        .read_to_end(&mut digests)
        .unwrap();
    assert_eq!(digests, b"tile digests");
    assert_eq!(instance(store, &name).await.completion, Completion::Done);
    assert_eq!(store.find_by_pixel_root(&[77; 32]).await.unwrap().len(), 1);
    assert!(store.completion_of(&uid("1.2.1.1.2")).await.unwrap().is_none());
}

pub(crate) async fn amendments_follow_one_another_and_revoke(store: &Store) {
    let name = uid("1.2.1.1.1");
    sealed(seal(store, scan("P1", 1, 1, 1), b"x").await.unwrap());
    let amendment = |record: &[u8], revokes| NewAmendment {
        sop_instance_uid: name.clone(),
        record: record.to_vec(),
        revokes,
        made_at: at(3),
        entry: entry(Kind::Amend, 1),
    };
    store.amend(amendment(b"merge", false)).await.unwrap();
    assert_eq!(instance(store, &name).await.status, SealStatus::Sealed);
    store.amend(amendment(b"withdraw", true)).await.unwrap();
    store.amend(amendment(b"note", false)).await.unwrap();
    assert_eq!(instance(store, &name).await.status, SealStatus::Revoked);
    let records = store.amendments_of(&name).await.unwrap();
    let texts: Vec<_> = records.iter().map(|record| record.record.as_slice()).collect();
    assert_eq!(texts, [&b"merge"[..], b"withdraw", b"note"]);
    let unknown = NewAmendment {
        sop_instance_uid: uid("1.9"),
        ..amendment(b"", false)
    };
    assert_eq!(store.amend(unknown).await.unwrap(), Recording::NotFound);
}

pub(crate) async fn a_manifest_closes_only_what_it_lists(store: &Store) {
    let study = uid("1.2.1");
    sealed(seal(store, scan("P1", 1, 1, 1), b"x").await.unwrap());
    sealed(seal(store, scan("P1", 1, 1, 2), b"y").await.unwrap());
    let late = at(1_800_000_000_000);
    assert!(store.open_studies(at(0)).await.unwrap().is_empty());
    let open = store.open_studies(late).await.unwrap();
    assert_eq!((open.len(), open[0].revision), (1, 2));
    let manifest = |revision| NewManifest {
        study_instance_uid: study.clone(),
        revision,
        record: format!("lists {revision}").into_bytes(),
        made_at: late,
        entry: entry(Kind::Manifest, revision),
    };
    sealed(seal(store, scan("P1", 1, 1, 3), b"z").await.unwrap());
    assert_eq!(
        store.close_study(manifest(2)).await.unwrap(),
        Recording::Superseded
    );
    assert!(store.manifest_of(&study).await.unwrap().is_none());
    assert!(matches!(
        store.close_study(manifest(3)).await.unwrap(),
        Recording::Recorded { .. }
    ));
    assert_eq!(
        store.close_study(manifest(3)).await.unwrap(),
        Recording::Superseded
    );
    assert!(store.open_studies(late).await.unwrap().is_empty());
    let found = store.manifest_of(&study).await.unwrap().unwrap();
    assert_eq!(
        (found.record.record.as_slice(), found.revision, found.current),
        (&b"lists 3"[..], 3, true)
    );

    sealed(seal(store, scan("P1", 1, 1, 4), b"z").await.unwrap());
    assert!(!store.manifest_of(&study).await.unwrap().unwrap().current);
    assert_eq!(store.open_studies(late).await.unwrap()[0].revision, 4);
    assert_eq!(store.study_revision(&study).await.unwrap(), Some(4));
}

pub(crate) async fn accounts_outlive_the_patient(store: &Store) {
    sealed(seal(store, scan("P1", 1, 1, 1), b"x").await.unwrap());
    let [id] = store.patients(&patient("P1")).await.unwrap()[..] else {
        panic!("one patient")
    };
    let access = NewAccess {
        patient: id,
        record: secret("{\"who\":\"dr\"}"),
        made_at: at(4),
        entry: entry(Kind::Read, 1),
    };
    assert_eq!(
        store.account(access).await.unwrap(),
        Recording::Recorded { log_index: 1 }
    );
    store
        .erase(NewErasure {
            patient: id,
            made_at: at(5),
            entry: entry(Kind::Erase, 1),
        })
        .await
        .unwrap();
    assert_eq!(store.patients(&patient("P1")).await.unwrap(), [id]);
    let accesses = store.accesses_of(id).await.unwrap();
    assert_eq!(accesses.len(), 1);
    assert_eq!(accesses[0].record, b"{\"who\":\"dr\"}");
}

pub(crate) async fn an_erased_patient_cannot_be_read(store: &Store) {
    sealed(seal(store, scan("P1", 1, 1, 1), b"x").await.unwrap());
    sealed(seal(store, scan("P2", 2, 1, 2), b"y").await.unwrap());
    let before = store.log().checkpoint().await.unwrap();
    let gone = instance(store, &uid("1.2.1.1.1")).await;
    let erasure = NewErasure {
        patient: gone.patient,
        made_at: at(5),
        entry: entry(Kind::Erase, 1),
    };
    assert_eq!(
        store.erase(erasure.clone()).await.unwrap(),
        Recording::Recorded { log_index: 2 }
    );
    assert_eq!(store.erase(erasure).await.unwrap(), Recording::Superseded);

    assert!(matches!(store.open_blob(&gone.blob).await, Err(Error::Erased)));
    assert_eq!(store.find_studies(&StudyQuery::default()).await.unwrap().len(), 1);
    assert!(store.find_by_pixel_root(&[1; 32]).await.unwrap().is_empty());
    let amendment = NewAmendment {
        sop_instance_uid: gone.sop_instance_uid.clone(),
        record: vec![1],
        revokes: false,
        made_at: at(6),
        entry: entry(Kind::Amend, 1),
    };
    // It fails, and its neighbour does not.
    let (amended, other) = tokio::join!(store.amend(amendment), seal(store, scan("P2", 2, 1, 3), b"z"));
    assert!(matches!(amended, Err(Error::Erased)), "{amended:?}");
    sealed(other.unwrap());

    // Everyone else's proofs hold.
    let other = instance(store, &uid("1.2.2.1.2")).await;
    assert_eq!(data_of(store, &other).await, b"y");
    let leaf = store.log().entry(other.log_index).await.unwrap().leaf_hash();
    let proof = store.log().prove(other.log_index).await.unwrap();
    proof
        .verify(&leaf, store.log().verifier(), store.log().origin())
        .unwrap();
    let report = store.log().verify(Some(&before)).await.unwrap();
    assert!(report.problems.is_empty(), "{report:?}");

    // Who comes back is somebody new; what was theirs stays unreadable.
    sealed(seal(store, scan("P1", 7, 1, 9), b"new").await.unwrap());
    assert_eq!(store.patients(&patient("P1")).await.unwrap().len(), 2);
    assert_eq!(
        data_of(store, &instance(store, &uid("1.2.7.1.9")).await).await,
        b"new"
    );
    assert!(matches!(store.open_blob(&gone.blob).await, Err(Error::Erased)));
}

pub(crate) async fn pixels_are_found_by_their_root(store: &Store) {
    for (study, n) in [(1, 1), (2, 1), (3, 2)] {
        sealed(seal(store, scan("P1", study, 1, n), b"x").await.unwrap());
    }
    assert_eq!(store.find_by_pixel_root(&[1; 32]).await.unwrap().len(), 2);
    assert_eq!(store.find_by_pixel_root(&[2; 32]).await.unwrap().len(), 1);
    assert!(store.find_by_pixel_root(&[3; 32]).await.unwrap().is_empty());
}

pub(crate) async fn many_at_once_share_groups(store: &Store) {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..60_u32 {
        let store = store.clone();
        tasks.spawn(async move {
            let data = bytes(n, 1000 + n as usize);
            let index = sealed(
                seal(&store, scan(&format!("P{}", n % 7), n % 7, n % 3, n), &data)
                    .await
                    .unwrap(),
            );
            (n, index, data)
        });
    }
    let mut indexes = BTreeSet::new();
    while let Some(done) = tasks.join_next().await {
        let (n, index, data) = done.unwrap();
        assert!(indexes.insert(index), "log index {index} twice");
        let found = instance(store, &scan("", n % 7, n % 3, n).sop_instance_uid).await;
        assert_eq!(found.log_index, index);
        assert_eq!(data_of(store, &found).await, data);
        let entry = store.log().entry(index).await.unwrap();
        assert_eq!(entry, crate::fixtures::entry(Kind::Seal, u64::from(n)));
    }
    assert_eq!(
        indexes.into_iter().collect::<Vec<_>>(),
        (0..60).collect::<Vec<_>>()
    );
    assert_eq!(store.find_studies(&StudyQuery::default()).await.unwrap().len(), 7);
}

pub(crate) async fn patients_without_an_id_do_not_become_one(store: &Store) {
    for study in [1, 2] {
        let mut new = scan("", study, 1, study);
        new.patient = PatientIdentity::default();
        sealed(seal(store, new, b"x").await.unwrap());
    }
    let one = instance(store, &uid("1.2.1.1.1")).await;
    let two = instance(store, &uid("1.2.2.1.2")).await;
    assert_ne!(one.patient, two.patient);
}

pub(crate) async fn what_is_kept_survives_reopening(store: &Store) {
    // The suite opens and checks it again.
    let entries = (0..700).map(|n| entry(Kind::Consent, n)).collect();
    assert_eq!(store.append(entries).await.unwrap(), 0);
    sealed(
        seal(store, scan("P1", 1, 1, 1), &bytes(1, 200_000))
            .await
            .unwrap(),
    );
    assert_eq!(store.log().size().await.unwrap(), 701);
}
