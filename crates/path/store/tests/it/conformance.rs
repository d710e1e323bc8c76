//! One suite for every engine: `conformance!(name, open)`, where `open` is `async fn(&Path, Options) -> Result<Store>`.

macro_rules! conformance {
    ($engine:ident, $open:path) => {
        mod $engine {
            crate::conformance::conformance!(@cases $open:
                a_sealed_instance_is_found_and_reads_back,
                a_uid_is_here_once,
                a_uid_is_here_once_in_one_group,
                contradictions_are_answered_and_leave_nothing,
                queries_match_what_they_should,
                quarantine_waits_for_a_decision,
                an_accepted_object_leaves_quarantine,
                a_completion_is_made_once,
                amendments_follow_one_another_and_revoke,
                a_manifest_closes_only_what_it_lists,
                accounts_outlive_the_patient,
                an_erased_patient_cannot_be_read,
                pixels_are_found_by_their_root,
                many_at_once_share_groups,
                patients_without_an_id_do_not_become_one,
                what_is_kept_survives_reopening,
            );
        }
    };
    (@cases $open:path: $($case:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let dir = tempfile::tempdir().unwrap();
                let store = $open(dir.path(), crate::fixtures::options()).await.unwrap();
                crate::cases::$case(&store).await;
                let report = store.fsck(store::FsckOptions::default()).await.unwrap();
                assert!(report.is_sound() && report.orphans.is_empty(), "{report:#?}");
                store.close().await;
                // And again, as another process would find it.
                let store = $open(dir.path(), crate::fixtures::options()).await.unwrap();
                let report = store.fsck(store::FsckOptions::default()).await.unwrap();
                assert!(report.is_sound() && report.orphans.is_empty(), "{report:#?}");
                assert_eq!(report.log.published, Some(report.log.size));
                store.close().await;
            }
        )+
    };
}

pub(crate) use conformance;
